"""A questionnaire as it is made: its name, the sections and questions of a draft, their wordings, the day it starts."""

import re
from decimal import Decimal

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.choices import Post
from satisfaction.actions import QuestionDraft, SectionDraft, WordingDraft
from satisfaction.actions.questionnaires import contents_of
from satisfaction.choices import Aspect, Channel, Construct, Language, QuestionKind, QuestionnaireKind
from satisfaction.models import QuestionnaireVersion

STEP = 10
"""Places go up by ten, so that a question finds room between two others without renumbering."""
SECTIONS_AT_MOST, QUESTIONS_AT_MOST, WORDINGS_AT_MOST = 40, 120, 400

_CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", _("Letters, digits, - and _ only."))


class QuestionnaireForm(forms.Form):
    code = forms.CharField(
        label=_("code"), max_length=40, validators=[_CODE], help_text=_("Short and for good, such as winter-check.")
    )
    name = forms.CharField(label=_("name"), max_length=80)
    kind = forms.ChoiceField(label=_("kind"), choices=QuestionnaireKind)


class PublishForm(forms.Form):
    starts_on = forms.DateField(label=_("asked from"), required=False, help_text=_("Empty: from this moment."))


class ChoicesField(forms.CharField):
    """Choices parted by /, ； or 、; gives a list."""

    def to_python(self, value):
        return [part.strip() for part in re.split(r"[/；;、\n]", super().to_python(value)) if part.strip()]

    def prepare_value(self, value):
        return " / ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        return self.to_python(data) != (initial or [])


class SectionForm(forms.Form):
    code = forms.CharField(label=_("section code"), max_length=20, validators=[_CODE])
    name = forms.CharField(label=_("section"), max_length=60)


class QuestionForm(forms.Form):
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.DecimalField(label=_("place"), max_digits=7, decimal_places=1, required=False,
                               widget=forms.NumberInput(attrs={"step": "any"}))  # fmt: skip
    code = forms.CharField(label=_("code"), max_length=20, validators=[_CODE])
    section = forms.CharField(
        label=_("section"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"list": "sections", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(label=_("factor"), max_length=60)
    text = forms.CharField(label=_("question wording"), max_length=300)
    kind = forms.ChoiceField(label=_("kind"), choices=QuestionKind, initial=QuestionKind.SCORE)
    weight = forms.DecimalField(label=_("weight"), max_digits=8, decimal_places=3, min_value=Decimal("0.001"),
                                required=False)  # fmt: skip
    responsible_post = forms.ChoiceField(
        label=_("responsible post"), choices=[("", "—"), *Post.choices], required=False
    )
    choices = ChoicesField(
        label=_("choices"), max_length=400, required=False, widget=forms.TextInput(attrs={"placeholder": "A / B / C"})
    )
    flags_no = forms.BooleanField(label=_("a no must be dealt with"), required=False)
    is_overall = forms.BooleanField(label=_("asks for the overall satisfaction"), required=False)
    aspect = forms.ChoiceField(label=_("asks for"), choices=Aspect, required=False, initial=Aspect.PERCEPTION)
    about = forms.CharField(
        label=_("about the factor"), max_length=20, required=False, widget=forms.TextInput(attrs={"list": "factors"})
    )
    construct = forms.ChoiceField(label=_("composite score"), choices=[("", "—"), *Construct.choices], required=False)

    MAIN = ("place", "code", "section", "name", "kind", "weight", "responsible_post")
    MORE = ("choices", "aspect", "about", "construct", "flags_no", "is_overall")

    @property
    def main(self):
        return [self[name] for name in self.MAIN]

    @property
    def more(self):
        return [self[name] for name in self.MORE]

    @property
    def says_more(self) -> bool:
        """Whether the rarer half is filled in or wrong, and stands open."""
        rare = {name: self[name].value() for name in self.MORE if name != "aspect"}
        unusual = (self["aspect"].value() or Aspect.PERCEPTION) != Aspect.PERCEPTION
        return any(rare.values()) or unusual or any(self[name].errors for name in self.MORE)

    def draft(self) -> QuestionDraft:
        typed = {name: value for name, value in self.cleaned_data.items() if name in QuestionDraft.__dataclass_fields__}
        return QuestionDraft(**typed | {"aspect": typed["aspect"] or Aspect.PERCEPTION})


def _rows_of(form, at_most: int):
    return forms.formset_factory(form, can_delete=True, extra=1, max_num=at_most, absolute_max=at_most + 20)


_Sections = _rows_of(SectionForm, SECTIONS_AT_MOST)
_Questions = _rows_of(QuestionForm, QUESTIONS_AT_MOST)


class DraftForm:
    """The sections and questions of a draft on one page; rows are kept in the order of their places."""

    def __init__(self, posted=None, *, version: QuestionnaireVersion):
        sections, questions = [], []
        if posted is None:
            kept, drafts, _wordings = contents_of(version)
            sections = [{"code": one.code, "name": one.name} for one in kept]
            pks = list(version.questions.order_by("position").values_list("pk", flat=True))
            questions = [
                vars(one) | {"replaces": pk, "place": place * STEP}
                for place, (one, pk) in enumerate(zip(drafts, pks, strict=True), start=1)
            ]
        self.sections = _Sections(posted, prefix="sections", initial=sections)
        self.questions = _Questions(posted, prefix="questions", initial=questions)
        self.mark = posted.get("mark", "") if posted is not None else None

    def is_valid(self) -> bool:
        """Everything wrong with any row is said at once."""
        return all([self.sections.is_valid(), self.questions.is_valid()])

    def section_drafts(self) -> list[SectionDraft]:
        return [SectionDraft(form.cleaned_data["code"], form.cleaned_data["name"]) for form in _kept(self.sections)]

    def question_drafts(self) -> list[QuestionDraft]:
        rows = enumerate(_kept(self.questions), start=1)
        placed = sorted(rows, key=lambda row: (row[1].cleaned_data["place"] is None,
                                               row[1].cleaned_data["place"] or 0, row[0]))  # fmt: skip
        return [form.draft() for _number, form in placed]

    def section_codes(self) -> list[str]:
        return [value for form in self.sections.forms if (value := form["code"].value())]


class WordingForm(forms.Form):
    code = forms.ChoiceField(label=_("question"))
    language = forms.ChoiceField(label=_("language"), choices=Language, initial=Language.ZH_HANS)
    channel = forms.ChoiceField(
        label=_("channel"), choices=[("", _("every channel")), *Channel.choices], required=False
    )
    text = forms.CharField(label=_("question wording"), max_length=300)
    choices = ChoicesField(label=_("choices"), max_length=400, required=False)

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = questions

    def draft(self) -> WordingDraft:
        return WordingDraft(**{name: self.cleaned_data[name] for name in WordingDraft.__dataclass_fields__})


_Wordings = _rows_of(WordingForm, WORDINGS_AT_MOST)


class WordingsForm:
    """Every wording of a draft beside the questions' own text, a row each."""

    def __init__(self, posted=None, *, version: QuestionnaireVersion):
        _sections, questions, kept = contents_of(version)
        choices = [("", "—"), *((one.code, f"{one.code} {one.name}") for one in questions)]
        initial = [vars(one) for one in kept] if posted is None else []
        self.rows = _Wordings(posted, prefix="wordings", initial=initial, form_kwargs={"questions": choices})
        self.mark = posted.get("mark", "") if posted is not None else None

    def is_valid(self) -> bool:
        return self.rows.is_valid()

    def drafts(self) -> list[WordingDraft]:
        return [form.draft() for form in _kept(self.rows)]


def _kept(formset) -> list[forms.Form]:
    """The rows that hold something and were not taken away."""
    gone = formset.deleted_forms
    return [form for form in formset.forms if form not in gone and form.cleaned_data]


class PreviewForm(forms.Form):
    """As which channel and in which language a version is looked at."""

    channel = forms.ChoiceField(label=_("channel"), choices=Channel, required=False)
    language = forms.ChoiceField(label=_("language"), choices=Language, required=False)
