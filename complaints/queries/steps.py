"""The loop of one complaint as its page shows it: what was done by whom, what is next, and whose it is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.choices import NEXT_STEP, ComplaintState, StepKind
from complaints.models import Arrangement, Complaint, ComplaintStep
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import staff_with_role

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
    if _is_concerned(complaint, staff):
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


def acts_open_to(complaint: Complaint, staff: Staff, arrangement: Arrangement | None = None) -> set[StepKind]:
    """What this person may do beside the loop: files, times agreed with the customer, the sheet put right."""
    if complaint.state == ComplaintState.CLOSED or not _is_concerned(complaint, staff):
        return set()
    found = {StepKind.EVIDENCE, StepKind.ARRANGE}
    if staff.can(Permission.COMPLAINT_CREATE):
        found.add(StepKind.AMEND)
    if arrangement is not None:
        found.add(StepKind.KEPT)
    return found


def _is_concerned(complaint: Complaint, staff: Staff) -> bool:
    """Works on it: its owner, who entered it, who leads complaints (as `actions.locking.refuse_bystander`)."""
    leads = (Permission.COMPLAINT_ASK, Permission.COMPLAINT_ADVISE, Permission.COMPLAINT_DECIDE)
    return staff.pk in (complaint.owner_id, complaint.created_by_id) or any(staff.can(one) for one in leads)


def next_step_of(complaint: Complaint) -> StepKind:
    """What is to be done next: the first reply while it is owed, else the step of the loop; judging once closed."""
    if complaint.state == ComplaintState.CLOSED:
        return StepKind.VERIFY
    if complaint.first_reply_at is None and complaint.state == ComplaintState.RECORDED:
        return StepKind.REPLY
    return NEXT_STEP[ComplaintState(complaint.state)]


def may_open_order(staff: Staff) -> bool:
    return staff.can(Permission.ORDER_VIEW)


def may_open_customer(staff: Staff) -> bool:
    """Who replies or asks again dials from the customer's own page, where the number is shown."""
    return staff.can(Permission.CUSTOMER_VIEW)


@dataclass(frozen=True)
class Missing:
    """Something the case waits for: what, for whom, until when (None: nobody measures it)."""

    label: str
    who: str
    due_at: datetime | None = None
    is_standing: bool = False


def missing_of(complaint: Complaint, arrangement: Arrangement | None = None) -> list[Missing]:
    """What is missing until the case can be closed, the most pressing first, and for whom it waits."""
    if complaint.state == ComplaintState.CLOSED:
        if complaint.is_verified is None:
            return [Missing(_("Whether it is true"), _holders(complaint, Role.MANAGER, Role.DIRECTOR))]
        return []
    found, stands = [], complaint.paused_at is not None
    if complaint.first_reply_at is None:
        who = _holders(complaint, Role.AGENT, Role.CRC)
        found.append(Missing(str(StepKind.REPLY.label), who, complaint.reply_due_at, stands))
    following = NEXT_STEP[ComplaintState(complaint.state)]
    due = None if complaint.state == ComplaintState.CHECKED else complaint.solve_due_at
    if following == StepKind.REMEDY:
        due = complaint.deadline_at
    found.append(Missing(str(following.label), _whose_turn(complaint, following), due, stands))
    if stands:
        why = _("That the clock goes on (%(why)s)") % {"why": complaint.pause_reason}
        found.append(Missing(why, _("the customer")))
    if arrangement is not None:
        who = complaint.owner or arrangement.made_by
        found.append(
            Missing(_("What came of “%(what)s”") % {"what": arrangement.text}, str(who or "—"), arrangement.promised_at)
        )
    elif _is_for_another_day(complaint):
        who = complaint.owner.name if complaint.owner else _holders(complaint, Role.CRC)
        found.append(Missing(_("A time agreed with the customer: the deadline is on another day"), who))
    if complaint.customer_id is None:
        found.append(Missing(_("Whose matter it is"), _holders(complaint, Role.AGENT, Role.CRC)))
    return found


def _is_for_another_day(complaint: Complaint) -> bool:
    """The manager gave a deadline after the day of receipt, and nothing was agreed with the customer in this round."""
    if complaint.state != ComplaintState.DECIDED or complaint.deadline_at is None:
        return False
    tz = complaint.store.tz
    if complaint.deadline_at.astimezone(tz).date() <= complaint.received_at.astimezone(tz).date():
        return False
    return not complaint.arrangements.filter(was_replaced=False).exists()


def _whose_turn(complaint: Complaint, step: StepKind) -> str:
    if step == StepKind.REMEDY:
        return complaint.owner.name if complaint.owner else "—"
    if step == StepKind.ADVICE:
        return _holders(complaint, Role.CRC)
    if step == StepKind.ASK:
        return _holders(complaint, Role.AGENT, Role.CRC)
    if step == StepKind.CHECK:  # never one's own remedy
        others = _named(complaint, Role.MANAGER, but=complaint.owner_id)
        return others or _holders(complaint, Role.DIRECTOR)
    return _holders(complaint, Role.MANAGER)


def _holders(complaint: Complaint, *roles: Role) -> str:
    """The names behind the first of these posts that is not empty; the post itself where all are."""
    for role in roles:
        if names := _named(complaint, role):
            return names
    return str(roles[0].label)


def _named(complaint: Complaint, role: Role, *, but: int | None = None) -> str:
    return "、".join(one.name for one in staff_with_role(complaint.store, role) if one.pk != but)


# Steps that say something went wrong, or well, stand out in the story.
_TONES = {
    StepKind.RECORD: "danger",
    StepKind.REOPEN: "danger",
    StepKind.CLOSE: "success",
    StepKind.PAUSE: "warning",
    StepKind.RESUME: "warning",
    StepKind.ARRANGE: "info",
    StepKind.KEPT: "info",
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
