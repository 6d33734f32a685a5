"""The questions of a version, as they are answered."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from satisfaction.actions.responses import SCALES
from satisfaction.choices import QuestionKind, ResponseSource
from satisfaction.queries import Asked

LEVEL_NAMES = {5: _("Very satisfied"), 4: _("Satisfied"), 3: _("Fair"), 2: _("Dissatisfied"), 1: _("Very dissatisfied")}


class SurveyForm(forms.Form):
    """The questions as they are asked, a field each; nothing is required, but not all may be missing."""

    def __init__(self, *args, questions: Sequence[Asked], **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.code] = _field_of(question)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(value not in (None, "") for value in cleaned.values()):
            raise forms.ValidationError(_("Please answer at least one question."))
        return cleaned

    @property
    def sections(self) -> list[tuple[str, list]]:
        """The bound fields with their numbers, parted by section in the order they are asked."""
        parted: list[tuple[str, list]] = []
        for number, question in enumerate(self.questions, start=1):
            if not parted or parted[-1][0] != question.section:
                parted.append((question.section, []))
            parted[-1][1].append((number, self[question.code]))
        return parted


class TakeDownForm(forms.Form):
    """Whose answers are taken down; a sales survey or one in the lounge may be about no order."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    order = forms.CharField(label=_("order number"), max_length=40, required=False)
    plate = forms.CharField(
        label=_("plate"), max_length=12, required=False, help_text=_("For answers that are about no order.")
    )
    source = forms.ChoiceField(
        label=_("Source"),
        choices=[(one.value, one.label) for one in (ResponseSource.CALL, ResponseSource.TABLET, ResponseSource.QR)],
    )
    answered_at = forms.DateTimeField(label=_("answered"), required=False, help_text=_("Empty: now."))


def _field_of(question: Asked) -> forms.Field:
    kind = QuestionKind(question.kind)
    if kind == QuestionKind.TEXT:
        # The legend names the group; the field in it is named for those who hear the page.
        words = forms.Textarea(attrs={"rows": 3, "aria-label": question.text})
        return forms.CharField(label=question.text, required=False, max_length=1000, widget=words)
    if kind == QuestionKind.CHOICE:
        choices = list(zip(question.choices, question.labels, strict=True))
    elif kind == QuestionKind.YES_NO:
        choices = [("1", _("Yes")), ("0", _("No"))]
    elif kind == QuestionKind.LEVEL:
        choices = [(str(level), name) for level, name in LEVEL_NAMES.items()]
    else:
        least, most = SCALES[kind]
        choices = [(str(score), str(score)) for score in range(least, most + 1)]
    return forms.ChoiceField(label=question.text, required=False, choices=choices, widget=forms.RadioSelect)
