"""Settlement (结算) and its reversal (红冲): frozen once, corrected only by a reversal a second person approves."""

from django.db import transaction
from django.urls import reverse as address_of
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal
from reception import events
from reception.actions.agreements import draw_on_agreements, put_back
from reception.actions.costs import costs_at_reversal
from reception.actions.locking import locked_order, moved, refuse_unanswered, saved
from reception.actions.numbering import SETTLEMENT, next_number
from reception.actions.points import earn_points, take_points_back
from reception.choices import Move, OrderState
from reception.models import RepairOrder, Settlement, SettlementAmount
from reception.queries.readiness import what_is_missing
from reception.queries.settlements import amounts_by_payer, frozen_lines


@transaction.atomic
def settle(*, order: RepairOrder, by, at, expected_version: int | None = None) -> Settlement:
    """Freeze the lines of a ready order and what each payer owes. The second of two presses is refused.

    An order that was delivered before its settlement was reversed is delivered again by the new one.
    """
    order = locked_order(order, expected_version)
    live = order.settlements.live().first()
    if live is not None:
        raise Refusal(
            _("Order %(order)s is settled already (%(number)s).") % {"order": order.number, "number": live.number},
            code="already_settled",
        )
    refuse_unanswered(order)
    before = moved(order, Move.SETTLE, what_is_missing(order))
    lines = frozen_lines(order)
    if not lines:
        raise Refusal(
            _("Order %(number)s has no lines to settle.") % {"number": order.number}, code="nothing_to_settle"
        )
    settlement = Settlement.objects.create(
        number=next_number(model=Settlement, field="number", prefix=SETTLEMENT, store=order.store, at=at),
        order=order,
        settled_at=at,
        settled_by=by,
        lines=lines,
    )
    totals = amounts_by_payer(order)
    SettlementAmount.objects.bulk_create(
        SettlementAmount(
            settlement=settlement, payer=one.payer, amount=one.amount, accessory_amount=one.accessory_amount
        )
        for one in totals
    )
    draw_on_agreements(settlement=settlement, by=by, at=at)
    earn_points(settlement=settlement, by=by, at=at)
    order.settled_at = at
    if order.delivered_at:
        order.state = OrderState.DELIVERED
    saved(order, "state", "settled_at")
    journal.record(
        by=by, at=at, verb="settlement.created", subject=settlement, store=order.store,
        changes={"state": [before.value, order.state], **{f"{one.payer}_amount": [None, one.amount] for one in totals}},
    )  # fmt: skip
    events.settlement_created.send(Settlement, settlement_id=settlement.pk, order_id=order.pk, at=at)
    return settlement


@transaction.atomic
def request_reversal(*, settlement: Settlement, reason: str, by, at) -> Settlement:
    """Ask for a reversal; everybody of the store who may approve it is told."""
    order, settlement = _locked_live(settlement)
    if not reason.strip():
        raise Refusal(_("Say what is wrong with the settlement."), field="reason", code="reason_missing")
    if settlement.reversal_requested_at:
        raise Refusal(
            _("A reversal of %(number)s is waiting for approval.") % {"number": settlement.number}, code="requested"
        )
    settlement.reversal_reason = reason.strip()
    settlement.reversal_requested_by, settlement.reversal_requested_at = by, at
    settlement.save(update_fields=["reversal_reason", "reversal_requested_by", "reversal_requested_at"])
    journal.record(
        by=by, at=at, verb="settlement.reversal_requested", subject=settlement, store=order.store, note=reason.strip()
    )
    approving = [role for role, allowed in PERMISSIONS.items() if Permission.SETTLEMENT_APPROVE in allowed]
    notify(
        recipients=[person for person in staff_with_role(order.store, *approving) if person != by],
        key=f"settlement:{settlement.pk}:reversal:{at:%Y%m%d%H%M%S}",
        text=_("Reversal of %(number)s to approve: %(reason)s")
        % {"number": settlement.number, "reason": settlement.reversal_reason},
        at=at,
        url=address_of("reception:settlement", args=[settlement.pk]),
    )
    return settlement


@transaction.atomic
def decline_reversal(*, settlement: Settlement, note: str, by, at) -> Settlement:
    """The settlement stands; the request goes, the journal keeps it."""
    order, settlement = _locked_live(settlement)
    _refuse_without_request(settlement)
    settlement.reversal_reason = ""
    settlement.reversal_requested_by = settlement.reversal_requested_at = None
    settlement.save(update_fields=["reversal_reason", "reversal_requested_by", "reversal_requested_at"])
    journal.record(
        by=by, at=at, verb="settlement.reversal_declined", subject=settlement, store=order.store, note=note.strip()
    )
    return settlement


@transaction.atomic
def reverse_settlement(*, settlement: Settlement, by, at) -> Settlement:
    """Approve the reversal that another person asked for: the order is ready again, receipts stay and wait for a refund
    or the next settlement. `by` must hold SETTLEMENT_APPROVE and be somebody else than who asked."""
    order, settlement = _locked_live(settlement)
    _refuse_without_request(settlement)
    if not by.can(Permission.SETTLEMENT_APPROVE):
        raise Refusal(_("Your role does not approve reversals."), code="not_approver")
    if settlement.reversal_requested_by_id == by.pk:
        raise Refusal(_("Nobody approves their own reversal; another person must."), code="own_approval")
    before = moved(order, Move.REVERSE)
    settlement.reversed_at, settlement.reversal_approved_by = at, by
    settlement.reversed_by = settlement.reversal_requested_by
    settlement.costs = costs_at_reversal(settlement)
    settlement.save(update_fields=["reversed_at", "reversed_by", "reversal_approved_by", "costs"])
    put_back(settlement=settlement, by=by, at=at)
    take_points_back(settlement=settlement, by=by, at=at)
    order.settled_at = None
    saved(order, "state", "settled_at")
    journal.record(
        by=by, at=at, verb="settlement.reversed", subject=settlement, store=order.store,
        changes={"state": [before.value, order.state]}, note=settlement.reversal_reason,
    )  # fmt: skip
    events.settlement_reversed.send(Settlement, settlement_id=settlement.pk, order_id=order.pk, at=at)
    return settlement


def _locked_live(settlement: Settlement) -> tuple[RepairOrder, Settlement]:
    """Order first, then the settlement, like `settle`, so that two people never wait for each other."""
    order = locked_order(settlement.order)
    settlement = Settlement.objects.select_for_update().get(pk=settlement.pk)
    if settlement.reversed_at:
        raise Refusal(_("%(number)s is reversed already.") % {"number": settlement.number}, code="already_reversed")
    return order, settlement


def _refuse_without_request(settlement: Settlement) -> None:
    if not settlement.reversal_requested_at:
        raise Refusal(
            _("Nobody asked for a reversal of %(number)s.") % {"number": settlement.number}, code="not_requested"
        )
