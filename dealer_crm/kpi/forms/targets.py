"""One target."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.kpi.choices import Measure, Unit
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff, Team
from dealer_crm.ui.fields import MonthField
from reception.choices import OrderKind

_RATE = _("Rates as a share of one: 0.96 is 96 %.")


class TargetForm(forms.Form):
    """A target of one month: of the store, or of a team, a person or a type of orders."""

    period = MonthField()
    measure = forms.ChoiceField(label=_("measure"), choices=Measure)
    goal = forms.DecimalField(label=_("goal"), min_value=0, max_digits=18, decimal_places=4, help_text=_RATE)
    floor = forms.DecimalField(label=_("floor"), min_value=0, max_digits=18, decimal_places=4, required=False)
    team = forms.ModelChoiceField(label=_("team"), queryset=Team.objects.none(), required=False, empty_label="—")
    staff = forms.ModelChoiceField(
        label=_("person"), queryset=Staff.objects.none(), required=False, empty_label=_("the whole store")
    )
    order_kind = forms.ChoiceField(
        label=_("order type"), choices=[("", _("all types")), *OrderKind.choices], required=False
    )

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(store=store)
        self.fields["staff"].queryset = (
            Staff.objects.filter(store=store, is_active=True)
            .filter(positions__post__in=[Post.ADVISOR, Post.ADVISOR_ASSISTANT, Post.ACCESSORY_SELLER])
            .distinct()
            .order_by("work_number")
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("team") and cleaned.get("staff"):
            self.add_error("team", _("A target is of a team or of a person, not of both."))
        measure, goal = cleaned.get("measure"), cleaned.get("goal")
        if measure and goal is not None and Measure(measure).unit == Unit.SHARE and goal > 2:
            self.add_error("goal", _RATE)
        return cleaned
