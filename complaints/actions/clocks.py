"""Stopping the clocks while the customer is awaited, and letting them go on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.locking import locked_complaint, refuse_bystander, refuse_closed, said, step_taken
from complaints.choices import ComplaintState, PauseReason, StepKind
from complaints.formulas import moved_by_stop
from complaints.models import Complaint
from dealer_crm.values import Refusal


@transaction.atomic
def pause_clock(
    *,
    complaint: Complaint,
    kind: PauseReason = PauseReason.OTHER,
    reason: str = "",
    by,
    at: datetime,
    expected_version: int | None = None,
) -> Complaint:
    """Stop the clocks because the customer must act first: a reason of the list, with words where it is another.

    Refused without the reason, and when they stand or have nothing left to measure. Source: complaints.md, "Clocks
    stop only while waiting for the customer, with reason".
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    if complaint.paused_at:
        raise Refusal(_("The clock of %(number)s stands already.") % {"number": complaint.number}, code="clock_stands")
    if complaint.state == ComplaintState.CHECKED:
        raise Refusal(_("%(number)s is solved; no clock runs.") % {"number": complaint.number}, code="no_clock")
    kind, words = PauseReason(kind), reason.strip()
    if kind == PauseReason.OTHER:
        reason = said(text=words, field="reason")[:120]
    else:
        reason = " · ".join(filter(None, [str(kind.label), words]))[:120]
    step_taken(
        complaint=complaint,
        step=StepKind.PAUSE,
        by=by,
        at=at,
        text=reason,
        paused_at=at,
        pause_kind=kind,
        pause_reason=reason,
    )
    return complaint


@transaction.atomic
def resume_clock(*, complaint: Complaint, by, at: datetime, expected_version: int | None = None) -> Complaint:
    """Let the clocks go on; what they have not measured yet is due later by as long as they stood."""
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    if not complaint.paused_at:
        raise Refusal(_("The clock of %(number)s is running.") % {"number": complaint.number}, code="clock_runs")
    changes = {"solve_due_at": moved_by_stop(complaint.solve_due_at, complaint.paused_at, at)}
    if complaint.first_reply_at is None:
        changes["reply_due_at"] = moved_by_stop(complaint.reply_due_at, complaint.paused_at, at)
    step_taken(
        complaint=complaint,
        step=StepKind.RESUME,
        by=by,
        at=at,
        stopped_for=complaint.stopped_for + max(at - complaint.paused_at, type(complaint.stopped_for)()),
        paused_at=None,
        pause_kind="",
        pause_reason="",
        **changes,
    )
    return complaint


def refuse_standing_clock(*, complaint: Complaint) -> None:
    if complaint.paused_at:
        raise Refusal(
            _("The clock of %(number)s stands (%(why)s). Let it go on first.")
            % {"number": complaint.number, "why": complaint.pause_reason},
            code="clock_stands",
        )
