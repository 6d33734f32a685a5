"""Changes of the archive that must be explained, and the search for them."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from reception.choices import ArchiveField, Decision
from reception.forms.shapes import Search
from reception.models import ChangeRequest


class ReasonedForm(forms.Form):
    """Asks for the reason of a change that somebody else decides on; who may decide isn't asked."""

    reason = forms.CharField(
        label=_("reason of the change"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"data-wide": True}),
        help_text=_("When name, phone, plate, VIN or owner change: the customer-relations supervisor decides on it."),
    )  # fmt: skip

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff
        if staff.can(Permission.CUSTOMER_APPROVE):
            self.fields.pop("reason", None)


class ChangeFilter(Search):
    decision = django_filters.ChoiceFilter(label=_("decision"), choices=Decision)
    field = django_filters.ChoiceFilter(label=_("what changes"), choices=ArchiveField)

    class Meta:
        model = ChangeRequest
        fields = ["decision", "field"]
