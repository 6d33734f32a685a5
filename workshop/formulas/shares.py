"""Who did how much of a job. Source: spec `workshop.md` (Time clock)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

ONE = Decimal(1)
_STEP = Decimal("0.0001")


def shares_by_clock(minutes: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Each technician's share of a job in proportion to the minutes clocked, to four places, adding up to 1 exactly.

    Places lost by rounding go to the largest remainder, ties to the first. Nobody clocked anything: equal shares.
    Source: workshop.md (time clock), commission.md (several technicians share a line).
    """
    weights = {who: Decimal(value) for who, value in minutes.items() if value > 0} or dict.fromkeys(minutes, ONE)
    total = sum(weights.values())
    exact = {who: weight / total for who, weight in weights.items()}
    shares = {who: share.quantize(_STEP, rounding="ROUND_DOWN") for who, share in exact.items()}
    missing = int((ONE - sum(shares.values())) / _STEP)
    for who in sorted(exact, key=lambda one: shares[one] - exact[one])[:missing]:
        shares[who] += _STEP
    return {who: share for who, share in shares.items() if share}


def shares_add_up(shares: Iterable[Decimal]) -> bool:
    """Whether the parts of a line make one whole, each of them something."""
    shares = list(shares)
    return bool(shares) and all(share > 0 for share in shares) and sum(shares) == ONE
