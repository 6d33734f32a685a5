"""The target of a factor from a day on, and what a manager guesses customers will say."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Store


def _mean(label) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(1),
        max_value=Decimal(10),
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )


class FactorTargetForm(forms.Form):
    factor_code = forms.ChoiceField(label=_("Factor"))
    mean = _mean(_("target mean"))
    starts_on = forms.DateField(label=_("from"))
    store = forms.ModelChoiceField(
        label=_("Store"), queryset=Store.objects.none(), required=False, empty_label=_("Every store")
    )

    def __init__(self, *args, factors, stores, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["factor_code"].choices = [(one.code, f"{one.code} {one.name}") for one in factors]
        if stores is None:
            del self.fields["store"]
        else:
            self.fields["store"].queryset = stores


class GuessForm(forms.Form):
    """A mean from 1 to 10 for every factor."""

    def __init__(self, *args, factors, **kwargs):
        super().__init__(*args, **kwargs)
        for one in factors:
            self.fields[one.code] = _mean(f"{one.code} {one.name}")
