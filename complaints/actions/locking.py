"""The first and the last lines of every action: take the complaint, see that the step may be taken, keep it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import MOVES, NEXT_STEP, ComplaintState, StepKind
from complaints.models import Complaint, ComplaintStep
from dealer_crm.access.permissions import Permission
from dealer_crm.channels.actions import tell_staff
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal


def locked_complaint(*, complaint: Complaint, expected_version: int | None = None) -> Complaint:
    """The complaint as it is now, kept from others until the transaction ends. Raises Stale."""
    fresh = Complaint.objects.with_people().select_for_update(of=("self",), no_key=True).get(pk=complaint.pk)
    refuse_stale(fresh, expected_version)
    return fresh


def refuse_wrong_step(*, complaint: Complaint, step: StepKind) -> None:
    """Refuses a step that is not due, and says which one is."""
    refuse_closed(complaint=complaint)
    allowed, _to = MOVES[step]
    if complaint.state in allowed:
        return
    state = ComplaintState(complaint.state)
    raise Refusal(
        _("“%(step)s” can't be done yet on %(number)s: it is “%(state)s”, and “%(next)s” comes next.")
        % {"step": step.label, "number": complaint.number, "state": state.label, "next": NEXT_STEP[state].label}
        if list(ComplaintState).index(state) < list(ComplaintState).index(allowed[0])
        else _("“%(step)s” was done already on %(number)s: it is “%(state)s”, and “%(next)s” comes next.")
        % {"step": step.label, "number": complaint.number, "state": state.label, "next": NEXT_STEP[state].label},
        code=f"not_{step.value}",
    )


def refuse_closed(*, complaint: Complaint) -> None:
    if complaint.state == ComplaintState.CLOSED:
        raise Refusal(_("Complaint %(number)s is closed.") % {"number": complaint.number}, code="complaint_closed")


def refuse_bystander(*, complaint: Complaint, by) -> None:
    """Replying and stopping the clock are for who works on the complaint: its owner, who entered it, who leads it."""
    if by is None or by.pk in (complaint.owner_id, complaint.created_by_id):
        return
    leads = (Permission.COMPLAINT_ASK, Permission.COMPLAINT_ADVISE, Permission.COMPLAINT_DECIDE)
    if not any(by.can(permission) for permission in leads):
        raise Refusal(
            _("Only its owner and those who lead complaints may do this on %(number)s.") % {"number": complaint.number},
            code="not_concerned",
        )


def said(*, text: str, field: str = "text") -> str:
    """The words of a step without blanks; refuses when there are none."""
    text = (text or "").strip()
    if not text:
        raise Refusal(_("Write down what was said or done."), field=field, code="text_missing")
    return text


def step_taken(*, complaint: Complaint, step: StepKind, by, at: datetime, text: str = "", **changes) -> ComplaintStep:
    """Set `changes` on a locked complaint, count up its version, keep the step and the journal line."""
    before = {name: getattr(complaint, name) for name in changes}
    for name, value in changes.items():
        setattr(complaint, name, value)
    complaint.version += 1
    complaint.save(update_fields=["version", *changes])
    journal.record(
        by=by,
        at=at,
        verb=f"complaint.{VERBS[step]}",
        subject=complaint,
        changes=journal.changed_fields(before, complaint),
        note=text,
    )
    return ComplaintStep.objects.create(complaint=complaint, kind=step, round=complaint.round, by=by, at=at, text=text)


VERBS = {
    StepKind.RECORD: "recorded",
    StepKind.REPLY: "replied_to",
    StepKind.ADVICE: "advised",
    StepKind.DECISION: "decided",
    StepKind.REMEDY: "remedied",
    StepKind.CHECK: "checked",
    StepKind.ASK: "asked_about",
    StepKind.CLOSE: "closed",
    StepKind.REOPEN: "reopened",
    StepKind.PAUSE: "clock_stopped",
    StepKind.RESUME: "clock_resumed",
    StepKind.VERIFY: "verified",
    StepKind.AMEND: "amended",
    StepKind.EVIDENCE: "evidence_added",
    StepKind.ARRANGE: "arranged",
    StepKind.KEPT: "arrangement_kept",
    StepKind.SECOND: "asked_once_more",
}


def tell(*, complaint: Complaint, people, occasion: str, text: str, at: datetime, is_urgent: bool = False) -> None:
    """A notice about a complaint, once for each person and occasion; `occasion` names it within the complaint.

    What is urgent goes over the channel too.
    """
    key, url = f"complaint:{complaint.pk}:{occasion}", f"/complaints/{complaint.pk}/"
    if is_urgent:
        tell_everywhere(people=people, key=key, text=text, url=url, store=complaint.store, at=at)
    else:
        notify(recipients=people, key=key, text=text, url=url, at=at)


def tell_everywhere(*, people: Iterable[Staff], key: str, text: str, url: str, store: Store, at: datetime) -> None:
    """A notice in the program that also leaves the house (text message, else e-mail): clocks, judgements, goodwill.

    Both under the same key and in the same transaction; whom the channel can't reach has the bell alone.
    """
    people = list(people)
    notify(recipients=people, key=key, text=text, url=url, at=at)
    tell_staff(people=people, key=key, store=store, text=text, by=None, at=at)
