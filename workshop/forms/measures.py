"""Which days the workshop is measured for."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

_THINKABLE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
"""No workshop was measured before, and nothing is computed for days the calendar does not know."""


class MeasuredDaysForm(forms.Form):
    """Days from–to of a store, and whose: a team's or a technician's when one is named."""

    MOST_DAYS = 366

    store = forms.ChoiceField(label=_("Store"), required=False)
    first = forms.DateField(label=_("From"), validators=_THINKABLE)
    last = forms.DateField(label=_("To"), validators=_THINKABLE)
    team = forms.IntegerField(required=False, widget=forms.HiddenInput)
    technician = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = [(store.code, store.name) for store in stores]
        if len(stores) < 2:
            del self.fields["store"]

    def clean(self):
        said = super().clean()
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days < self.MOST_DAYS:
            raise forms.ValidationError(_("Choose a span of at most %(days)d days.") % {"days": self.MOST_DAYS})
        return said
