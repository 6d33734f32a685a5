"""The first and the last lines of every action: take the complaint, see that the step may be taken, keep it."""

import contextlib
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import MOVES, NEXT_STEP, ComplaintState, StepKind
from complaints.models import Complaint, ComplaintStep
from dealer_crm.access.permissions import Permission
from dealer_crm.channels.actions import tell_staff
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices import actions as notices
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

    What is urgent also leaves the house (text message, else e-mail), under the same key and in the same transaction; a
    person whose address the channel refuses has the bell alone.
    """
    people, key = list(people), f"complaint:{complaint.pk}:{occasion}"
    notices.notify(recipients=people, key=key, text=text, url=f"/complaints/{complaint.pk}/", at=at)
    for person in people if is_urgent else ():
        with contextlib.suppress(Refusal):
            tell_staff(people=[person], key=key, store=complaint.store, text=text[:200], by=None, at=at)
