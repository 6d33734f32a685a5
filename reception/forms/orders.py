"""The acts on a repair order as typed, and the search for orders."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from reception import queries
from reception.choices import (
    DelayCause,
    OrderKind,
    OrderState,
    WaitReason,
)
from reception.forms.shapes import Search, ShapeForm, StoreFilter, VersionedForm, money_field
from reception.models import RepairOrder


class OrderFilter(Search):
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
    store = StoreFilter()

    class Meta:
        model = RepairOrder
        fields = ["q", "state", "kind", "advisor", "arrived_from", "arrived_to", "store"]

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


class OrderForm(ShapeForm):
    fuel_percent = forms.IntegerField(label=_("fuel or charge (%)"), min_value=0, max_value=100, required=False)
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


class DelayCheckForm(forms.Form):
    note = forms.CharField(
        label=_("what the check found"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True})
    )
