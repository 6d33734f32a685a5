"""The shape of what is typed about satisfaction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import MonthField
from reception.choices import OrderKind
from satisfaction.actions.responses import SCALES
from satisfaction.choices import QuestionKind
from satisfaction.models import Question, QuestionnaireVersion


class MonthFilter(forms.Form):
    """Which month of which store, narrowed to an advisor or an order type."""

    period = MonthField(label=_("Month"))
    store = forms.ModelChoiceField(
        label=_("Store"), queryset=None, to_field_name="code", required=False, empty_label=None
    )
    advisor = forms.ModelChoiceField(
        label=_("Service advisor"), queryset=Staff.objects.none(), required=False, empty_label=_("All")
    )
    order_kind = forms.ChoiceField(label=_("Order type"), required=False, choices=[("", _("All")), *OrderKind.choices])

    def __init__(self, *args, stores, advisors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = stores
        self.fields["advisor"].queryset = advisors
        if len(stores) < 2:
            del self.fields["store"]


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


class SurveyForm(forms.Form):
    """The questions of a version for the customer's own hand; nothing is required, but not all may be missing."""

    def __init__(self, *args, version: QuestionnaireVersion, **kwargs):
        super().__init__(*args, **kwargs)
        for question in version.questions.all():
            self.fields[question.code] = _field_of(question)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(value not in (None, "") for value in cleaned.values()):
            raise forms.ValidationError(_("Please answer at least one question."))
        return cleaned


LEVEL_NAMES = {5: _("Very satisfied"), 4: _("Satisfied"), 3: _("Fair"), 2: _("Dissatisfied"), 1: _("Very dissatisfied")}


def _field_of(question: Question) -> forms.Field:
    kind = QuestionKind(question.kind)
    if kind == QuestionKind.TEXT:
        return forms.CharField(
            label=question.text, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
        )
    if kind == QuestionKind.CHOICE:
        choices = [(choice, choice) for choice in question.choices]
    elif kind == QuestionKind.YES_NO:
        choices = [("1", _("Yes")), ("0", _("No"))]
    elif kind == QuestionKind.LEVEL:
        choices = [(str(level), name) for level, name in LEVEL_NAMES.items()]
    else:
        least, most = SCALES[kind]
        choices = [(str(score), str(score)) for score in range(least, most + 1)]
    return forms.ChoiceField(label=question.text, required=False, choices=choices, widget=forms.RadioSelect)
