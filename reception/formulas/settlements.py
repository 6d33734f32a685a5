"""What a settlement asks of each payer. Source: spec `reception.md`, Settlement."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reception.formulas.facts import LineFact


@dataclass(frozen=True, slots=True)
class PayerTotal:
    """`amount`: all lines of the payer; `accessory_amount`: the accessories (精品) among them."""

    payer: str
    amount: Decimal
    accessory_amount: Decimal


def settlement_totals(lines: Iterable[LineFact]) -> tuple[PayerTotal, ...]:
    """One total for each payer, in the order in which the payers first appear. Internal and free lines included."""
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for line in lines:
        amount, accessory = totals.get(line.payer, (Decimal(0), Decimal(0)))
        totals[line.payer] = (amount + line.payable, accessory + (line.payable if line.is_accessory else 0))
    return tuple(PayerTotal(payer, amount, accessory) for payer, (amount, accessory) in totals.items())
