"""Receipts (收款) and refunds."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, fen
from reception import events
from reception.actions.locking import locked_order
from reception.actions.numbering import RECEIPT, next_number
from reception.choices import PAYING, Payer, PaymentMethod
from reception.models import Receipt, RepairOrder
from reception.queries.receivables import due_by_payer


@transaction.atomic
def enter_receipt(
    *, order: RepairOrder, payer: Payer, amount: Decimal, method: PaymentMethod, by, at,
    received_on: date | None = None, accessory_amount: Decimal | None = None, note: str = "",
) -> Receipt:  # fmt: skip
    """Take money from a payer: all of what is due or a part. `accessory_amount` None: split in proportion."""
    order = locked_order(order)
    amount = fen(amount)
    today = at.astimezone(order.store.tz).date()
    received_on = received_on or today
    if payer not in PAYING:
        raise Refusal(_("Nothing is due from this payer."), field="payer", code="payer_owes_nothing")
    if method not in PaymentMethod.values:
        raise Refusal(_("Say how it was paid."), field="method", code="method_missing")
    if amount <= 0:
        raise Refusal(
            _("The amount must be above zero; a refund names the receipt it refunds."),
            field="amount",
            code="amount_wrong",
        )
    if received_on > today:
        raise Refusal(_("The money can't have come in on a later day."), field="received_on", code="received_later")
    if not order.settlements.live().exists():
        raise Refusal(
            _("Order %(number)s isn't settled yet; there is nothing to pay.") % {"number": order.number},
            code="not_settled",
        )
    due = due_by_payer(order)[payer]
    if amount > due.open_amount:
        raise Refusal(
            _("%(amount)s is more than the %(open)s still due from %(payer)s.")
            % {"amount": f"{amount:,}", "open": f"{due.open_amount:,}", "payer": Payer(payer).label},
            field="amount",
            code="more_than_due",
        )
    accessory_amount = _accessory_part(accessory_amount, amount)
    return _entered(
        order, by=by, at=at, verb="receipt.entered", payer=payer, amount=amount, accessory_amount=accessory_amount,
        method=method, received_on=received_on, note=note.strip(),
    )  # fmt: skip


@transaction.atomic
def refund_receipt(
    *, receipt: Receipt, amount: Decimal, reason: str, by, at, method: PaymentMethod | None = None,
    refunded_on: date | None = None,
) -> Receipt:  # fmt: skip
    """Pay back a receipt or a part of it; kept as a negative receipt that names the first."""
    order = locked_order(receipt.order)
    amount = fen(amount)
    if receipt.refunds_id:
        raise Refusal(_("%(number)s is a refund itself.") % {"number": receipt.number}, code="is_refund")
    if not reason.strip():
        raise Refusal(_("Say why the money goes back."), field="reason", code="reason_missing")
    if amount <= 0:
        raise Refusal(_("The refund must be above zero."), field="amount", code="amount_wrong")
    left = receipt.amount + (receipt.refunded_by.aggregate(sum=Sum("amount"))["sum"] or 0)
    if amount > left:
        raise Refusal(
            _("%(amount)s is more than the %(left)s that are left of receipt %(number)s.")
            % {"amount": f"{amount:,}", "left": f"{left:,}", "number": receipt.number},
            field="amount",
            code="more_than_received",
        )
    accessory_amount = None
    if receipt.accessory_amount is not None:
        accessory_amount = -fen(receipt.accessory_amount * amount / receipt.amount)
    return _entered(
        order, by=by, at=at, verb="receipt.refunded", payer=receipt.payer, amount=-amount,
        method=method or receipt.method,
        accessory_amount=accessory_amount, received_on=refunded_on or at.astimezone(order.store.tz).date(),
        refunds=receipt, note=reason.strip(),
    )  # fmt: skip


def _entered(order: RepairOrder, *, by, at, verb: str, **values) -> Receipt:
    receipt = Receipt.objects.create(
        number=next_number(model=Receipt, field="number", prefix=RECEIPT, store=order.store, at=at),
        order=order,
        entered_by=by,
        entered_at=at,
        **values,
    )
    journal.record(
        by=by, at=at, verb=verb, subject=receipt, store=order.store, note=receipt.note,
        changes={"amount": [None, receipt.amount], "payer": [None, receipt.payer]},
    )  # fmt: skip
    events.receipt_entered.send(Receipt, receipt_id=receipt.pk, order_id=order.pk, at=at)
    return receipt


def _accessory_part(part: Decimal | None, amount: Decimal) -> Decimal | None:
    if part is None:
        return None
    part = fen(part)
    if not 0 <= part <= amount:
        raise Refusal(
            _("The part for accessories can't be more than the receipt."),
            field="accessory_amount",
            code="accessory_part_wrong",
        )
    return part
