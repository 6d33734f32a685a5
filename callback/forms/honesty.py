"""Reviewing a finding of the honesty ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _

from callback.choices import HonestyKind, Verdict


class ReviewForm(forms.Form):
    """What the supervisor makes of one finding."""

    kind = forms.ChoiceField(choices=HonestyKind, widget=forms.HiddenInput)
    key = forms.RegexField(r"^[a-z]+:[\d:-]+$", max_length=60, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Result of the review"), choices=Verdict)
    note = forms.CharField(label=_("What the review found"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
