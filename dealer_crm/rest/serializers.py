"""Fields and bodies several resources ask for."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from dealer_crm.organization.models import Staff


class StaffField(serializers.SlugRelatedField):
    """A person named by work number, if the caller may know of them."""

    default_error_messages = {"does_not_exist": _("Nobody here has the work number {value}.")}

    def __init__(self, **options):
        if not options.get("read_only"):
            options.setdefault("queryset", Staff.objects.all())
        super().__init__(slug_field="work_number", **options)

    def get_queryset(self):
        return super().get_queryset().visible_to(self.context["request"].user)


class ReasonSerializer(serializers.Serializer):
    """Why something is done; the journal keeps it."""

    reason = serializers.CharField(max_length=120)
