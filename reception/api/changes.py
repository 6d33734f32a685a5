"""Changes that wait for a decision, as customers and vehicles show them over HTTP."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status

from dealer_crm.rest.serializers import StaffField
from reception import queries
from reception.models import ChangeRequest


class WaitingChangeSerializer(serializers.ModelSerializer):
    """A change somebody else decides on; until then the old value stands. Phones are masked."""

    before = serializers.CharField(source="shown_before", read_only=True)
    after = serializers.CharField(source="shown_after", read_only=True, help_text="empty: to be removed")
    asked_by = StaffField(read_only=True)

    class Meta:
        model = ChangeRequest
        fields = ["id", "field", "before", "after", "reason", "asked_by", "asked_at"]


class ShowingWaiting(serializers.Serializer):
    """A customer or vehicle with what waits, and the reason given with a change."""

    waiting_changes = serializers.SerializerMethodField()
    reason = serializers.CharField(
        write_only=True, required=False, allow_blank=True, max_length=200,
        help_text="of a change the customer-relations supervisor decides on",
    )  # fmt: skip

    @extend_schema_field(WaitingChangeSerializer(many=True))
    def get_waiting_changes(self, thing):
        return WaitingChangeSerializer(thing.waiting, many=True).data


def with_waiting(rows):
    """The rows with the changes that wait, for `ShowingWaiting`."""
    waiting = ChangeRequest.objects.waiting().select_related("asked_by").order_by("id")
    return rows.prefetch_related(Prefetch("change_requests", waiting, to_attr="waiting"))


def status_of(subject, who: dict) -> int:
    """202 when something of what was said waits for a decision."""
    return status.HTTP_202_ACCEPTED if queries.change_asked(subject, **who) else status.HTTP_200_OK
