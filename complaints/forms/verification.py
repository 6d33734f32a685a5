"""Who answers for a complaint."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff


class ShareForm(forms.Form):
    """One person's share of the responsibility, in percent."""

    person = forms.ModelChoiceField(label=_("Staff member"), queryset=Staff.objects.none())
    percent = forms.DecimalField(
        label=_("Share (%)"),
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
    )

    def __init__(self, *args, complaint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Staff.objects.filter(store=complaint.store_id)


ShareFormSet = forms.formset_factory(ShareForm, extra=1, can_delete=True)
