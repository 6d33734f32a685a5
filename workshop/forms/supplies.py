"""Consumables and hour deductions."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Team
from workshop.choices import WORKSHOP_TEAMS
from workshop.models import ConsumableIssue


class ConsumableForm(forms.ModelForm):
    class Meta:
        model = ConsumableIssue
        fields = ["team", "name", "quantity", "amount", "issued_on", "issued_to"]
        labels = {"name": _("Article")}
        widgets = {"amount": forms.NumberInput(attrs={"data-unit": _("CNY")})}

    def __init__(self, *args, store, technicians, **fields):
        super().__init__(*args, **fields)
        self.fields["team"].queryset = Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS)
        self.fields["issued_to"].queryset = technicians


class DeductionForm(forms.Form):
    staff = forms.ModelChoiceField(Staff.objects.none(), label=_("Staff member"))
    deducted_on = forms.DateField(label=_("Day"))
    hours = forms.DecimalField(
        label=_("Hours"), min_value=Decimal("0.01"), max_digits=8, decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": _("hours")}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))

    def __init__(self, *args, technicians, **fields):
        super().__init__(*args, **fields)
        self.fields["staff"].queryset = technicians
