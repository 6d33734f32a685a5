"""What an agent adds to the day."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    day = forms.DateField(label=_("Day"))


class LogForm(forms.Form):
    also_done = forms.CharField(
        label=_("Done besides"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    unsolved = forms.CharField(
        label=_("Unsolved"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    for_tomorrow = forms.CharField(
        label=_("For tomorrow"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
