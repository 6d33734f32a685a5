"""The way of an order through the shop; the workshop calls these when its own conditions are met.

Each refuses a move that `choices.MOVES` doesn't have and says what must come first.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from reception.actions.locking import locked_order, moved, refuse_unanswered, saved
from reception.choices import Move, WaitReason
from reception.models import RepairOrder


@transaction.atomic
def mark_dispatched(*, order: RepairOrder, by, at, expected_version: int | None = None) -> RepairOrder:
    """The work is given out (派工): in shop → dispatched."""
    order = locked_order(order, expected_version)
    before = moved(order, Move.DISPATCH, _("The car must have been taken in."))
    return _noted(order, before, by, at, "repair_order.dispatched")


@transaction.atomic
def mark_started(*, order: RepairOrder, by, at, expected_version: int | None = None) -> RepairOrder:
    """The first technician begins: dispatched → in progress."""
    order = locked_order(order, expected_version)
    before = moved(order, Move.START, _("Dispatch the work to a team first."))
    return _noted(order, before, by, at, "repair_order.started")


@transaction.atomic
def mark_waiting(
    *, order: RepairOrder, reason: WaitReason, by, at, expected_version: int | None = None, note: str = ""
):
    """Work stands still for parts, the customer, the insurer or sublet work: in progress → waiting."""
    order = locked_order(order, expected_version)
    if reason not in WaitReason.values:
        raise Refusal(_("Say what the order waits for."), field="reason", code="reason_missing")
    before = moved(order, Move.WAIT)
    order.wait_reason = reason
    return _noted(order, before, by, at, "repair_order.waiting", "wait_reason", note=note)


@transaction.atomic
def resume(*, order: RepairOrder, by, at, expected_version: int | None = None) -> RepairOrder:
    """What was missing is there: waiting → in progress."""
    order = locked_order(order, expected_version)
    before = moved(order, Move.RESUME)
    order.wait_reason = ""
    return _noted(order, before, by, at, "repair_order.resumed", "wait_reason")


@transaction.atomic
def send_to_inspection(*, order: RepairOrder, by, at, expected_version: int | None = None) -> RepairOrder:
    """All work is done: in progress → in inspection."""
    order = locked_order(order, expected_version)
    before = moved(order, Move.INSPECT, _("Start and finish the work first."))
    return _noted(order, before, by, at, "repair_order.sent_to_inspection")


@transaction.atomic
def return_to_work(*, order: RepairOrder, reason: str, by, at, expected_version: int | None = None) -> RepairOrder:
    """An inspection failed (内返), or work was added to a finished car: back to in progress."""
    order = locked_order(order, expected_version)
    if not reason.strip():
        raise Refusal(_("Say why the car goes back to work."), field="reason", code="reason_missing")
    before = moved(order, Move.REWORK)
    order.completed_at = None
    return _noted(order, before, by, at, "repair_order.returned_to_work", "completed_at", note=reason.strip())


@transaction.atomic
def mark_ready(*, order: RepairOrder, by, at, expected_version: int | None = None) -> RepairOrder:
    """The final inspection is passed (竣工): in inspection → ready; `completed_at` is this moment."""
    order = locked_order(order, expected_version)
    refuse_unanswered(order)
    before = moved(order, Move.PASS, _("Finish the work and send the car to inspection first."))
    order.completed_at = at
    return _noted(order, before, by, at, "repair_order.ready", "completed_at")


def _noted(order: RepairOrder, before, by, at, verb: str, *fields: str, note: str = "") -> RepairOrder:
    saved(order, "state", *fields)
    journal.record(by=by, at=at, verb=verb, subject=order, changes={"state": [before.value, order.state]}, note=note)
    return order
