"""What a call is about beside its order and its car: the words the agent has to know before dialling.

Source: spec `callback.md`, the call page (who, which car, what was done, who served).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from callback.choices import AFTER_HANDOVER, RuleCode
from callback.models import CallTask, Contact
from complaints.choices import StepKind
from dealer_crm.organization.models import Store
from satisfaction.choices import QuestionKind
from satisfaction.models import Answer

TOP = {QuestionKind.LEVEL: 5, QuestionKind.SCORE: 10, QuestionKind.RECOMMEND: 10}


@dataclass(frozen=True)
class AboutLine:
    label: str
    text: str


def lines_about(task: CallTask) -> list[AboutLine]:
    """What the call follows, as far as its order, car, request and complaint do not say it; in at most two queries."""
    find = _BY_RULE.get(RuleCode(task.rule.code))
    return list(find(task)) if find else []


def answers_said(talk: Contact) -> str:
    """What the customer answered in a talk, question by question; empty without a questionnaire."""
    if talk.response_id is None:
        return ""
    answers = Answer.objects.filter(response=talk.response_id).select_related("question")
    return "、".join(f"{one.question.name} {_given(one)}" for one in answers.order_by("question__position", "pk"))


def _remedies(task: CallTask) -> Iterable[AboutLine]:
    """What was decided and done about the complaint in its last round: the customer is asked about that."""
    case = task.complaint
    if case is None:
        return
    done = case.steps.filter(kind__in=[StepKind.DECISION, StepKind.REMEDY], round=case.round).exclude(text="")
    for step in done.select_related("by").order_by("pk"):
        who = step.by.name if step.by else ""
        yield AboutLine(str(step.get_kind_display()), f"{step.text} {who} {_clock(task.store, step.at)}")


def _bad_answers(task: CallTask) -> Iterable[AboutLine]:
    """What the customer marked down, and what they wrote beside it."""
    answers = Answer.objects.filter(response=_number(task)).filter(Q(flag__isnull=False) | ~Q(text=""))
    for answer in answers.select_related("question").order_by("question__position", "pk"):
        yield AboutLine(answer.question.name, _given(answer))


def _checked(task: CallTask) -> Iterable[AboutLine]:
    """The talk that is re-checked, as its agent wrote it down."""
    talk = Contact.objects.filter(pk=_number(task)).select_related("agent").first()
    if talk is None:
        return
    who = talk.agent.name if talk.agent else "—"
    yield AboutLine(pgettext("a talk", "Talked to by"), f"{who} {_clock(task.store, talk.at)}")
    if talk.was_on_time is not None:
        yield AboutLine(_("On time?"), _("Yes") if talk.was_on_time else _("No"))
    if talk.note:
        yield AboutLine(_("Customer's view"), talk.note)
    if given := answers_said(talk):
        yield AboutLine(_("Scores"), given)


def _handed_over(task: CallTask) -> Iterable[AboutLine]:
    handover = getattr(task.vehicle, "handover", None)
    if handover:
        yield AboutLine(_("Handed over at"), _clock(task.store, handover.handed_over_at))
        yield AboutLine(_("Sales consultant"), handover.salesperson or "—")


_BY_RULE = {
    RuleCode.COMPLAINT_NEXT_DAY: _remedies,
    RuleCode.COMPLAINT_SECOND: _remedies,
    RuleCode.BAD_ANSWER: _bad_answers,
    RuleCode.SPOT_CHECK: _checked,
    **dict.fromkeys(AFTER_HANDOVER, _handed_over),
}


def _number(task: CallTask) -> int:
    """The id in the source event: `response:17`, `contact:4`."""
    return int(task.source_key.split(":")[1])


def _given(answer: Answer) -> str:
    if answer.score is None:
        return answer.text
    if answer.question.kind == QuestionKind.YES_NO:
        said = _("Yes") if answer.score else _("No")
    else:
        said = f"{answer.score.normalize():f}/{TOP.get(answer.question.kind, 10)}"
    return f"{said} {answer.text}".strip()


def _clock(store: Store, moment: datetime) -> str:
    return f"{timezone.localtime(moment, store.tz):%m-%d %H:%M}"
