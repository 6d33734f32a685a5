from django import forms
from django.utils.translation import gettext_lazy as _

from commission.choices import ChangeState
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


class ScoresForm(forms.Form):
    """One score field for each person."""

    def __init__(self, *args, people, scores, **kwargs):
        super().__init__(*args, **kwargs)
        for person in people:
            self.fields[f"score_{person.pk}"] = forms.DecimalField(
                label=f"{person.work_number} {person.name}",
                min_value=0,
                max_value=200,
                decimal_places=2,
                required=False,
                initial=scores.get(person.pk),
            )
        self.people = people

    def changed_scores(self):
        """(person, score) for every field that was filled in anew."""
        for person in self.people:
            name = f"score_{person.pk}"
            if name in self.changed_data and self.cleaned_data[name] is not None:
                yield person, self.cleaned_data[name]
