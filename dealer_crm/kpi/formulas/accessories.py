"""Accessory sales (精品销售): the money received on accessories, by line. Source: spec `commission.md`, A and B."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dealer_crm.kpi.formulas.output import RecognisedReceipt, recognised_receipts
from dealer_crm.values import Period
from reception.formulas import LineFact, OrderFact


@dataclass(frozen=True, slots=True)
class AccessoryReceipt:
    """What of a receipt is for one accessory line, signed. `line` is None for money no line can take."""

    found: RecognisedReceipt
    line: LineFact | None
    counted: Decimal

    @property
    def order(self) -> str:
        return self.found.order.number

    @property
    def day(self) -> date:
        return self.found.day

    @property
    def number(self) -> str:
        """What a person reads: the receipt, and the line it is for."""
        receipt = self.found.receipt.number
        return receipt if self.line is None else f"{receipt} · {self.line.number}. {self.line.name}"


def received_accessories(order: OrderFact, period: Period) -> Iterator[AccessoryReceipt]:
    """Accessory money of an order that counts in the month, the later of settlement and receipt; reversals below zero.
    Whoever paid, the insurer of an accident too."""
    for found in recognised_receipts(order, period):
        for line, amount in found.split.by_line:
            yield AccessoryReceipt(found, line, found.sign * amount)
        if found.split.unplaced:
            yield AccessoryReceipt(found, None, found.sign * found.split.unplaced)


def accessory_sales(orders: Iterable[OrderFact], period: Period) -> tuple[AccessoryReceipt, ...]:
    """All of the month, by day and number."""
    rows = [row for order in orders for row in received_accessories(order, period)]
    return tuple(sorted(rows, key=lambda row: (row.day, row.order, row.number, row.counted)))
