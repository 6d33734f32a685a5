"""The shape of input. Rules are the actions'; these forms only read what was typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Team
from reception import queries
from reception.actions import LineDraft
from reception.choices import (
    PAYING,
    CustomerKind,
    CustomerLevel,
    DelayCause,
    LineKind,
    OrderKind,
    OrderState,
    Payer,
    PaymentMethod,
    WaitReason,
)
from reception.models import Customer, RepairOrder, Vehicle


def money_field(**options) -> forms.DecimalField:
    return forms.DecimalField(
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": _("CNY"), "step": "0.01"}),
        **options,
    )


class VersionedForm(forms.Form):
    """Carries the version the person has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ShapeForm(forms.ModelForm):
    """Fields as their model words them, for reading only: what is unique or impossible the actions say."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)

    def validate_unique(self):
        pass

    def validate_constraints(self):
        pass


# ── Customers and vehicles ───────────────────────────────────────────────────────────────────────────────────────────
class CustomerForm(ShapeForm):
    class Meta:
        model = Customer
        fields = [
            "name", "kind", "gender", "birthday", "level", "area", "address", "contact_hour", "contact_channel",
            "source", "tags", "no_call_since", "no_call_reason", "no_text_since", "no_text_reason",
        ]  # fmt: skip


class NewCustomerForm(CustomerForm):
    phone = forms.CharField(label=_("phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))

    class Meta(CustomerForm.Meta):
        fields = ["name", "kind", "gender", "birthday", "level", "area", "address", "source"]

    field_order = ["name", "phone"]


class PhoneForm(forms.Form):
    number = forms.CharField(label=_("phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    is_primary = forms.BooleanField(label=_("primary"), required=False)


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


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
class _Search(django_filters.FilterSet):
    """A list's search form; the API takes the same names."""

    @property
    def staff(self) -> Staff:
        return self.request.user


class OrderFilter(_Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Plate, phone, name, order number")}),
    )  # fmt: skip
    state = django_filters.ChoiceFilter(
        method="in_state", label=_("state"), choices=[("in_shop", _("All in the shop")), *OrderState.choices]
    )
    kind = django_filters.ChoiceFilter(label=_("order type"), choices=OrderKind)
    advisor = django_filters.ModelChoiceFilter(label=_("service advisor"), queryset=Staff.objects.none())
    arrived_from = django_filters.DateFilter(method="since", label=_("arrived from"))
    arrived_to = django_filters.DateFilter(method="until", label=_("arrived until"))

    class Meta:
        model = RepairOrder
        fields = ["q", "state", "kind", "advisor", "arrived_from", "arrived_to"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request:
            self.filters["advisor"].queryset = Staff.objects.visible_to(self.staff).with_role("advisor", "frontdesk")

    def found(self, rows, _name, text):
        condition = queries.matching_anything(self.staff, text)
        return rows if condition is None else rows.filter(condition)

    def in_state(self, rows, _name, state):
        return rows.in_shop() if state == "in_shop" else rows.filter(state=state)

    # Compared as moments, not as days, so that the index by arrival serves them.
    def since(self, rows, _name, day):
        return rows.filter(arrived_at__gte=timezone.make_aware(datetime.combine(day, time.min)))

    def until(self, rows, _name, day):
        return rows.filter(arrived_at__lt=timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)))


class CustomerFilter(_Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or last 4 digits of the phone")}),
    )  # fmt: skip

    # Labels of their own: one worked out by the library stays in the language of whoever asked first.
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=CustomerKind)
    level = django_filters.ChoiceFilter(label=_("level"), choices=CustomerLevel)

    class Meta:
        model = Customer
        fields = ["q", "kind", "level"]

    def found(self, rows, _name, text):
        return rows.filter(pk__in=[customer.pk for customer in queries.customers_found(self.staff, text.strip())])


class VehicleFilter(_Search):
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


# ── Intake ───────────────────────────────────────────────────────────────────────────────────────────────────────────
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


# ── Acts on an order ─────────────────────────────────────────────────────────────────────────────────────────────────
class OrderForm(ShapeForm):
    mileage_reason = forms.CharField(
        label=_("why the mileage falls"),
        max_length=120,
        required=False,
        help_text=_("Only when it is below the last visit's."),
    )

    class Meta:
        model = RepairOrder
        fields = ["kind", "original", "mileage", "fuel_percent", "symptoms", "keeps_old_parts", "wants_wash"]

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["original"].queryset = queries.comebacks_may_name(self.instance.vehicle, staff).exclude(
            pk=self.instance.pk
        )
        self.fields["symptoms"].widget.attrs["rows"] = 3


class CheckInForm(VersionedForm):
    promised_at = forms.DateTimeField(label=_("promised delivery"))
    mileage = forms.IntegerField(label=_("mileage"), min_value=0, widget=forms.NumberInput(attrs={"data-unit": "km"}))
    mileage_reason = forms.CharField(label=_("why the mileage falls"), max_length=120, required=False)


class PromiseForm(VersionedForm):
    promised_at = forms.DateTimeField(label=_("new delivery time"))
    confirmed_by = forms.CharField(label=_("agreed to by"), max_length=60)
    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))


class ReassignForm(VersionedForm):
    advisor = forms.ModelChoiceField(Staff.objects.none(), label=_("service advisor"))

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        advisors = queries.advisors_of(store)
        self.fields["advisor"].queryset = Staff.objects.filter(pk__in=[one.pk for one in advisors])


class WaitForm(VersionedForm):
    reason = forms.ChoiceField(label=_("waiting for"), choices=WaitReason)
    note = forms.CharField(
        label=_("note"), max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": True})
    )


class ReasonForm(VersionedForm):
    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))


class AssessmentForm(VersionedForm):
    assessed_amount = money_field(label=_("assessed amount"), help_text=_("With the owner's own share."))
    own_share_amount = money_field(label=_("owner's own share"), initial=Decimal("0.00"))
    assessed_on = forms.DateField(label=_("assessed on"), required=False)
    released_on = forms.DateField(label=_("released on"), required=False)


class DeliveryForm(VersionedForm):
    next_service_on = forms.DateField(label=_("next service on"), required=False)
    next_service_km = forms.IntegerField(
        label=_("next service at"), required=False, min_value=1, widget=forms.NumberInput(attrs={"data-unit": "km"})
    )


class LateDeliveryForm(DeliveryForm):
    """After the promised time: whose cause it was."""

    delay_cause = forms.ChoiceField(label=_("cause of delay"), choices=[("", "---------"), *DelayCause.choices])
    delay_note = forms.CharField(
        label=_("delay note"), max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": True})
    )
    delay_confirmed = forms.BooleanField(label=_("the customer confirmed this cause"), required=False)

    field_order = ["delay_cause", "delay_note", "delay_confirmed"]


class ReceiptForm(forms.Form):
    payer = forms.ChoiceField(label=_("payer"), choices=[(payer.value, payer.label) for payer in PAYING])
    amount = money_field(label=_("amount"))
    method = forms.ChoiceField(
        label=_("method"), choices=[("", "---------"), *PaymentMethod.choices], initial=PaymentMethod.WECHAT
    )
    received_on = forms.DateField(label=_("received on"))
    accessory_amount = money_field(
        label=_("of which accessories"),
        required=False,
        help_text=_("Empty: split over accessory and other lines in proportion."),
    )
    note = forms.CharField(label=_("note"), max_length=200, required=False)


class RefundForm(forms.Form):
    amount = money_field(label=_("refund"))
    method = forms.ChoiceField(label=_("method"), choices=PaymentMethod)
    refunded_on = forms.DateField(label=_("paid back on"))
    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Credit:
    """Who may be credited on a line: loaded once for all rows of the form."""

    teams: dict[str, Team]
    technicians: dict[str, Staff]
    sellers: dict[str, Staff]

    @classmethod
    def of(cls, store) -> "Credit":
        people = list(Staff.objects.with_role("technician").filter(store=store).order_by("name_pinyin", "work_number"))
        return cls(
            teams={str(team.pk): team for team in Team.objects.filter(store=store)},
            technicians={str(person.pk): person for person in people},
            sellers={str(person.pk): person for person in queries.advisors_of(store)},
        )


def _choice(label, known: dict, **attrs):
    choices = [("", ""), *((key, str(value)) for key, value in known.items())]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=known.get,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs=attrs),
    )


SEVERAL = "several"


class LineForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=LineKind, initial=LineKind.LABOUR)
    name = forms.CharField(label=_("name"), max_length=120, widget=forms.TextInput(attrs={"class": "w-wide"}))
    code = forms.CharField(label=_("code"), max_length=40, required=False)
    quantity = forms.DecimalField(
        label=_("quantity or hours"), max_digits=10, decimal_places=2, widget=forms.NumberInput(attrs={"step": "0.1"})
    )
    unit_price = forms.DecimalField(
        label=_("unit price"), max_digits=14, decimal_places=2, widget=forms.NumberInput(attrs={"step": "0.01"})
    )
    discount_percent = forms.DecimalField(
        label=_("% off"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False,
        widget=forms.NumberInput(attrs={"step": "1"}),
    )  # fmt: skip
    payer = forms.ChoiceField(label=_("payer"), choices=Payer, initial=Payer.CUSTOMER)

    def __init__(self, *args, credit: Credit, shares: dict[int, tuple] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.shares = shares or {}
        self.fields["team"] = _choice(_("team"), credit.teams)
        self.fields["technician"] = _choice(_("technician"), credit.technicians)
        self.fields["seller"] = _choice(_("sold by"), credit.sellers)
        self.fields["installation_team"] = _choice(_("installed by"), credit.teams)
        several = self.shares.get(self.initial.get("number"), ())
        if len(several) > 1:
            words = " ".join(f"{person} {share:.0%}" for person, share in several)
            self.fields["technician"].choices = [(SEVERAL, words), *self.fields["technician"].choices]
            self.fields["technician"].coerce = lambda key: SEVERAL if key == SEVERAL else credit.technicians.get(key)

    def draft(self) -> LineDraft:
        """The line as it was typed. An accessory with a fitting team is installed."""
        typed = self.cleaned_data
        fitters = typed["installation_team"] if typed["kind"] == LineKind.ACCESSORY else None
        return LineDraft(
            kind=LineKind(typed["kind"]),
            name=typed["name"],
            code=typed["code"],
            quantity=typed["quantity"],
            unit_price=typed["unit_price"],
            discount_rate=(typed["discount_percent"] or Decimal(0)) / 100,
            payer=Payer(typed["payer"]),
            number=typed["number"],
            team=typed["team"],
            seller=typed["seller"],
            is_installed=fitters is not None,
            installation_team=fitters,
            shares=self._shares(typed),
        )

    def _shares(self, typed) -> tuple:
        if typed["technician"] == SEVERAL:
            return self.shares[typed["number"]]
        return ((typed["technician"], Decimal(1)),) if typed["technician"] else ()


_LineFormSet = forms.formset_factory(LineForm, can_delete=True, extra=1, max_num=300, absolute_max=400)


class LinesForm:
    """All lines of an order as one form."""

    def __init__(self, order: RepairOrder, posted=None):
        lines: Iterable = order.lines.all()
        shares = {line.number: tuple((one.technician, one.share) for one in line.shares.all()) for line in lines}
        self.formset = _LineFormSet(
            posted,
            prefix="lines",
            initial=[_initial(line) for line in lines],
            form_kwargs={"credit": Credit.of(order.store), "shares": shares},
        )

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def drafts(self) -> list[LineDraft]:
        """What stands in the form; rows marked for removal and rows nobody touched left out."""
        kept = (form for form in self.formset.forms if form not in self.formset.deleted_forms)
        return [form.draft() for form in kept if form.initial.get("number") or form.has_changed()]


def _initial(line) -> dict:
    shares = list(line.shares.all())
    return {
        "number": line.number,
        "kind": line.kind,
        "name": line.name,
        "code": line.code,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount_percent": f"{line.discount_rate * 100:.2f}".rstrip("0").rstrip(".") if line.discount_rate else None,
        "payer": line.payer,
        "team": line.team_id,
        "technician": SEVERAL if len(shares) > 1 else shares[0].technician_id if shares else None,
        "seller": line.seller_id,
        "installation_team": line.installation_team_id,
    }
