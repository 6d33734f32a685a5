"""Which days the workshop is measured for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MeasuredDaysForm(forms.Form):
    """Days from–to of a store, and whose: a team's or a technician's when one is named."""

    MOST_DAYS = 366

    store = forms.ChoiceField(label=_("Store"), required=False)
    first = forms.DateField(label=_("From"))
    last = forms.DateField(label=_("To"))
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
