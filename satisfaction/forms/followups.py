"""What is done about a figure: bad answers given to somebody and dealt with, improvement plans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import MonthField
from satisfaction.choices import PlanOutcome
from satisfaction.models import Question


class ColleagueField(forms.ModelChoiceField):
    """Somebody who works in the store."""

    def __init__(self, **options):
        super().__init__(queryset=Staff.objects.none(), **options)

    def of(self, store) -> None:
        self.queryset = Staff.objects.filter(store=store, is_active=True).order_by("name_pinyin", "work_number")


class FlagForm(forms.Form):
    result = forms.CharField(
        label=_("What was done"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class AssignForm(forms.Form):
    owner = ColleagueField(label=_("Who speaks with the customer"))

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].of(store)


class PlanForm(forms.Form):
    """A new improvement plan for a factor of a month."""

    cause = forms.CharField(label=_("Cause"), widget=forms.Textarea(attrs={"rows": 3}))
    measure = forms.CharField(label=_("Countermeasure"), widget=forms.Textarea(attrs={"rows": 3}))
    owner = ColleagueField(label=_("In charge"))
    due_on = forms.DateField(label=_("Due on"))
    check_on = forms.DateField(
        label=_("Check on"), required=False, help_text=_("The day on which one looks whether it helped.")
    )

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].of(store)


class FreePlanForm(PlanForm):
    """A plan somebody opens of their own accord, for any factor of any month."""

    period = MonthField(label=_("Month"))
    factor = forms.ModelChoiceField(label=_("Factor"), queryset=Question.objects.none(), to_field_name="code")

    field_order = ["period", "factor", "cause", "measure", "owner", "due_on", "check_on"]

    def __init__(self, *args, factors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["factor"].queryset = factors
        self.fields["factor"].label_from_instance = lambda question: f"{question.code} {question.name}"


class CarryOutForm(forms.Form):
    note = forms.CharField(label=_("What was carried out"), widget=forms.Textarea(attrs={"rows": 3}))


class OwnerForm(forms.Form):
    owner = ColleagueField(label=_("New owner"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].of(store)


class DaysForm(forms.Form):
    due_on = forms.DateField(label=_("Due on"))
    check_on = forms.DateField(label=_("Check on"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ResultForm(forms.Form):
    """The end of a plan: what the check found and what follows from it."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=PlanOutcome, widget=forms.RadioSelect, required=False)
    result = forms.CharField(label=_("What came of it"), widget=forms.Textarea(attrs={"rows": 3}))


class PlanFilter(forms.Form):
    """Which plans are listed, besides the stage their tab stands for."""

    period = MonthField(label=_("Month"), required=False)
    factor = forms.CharField(label=_("Factor"), required=False, max_length=60)
    owner = ColleagueField(label=_("In charge"), required=False, empty_label=_("All"))
    stage = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        if staff.store:
            self.fields["owner"].of(staff.store)
