"""Shapes of input: what an agent writes down, what a supervisor sets, how lists are narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from callback.choices import Outcome, ScriptStage, TaskState
from callback.models import Rule, ScriptText
from callback.shipped import NAMES
from complaints.choices import Category, Severity
from dealer_crm.organization.models import Staff
from satisfaction.choices import QuestionKind
from satisfaction.models import Question

YES_NO = (("yes", _("Yes")), ("no", _("No")))
LEVELS = (
    ("", "—"),
    ("5", _("Very satisfied")),
    ("4", _("Satisfied")),
    ("3", _("Fair")),
    ("2", _("Dissatisfied")),
    ("1", _("Very dissatisfied")),
)


class YesNoField(forms.ChoiceField):
    """Two radio buttons; None when neither is chosen."""

    def __init__(self, **kwargs):
        super().__init__(choices=YES_NO, widget=forms.RadioSelect, required=False, **kwargs)

    def clean(self, value):
        return {"yes": True, "no": False}.get(super().clean(value))


class OutcomeForm(forms.Form):
    """What came of a call. Every question of the questionnaire is a field `q_<code>`; none must be answered."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome, required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)
    complaint = forms.IntegerField(required=False, widget=forms.HiddenInput)
    was_on_time = YesNoField(label=_("Delivered on time?"))
    is_satisfied = YesNoField(label=_("Satisfied with the result?"))
    note = forms.CharField(
        label=_("Customer's view"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "w"}),
    )
    next_at = forms.DateTimeField(label=_("Another time"), required=False)
    proposed_at = forms.DateTimeField(required=False)
    for_good = forms.BooleanField(required=False)
    no_call_reason = forms.CharField(label=_("Why no more calls"), required=False, max_length=120)
    pause = forms.BooleanField(label=_("Pause after this call"), required=False)

    def __init__(self, *args, questions=(), **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"q_{question.code}"] = _question_field(question)
        for name in [name for name in self.fields if name.startswith("q_")][:1]:
            self.fields[name].widget.attrs["data-key"] = "q"

    def clean(self):
        """A proposed time is a call-back, "for good" a refusal with its reason; every other way names its outcome."""
        said = super().clean()
        if said.get("proposed_at"):
            said["outcome"] = Outcome.CALL_LATER
        elif said.get("for_good"):
            said["outcome"] = Outcome.REFUSED
            if not said.get("no_call_reason", "").strip():
                self.add_error("no_call_reason", _("Say why the customer is not to be called any more."))
        elif not said.get("outcome"):
            self.add_error("outcome", _("Choose what came of the call."))
        if not said.get("for_good"):
            said["no_call_reason"] = ""
        return said

    @property
    def questions(self):
        """The bound fields of the questionnaire in their order."""
        return [self[name] for name in self.fields if name.startswith("q_")]

    @property
    def answers(self) -> dict[str, object]:
        """Question code → value, only what was answered."""
        given = {name[2:]: value for name, value in self.cleaned_data.items() if name.startswith("q_")}
        return {code: value for code, value in given.items() if value is not None and value != ""}

    @property
    def agreed_at(self):
        """The moment pressed among the proposed ones, else the one typed."""
        return self.cleaned_data.get("proposed_at") or self.cleaned_data.get("next_at")


def _question_field(question: Question) -> forms.Field:
    label, help_text = question.name, question.text
    if question.kind in (QuestionKind.SCORE, QuestionKind.RECOMMEND):
        least = 1 if question.kind == QuestionKind.SCORE else 0
        widget = forms.NumberInput(attrs={"min": least, "max": 10, "step": 1})
        return forms.IntegerField(
            label=label, help_text=help_text, required=False, min_value=least, max_value=10, widget=widget
        )
    if question.kind == QuestionKind.LEVEL:
        return forms.TypedChoiceField(
            label=label, help_text=help_text, required=False, choices=LEVELS, coerce=int, empty_value=None
        )
    if question.kind == QuestionKind.YES_NO:
        return YesNoField(label=label, help_text=help_text)
    if question.kind == QuestionKind.CHOICE:
        choices = [("", "—"), *((choice, choice) for choice in question.choices)]
        return forms.ChoiceField(label=label, help_text=help_text, required=False, choices=choices)
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=1000)


class CallComplaintForm(forms.Form):
    """A complaint out of a call; whose, which car and which order are known already."""

    category = forms.ChoiceField(label=_("Category"), choices=Category)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity, initial=Severity.GENERAL)
    description = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    wish = forms.CharField(
        label=_("What is asked"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AssignForm(forms.Form):
    agent = forms.ModelChoiceField(label=_("Agent"), queryset=Staff.objects.none())

    def __init__(self, *args, agents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = agents


class TaskFilter(forms.Form):
    """Which calls the queue shows; without a choice those that can be called now."""

    VIEWS = (
        ("", _("All open")),
        ("overdue", _("Overdue")),
        ("today", _("Due today")),
        ("later", _("Due later")),
        ("waiting", _("Waiting for their time")),
        ("held", _("Held back by a complaint")),
        ("taken", _("On the phone now")),
        *((state.value, state.label) for state in TaskState if state != TaskState.OPEN),
    )
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    rule = forms.ModelChoiceField(label=_("Rule"), queryset=Rule.objects.none(), required=False, empty_label=_("All"))
    first = forms.DateField(label=_("Due from"), required=False)
    last = forms.DateField(label=_("Due to"), required=False)

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = rules


class ContactFilter(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("All")), *Outcome.choices], required=False)
    agent = forms.ModelChoiceField(
        label=_("Agent"), queryset=Staff.objects.none(), required=False, empty_label=_("All")
    )
    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("To"), required=False)

    def __init__(self, *args, agents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = agents


class SpanForm(forms.Form):
    """The days and the rule the figures are counted for."""

    MOST_DAYS = 92
    first = forms.DateField(label=_("From"))
    last = forms.DateField(label=_("To"))
    rule = forms.ModelChoiceField(label=_("Rule"), queryset=Rule.objects.none(), required=False, empty_label=_("All"))

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = rules

    def clean(self):
        said = super().clean()
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days < self.MOST_DAYS:
            raise forms.ValidationError(_("Choose a span of at most %(days)d days.") % {"days": self.MOST_DAYS})
        return said


class RuleForm(forms.ModelForm):
    """A rule with its script; every stage is a field `script_<stage>`."""

    class Meta:
        model = Rule
        fields = (
            "is_on", "opens_after_days", "closes_after_days", "lead_days", "priority", "respects_gap", "asks_on_time",
            "questionnaire",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.lead_days:
            del self.fields["lead_days"]
        texts = {text.stage: text.text for text in ScriptText.objects.filter(rule=self.instance)}
        for stage in ScriptStage:
            self.fields[f"script_{stage}"] = forms.CharField(
                label=stage.label, required=False, initial=texts.get(stage, ""), max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip

    @property
    def settings(self):
        return [self[name] for name in self.fields if not name.startswith("script_")]

    @property
    def stages(self):
        return [self[name] for name in self.fields if name.startswith("script_")]

    @property
    def script(self) -> dict[str, str]:
        return {
            name.removeprefix("script_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("script_")
        }

    @property
    def facts(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("script_")}

    @property
    def names(self) -> str:
        """What may stand in braces."""
        return " ".join(f"{{{name}}}" for name in NAMES)
