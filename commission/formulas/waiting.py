"""Carry-over: what has happened by the end of the month and doesn't count yet, and why.

Source: spec `commission.md` (carry-over lists show what waits for next month and why), A.1–3.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from commission.formulas.facts import MonthFacts
from commission.formulas.lines import Waiting
from commission.formulas.wording import Notice
from dealer_crm.values import fen
from reception.formulas import (
    ACCIDENT,
    CUSTOMER,
    PAYING,
    WARRANTY,
    LineFact,
    OrderFact,
    ReceiptSplit,
    SettlementFact,
    settlement_totals,
    split_receipt,
)

_NOTHING = Decimal(0)


def waiting(facts: MonthFacts) -> tuple[Waiting, ...]:
    """Everything that waits at the end of the month, by order."""
    end = facts.period.last_day
    orders = sorted(facts.orders, key=lambda order: order.number)
    return tuple(
        found for order in orders if order.arrived_on is None or order.arrived_on <= end for found in _of(order, end)
    )


def _of(order: OrderFact, end: date) -> Iterator[Waiting]:
    if order.kind == ACCIDENT:
        yield from _accident(order, end)
    settlement = order.settlement_on(end)
    if settlement is None:
        yield from _unsettled(order, end)
    else:
        yield from _unpaid(order, settlement, end)


def _accident(order: OrderFact, end: date) -> Iterator[Waiting]:
    assessment = order.assessment
    assessed_on = None if assessment is None else _by(assessment.assessed_on, end)
    released_on = None if assessment is None else _by(assessment.released_on, end)
    if assessed_on and released_on:
        return
    reason = (
        "wait.not_assessed" if released_on else "wait.not_released" if assessed_on else "wait.not_assessed_nor_released"
    )
    amount = _NOTHING if assessment is None else assessment.amount
    yield _waiting(reason, "assessment", order, assessed_on or released_on, amount)


def _unsettled(order: OrderFact, end: date) -> Iterator[Waiting]:
    completed_on = _by(order.completed_on, end)
    due = sum((line.payable for line in order.lines if _counts_sometime(order, line)), _NOTHING)
    if completed_on and (due or order.kind != ACCIDENT):
        yield _waiting("wait.not_settled", "order", order, completed_on, due)
    received = [receipt for receipt in order.receipts if receipt.received_on <= end and receipt.payer == CUSTOMER]
    amount = sum((_counting(order, split_receipt(r, order.lines), r.payer) for r in received), _NOTHING)
    if amount:
        yield _waiting("wait.paid_unsettled", "receipt", order, max(r.received_on for r in received), amount)


def _unpaid(order: OrderFact, settlement: SettlementFact, end: date) -> Iterator[Waiting]:
    lines = order.lines_under(settlement)
    for total in sorted(settlement_totals(lines), key=lambda total: total.payer):
        if total.payer not in PAYING:
            continue
        due = total.amount if _counts_whole(order, total.payer) else total.accessory_amount
        for receipt in order.receipts:
            if receipt.payer == total.payer and receipt.received_on <= end:
                due -= _counting(order, split_receipt(receipt, lines), total.payer)
        if due > 0:
            yield _waiting(f"wait.{total.payer}_unpaid", "settlement", order, settlement.settled_on, due)


def _counts_whole(order: OrderFact, payer: str) -> bool:
    """Whether all money of the payer counts somewhere, or only what is paid for accessories."""
    return payer == WARRANTY or (payer == CUSTOMER and order.kind != ACCIDENT)


def _counts_sometime(order: OrderFact, line: LineFact) -> bool:
    """Whether the line's money counts once it is settled and paid. What was assessed of an accident is none of it: it
    waits for assessment and release, and would stand in the list twice."""
    return line.payer in PAYING and (line.is_accessory or _counts_whole(order, line.payer))


def _counting(order: OrderFact, split: ReceiptSplit, payer: str) -> Decimal:
    return split.accessory + (split.other if _counts_whole(order, payer) else 0)


def _by(day: date | None, end: date) -> date | None:
    return day if day is not None and day <= end else None


def _waiting(reason: str, kind: str, order: OrderFact, day: date | None, amount: Decimal) -> Waiting:
    return Waiting(Notice(reason, order.number), kind, order.number, day, fen(amount))
