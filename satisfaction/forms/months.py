"""Which figures are asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import MonthField
from reception.choices import OrderKind


class MonthFilter(forms.Form):
    """Which month of which store, narrowed to an advisor or an order type."""

    period = MonthField(label=_("Month"))
    store = forms.ChoiceField(label=_("Store"), required=False)
    advisor = forms.ModelChoiceField(
        label=_("Service advisor"), queryset=Staff.objects.none(), required=False, empty_label=_("All")
    )
    order_kind = forms.ChoiceField(label=_("Order type"), required=False, choices=[("", _("All")), *OrderKind.choices])

    def __init__(self, *args, stores, advisors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = [(one.code, one.name) for one in stores]
        self.fields["advisor"].queryset = advisors
        if len(stores) < 2:
            del self.fields["store"]
