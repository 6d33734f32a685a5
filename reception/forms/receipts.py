"""Money taken and paid back as typed, and the search for what is due."""

from datetime import date
from decimal import Decimal

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.ui.fields import MonthField
from dealer_crm.values import Period
from reception import queries
from reception.choices import PAYING_CHOICES, OrderKind, PaymentMethod
from reception.forms.shapes import Search, StoreFilter, money_field
from reception.formulas.identity import folded_code
from reception.models import Receipt, Receivable

# A prepaid balance is drawn by the settlement itself.
BY_HAND = [method for method in PaymentMethod if method != PaymentMethod.PREPAID]
_METHODS = [(method.value, method.label) for method in BY_HAND]


class ReceiptForm(forms.Form):
    """What came in. The parts paid in other ways are taken out of the amount: 980.00, of which 200.00 in cash."""

    payer = forms.ChoiceField(label=_("payer"), choices=PAYING_CHOICES)
    amount = money_field(label=_("amount"))
    method = forms.ChoiceField(label=_("method"), choices=[("", "---------"), *_METHODS], initial=PaymentMethod.WECHAT)
    received_on = forms.DateField(label=_("received on"))
    accessory_amount = money_field(
        label=_("of which accessories"),
        required=False,
        help_text=_("Empty: split over accessory and other lines in proportion."),
    )
    note = forms.CharField(label=_("note"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for method in BY_HAND:
            self.fields[f"of_{method.value}"] = money_field(label=method.label, required=False, min_value=Decimal(0))

    def main_fields(self):
        return [field for field in self.visible_fields() if not field.name.startswith("of_")]

    def split_fields(self):
        return [field for field in self.visible_fields() if field.name.startswith("of_")]

    def clean(self):
        """`parts`: (method, amount) of every way it was paid in; the main one takes the rest."""
        typed = self.cleaned_data
        others = {method: typed.pop(f"of_{method.value}", None) or Decimal(0) for method in BY_HAND}
        if not {"amount", "method"} <= typed.keys():
            return typed
        amount, main = typed.pop("amount"), PaymentMethod(typed.pop("method"))
        others.pop(main)
        rest = amount - sum(others.values())
        if rest < 0 or (rest == 0 and amount):
            self.add_error("amount", _("The parts in other ways leave nothing for the chosen one."))
        typed["parts"] = [(main, rest), *((method, part) for method, part in others.items() if part)]
        return typed


class RefundForm(forms.Form):
    amount = money_field(label=_("refund"))
    method = forms.ChoiceField(label=_("method"), choices=_METHODS)
    refunded_on = forms.DateField(label=_("paid back on"))
    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))


class TransferForm(forms.Form):
    """One payment over many orders. A field for each receivable it may be for; empty ones are not meant."""

    total = money_field(label=_("amount of the payment"), min_value=Decimal("0.01"))
    received_on = forms.DateField(label=_("received on"))
    reference = forms.CharField(label=_("bank reference"), max_length=100)
    method = forms.ChoiceField(label=_("method"), choices=_METHODS, initial=PaymentMethod.TRANSFER)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"part_{row.pk}"] = forms.DecimalField(
                label=row.order.number, max_digits=14, decimal_places=2, required=False,
                widget=forms.NumberInput(attrs={"step": "0.01", "data-part": row.open_amount}),
            )  # fmt: skip

    def head_fields(self):
        return [self[name] for name in ("total", "received_on", "reference", "method")]

    def parts_and_rows(self):
        return [(self[f"part_{row.pk}"], row) for row in self.rows]

    def given(self) -> dict:
        """What the action is told."""
        typed = self.cleaned_data
        parts = [(row.order, typed[f"part_{row.pk}"]) for row in self.rows if typed[f"part_{row.pk}"]]
        return {name: typed[name] for name in ("total", "received_on", "reference", "method")} | {"parts": parts}


class MonthFilter(django_filters.CharFilter):
    field_class = MonthField


AGES = (
    ("up_to_30", _("0–30 days")),
    ("up_to_60", _("31–60 days")),
    ("up_to_90", _("61–90 days")),
    ("older", _("over 90 days")),
)


class ReceivableFilter(Search):
    """Open ones unless `state` says otherwise; `month` is that of the settlement. Ages are counted to `today`."""

    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Plate, phone, name, order number")}),
    )  # fmt: skip
    payer = django_filters.ChoiceFilter(label=_("payer"), choices=PAYING_CHOICES)
    age = django_filters.ChoiceFilter(method="of_age", label=_("due for"), choices=AGES)
    kind = django_filters.ChoiceFilter(field_name="order__kind", label=_("order type"), choices=OrderKind)
    month = MonthFilter(method="of_month", label=_("settled in"))
    state = django_filters.ChoiceFilter(
        method="in_state", label=_("state"), null_label=None, empty_label=_("unpaid"),
        choices=[("overpaid", pgettext_lazy("receivable", "overpaid")), ("all", pgettext_lazy("receivable", "all"))],
    )  # fmt: skip
    store = StoreFilter()

    class Meta:
        model = Receivable
        fields = ["q", "payer", "age", "kind", "month", "state", "store"]

    def __init__(self, *args, today: date | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.unpaid()

    def found(self, rows, _name, text):
        condition = queries.matching_anything(self.staff, text)
        if condition is None:
            return rows
        return rows.filter(order__in=queries.orders_visible_to(self.staff).filter(condition).values("pk"))

    def of_age(self, rows, _name, bucket):
        return rows.filter(**queries.due_between(bucket, self.today, timezone.get_current_timezone()))

    def of_month(self, rows, _name, period: Period):
        return queries.settled_in(rows, period, timezone.get_current_timezone())

    def in_state(self, rows, _name, state):
        return rows.overpaid() if state == "overpaid" else rows


class ReceiptFilter(Search):
    """The receipts of some days, of one payer or one way of paying."""

    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Receipt, order or plate")}),
    )  # fmt: skip
    payer = django_filters.ChoiceFilter(label=_("payer"), choices=PAYING_CHOICES)
    method = django_filters.ChoiceFilter(label=_("method"), choices=PaymentMethod)
    received_from = django_filters.DateFilter(field_name="received_on", lookup_expr="gte", label=_("received from"))
    received_to = django_filters.DateFilter(field_name="received_on", lookup_expr="lte", label=_("received until"))

    class Meta:
        model = Receipt
        fields = ["q", "payer", "method", "received_from", "received_to"]

    def found(self, rows, _name, text):
        number = text.strip().upper()
        return rows.filter(Q(number=number) | Q(order__number=number) | Q(order__vehicle__plate=folded_code(text)))
