"""What a customer is worth to the house: recency, frequency, money (RFM). Source: spec `reception.md`, Classification.

Each of the three measures gives 1 to 4 points by its thresholds; the sum (3 to 12) gives the class:

1. Recency: days from the last visit to the end of the month; at most the first threshold 4 points, the second 3, the
   third 2, longer ago 1.
2. Frequency: visits in the months that count; at least the first threshold 4 points, the second 3, the third 2, else 1.
3. Money: CNY the customer paid for in those months (settled, by the customer as payer); points as for visits.
4. Sum: at least the threshold of A → A, of B → B, of C → C, else D.

The thresholds are dated figures (`reception/settings.py`); what held on the last day of the month counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Worth:
    """One customer at the end of a month."""

    recency_days: int
    visits: int
    spent_amount: Decimal


@dataclass(frozen=True, slots=True)
class ClassLimits:
    """Thresholds for 4, 3 and 2 points, and the sums for A, B and C."""

    recency_days: tuple[int, int, int]
    visits: tuple[int, int, int]
    spent_amount: tuple[Decimal, Decimal, Decimal]
    sums: tuple[int, int, int]


def value_class(worth: Worth, limits: ClassLimits) -> str:
    """A, B, C or D."""
    points = class_points(worth, limits)
    return next((letter for letter, least in zip("ABC", limits.sums, strict=True) if points >= least), "D")


def class_points(worth: Worth, limits: ClassLimits) -> int:
    """The sum of the three measures, 3 to 12."""
    return (
        _points([worth.recency_days <= most for most in limits.recency_days])
        + _points([worth.visits >= least for least in limits.visits])
        + _points([worth.spent_amount >= least for least in limits.spent_amount])
    )


def _points(reached: Sequence[bool]) -> int:
    """4 for the first threshold, 3 for the second, 2 for the third, else 1."""
    return next((points for points, is_reached in zip((4, 3, 2), reached, strict=True) if is_reached), 1)
