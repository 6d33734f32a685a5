"""What a month's money cost (成本), the ground of gross margin (毛利). Source: spec `kpi.md` (gross margin).

**Cost goes with the money it earned**, so that a month's margin is made of one and the same works:

- a receipt that counts as output, or as accessory money, takes with it the part of the cost of its payer's lines that
  it is of what they are sold for: half the money, half the cost; a refund or a reversal gives it back;
- an accident order's cost counts whole on the day its assessed amount does;
- what nobody pays for (internal, free, all that comes to nothing: gifts, comebacks, campaigns, items of a package) is
  paid by the house: it counts with the settlement, and is taken back by a reversal.

Labour and other charges have no material. A line whose purchase price nobody knows is no line without cost: what it was
sold for is told apart (`Uncosted`), and the margin leaves it out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dealer_crm.kpi.formulas.output import Counted, month_output, recognised_receipts, ripe_day, settlement_changes
from dealer_crm.values import Period
from reception.formulas import (
    ACCIDENT,
    CUSTOMER,
    INSURANCE,
    WARRANTY,
    LineFact,
    OrderFact,
    split_receipt,
)

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class CostRow:
    """A line with what of it counts in the month. `share`: of the line, below zero when it is taken back; `sold`: the
    money behind it, CNY unrounded, nothing where the house pays."""

    order: str
    line: LineFact
    day: date
    share: Decimal
    sold: Decimal

    @property
    def counted(self) -> Decimal:
        """CNY, unrounded; nothing while the purchase price is unknown."""
        return self.share * (self.line.cost or _NOTHING)

    @property
    def number(self) -> str:
        """What a person reads: line, name, how many at what price, and which part of it."""
        line = self.line
        part = "" if abs(self.share) == 1 else f" · {abs(self.share):.0%}"
        price = "?" if line.unit_cost is None else f"{line.unit_cost}"
        return f"{line.number}. {line.name} {line.quantity.normalize():f} × {price}{part}"


@dataclass(frozen=True, slots=True)
class Uncosted:
    """A line of the month without a known purchase price, once, with the money that stands behind it."""

    order: str
    line: LineFact
    day: date
    counted: Decimal

    @property
    def number(self) -> str:
        return f"{self.line.number}. {self.line.name}"

    @property
    def once(self) -> "Uncosted":
        """The same as one line, to be counted."""
        return replace(self, counted=Decimal(1))


@dataclass(frozen=True, slots=True)
class Costs:
    """What the month's money cost; accessory money, which is no output; what has no known cost."""

    rows: tuple[CostRow, ...]
    accessories: tuple[Counted, ...]
    uncosted: tuple[Uncosted, ...]


def month_costs(orders: Iterable[OrderFact], period: Period) -> Costs:
    rows: list[CostRow] = []
    accessories: list[Counted] = []
    for order in orders:
        for found in recognised_receipts(order, period):
            lines = order.lines_under(found.settlement)
            if found.receipt.payer == CUSTOMER and order.kind != ACCIDENT:
                rows.extend(_of_money(order, _others(lines, CUSTOMER), found.sign * found.split.other, found.day))
            if found.split.accessory and not _is_assessed(order, found.receipt.payer):
                receipt, amount = found.receipt, found.sign * found.split.accessory
                accessories.append(
                    Counted("receipt", receipt.number, order.number, found.day, found.sign * receipt.amount, amount)
                )
                rows.extend(
                    CostRow(order.number, line, found.day, found.sign * part / line.payable, found.sign * part)
                    for line, part in found.split.by_line
                    if not _is_assessed(order, line.payer)
                )
        rows.extend(_of_warranty(order, period))
        rows.extend(_of_accident(order, period))
        rows.extend(_of_house(order, period))
    rows = sorted((row for row in rows if row.line.has_material and row.share), key=_in_order)
    return Costs(
        tuple(row for row in rows if row.line.cost is not None),
        tuple(sorted(accessories, key=lambda row: (row.day, row.number, row.order))),
        _uncosted(row for row in rows if row.line.cost is None),
    )


def month_margin(orders: Sequence[OrderFact], period: Period) -> Decimal:
    """Output and accessory money less what they cost, of some orders; what has no known cost is left out. Consumables
    belong to no order."""
    costs = month_costs(orders, period)
    money = month_output(orders, period).amount + sum((row.counted for row in costs.accessories), _NOTHING)
    return money - sum((row.counted for row in (*costs.rows, *costs.uncosted)), _NOTHING)


def _of_money(order: OrderFact, lines: Sequence[LineFact], amount: Decimal, day: date) -> Iterator[CostRow]:
    """The lines that some money is for, each with the same part: money ÷ what all of them are sold for."""
    whole = sum((line.payable for line in lines), _NOTHING)
    if whole and amount:
        part = amount / whole
        yield from (CostRow(order.number, line, day, part, part * line.payable) for line in lines)


def _of_warranty(order: OrderFact, period: Period) -> Iterator[CostRow]:
    """With the manufacturer's money, when it comes, as it counts as output."""
    for receipt in order.receipts:
        if receipt.payer == WARRANTY and receipt.received_on in period:
            lines = order.lines_under(order.settlement_on(period.last_day))
            other = split_receipt(receipt, lines).other
            yield from _of_money(order, _others(lines, WARRANTY), other, receipt.received_on)


def _of_accident(order: OrderFact, period: Period) -> Iterator[CostRow]:
    """Whole with the assessed amount: what the insurer pays and the owner's share of the repair."""
    ripe_on = ripe_day(order.assessment)
    if order.kind != ACCIDENT or ripe_on is None or ripe_on not in period:
        return
    for line in order.lines_under(order.settlement_on(period.last_day)):
        is_repair = line.payer == INSURANCE or (line.payer == CUSTOMER and not line.is_accessory)
        if is_repair and line.payable:
            yield CostRow(order.number, line, ripe_on, Decimal(1), line.payable)


def _of_house(order: OrderFact, period: Period) -> Iterator[CostRow]:
    for change in settlement_changes(order, period):
        for line in order.lines_under(change.settlement):
            if line.is_gift or not line.payable:
                yield CostRow(order.number, line, change.day, Decimal(change.sign), _NOTHING)


def _others(lines: Iterable[LineFact], payer: str) -> list[LineFact]:
    """A payer's lines that are no accessories and come to something."""
    return [line for line in lines if line.payer == payer and line.payable and not line.is_accessory]


def _is_assessed(order: OrderFact, payer: str) -> bool:
    """Whether the payer's money is in the assessed amount already."""
    return order.kind == ACCIDENT and payer == INSURANCE


def _uncosted(rows: Iterable[CostRow]) -> tuple[Uncosted, ...]:
    """Each line once, on its last day, with all its money; none that came and went within the month."""
    found: dict[tuple[str, str], list[CostRow]] = {}
    for row in rows:
        found.setdefault((row.order, row.line.number), []).append(row)
    return tuple(
        Uncosted(order, some[-1].line, some[-1].day, sum((row.sold for row in some), _NOTHING))
        for (order, _number), some in found.items()
        if sum((row.share for row in some), _NOTHING)
    )


def _in_order(row: CostRow):
    return row.day, row.order, row.line.order_key, row.share
