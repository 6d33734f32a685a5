"""The questions of a version, as they are answered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from satisfaction.actions.responses import SCALES
from satisfaction.choices import QuestionKind
from satisfaction.models import Question, QuestionnaireVersion


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
