"""Accessories (精品): which rule a line falls under, and who gets which part of its money.

Source: spec `commission.md`, A (accessories) and B.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commission.formulas.facts import MonthFacts
from commission.formulas.people import position_on
from commission.formulas.plan import (
    ANYONE_ELSE,
    GIFT,
    INSTALLERS,
    NO_SELLER,
    NOBODY,
    RECEIVED,
    SELLER,
    LineSplit,
    PlanParameters,
)
from dealer_crm.kpi.formulas import fitters, received_accessories, settlement_changes
from reception.formulas import LineFact, OrderFact, SettlementFact


@dataclass(frozen=True, slots=True)
class AccessoryMoney:
    """Money on one accessory line in the month, under one rule. `value` is signed; `counted` is zero when barred."""

    block: LineSplit
    order: str
    line: LineFact
    kind: str
    number: str
    day: date
    value: Decimal
    is_barred: bool
    is_reversal: bool

    @property
    def counted(self) -> Decimal:
        return Decimal(0) if self.is_barred else self.value

    @property
    def note(self) -> str:
        if self.is_barred:
            return "row.below_price"
        return "row.reversed" if self.is_reversal else ""

    @property
    def sort_key(self) -> tuple:
        return (self.day, self.number, self.order, self.line.order_key, self.value)


def accessory_money(facts: MonthFacts, plan: PlanParameters) -> tuple[AccessoryMoney, ...]:
    """All accessory money of the month, each line under its rule.

    Rules on received money count it in the later of settlement and receipt month; rules on the selling price count the
    line in its settlement month, paid or not. The "another department" rule knows no price limit: the spec gives it to
    A and, by "same 80 % rule", to the seller's rule, and a gift has no selling price to hold against the list.
    """
    found = [money for order in facts.orders for money in _of_order(order, facts, plan)]
    return tuple(sorted(found, key=lambda money: money.sort_key))


def _of_order(order: OrderFact, facts: MonthFacts, plan: PlanParameters) -> Iterator[AccessoryMoney]:
    for money in received_accessories(order, facts.period):
        line, found = money.line, money.found
        block = None if line is None else plan.split_for(seller_class(line, found.settlement, facts))
        if block is not None and block.basis == RECEIVED:
            yield _money(block, order, line, "receipt", found.receipt.number, found.day, money.counted, found.sign)
    for change in settlement_changes(order, facts.period):
        for line in order.accessory_lines(change.settlement):
            block = plan.split_for(seller_class(line, change.settlement, facts))
            if block is not None and block.basis != RECEIVED:
                price = line.list_price_amount if line.is_gift else line.payable
                yield _money(
                    block, order, line, "sale", change.settlement.number, change.day, change.sign * price, change.sign
                )


def _money(
    block: LineSplit, order: OrderFact, line: LineFact, kind: str, number: str, day: date, value: Decimal, sign: int
) -> AccessoryMoney:
    return AccessoryMoney(block, order.number, line, kind, number, day, value, is_barred(block, line), sign < 0)


def is_barred(block: LineSplit, line: LineFact) -> bool:
    """Sold at the limit (0.8 of the list price) or below it: nothing is earned. Judged line by line."""
    return block.sold_above is not None and 1 - line.discount_rate <= block.sold_above


def seller_class(line: LineFact, settlement: SettlementFact, facts: MonthFacts) -> str:
    """Whose rule a line falls under: gift, no seller, or the seller's post on the day of the settlement."""
    if line.is_gift:
        return GIFT
    if line.seller is None:
        return NO_SELLER
    seller = next((person for person in facts.staff if person.number == line.seller), None)
    position = None if seller is None else position_on(seller, settlement.settled_on)
    return ANYONE_ELSE if position is None else position.post


def installation_team(line: LineFact, facts: MonthFacts) -> str | None:
    """Who installed a line."""
    return fitters(line, [team.name for team in facts.teams if team.kind == "installation"])


@dataclass(frozen=True, slots=True)
class LinePart:
    """A receiver's part of one line's money. `receiver`: (kind, name); `rate`: of the money, before achievement."""

    money: AccessoryMoney
    receiver: tuple[str, str]
    rate: Decimal


def line_parts(found: Iterable[AccessoryMoney], facts: MonthFacts) -> Iterator[LinePart]:
    """Who gets what of each line. The part of a missing receiver is paid to nobody."""
    for money in found:
        parts = money.block.installed if money.line.is_installed else money.block.not_installed
        for part in parts:
            receiver = _receiver(part.receiver, money.line, facts)
            if receiver is not None:
                yield LinePart(money, receiver, money.block.rate * part.share)


def _receiver(kind: str, line: LineFact, facts: MonthFacts) -> tuple[str, str] | None:
    if kind == NOBODY:
        return None
    if kind == SELLER:
        return (kind, line.seller) if line.seller else None
    if kind == INSTALLERS:
        team = installation_team(line, facts)
        return (kind, team) if team else None
    return (kind, "")
