"""Vehicles as typed, and the search for them."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from reception import queries
from reception.forms.shapes import Search, ShapeForm
from reception.models import Customer, Vehicle


class VehicleForm(ShapeForm):
    owner = forms.ModelChoiceField(Customer.objects.none(), label=_("owner"), required=False, widget=forms.HiddenInput)

    class Meta:
        model = Vehicle
        fields = [
            "plate", "vin", "vin_override_reason", "brand", "series", "model", "engine_number", "purchased_on",
            "warranty_ends_on", "warranty_km", "insurance_ends_on", "owner",
        ]  # fmt: skip

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plate"].required = False
        self.fields["owner"].queryset = Customer.objects.visible_to(staff)


class VehicleFilter(Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Part of the plate or end of the VIN")}),
    )  # fmt: skip
    owner = django_filters.NumberFilter(field_name="owner_id", label=_("owner"), widget=forms.HiddenInput)

    class Meta:
        model = Vehicle
        fields = ["q", "owner"]

    def found(self, rows, _name, text):
        return rows.filter(pk__in=[vehicle.pk for vehicle in queries.vehicles_found(self.staff, text.strip())])
