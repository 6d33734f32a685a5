"""What service agreements and the membership make of a line's price. Source: spec `reception.md`, Service agreements.

A line the customer pays is offered the best of what was agreed:

1. A covered item of an agreement (same kind, same code or, where one of the two has none, same name): the agreed unit
   price, or free of charge (100 % off the list price) where none was agreed. It must have a time left; a line is one
   time, whatever its quantity.
2. The agreement's discount on labour or parts.
3. The discount of the customer's level on labour or parts.

Best is what leaves the customer the least to pay, the price as typed included. Where two offers come to the same, the
discount goes before the counted item (the time stays for later) and the agreement before the membership.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from reception.formulas.facts import LABOUR
from reception.formulas.lines import line_payable

PART = "part"
AGREEMENT, MEMBERSHIP = "agreement", "membership"


@dataclass(frozen=True, slots=True)
class CoveredItem:
    """`unit_price` None: free of charge. `left` None: as often as wanted."""

    id: int
    kind: str
    code: str
    name: str
    unit_price: Decimal | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What one agreement, or a level, gives. `basis` is AGREEMENT or MEMBERSHIP."""

    basis: str
    labour_discount_rate: Decimal = Decimal(0)
    part_discount_rate: Decimal = Decimal(0)
    items: tuple[CoveredItem, ...] = ()

    def discount_on(self, kind: str) -> Decimal:
        return {LABOUR: self.labour_discount_rate, PART: self.part_discount_rate}.get(kind, Decimal(0))


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A line the customer pays, as it was typed."""

    kind: str
    code: str
    name: str
    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A price somebody agreed to. `item`: the covered item it uses up once."""

    basis: str
    unit_price: Decimal
    discount_rate: Decimal
    item: CoveredItem | None = None

    def payable(self, quantity: Decimal) -> Decimal:
        return line_payable(quantity=quantity, unit_price=self.unit_price, discount_rate=self.discount_rate)


def offers_for(line: AskedLine, terms: Iterable[Terms]) -> list[Offer]:
    """Everything that was agreed for a line, in the order in which equals go before one another."""
    given = sorted(terms, key=lambda one: one.basis != AGREEMENT)
    rates = [Offer(one.basis, line.unit_price, rate) for one in given if (rate := one.discount_on(line.kind))]
    items = [
        _by_item(one.basis, line, item) for one in given for item in one.items if item.left != 0 and _is(item, line)
    ]
    return rates + items


def best_offer(line: AskedLine, terms: Iterable[Terms]) -> Offer | None:
    """The offer that leaves the least to pay; None when the price as typed is as good."""
    typed = line_payable(quantity=line.quantity, unit_price=line.unit_price, discount_rate=line.discount_rate)
    best = min(offers_for(line, terms), key=lambda offer: offer.payable(line.quantity), default=None)
    return best if best and best.payable(line.quantity) < typed else None


def draw_down(due_amount: Decimal, balances: Sequence[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """How much of what the customer owes each prepaid balance (id, CNY left) pays: one after the other, none below
    zero, together never more than is owed. What they can't cover is paid otherwise."""
    drawn = []
    for place, balance in balances:
        amount = min(max(balance, Decimal(0)), due_amount)
        if amount > 0:
            drawn.append((place, amount))
            due_amount -= amount
    return drawn


def points_earned(paid_amount: Decimal, points_per_yuan: Decimal) -> int:
    """Whole points for what the customer pays on one settlement; a broken point is not given."""
    return int((max(paid_amount, Decimal(0)) * points_per_yuan).to_integral_value(rounding=ROUND_FLOOR))


def _by_item(basis: str, line: AskedLine, item: CoveredItem) -> Offer:
    if item.unit_price is None:
        return Offer(basis, line.unit_price, Decimal(1), item)
    return Offer(basis, item.unit_price, Decimal(0), item)


def _is(item: CoveredItem, line: AskedLine) -> bool:
    if item.kind != line.kind:
        return False
    if item.code and line.code:
        return _folded(item.code) == _folded(line.code)
    return _folded(item.name) == _folded(line.name)


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
