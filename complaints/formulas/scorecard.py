"""Points that scorecards give for complaints.

Source: complaints.md, "Performance thresholds"; commission.md, scorecards.

A month without a case has no rate (None) and takes nothing off: full points.
"""

from collections.abc import Sequence
from decimal import Decimal

FULL = Decimal(5)
IN_TIME_FROM = Decimal("0.98")
# Satisfied with the result: from this rate on, so much is taken off the full points; below the last, all of them.
SATISFIED_TIERS = ((Decimal("0.98"), Decimal(0)), (Decimal("0.95"), Decimal(1)), (Decimal("0.90"), Decimal(2)))


def in_time_points(rate: Decimal | None, *, full: Decimal = FULL, from_rate: Decimal = IN_TIME_FROM) -> Decimal:
    """Replied to and solved in time in at least `from_rate` (0–1) of the cases: full points, else none."""
    return full if rate is None or rate >= from_rate else Decimal(0)


def satisfied_points(
    rate: Decimal | None,
    *,
    full: Decimal = FULL,
    tiers: Sequence[tuple[Decimal, Decimal]] = SATISFIED_TIERS,
) -> Decimal:
    """Customers satisfied with the result: ≥ 98 % full, ≥ 95 % one off, ≥ 90 % two off, below none."""
    if rate is None:
        return full
    return next((max(full - off, Decimal(0)) for from_rate, off in tiers if rate >= from_rate), Decimal(0))
