"""Manual rewards and penalties."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commission.models import Adjustment
from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import MonthField


class AdjustmentForm(forms.ModelForm):
    period = MonthField()

    class Meta:
        model = Adjustment
        fields = ["staff", "period", "amount", "reason"]

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = Staff.objects.filter(store=store).order_by("work_number")
        self.fields["amount"].help_text = _("Positive: a reward. Negative: a penalty.")
