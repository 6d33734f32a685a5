"""Disputing a line, answering it."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commission.choices import DisputeRemedy


class DisputeForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name orders, days or people, so that it can be looked up."),
    )  # fmt: skip


class DisputeAnswerForm(forms.Form):
    """Upheld or turned down, with the reason; of an upheld one how it is put right."""

    is_upheld = forms.TypedChoiceField(
        label=_("Answer to the dispute"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", pgettext_lazy("dispute", "Upheld")), ("no", pgettext_lazy("dispute", "Turned down"))],
    )  # fmt: skip
    remedy = forms.ChoiceField(
        label=_("If upheld, put right by"), required=False, choices=[("", "—"), *DisputeRemedy.choices]
    )
    amount = forms.DecimalField(
        label=_("Amount of the adjustment"), required=False, max_digits=12, decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": "¥"}),
        help_text=_("Only for an adjustment; the station manager approves it."),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Reason the person reads"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
