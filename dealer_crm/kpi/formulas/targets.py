"""Targets: a year spread over its months and people, the parts against the whole, how a figure is written and typed.

Pure functions on numbers. Source: spec `kpi.md` (targets).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from dealer_crm.ui.formulas import grouped, percentage
from dealer_crm.values import share_out

# The codes of `choices.Unit`, as the formulas are told about them.
MONEY, COUNT, SHARE, POINTS = "money", "count", "share", "points"

_PLACES = {MONEY: 2, COUNT: 0, SHARE: 4, POINTS: 2}
_LARGEST = Decimal(99999999999999)


@dataclass(frozen=True)
class Season:
    """A year's total over its months. `guessed`: places of months that had nothing to go by and got the average."""

    months: tuple[Decimal, ...]
    guessed: tuple[int, ...]


def by_season(total: Decimal, last_year: Sequence[Decimal | None]) -> Season:
    """The total × each month's share of last year's actuals, in whole yuan or cars that add up to the total.

    A month without a figure (None, or nothing) weighs as much as the average of those that have one; when none has,
    every month weighs the same.
    """
    known = [value for value in last_year if value and value > 0]
    average = sum(known, Decimal(0)) / len(known) if known else Decimal(1)
    guessed = tuple(place for place, value in enumerate(last_year) if not value or value <= 0)
    weights = [average if place in guessed else value for place, value in enumerate(last_year)]
    return Season(tuple(shared(total, weights)), guessed)


def shared(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """The total in whole units by weight, adding up exactly; without any weight in equal parts."""
    weights = [max(weight, Decimal(0)) for weight in weights]
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    # One unit takes the place of the fen that `share_out` counts in.
    parts = share_out(Decimal(total).quantize(Decimal(1)) / 100, weights)
    return [(part * 100).quantize(Decimal(1)) for part in parts]


def missing_to(whole: Decimal | None, parts: Sequence[Decimal | None]) -> Decimal | None:
    """What the parts miss to the whole (negative: they are more); None while there is no whole or no part."""
    given = [part for part in parts if part is not None]
    if whole is None or not given:
        return None
    return whole - sum(given, Decimal(0))


# ── How a figure stands on the page, and how it is typed ─────────────────────────────────────────────────────────────
def written(unit: str, value: Decimal | None) -> str:
    """As people read it: 96.0%, 1,200, 350,000.00."""
    if unit == SHARE:
        return percentage(value)
    if value is None:
        return grouped(None)
    return grouped(value, 2 if unit == MONEY else 0 if unit == COUNT or value == value.to_integral_value() else 1)


def typed(unit: str, value: Decimal | None) -> str:
    """As it stands in a field: bare, rates in percent."""
    if value is None:
        return ""
    bare = (value * 100 if unit == SHARE else value).normalize()
    return f"{bare:f}"


def read(unit: str, text: str) -> Decimal | None:
    """What was typed into a field; None for nothing. Raises ValueError with the code of what is wrong.

    Full-width digits, thousands commas and a percent sign may stand with it.
    """
    text = text.translate(_FOLDED).replace(",", "").replace(" ", "").removesuffix("%")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("not_a_number") from error
    if not number.is_finite():
        raise ValueError("not_a_number")
    number = number / 100 if unit == SHARE else number
    if number <= 0:
        raise ValueError("not_above_zero")
    if (unit == SHARE and number > 2) or number > _LARGEST:
        raise ValueError("too_large")
    if number != round(number, _PLACES[unit]):
        raise ValueError("too_fine")
    return round(number, _PLACES[unit])


_FOLDED = {0xFF0C: ",", 0xFF05: "%", 0xFF0E: ".", 0x3002: ".", 0x3000: " ", 0xFFE5: "", 0xA5: ""} | {
    0xFF10 + digit: str(digit) for digit in range(10)
}
