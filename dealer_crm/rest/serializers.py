"""Bodies several resources ask for."""

from rest_framework import serializers


class ReasonSerializer(serializers.Serializer):
    """Why something is done; the journal keeps it."""

    reason = serializers.CharField(max_length=120)
