"""Shapes of input: what an agent writes down, what a supervisor sets, how lists are narrowed."""

from copy import copy

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.actions import PaperCall
from callback.choices import AFTER_HANDOVER, NO_MORE, Outcome, ScriptStage, TaskState
from callback.forms.records import CategoryField
from callback.models import CallTask, Rule, ScriptText
from callback.queries import open_calls_numbered
from callback.shipped import NAMES
from complaints.choices import Severity
from complaints.queries import topics_offered
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.paper import RowsRefused
from dealer_crm.values.written import written_moment
from reception.choices import Channel
from satisfaction.choices import QuestionKind
from satisfaction.queries import Asked

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
    category = CategoryField(required=False, widget=forms.Select(attrs={"data-key": "k"}))
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
    no_more = forms.ChoiceField(label=_("No more calls for"), choices=[("", ""), *NO_MORE], required=False)
    no_call_reason = forms.CharField(
        label=_("Why no more calls"), required=False, max_length=120, widget=forms.TextInput(attrs={"data-key": "w"})
    )
    pause = forms.BooleanField(label=_("Pause after this call"), required=False)

    def __init__(self, *args, questions=(), **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"q_{question.code}"] = _question_field(question)

    def clean(self):
        """A proposed time is a call-back, "no more calls for" a refusal with its reason; every other way names its
        outcome."""
        said = super().clean()
        if said.get("proposed_at"):
            said["outcome"] = Outcome.CALL_LATER
        elif said.get("no_more"):
            said["outcome"] = Outcome.REFUSED
        elif not said.get("outcome"):
            self.add_error("outcome", _("Choose what came of the call."))
        if not said.get("no_more"):
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


def _question_field(question: Asked) -> forms.Field:
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
        choices = [("", "—"), *zip(question.choices, question.labels, strict=True)]
        return forms.ChoiceField(label=label, help_text=help_text, required=False, choices=choices)
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=1000)


class CallComplaintForm(forms.Form):
    """A complaint out of a call; whose, which car and which order are known already."""

    category = forms.ChoiceField(label=_("Category"))
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity, initial=Severity.GENERAL)
    description = forms.CharField(label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    wish = forms.CharField(
        label=_("What is asked"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = topics_offered()
        self.fields["category"].choices = self.offered.choices

    def clean(self):
        """Adds `topic`, the row of the tree, to the category it counts as."""
        cleaned = super().clean()
        if "category" in cleaned:
            cleaned["category"], cleaned["topic"] = self.offered.chosen(cleaned["category"])
        return cleaned


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
        (
            pgettext_lazy("calls", "Of all that are owed"),
            [
                ("owed", pgettext_lazy("calls", "Owed")),
                ("called", pgettext_lazy("calls", "Called at least once")),
                ("uncalled", pgettext_lazy("calls", "Not called yet")),
                ("inside", pgettext_lazy("calls", "First called in time")),
                ("too_late", pgettext_lazy("calls", "First called too late")),
            ],
        ),
    )
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    rule = forms.ModelChoiceField(label=_("Rule"), queryset=Rule.objects.none(), required=False, empty_label=_("All"))
    first = forms.DateField(label=_("Due from"), required=False)
    last = forms.DateField(label=_("Due to"), required=False)

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = rules


class ContactFilter(forms.Form):
    VIEWS = (
        ("", _("All")),
        ("calls", _("Calls made")),
        ("connected", _("Got through")),
        ("completed", _("Completed")),
        ("timed", pgettext_lazy("calls", "With their duration")),
        ("wrong", _("Wrong numbers")),
        ("said_late", _("Said late")),
        ("complaints", _("With a complaint")),
        ("rated", _("With scores")),
        ("satisfied", _("Satisfied")),
        ("dissatisfied", _("Dissatisfied")),
    )
    view = forms.ChoiceField(label=pgettext_lazy("calls", "Counted as"), choices=VIEWS, required=False)
    rule = forms.ModelChoiceField(label=_("Rule"), queryset=Rule.objects.none(), required=False, empty_label=_("All"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("All")), *Outcome.choices], required=False)
    agent = forms.ModelChoiceField(
        label=_("Agent"), queryset=Staff.objects.none(), required=False, empty_label=_("All")
    )
    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("To"), required=False)

    def __init__(self, *args, agents, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset, self.fields["rule"].queryset = agents, rules


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
            "is_on", "opens_after_days", "closes_after_days", "within_hours", "lead_days", "priority", "respects_gap",
            "asks_on_time", "questionnaire", "channel",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].help_text = _("Reminders can be texted; who takes no texts is called.")
        self.fields["channel"].choices = [(one.value, one.label) for one in (Channel.PHONE, Channel.SMS)]
        if not self.instance.lead_days:
            del self.fields["lead_days"]
        if self.instance.code not in AFTER_HANDOVER:
            del self.fields["within_hours"]
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
    def changed_rule(self) -> Rule:
        """The rule as it would be, not saved."""
        changed = copy(self.instance)
        for name, value in self.facts.items():
            setattr(changed, name, value)
        return changed

    @property
    def names(self) -> str:
        """What may stand in braces."""
        return " ".join(f"{{{name}}}" for name in NAMES)


# ── calls made from paper ────────────────────────────────────────────────────────────────────────────────────────────
class PaperDayForm(forms.Form):
    """The day the calls were made."""

    day = forms.DateField(label=_("day of the calls"))


class PaperCallForm(forms.Form):
    """One call of the printed list. Answers are pairs of code and score, as the blank call sheet has them."""

    call = forms.IntegerField(
        label=_("call"), min_value=1, widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6})
    )
    called = forms.CharField(
        label=_("called at"), max_length=16, widget=forms.TextInput(attrs={"placeholder": "9:10", "size": 6})
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", ""), *Outcome.choices])
    was_on_time = forms.TypedChoiceField(
        label=_("Delivered on time?"), choices=[("", ""), *YES_NO], required=False, empty_value=None,
        coerce={"yes": True, "no": False}.get,
    )  # fmt: skip
    next_call = forms.CharField(
        label=_("Another time"), max_length=16, required=False,
        widget=forms.TextInput(attrs={"placeholder": "10-13 16:30", "size": 9}),
    )  # fmt: skip
    answers = forms.CharField(
        label=_("answers"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"placeholder": "A1=9 A2=10", "size": 14}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Customer's view"), max_length=1000, required=False, widget=forms.TextInput(attrs={"size": 18})
    )

    def __init__(self, *args, calls: dict[int, CallTask], day, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.calls, self.day, self.store = calls, day, store

    def clean_call(self):
        task = self.calls.get(self.cleaned_data["call"])
        if task is None:
            raise forms.ValidationError(_("No open call of your store has this number."))
        return task

    def clean_called(self):
        return self._moment("called")

    def clean_next_call(self):
        return self._moment("next_call") if self.cleaned_data["next_call"].strip() else None

    def _moment(self, name: str):
        try:
            return written_moment(self.cleaned_data[name], self.day, self.store.tz)
        except ValueError as error:
            raise forms.ValidationError(_("Write 16:30, or 10-13 16:30 for another day.")) from error

    def clean_answers(self):
        pairs = self.cleaned_data["answers"].replace("，", " ").replace(",", " ").replace("＝", "=").split()
        if wrong := [pair for pair in pairs if pair.count("=") != 1]:
            raise forms.ValidationError(_("“%(part)s” can't be read; write A1=9 A2=10."), params={"part": wrong[0]})
        return dict(pair.split("=") for pair in pairs)

    def paper_call(self) -> PaperCall:
        typed = self.cleaned_data
        return PaperCall(
            task=typed["call"], outcome=Outcome(typed["outcome"]), called_at=typed["called"],
            was_on_time=typed["was_on_time"], note=typed["note"], next_at=typed["next_call"], answers=typed["answers"],
        )  # fmt: skip


_PaperCalls = forms.formset_factory(PaperCallForm, can_delete=True, extra=8, max_num=100, absolute_max=120)


class CatchUpForm:
    """The day and its calls as one form."""

    def __init__(self, posted=None, *, staff, at):
        self.day = PaperDayForm(posted, initial={"day": timezone.localdate(at)})
        day = self.day.cleaned_data["day"] if posted and self.day.is_valid() else timezone.localdate(at)
        numbers = [value for key, value in (posted or {}).items() if key.endswith("-call") and value.isdecimal()]
        calls = {task.pk: task for task in open_calls_numbered(staff, [int(number[:18]) for number in numbers])}
        self.rows = _PaperCalls(posted, prefix="calls", form_kwargs={"calls": calls, "day": day, "store": staff.store})

    def is_valid(self) -> bool:
        """Everything wrong with any row is said at once."""
        valid = [self.day.is_valid(), self.rows.is_valid()]
        if all(valid) and not self._filled():
            self.day.add_error(None, _("Key in at least one call."))
            return False
        return all(valid)

    def calls(self) -> list[PaperCall]:
        return [form.paper_call() for form in self._filled()]

    def refuse(self, refused: RowsRefused) -> None:
        """Put every refusal beside the row it is about."""
        filled = self._filled()
        for place, refusal in refused.refusals.items():
            name = {"called_at": "called", "next_at": "next_call"}.get(refusal.field, refusal.field)
            filled[place].add_error(name if name in filled[place].fields else None, str(refusal))

    def _filled(self) -> list[PaperCallForm]:
        gone = self.rows.deleted_forms
        return [form for form in self.rows.forms if form not in gone and form.has_changed()]
