"""Receipts (收款): by one way of paying or several, for one order or as one transfer over many; refunds."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, fen, share_out
from reception import events
from reception.actions.locking import locked_order
from reception.actions.numbering import RECEIPT, next_number
from reception.choices import PAYING, Payer, PaymentMethod
from reception.models import Receipt, RepairOrder
from reception.queries.receivables import due_by_payer, left_of_receipt


@transaction.atomic
def enter_receipt(
    *, order: RepairOrder, payer: Payer, amount: Decimal, method: PaymentMethod, by, at,
    received_on: date | None = None, accessory_amount: Decimal | None = None, note: str = "",
) -> Receipt:  # fmt: skip
    """Take money from a payer: all of what is due or a part. `accessory_amount` None: split in proportion."""
    (receipt,) = enter_receipts(
        order=order, payer=payer, parts=[(method, amount)], by=by, at=at, received_on=received_on,
        accessory_amount=accessory_amount, note=note,
    )  # fmt: skip
    return receipt


@transaction.atomic
def enter_receipts(
    *, order: RepairOrder, payer: Payer, parts: Sequence[tuple[PaymentMethod, Decimal]], by, at,
    received_on: date | None = None, accessory_amount: Decimal | None = None, note: str = "",
) -> list[Receipt]:  # fmt: skip
    """Take money paid in several ways at once (half in cash, half by card): one receipt for each, all or none."""
    order = locked_order(order)
    parts = [(method, fen(amount)) for method, amount in parts]
    total = sum((amount for _method, amount in parts), Decimal(0))
    _refuse_payer(payer)
    if any(method not in PaymentMethod.values for method, _amount in parts):
        raise Refusal(_("Say how it was paid."), field="method", code="method_missing")
    if any(method == PaymentMethod.PREPAID for method, _amount in parts):
        raise Refusal(
            _("A prepaid balance is drawn by the settlement itself; it can't be entered by hand."),
            field="method",
            code="prepaid_by_hand",
        )
    if not parts or any(amount <= 0 for _method, amount in parts):
        raise Refusal(
            _("The amount must be above zero; a refund names the receipt it refunds."),
            field="amount",
            code="amount_wrong",
        )
    received_on = _past_day(received_on, order, at, field="received_on")
    if received_on < order.arrived_at.astimezone(order.store.tz).date():
        raise Refusal(
            _("The money can't have come in before the car came."), field="received_on", code="received_earlier"
        )
    _refuse_more_than_due(order, payer, total)
    accessory_parts = [None] * len(parts)
    if (accessories := _accessory_part(accessory_amount, total)) is not None:
        accessory_parts = share_out(accessories, [amount for _method, amount in parts])
    return [
        _entered(
            order, by=by, at=at, verb="receipt.entered", payer=payer, amount=amount, accessory_amount=accessory_part,
            method=method, received_on=received_on, note=note.strip(),
        )
        for (method, amount), accessory_part in zip(parts, accessory_parts, strict=True)
    ]  # fmt: skip


@transaction.atomic
def enter_transfer(
    *, payer: Payer, total: Decimal, parts: Sequence[tuple[RepairOrder, Decimal]], reference: str, by, at,
    received_on: date | None = None, method: PaymentMethod = PaymentMethod.TRANSFER,
) -> list[Receipt]:  # fmt: skip
    """One payment of a manufacturer or insurer over many orders: a receipt for each, all or none.

    `total` is what the bank shows; `parts` must add up to it. `reference` finds the payment again in the receipts.
    """
    _refuse_payer(payer)
    total, parts = fen(total), [(order, fen(amount)) for order, amount in parts]
    if not reference.strip():
        raise Refusal(_("Give the bank's reference of the payment."), field="reference", code="reference_missing")
    if not parts:
        raise Refusal(_("Choose what the payment is for."), code="nothing_chosen")
    if len({order.pk for order, _amount in parts}) < len(parts):
        raise Refusal(_("An order is named twice."), code="order_twice")
    placed = sum((amount for _order, amount in parts), Decimal(0))
    if placed != total:
        raise Refusal(
            _("The parts add up to %(placed)s, the payment is %(total)s: %(left)s apart.")
            % {"placed": f"{placed:,}", "total": f"{total:,}", "left": f"{abs(total - placed):,}"},
            field="total",
            code="does_not_add_up",
        )
    receipts, refused = [], []
    for order, amount in sorted(parts, key=lambda part: part[0].pk):  # locked in one order by everybody
        try:
            receipts.append(
                enter_receipt(
                    order=order, payer=payer, amount=amount, method=method, by=by, at=at, received_on=received_on,
                    note=reference,
                )
            )  # fmt: skip
        except Refusal as refusal:
            refused.append(f"{order.number}: {refusal}")
    if refused:
        raise Refusal(_("Nothing was entered."), code="transfer_refused", details=refused)
    return receipts


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
    if PaymentMethod.PREPAID in (receipt.method, method):
        raise Refusal(
            _("What was drawn from a prepaid balance goes back to it by reversing the settlement."),
            code="prepaid_by_hand",
        )
    _refuse_refund(amount, reason)
    refunded_on = _past_day(refunded_on, order, at, field="refunded_on")
    left = left_of_receipt(receipt)
    if amount > left:
        raise Refusal(
            _("%(amount)s is more than the %(left)s that are left of receipt %(number)s.")
            % {"amount": f"{amount:,}", "left": f"{left:,}", "number": receipt.number},
            field="amount",
            code="more_than_received",
        )
    return _refunded(order, receipt, amount, reason, method, refunded_on, by=by, at=at)


@transaction.atomic
def pay_back(
    *, order: RepairOrder, payer: Payer, amount: Decimal, reason: str, by, at, method: PaymentMethod | None = None,
    refunded_on: date | None = None,
) -> list[Receipt]:  # fmt: skip
    """Pay back what a payer has paid too much, after a reversal or a lower settlement: the newest receipts first."""
    order = locked_order(order)
    amount = fen(amount)
    _refuse_payer(payer)
    _refuse_refund(amount, reason)
    refunded_on = _past_day(refunded_on, order, at, field="refunded_on")
    over = -due_by_payer(order)[payer].open_amount
    if amount > over:
        raise Refusal(
            _("%(payer)s has %(over)s to come back on order %(number)s.")
            % {"payer": Payer(payer).label, "over": f"{max(over, Decimal(0)):,}", "number": order.number},
            field="amount",
            code="more_than_overpaid",
        )
    refunds, rest = [], amount
    paid = order.receipts.filter(payer=payer, refunds=None, amount__gt=0).exclude(method=PaymentMethod.PREPAID)
    for receipt in paid.order_by("-pk"):
        part = min(rest, left_of_receipt(receipt))
        if part > 0:
            refunds.append(_refunded(order, receipt, part, reason, method, refunded_on, by=by, at=at))
            rest -= part
    if rest:
        raise Refusal(
            _("The receipts of this payer leave only %(left)s to pay back.") % {"left": f"{amount - rest:,}"},
            field="amount",
            code="more_than_received",
        )
    return refunds


def draw_prepaid(order: RepairOrder, *, amount: Decimal, agreement: str, by, at) -> Receipt:
    """What a settlement takes from a prepaid balance pays a part of what the customer owes, like any other money."""
    return _entered(
        order, by=by, at=at, verb="receipt.entered", payer=Payer.CUSTOMER, amount=amount,
        method=PaymentMethod.PREPAID, received_on=at.astimezone(order.store.tz).date(), note=agreement,
    )  # fmt: skip


def return_prepaid(order: RepairOrder, *, by, at) -> None:
    """Take back what was drawn for a settlement that is reversed; the balance gets it again."""
    for receipt in order.receipts.filter(method=PaymentMethod.PREPAID, refunds=None, refunded_by=None):
        _entered(
            order, by=by, at=at, verb="receipt.refunded", payer=receipt.payer, amount=-receipt.amount,
            method=PaymentMethod.PREPAID, received_on=at.astimezone(order.store.tz).date(), refunds=receipt,
            note=receipt.note,
        )  # fmt: skip


def _refunded(order, receipt, amount, reason, method, refunded_on, *, by, at) -> Receipt:
    if refunded_on < receipt.received_on:
        raise Refusal(
            _("The money came in on %(day)s; it can't go back before.") % {"day": receipt.received_on},
            field="refunded_on",
            code="refunded_earlier",
        )
    accessory_amount = None
    if receipt.accessory_amount is not None:
        accessory_amount = -fen(receipt.accessory_amount * amount / receipt.amount)
    return _entered(
        order, by=by, at=at, verb="receipt.refunded", payer=receipt.payer, amount=-amount,
        method=method or receipt.method, accessory_amount=accessory_amount, received_on=refunded_on,
        refunds=receipt, note=reason.strip(),
    )  # fmt: skip


def _refuse_payer(payer: Payer) -> None:
    if payer not in PAYING:
        raise Refusal(_("Nothing is due from this payer."), field="payer", code="payer_owes_nothing")


def _refuse_refund(amount: Decimal, reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Say why the money goes back."), field="reason", code="reason_missing")
    if amount <= 0:
        raise Refusal(_("The refund must be above zero."), field="amount", code="amount_wrong")


def _past_day(day: date | None, order: RepairOrder, at, *, field: str) -> date:
    """The day money moved, today unless said otherwise; never a later one."""
    today = at.astimezone(order.store.tz).date()
    if day is not None and day > today:
        raise Refusal(_("The money can't have moved on a later day."), field=field, code="received_later")
    return day or today


def _refuse_more_than_due(order: RepairOrder, payer: Payer, amount: Decimal) -> None:
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
