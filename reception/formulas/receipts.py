"""How a receipt divides into accessory money and the rest, and over the accessory lines.

Source: spec `interfaces.md` (收款) and `commission.md`, A (accessories).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reception.formulas.facts import PAYING, LineFact, ReceiptFact

# Shares of a receipt are intermediate values and keep far more than the fen, but end somewhere so that they can be
# written down and add up exactly to the receipt.
_GRAIN = Decimal("1E-12")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReceiptSplit:
    """`accessory` + `other` = the receipt. `by_line` divides `accessory`; `unplaced` is what no line could take."""

    accessory: Decimal
    other: Decimal
    by_line: tuple[tuple[LineFact, Decimal], ...] = ()
    unplaced: Decimal = _NOTHING


def split_receipt(receipt: ReceiptFact, lines: Sequence[LineFact]) -> ReceiptSplit:
    """Divide a receipt over the lines of its order.

    The accessory part is what the receipt says, or, where it says nothing, the share of accessories in the payable
    amounts of that payer's lines. It is divided over that payer's accessory lines by payable amount. When the receipt
    names an accessory part and its payer has no accessory line, the lines of the other paying parties take it: the
    money is there and somebody sold something. Gifts never take money. What nothing can take is `unplaced`.
    """
    own = [line for line in lines if line.payer == receipt.payer]
    accessories = [line for line in own if line.is_accessory]
    part = receipt.accessory_amount
    if part is None:
        part = _proportion(receipt.amount, _payable(accessories), _payable(own))
    if not part:
        return ReceiptSplit(_NOTHING, receipt.amount)
    if not _payable(accessories):
        accessories = [line for line in lines if line.is_accessory and line.payer in PAYING]
    by_line = _divided(part, accessories)
    placed = sum((amount for _line, amount in by_line), _NOTHING)
    return ReceiptSplit(part, receipt.amount - part, by_line, part - placed)


def _payable(lines: Sequence[LineFact]) -> Decimal:
    return sum((line.payable for line in lines), _NOTHING)


def _proportion(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    if not whole:
        return _NOTHING
    return (amount * part / whole).quantize(_GRAIN, rounding=ROUND_HALF_UP)


def _divided(amount: Decimal, lines: Sequence[LineFact]) -> tuple[tuple[LineFact, Decimal], ...]:
    """In proportion to what is payable; the last line takes what the grain left over, so that nothing is lost."""
    sharing = sorted((line for line in lines if line.payable), key=lambda line: line.order_key)
    whole, rest, divided = _payable(sharing), amount, []
    for line in sharing[:-1]:
        share = _proportion(amount, line.payable, whole)
        divided.append((line, share))
        rest -= share
    return (*divided, *((line, rest) for line in sharing[-1:]))
