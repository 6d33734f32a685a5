"""Money taken and paid back as typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reception.choices import (
    PAYING,
    PaymentMethod,
)
from reception.forms.shapes import money_field


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
