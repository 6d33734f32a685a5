"""The loop of one complaint as its page shows it: what was done by whom, what is next, and whose it is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import NEXT_STEP, ComplaintState, StepKind
from complaints.models import Complaint, ComplaintStep
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff

LOOP = (
    StepKind.RECORD,
    StepKind.ADVICE,
    StepKind.DECISION,
    StepKind.REMEDY,
    StepKind.CHECK,
    StepKind.ASK,
    StepKind.CLOSE,
)

# Step → the permission it needs; a remedy is the owner's alone.
NEEDS = {
    StepKind.ADVICE: Permission.COMPLAINT_ADVISE,
    StepKind.DECISION: Permission.COMPLAINT_DECIDE,
    StepKind.REMEDY: Permission.COMPLAINT_REMEDY,
    StepKind.CHECK: Permission.COMPLAINT_DECIDE,
    StepKind.ASK: Permission.COMPLAINT_ASK,
}


@dataclass(frozen=True)
class LoopStep:
    """One of the seven steps in this round. `state`: done, current, todo."""

    label: str
    state: str
    detail: str = ""


def loop_of(complaint: Complaint, steps: list[ComplaintStep]) -> list[LoopStep]:
    """The seven steps of the complaint's round, with who took those that are done."""
    done = {step.kind: step for step in steps if step.round == complaint.round}
    reached = {StepKind.RECORD: True, StepKind.CLOSE: complaint.state == ComplaintState.CLOSED}
    current = NEXT_STEP.get(ComplaintState(complaint.state))
    place = LOOP.index(current) if current else len(LOOP)
    found = []
    for number, kind in enumerate(LOOP):
        state = "done" if number < place or reached.get(kind) else "current" if kind == current else "todo"
        step = done.get(kind) if state == "done" else None
        found.append(LoopStep(str(kind.label), state, step.by.name if step and step.by else ""))
    return found


def steps_open_to(complaint: Complaint, staff: Staff) -> set[StepKind]:
    """The steps this person may take now; each has a form on the page."""
    if complaint.state == ComplaintState.CLOSED:
        return {StepKind.VERIFY} if staff.can(Permission.COMPLAINT_DECIDE) else set()
    found = set()
    concerned = staff.pk in (complaint.owner_id, complaint.created_by_id) or any(
        staff.can(one) for one in (Permission.COMPLAINT_ASK, Permission.COMPLAINT_ADVISE, Permission.COMPLAINT_DECIDE)
    )
    if concerned:
        found |= {StepKind.REPLY, StepKind.RESUME if complaint.paused_at else StepKind.PAUSE}
    if complaint.state == ComplaintState.CHECKED:
        found -= {StepKind.PAUSE}
    following = NEXT_STEP[ComplaintState(complaint.state)]
    if staff.can(NEEDS[following]) and _is_theirs(complaint, following, staff):
        found.add(following)
    if staff.can(Permission.COMPLAINT_DECIDE):
        if complaint.state == ComplaintState.DECIDED:
            found.add(StepKind.DECISION)
        if complaint.state != ComplaintState.RECORDED or complaint.round > 1:
            found.add(StepKind.VERIFY)
        if complaint.is_satisfied is False and complaint.state != ComplaintState.CHECKED:
            found.add(StepKind.CLOSE)
    return found


def next_step_of(complaint: Complaint) -> StepKind:
    """What is to be done next: the first reply while it is owed, else the step of the loop; judging once closed."""
    if complaint.state == ComplaintState.CLOSED:
        return StepKind.VERIFY
    if complaint.first_reply_at is None and complaint.state == ComplaintState.RECORDED:
        return StepKind.REPLY
    return NEXT_STEP[ComplaintState(complaint.state)]


def leads_complaints(staff: Staff) -> bool:
    """True for who advises, decides or asks customers, and so has a queue even when it is empty."""
    return any(staff.can(one) for one in (Permission.COMPLAINT_ADVISE, Permission.COMPLAINT_DECIDE))


def may_open_order(staff: Staff) -> bool:
    return staff.can(Permission.ORDER_VIEW)


# Steps that say something went wrong, or well, stand out in the story.
_TONES = {
    StepKind.RECORD: "danger",
    StepKind.REOPEN: "danger",
    StepKind.CLOSE: "success",
    StepKind.PAUSE: "warning",
    StepKind.RESUME: "warning",
}


@dataclass(frozen=True)
class Told:
    """One line of the story for the timeline."""

    at: datetime
    text: str
    by: str
    detail: str
    tone: str


def story_of(steps: list[ComplaintStep]) -> list[Told]:
    """The steps of all rounds, newest first."""
    return [
        Told(
            at=step.at,
            text=_("%(step)s (round %(round)d)") % {"step": step.get_kind_display(), "round": step.round}
            if step.round > 1
            else step.get_kind_display(),
            by=step.by.name if step.by else "",
            detail=step.text,
            tone=_TONES.get(StepKind(step.kind), "neutral"),
        )
        for step in reversed(steps)
    ]


def _is_theirs(complaint: Complaint, step: StepKind, staff: Staff) -> bool:
    if step == StepKind.REMEDY:
        return complaint.owner_id == staff.pk
    return step != StepKind.CHECK or complaint.owner_id != staff.pk
