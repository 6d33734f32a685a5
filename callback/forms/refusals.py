"""Noting what a customer does not want to be called for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from callback.choices import Purpose


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(label=_("No more calls for"), choices=Purpose)
    reason = forms.CharField(label=_("Reason"), max_length=120)
