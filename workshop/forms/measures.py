"""Which days the workshop is measured for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MeasuredDaysForm(forms.Form):
    """Days from–to of a store, and whose: a team's or a technician's when one is named."""

    MOST_DAYS = 366

    store = forms.ModelChoiceField(
        label=_("Store"), queryset=None, to_field_name="code", required=False, empty_label=None
    )
    first = forms.DateField(label=_("From"))
    last = forms.DateField(label=_("To"))
    team = forms.IntegerField(required=False, widget=forms.HiddenInput)
    technician = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = stores
        if len(stores) < 2:
            del self.fields["store"]

    def clean(self):
        said = super().clean()
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days < self.MOST_DAYS:
            raise forms.ValidationError(_("Choose a span of at most %(days)d days.") % {"days": self.MOST_DAYS})
        return said
