"""Vehicles as typed, and the search for them."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from reception import queries
from reception.forms.changes import ReasonedForm
from reception.forms.customers import CustomerField
from reception.forms.shapes import Search, ShapeForm, StoreFilter
from reception.models import Vehicle


class VehicleForm(ReasonedForm, ShapeForm):
    owner = CustomerField(label=_("owner"), required=False, help_text=_("Customer code, phone or whole name."))

    class Meta:
        model = Vehicle
        fields = [
            "plate", "vin", "vin_override_reason", "brand", "series", "model", "engine_number", "purchased_on",
            "warranty_ends_on", "warranty_km", "insurance_ends_on", "next_service_on", "next_service_km", "owner",
        ]  # fmt: skip

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, staff=staff, **kwargs)
        self.fields["plate"].required = False
        self.fields["owner"].staff = staff
        if self.instance.owner_id:
            self.initial["owner"] = self.instance.owner.code


class NewVehicleForm(VehicleForm):
    """Nothing is on record yet that a reason could be asked for."""

    reason = None


class DriverForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=80)
    phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    relation = forms.CharField(label=_("relation to the owner"), max_length=40, required=False)


class VehicleFilter(Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Part of the plate or end of the VIN")}),
    )  # fmt: skip
    owner = django_filters.NumberFilter(field_name="owner_id", label=_("owner"), widget=forms.HiddenInput)
    store = StoreFilter()

    class Meta:
        model = Vehicle
        fields = ["q", "owner", "store"]

    def found(self, rows, _name, text):
        return rows.filter(pk__in=[vehicle.pk for vehicle in queries.vehicles_found(self.staff, text.strip())])
