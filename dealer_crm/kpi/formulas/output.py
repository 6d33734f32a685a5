"""Output (产值), car count (台次) and achievement of a month. Source: spec `commission.md`, A.1–3.

Everything that needs two events (settled and paid, assessed and released) counts in the month of the later one. The
one rule behind it, which also covers reversals and refunds: *what stood at the end of the month less what stood at the
end of the month before*. An order settled in August and paid in September therefore counts in September; a settlement
reversed in October takes back in October what September counted, and September stays as it was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from dealer_crm.values import Period
from reception.formulas import (
    ACCIDENT,
    COMEBACK,
    CUSTOMER,
    PDI,
    WARRANTY,
    AssessmentFact,
    OrderFact,
    ReceiptFact,
    ReceiptSplit,
    SettlementFact,
    split_receipt,
)

# Orders that are no received cars.
NOT_COUNTED_AS_CARS = frozenset({PDI, COMEBACK})


@dataclass(frozen=True, slots=True)
class Counted:
    """A source row and what of it counts. `kind`: receipt, assessment, settlement. Amounts in CNY, or cars."""

    kind: str
    number: str
    order: str
    day: date
    value: Decimal
    counted: Decimal


@dataclass(frozen=True, slots=True)
class RecognisedReceipt:
    """A receipt that became countable (`sign` +1) or stopped being so (−1, the settlement was reversed) on `day`."""

    order: OrderFact
    settlement: SettlementFact
    receipt: ReceiptFact
    split: ReceiptSplit
    sign: int
    day: date


@dataclass(frozen=True, slots=True)
class SettlementChange:
    """A settlement that began (+1) or ceased (−1) to stand in the month."""

    order: OrderFact
    settlement: SettlementFact
    sign: int
    day: date


@dataclass(frozen=True, slots=True)
class Output:
    """The three sources of output with their rows. CNY, unrounded."""

    customer: tuple[Counted, ...]
    warranty: tuple[Counted, ...]
    accident: tuple[Counted, ...]

    @property
    def customer_amount(self) -> Decimal:
        return _total(self.customer)

    @property
    def warranty_amount(self) -> Decimal:
        return _total(self.warranty)

    @property
    def accident_amount(self) -> Decimal:
        return _total(self.accident)

    @property
    def amount(self) -> Decimal:
        return self.customer_amount + self.warranty_amount + self.accident_amount


def settlement_changes(order: OrderFact, period: Period) -> Iterator[SettlementChange]:
    """What the month did to the order's settlement; nothing when the same one stands as before."""
    last_before, last = _ends(period)
    before, after = order.settlement_on(last_before), order.settlement_on(last)
    if before == after:
        return
    if before is not None:
        yield SettlementChange(order, before, -1, before.reversed_on)
    if after is not None:
        yield SettlementChange(order, after, 1, after.settled_on)


def recognised_receipts(order: OrderFact, period: Period) -> Iterator[RecognisedReceipt]:
    """Receipts that count in the later of settlement month and receipt month, whoever paid."""
    if not order.receipts:
        return
    last_before, last = _ends(period)
    before, after = order.settlement_on(last_before), order.settlement_on(last)
    for receipt in order.receipts:
        stood = before if receipt.received_on <= last_before else None
        stands = after if receipt.received_on <= last else None
        if stood == stands:
            continue
        if stood is not None:
            split = split_receipt(receipt, order.lines_under(stood))
            yield RecognisedReceipt(order, stood, receipt, split, -1, stood.reversed_on)
        if stands is not None:
            split = split_receipt(receipt, order.lines_under(stands))
            day = max(receipt.received_on, stands.settled_on)
            yield RecognisedReceipt(order, stands, receipt, split, 1, day)


def month_output(orders: Iterable[OrderFact], period: Period) -> Output:
    """Output of the month: customer money, warranty money, accident orders; accessory money is never output."""
    customer, warranty, accident = [], [], []
    for order in orders:
        if order.kind != ACCIDENT:
            customer.extend(_customer_rows(order, period))
        warranty.extend(_warranty_rows(order, period))
        ripe_on = ripe_day(order.assessment)
        if order.kind == ACCIDENT and ripe_on is not None and ripe_on in period:
            amount = order.assessment.amount
            accident.append(Counted("assessment", order.number, order.number, ripe_on, amount, amount))
    return Output(_in_order(customer), _in_order(warranty), _in_order(accident))


def car_count(
    orders: Iterable[OrderFact], period: Period, *, left_out: frozenset[str] = NOT_COUNTED_AS_CARS
) -> tuple[Counted, ...]:
    """Orders settled in the month, one row each (−1 for a reversal); PDI and comebacks are no received cars."""
    return _in_order(
        Counted(
            "settlement", change.settlement.number, order.number, change.day, Decimal(change.sign), Decimal(change.sign)
        )
        for order in orders
        if order.kind not in left_out
        for change in settlement_changes(order, period)
    )


def achievement(actual: Decimal, target: Decimal, *, cap: Decimal | None = None) -> Decimal:
    """Actual ÷ target, not capped unless `cap` says so; a month of refunds reaches nothing, not less than nothing.

    Raises ValueError for a target that is not above zero: the run must name it and stop before asking.
    """
    if target <= 0:
        raise ValueError("a target must be above zero")
    reached = max(actual, Decimal(0)) / target
    return reached if cap is None else min(reached, cap)


@lru_cache(maxsize=12)
def _ends(period: Period) -> tuple[date, date]:
    """The last day before a month and its own last day: asked of every order, so worked out once."""
    return period.previous().last_day, period.last_day


def _customer_rows(order: OrderFact, period: Period) -> Iterator[Counted]:
    for found in recognised_receipts(order, period):
        if found.receipt.payer == CUSTOMER:
            yield Counted(
                "receipt",
                found.receipt.number,
                order.number,
                found.day,
                found.sign * found.receipt.amount,
                found.sign * found.split.other,
            )


def _warranty_rows(order: OrderFact, period: Period) -> Iterator[Counted]:
    """Warranty money counts when it comes, settled or not: the manufacturer pays long after the customer has left."""
    for receipt in order.receipts:
        if receipt.payer == WARRANTY and receipt.received_on in period:
            other = split_receipt(receipt, order.lines_under(order.settlement_on(period.last_day))).other
            yield Counted("receipt", receipt.number, order.number, receipt.received_on, receipt.amount, other)


def ripe_day(assessment: AssessmentFact | None) -> date | None:
    """The later of assessment and release; None while either is missing."""
    if assessment is None or assessment.assessed_on is None or assessment.released_on is None:
        return None
    return max(assessment.assessed_on, assessment.released_on)


def _in_order(rows: Iterable[Counted]) -> tuple[Counted, ...]:
    """By day and number, so that the order in which facts were read makes no difference."""
    return tuple(sorted(rows, key=lambda row: (row.day, row.number, row.order, row.counted)))


def _total(rows: Iterable[Counted]) -> Decimal:
    return sum((row.counted for row in rows), Decimal(0))
