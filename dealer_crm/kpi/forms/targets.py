"""Targets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.kpi.choices import Measure
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import MonthField


class TargetForm(forms.Form):
    period = MonthField()
    measure = forms.ChoiceField(label=_("measure"), choices=Measure)
    staff = forms.ModelChoiceField(
        label=_("person"), queryset=Staff.objects.none(), required=False, empty_label=_("the whole store")
    )
    goal = forms.DecimalField(label=_("goal"), min_value=0, max_digits=14, decimal_places=2)
    floor = forms.DecimalField(label=_("floor"), min_value=0, max_digits=14, decimal_places=2, required=False)

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = (
            Staff.objects.filter(store=store, is_active=True)
            .filter(positions__post__in=[Post.ADVISOR, Post.ADVISOR_ASSISTANT, Post.ACCESSORY_SELLER])
            .distinct()
            .order_by("work_number")
        )
