"""The data quality list: its filter, and one field put right in its row."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from reception.choices import FlawKind
from reception.forms.changes import ReasonedForm
from reception.forms.customers import CustomerField
from reception.forms.shapes import Search
from reception.models import Flaw


class FlawFilter(Search):
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=FlawKind)
    entered_by = django_filters.ModelChoiceFilter(label=_("entered by"), queryset=Staff.objects.none())

    class Meta:
        model = Flaw
        fields = ["kind", "entered_by"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request:
            self.filters["entered_by"].queryset = Staff.objects.visible_to(self.staff).order_by("work_number")


class MendForm(ReasonedForm):
    """The one field of a flaw, as it should read."""

    def __init__(self, *args, flaw: Flaw, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"value": _field_of(flaw, self.staff), **self.fields}
        if flaw.kind == FlawKind.VIN_CHECK_DIGIT:
            self.fields["vin_override_reason"] = forms.CharField(
                label=_("why the VIN is accepted"), max_length=120, required=False
            )


def _field_of(flaw: Flaw, staff: Staff) -> forms.Field:
    if flaw.kind == FlawKind.OWNER_MISSING:
        return CustomerField(label=_("owner"), staff=staff, help_text=_("Customer code, phone or whole name."))
    if flaw.kind == FlawKind.NAME_MISSING:
        return forms.CharField(label=_("name"), max_length=80, initial=flaw.value)
    if flaw.kind in (FlawKind.VIN_CHECK_DIGIT, FlawKind.VIN_DOUBLE):
        return forms.CharField(label=_("VIN"), max_length=20, initial=flaw.value)
    if flaw.kind == FlawKind.PLATE_FORM:
        return forms.CharField(label=_("plate"), max_length=20, initial=flaw.value)
    return forms.CharField(label=_("phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
