"""What is done about a figure: bad answers dealt with, improvement plans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff


class FlagForm(forms.Form):
    result = forms.CharField(
        label=_("What was done"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class PlanForm(forms.Form):
    """A new improvement plan for a factor of a month."""

    cause = forms.CharField(label=_("Cause"), widget=forms.Textarea(attrs={"rows": 3}))
    measure = forms.CharField(label=_("Countermeasure"), widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ModelChoiceField(label=_("In charge"), queryset=Staff.objects.none())
    due_on = forms.DateField(label=_("Due on"))

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Staff.objects.filter(store=store, is_active=True)


class ResultForm(forms.Form):
    result = forms.CharField(label=_("What came of it"), widget=forms.Textarea(attrs={"rows": 3}))
