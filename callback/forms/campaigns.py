"""Preparing and judging a campaign."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import Occasion
from reception.choices import Channel
from reception.models import Segment
from reception.queries import segments_visible_to

_CHANNELS = [(one.value, one.label) for one in (Channel.PHONE, Channel.SMS)]


class CampaignForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("campaign", "Name"), max_length=60)
    occasion = forms.ChoiceField(label=_("Occasion"), choices=Occasion)
    segment = forms.ModelChoiceField(label=pgettext_lazy("campaign", "Segment"), queryset=Segment.objects.none())
    channel = forms.ChoiceField(label=pgettext_lazy("campaign", "Channel"), choices=_CHANNELS)
    first_day = forms.DateField(label=pgettext_lazy("campaign", "First day"))
    last_day = forms.DateField(label=pgettext_lazy("campaign", "Last day"))
    goal = forms.IntegerField(label=_("Goal (customers who come)"), min_value=1, max_value=100_000)
    cost = forms.DecimalField(
        label=pgettext_lazy("campaign", "Cost"), max_digits=12, decimal_places=2, min_value=0, initial=0,
        widget=forms.NumberInput(attrs={"data-unit": "¥"}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("What is offered"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Said in the call, written in the text: stands for {活动内容} in the script of the rule."),
    )  # fmt: skip

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = segments_visible_to(staff).filter(store=staff.store)


class JudgementForm(forms.Form):
    cost = forms.DecimalField(
        label=pgettext_lazy("campaign", "Cost"), max_digits=12, decimal_places=2, min_value=0,
        widget=forms.NumberInput(attrs={"data-unit": "¥"}),
    )  # fmt: skip
    strengths = forms.CharField(
        label=_("Strengths"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    to_improve = forms.CharField(
        label=_("What to do better"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
