"""Which store's month is asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.ui.fields import MonthField


class StoreMonthForm(forms.Form):
    """A month and, for whoever sees several, a store."""

    period = MonthField(label=_("Month"))
    store = forms.ModelChoiceField(
        label=_("Store"), queryset=None, to_field_name="code", required=False, empty_label=None
    )

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = stores
        if len(stores) < 2:
            del self.fields["store"]
