"""Which month or quarter, and choosing somebody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff


class SpanForm(forms.Form):
    """The months and quarters that are over, the latest first."""

    span = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args, spans, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["span"].choices = [(str(one), str(one)) for one in spans]


class StarForm(forms.Form):
    staff = forms.ModelChoiceField(queryset=Staff.objects.none(), widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = people
