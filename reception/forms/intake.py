"""A car at the gate as typed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff
from reception import queries
from reception.choices import (
    CustomerKind,
    OrderKind,
)
from reception.models import RepairOrder, Vehicle


class IntakeForm(forms.Form):
    """A car at the gate. The fields of car and customer are asked only when the plate is not known."""

    plate = forms.CharField(
        label=_("plate"), max_length=20, required=False,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "data-key": "F2", "class": "plate-entry"}
        ),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("order type"), choices=OrderKind, initial=OrderKind.MAINTENANCE)
    original = forms.ModelChoiceField(RepairOrder.objects.none(), label=_("original order"), required=False)
    advisor = forms.ModelChoiceField(Staff.objects.none(), label=_("service advisor"))
    mileage = forms.IntegerField(
        label=_("mileage"), min_value=0, max_value=9_999_999, widget=forms.NumberInput(attrs={"data-unit": "km"})
    )
    mileage_reason = forms.CharField(
        label=_("why the mileage falls"),
        max_length=120,
        required=False,
        help_text=_("Only when it is below the last visit's."),
    )
    fuel_percent = forms.IntegerField(
        label=_("fuel or charge"), min_value=0, max_value=100, required=False,
        widget=forms.NumberInput(attrs={"data-unit": "%", "step": 5}),
    )  # fmt: skip
    symptoms = forms.CharField(
        label=_("what the customer says"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    promised_at = forms.DateTimeField(label=_("promised delivery"))
    keeps_old_parts = forms.BooleanField(label=_("old parts go back"), required=False)
    wants_wash = forms.BooleanField(label=_("wash"), required=False, initial=True)
    is_draft = forms.BooleanField(label=_("the car comes later"), required=False)
    confirmed = forms.BooleanField(label=_("open a second order all the same"), required=False)

    vin = forms.CharField(label=_("VIN"), max_length=20, required=False)
    vin_override_reason = forms.CharField(label=_("why the VIN is accepted"), max_length=120, required=False)
    brand = forms.CharField(label=_("brand"), max_length=40, required=False)
    series = forms.CharField(label=_("series"), max_length=40, required=False)
    model = forms.CharField(label=pgettext_lazy("of a car", "model"), max_length=60, required=False)
    customer_name = forms.CharField(label=_("customer"), max_length=80, required=False)
    customer_phone = forms.CharField(
        label=_("phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    customer_kind = forms.ChoiceField(
        label=_("kind"), choices=CustomerKind, initial=CustomerKind.PERSON, required=False
    )

    def __init__(self, *args, staff: Staff, vehicle: Vehicle | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        advisors = queries.advisors_of(staff.store)
        self.fields["advisor"].queryset = Staff.objects.filter(pk__in=[one.pk for one in advisors])
        self.fields["advisor"].choices = [("", "---------"), *((one.pk, one.name) for one in advisors)]
        if vehicle:
            self.fields["original"].queryset = queries.comebacks_may_name(vehicle, staff)

    def of_order(self) -> dict:
        """What is said about the visit."""
        names = (
            "kind", "original", "advisor", "mileage", "mileage_reason", "fuel_percent", "symptoms", "promised_at",
            "keeps_old_parts", "wants_wash", "is_draft", "confirmed",
        )  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}

    def of_new_car(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("vin", "vin_override_reason", "brand", "series", "model")}

    def of_customer(self) -> dict:
        return {name: self.cleaned_data[f"customer_{name}"] for name in ("name", "phone", "kind")}
