"""The closed loop from the first reply to closing. Source: complaints.md, "Closed loop"."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.alarms import settle_alarms
from complaints.actions.arrangements import confirm_arrangements, refuse_open_arrangement
from complaints.actions.clocks import refuse_standing_clock
from complaints.actions.goodwill import granted_in_decision
from complaints.actions.locking import (
    locked_complaint,
    refuse_bystander,
    refuse_closed,
    refuse_wrong_step,
    said,
    step_taken,
    tell,
)
from complaints.choices import ComplaintState, StepKind
from complaints.events import complaint_closed, complaint_resolved
from complaints.models import Complaint
from dealer_crm.access.roles import Role
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal


@transaction.atomic
def reply_to_customer(
    *, complaint: Complaint, text: str, by, at: datetime, expected_version: int | None = None
) -> Complaint:
    """Keep what was said to the customer. The first reply stops the reply clock."""
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    step_taken(
        complaint=complaint,
        step=StepKind.REPLY,
        by=by,
        at=at,
        text=said(text=text),
        first_reply_at=complaint.first_reply_at or at,
    )
    return complaint


@transaction.atomic
def advise(*, complaint: Complaint, text: str, by, at: datetime, expected_version: int | None = None) -> Complaint:
    """处理建议: the supervisor says what should be done. The manager is told."""
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_wrong_step(complaint=complaint, step=StepKind.ADVICE)
    step_taken(
        complaint=complaint,
        step=StepKind.ADVICE,
        by=by,
        at=at,
        text=said(text=text),
        state=ComplaintState.ADVISED,
    )
    _tell_role(complaint, Role.MANAGER, "advised", _("%(number)s awaits your decision"), at)
    return complaint


@transaction.atomic
def decide(
    *,
    complaint: Complaint,
    owner,
    deadline_at: datetime,
    goodwill_amount: Decimal = Decimal(0),
    text: str,
    by,
    at: datetime,
    expected_version: int | None = None,
) -> Complaint:
    """The manager's decision: who puts it right, until when, with how much money. The owner is told.

    May be taken again while the owner has not finished (another owner, another deadline). Refused: before the
    supervisor's advice, an owner who does not work in the store, a deadline in the past, more goodwill than the role
    of the decider allows.
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_wrong_step(complaint=complaint, step=StepKind.DECISION)
    if owner is None or owner.store_id != complaint.store_id or not owner.is_active:
        raise Refusal(_("The owner must work in this store."), field="owner", code="foreign_owner")
    if deadline_at <= at:
        raise Refusal(_("The deadline lies in the past."), field="deadline_at", code="deadline_past")
    step_taken(
        complaint=complaint,
        step=StepKind.DECISION,
        by=by,
        at=at,
        text=said(text=text),
        state=ComplaintState.DECIDED,
        owner=owner,
        deadline_at=deadline_at,
        goodwill_amount=granted_in_decision(complaint=complaint, amount=goodwill_amount, by=by, at=at),
    )
    tell(
        complaint=complaint,
        people=[owner],
        occasion=f"owned:{complaint.version}",
        text=_("Complaint %(number)s is yours to put right until %(deadline)s")
        % {"number": complaint.number, "deadline": f"{deadline_at.astimezone(complaint.store.tz):%m-%d %H:%M}"},
        at=at,
    )
    return complaint


@transaction.atomic
def remedy(*, complaint: Complaint, text: str, by, at: datetime, expected_version: int | None = None) -> Complaint:
    """The owner says what was done and what came of it. Refused to anybody else. The manager is told."""
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_wrong_step(complaint=complaint, step=StepKind.REMEDY)
    if by is not None and complaint.owner_id != by.pk:
        raise Refusal(
            _("Only the owner, %(owner)s, can report the remedy of %(number)s.")
            % {"owner": complaint.owner or "—", "number": complaint.number},
            code="not_owner",
        )
    step_taken(
        complaint=complaint,
        step=StepKind.REMEDY,
        by=by,
        at=at,
        text=said(text=text),
        state=ComplaintState.REMEDIED,
    )
    _tell_role(complaint, Role.MANAGER, "remedied", _("%(number)s is put right and awaits your check"), at)
    return complaint


@transaction.atomic
def check_remedy(
    *, complaint: Complaint, is_good: bool, text: str = "", by, at: datetime, expected_version: int | None = None
) -> Complaint:
    """The manager checks. Good: the complaint is solved and the customer is to be asked.

    Announces `complaint_resolved`. Not good: it goes back to the owner, with the reason. Nobody checks what they put
    right themselves, and nothing is solved while a promise to the customer stands without a result.
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_wrong_step(complaint=complaint, step=StepKind.CHECK)
    refuse_standing_clock(complaint=complaint)
    if by is not None and by.pk == complaint.owner_id:
        raise Refusal(
            _("Nobody checks their own remedy; somebody else must check %(number)s.") % {"number": complaint.number},
            code="own_remedy",
        )
    if is_good:
        refuse_open_arrangement(complaint=complaint)
    else:
        text = said(text=text)
    step_taken(
        complaint=complaint,
        step=StepKind.CHECK,
        by=by,
        at=at,
        text=text.strip(),
        **({"state": ComplaintState.CHECKED, "solved_at": at} if is_good else {"state": ComplaintState.DECIDED}),
    )
    if is_good:
        _tell_role(complaint, Role.CRC, "checked", _("%(number)s is solved; ask the customer"), at)
        complaint_resolved.send(Complaint, complaint_id=complaint.pk, at=at)
    else:
        tell(
            complaint=complaint,
            people=[complaint.owner],
            occasion=f"returned:{complaint.version}",
            text=_("The remedy of %(number)s was not accepted: %(why)s") % {"number": complaint.number, "why": text},
            at=at,
        )
    return complaint


@transaction.atomic
def ask_customer(
    *,
    complaint: Complaint,
    is_satisfied: bool,
    text: str = "",
    by,
    at: datetime,
    expected_version: int | None = None,
) -> Complaint:
    """The customer was asked again. Satisfied: the case is closed. Not satisfied: it opens again as the next round.

    The next round begins with the supervisor's advice; the solution's clock starts again, the reply clock does not.
    Announces `complaint_closed` when it closes. Refused before the manager has checked.
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_wrong_step(complaint=complaint, step=StepKind.ASK)
    first_reply_at = complaint.first_reply_at or at
    if not is_satisfied:
        text = said(text=text)
    confirm_arrangements(complaint=complaint, at=at)
    step_taken(
        complaint=complaint,
        step=StepKind.ASK,
        by=by,
        at=at,
        text=text.strip() or _("The customer is satisfied with the result."),
        is_satisfied=is_satisfied,
        first_reply_at=first_reply_at,
    )
    if is_satisfied:
        _close(complaint, "", by, at)
    else:
        _reopen(complaint, text, by, at)
    return complaint


@transaction.atomic
def ask_once_more(*, complaint: Complaint, is_satisfied: bool, text: str = "", by, at: datetime) -> Complaint:
    """二次回访: some days after closing the customer was asked once more. A no is told to supervisor and
    manager; the closed case stays as it was filed, and a new complaint of the matter counts as its repeat.

    Refused: before closing, a second time, a no without words. Source: complaints.md, "a second survey".
    """
    complaint = locked_complaint(complaint=complaint)
    if complaint.state != ComplaintState.CLOSED:
        raise Refusal(_("%(number)s is not closed yet.") % {"number": complaint.number}, code="complaint_open")
    if complaint.second_asked_at:
        raise Refusal(
            _("The customer of %(number)s was asked once more already.") % {"number": complaint.number},
            code="asked_already",
        )
    text = text.strip() if is_satisfied else said(text=text)
    step_taken(
        complaint=complaint,
        step=StepKind.SECOND,
        by=by,
        at=at,
        text=text or _("The customer is still satisfied."),
        second_asked_at=at,
        is_still_satisfied=is_satisfied,
    )
    if not is_satisfied:
        for role in (Role.CRC, Role.MANAGER):
            _tell_role(complaint, role, "second", _("%(number)s: asked once more, the customer is not satisfied"), at)
    return complaint


@transaction.atomic
def close_unsatisfied(
    *, complaint: Complaint, text: str, by, at: datetime, expected_version: int | None = None
) -> Complaint:
    """The manager ends a case whose result the customer does not accept, with the reason.

    Refused while the customer has not been asked once, and while a remedy is under way unseen by the customer.
    Announces `complaint_closed`.
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    if not complaint.steps.filter(kind=StepKind.ASK).exists() or complaint.state == ComplaintState.CHECKED:
        raise Refusal(
            _("%(number)s can't be closed before the customer has been asked again.") % {"number": complaint.number},
            code="unasked",
        )
    if complaint.paused_at:
        complaint.paused_at, complaint.pause_kind, complaint.pause_reason = None, "", ""
        complaint.save(update_fields=["paused_at", "pause_kind", "pause_reason"])
    _close(complaint, said(text=text), by, at)
    return complaint


def _close(complaint: Complaint, text: str, by, at: datetime) -> None:
    step_taken(
        complaint=complaint,
        step=StepKind.CLOSE,
        by=by,
        at=at,
        text=text,
        state=ComplaintState.CLOSED,
        closed_at=at,
    )
    complaint_closed.send(Complaint, complaint_id=complaint.pk, at=at)


def _reopen(complaint: Complaint, text: str, by, at: datetime) -> None:
    settle_alarms(complaint=complaint, at=at)
    step_taken(
        complaint=complaint,
        step=StepKind.REOPEN,
        by=by,
        at=at,
        text=text,
        state=ComplaintState.RECORDED,
        round=complaint.round + 1,
        solved_at=None,
        solve_due_at=at + complaint.solve_clock,
    )
    _tell_role(complaint, Role.CRC, "reopened", _("%(number)s is open again: the customer is not satisfied"), at)
    _tell_role(complaint, Role.MANAGER, "reopened", _("%(number)s is open again: the customer is not satisfied"), at)


def _tell_role(complaint: Complaint, role: Role, occasion: str, text: str, at: datetime) -> None:
    tell(
        complaint=complaint,
        people=staff_with_role(complaint.store, role),
        occasion=f"{occasion}:{complaint.version}",
        text=text % {"number": complaint.number},
        at=at,
    )
