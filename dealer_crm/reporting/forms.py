from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.values import Period


class ReportFilter(forms.Form):
    """Which store and month a report is about."""

    store = forms.ChoiceField(label=_("Store"))
    period = forms.CharField(label=_("Month"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}))

    def __init__(self, *args, stores, **kwargs):
        super().__init__(*args, **kwargs)
        self.stores = {store.code: store for store in stores}
        self.fields["store"].choices = [(store.code, store.name) for store in stores]
        if len(self.stores) == 1:
            self.fields["store"].widget = forms.HiddenInput()

    def clean_store(self):
        return self.stores[self.cleaned_data["store"]]

    def clean_period(self):
        try:
            return Period.parse(self.cleaned_data["period"])
        except ValueError as error:
            raise forms.ValidationError(_("Write the month as 2026-10.")) from error
