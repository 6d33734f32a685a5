"""A car at the gate as typed."""

from datetime import datetime
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import PicturesField
from reception import queries
from reception.actions import LineDraft, wrong_at_intake
from reception.choices import (
    CustomerKind,
    LineKind,
    OrderKind,
    Payer,
)
from reception.forms.shapes import money_field
from reception.models import Customer, RepairOrder, Suggestion, Vehicle

CHECKED_OF_VISIT = (
    "kind", "advisor", "original", "promised_at", "arrived_at", "greeted_at", "estimated_amount", "confirmed",
    "is_draft",
)  # fmt: skip


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
        label=_("mileage"), min_value=0, max_value=9_999_999,
        widget=forms.NumberInput(attrs={"data-unit": "km", "data-key": "F4", "placeholder": "F4"}),
    )  # fmt: skip
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
    estimated_amount = money_field(
        label=_("estimate given to the customer"), required=False, min_value=0,
        help_text=_("Empty: the sum of the customer's lines."),
    )  # fmt: skip
    arrived_at = forms.DateTimeField(label=_("arrived"), required=False)
    greeted_at = forms.DateTimeField(label=_("greeted"), required=False)
    keeps_old_parts = forms.BooleanField(label=_("old parts go back"), required=False)
    wants_wash = forms.BooleanField(label=_("wash"), required=False, initial=True)
    is_draft = forms.BooleanField(label=_("the car comes later"), required=False)
    confirmed = forms.BooleanField(label=_("open a second order all the same"), required=False)

    suggestions = forms.ModelMultipleChoiceField(
        Suggestion.objects.none(), label=_("do it now"), required=False, widget=forms.CheckboxSelectMultiple
    )
    photos = PicturesField(label=_("photos"), required=False)
    appointment = forms.IntegerField(widget=forms.HiddenInput, required=False)
    owner = forms.ModelChoiceField(Customer.objects.none(), required=False, widget=forms.HiddenInput)

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

    FIELD_OF = {"name": "customer_name", "phone": "customer_phone"}
    """Where a refusal of the new customer is shown."""

    def __init__(self, *args, staff: Staff, at: datetime, vehicle: Vehicle | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff, self.at, self.vehicle = staff, at, vehicle
        advisors = queries.advisors_of(staff.store)
        self.fields["advisor"].queryset = Staff.objects.filter(pk__in=[one.pk for one in advisors])
        self.fields["advisor"].choices = [("", "---------"), *((one.pk, one.name) for one in advisors)]
        self.fields["owner"].queryset = Customer.objects.visible_to(staff)
        if vehicle:
            self.fields["original"].queryset = queries.comebacks_may_name(vehicle, staff)
            self.fields["suggestions"].queryset = queries.open_suggestions(vehicle, staff)

    def clean(self):
        """Everything that is wrong is told at once, each at its field; what is no value at all has been told there."""
        super().clean()
        typed = {name: self.cleaned_data.get(name) for name in self.fields}
        wrong = wrong_at_intake(
            at=self.at, store=self.staff.store, vehicle=self.vehicle, plate=typed["plate"],
            owner=typed["owner"], mileage=typed["mileage"], mileage_reason=typed["mileage_reason"] or "",
            car={name: typed[name] or "" for name in ("vin", "vin_override_reason")},
            customer={"name": typed["customer_name"], "phone": typed["customer_phone"]},
            **{name: typed[name] for name in CHECKED_OF_VISIT},
        )  # fmt: skip
        for refusal in wrong:
            field = self.FIELD_OF.get(refusal.field, refusal.field)
            if field not in self.errors:
                self.add_error(field, [str(refusal.message), *map(str, refusal.details)])

    def of_order(self) -> dict:
        """What is said about the visit."""
        names = (
            "kind", "original", "advisor", "mileage", "mileage_reason", "fuel_percent", "symptoms", "promised_at",
            "keeps_old_parts", "wants_wash", "is_draft", "confirmed", "estimated_amount", "arrived_at", "greeted_at",
        )  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}

    def of_new_car(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("vin", "vin_override_reason", "brand", "series", "model")}

    def of_customer(self) -> dict:
        return {name: self.cleaned_data[f"customer_{name}"] for name in ("name", "phone", "kind")}


# ── Estimate ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class IntakeLineForm(forms.Form):
    """A line of the estimate; who works on it is said later."""

    kind = forms.ChoiceField(label=_("kind"), choices=LineKind, initial=LineKind.LABOUR)
    name = forms.CharField(label=_("name"), max_length=120, widget=forms.TextInput(attrs={"class": "w-wide"}))
    code = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    quantity = forms.DecimalField(
        label=_("quantity or hours"), max_digits=10, decimal_places=2, initial=Decimal(1),
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )  # fmt: skip
    unit_price = forms.DecimalField(
        label=_("unit price"), max_digits=14, decimal_places=2, required=False,
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )  # fmt: skip
    payer = forms.ChoiceField(label=_("payer"), choices=Payer, initial=Payer.CUSTOMER)

    def clean(self):
        typed = super().clean()
        if typed.get("unit_price") is None and "unit_price" not in self.errors and typed.get("kind") != LineKind.LABOUR:
            self.add_error("unit_price", _("Say what it costs; only labour has a price of its own."))
        return typed


_LineFormSet = forms.formset_factory(IntakeLineForm, can_delete=True, extra=1, max_num=60, absolute_max=80)


class IntakeLines:
    """The estimate's lines as one form."""

    def __init__(self, posted=None):
        # A page without the estimate sends none of it.
        posted = posted if posted is not None and "lines-TOTAL_FORMS" in posted else None
        self.formset = _LineFormSet(posted, prefix="lines")

    def is_valid(self) -> bool:
        return not self.formset.is_bound or self.formset.is_valid()

    def drafts(self, *, hourly_rate: Decimal) -> list[LineDraft]:
        """Labour without a price costs the store's hourly rate."""
        if not self.formset.is_bound:
            return []
        gone = self.formset.deleted_forms
        return [
            LineDraft(
                kind=LineKind(typed["kind"]), name=typed["name"], code=typed["code"], quantity=typed["quantity"],
                payer=Payer(typed["payer"]),
                unit_price=hourly_rate if typed["unit_price"] is None else typed["unit_price"],
            )
            for typed in (form.cleaned_data for form in self.formset.forms if form.has_changed() and form not in gone)
        ]  # fmt: skip
