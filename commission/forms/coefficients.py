"""Temporary coefficients."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commission.choices import ChangeState
from dealer_crm.organization.models import Staff


class CoefficientForm(forms.Form):
    """A temporary coefficient for somebody of the teams one may ask for; beside each name stands the present one."""

    staff = forms.ModelChoiceField(Staff.objects.none(), label=_("Staff member"))
    coefficient = forms.DecimalField(label=_("Temporary coefficient"), min_value=0, max_digits=6, decimal_places=3)
    starts_on = forms.DateField(label=_("First day counted"))
    ends_on = forms.DateField(label=_("Last day counted"), help_text=_("Within the same month."))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}),
        help_text=_("The person concerned reads it on their statement."),
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = people
        self.fields["staff"].label_from_instance = lambda person: (
            f"{person.work_number} {person.name} · {person.coefficient or 0:.3f}"
        )


class CoefficientFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *ChangeState.choices])
    query = forms.CharField(label=_("Name or work number"), required=False, max_length=40)
