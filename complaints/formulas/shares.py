from collections.abc import Iterable
from decimal import Decimal


def shares_add_up(shares: Iterable[Decimal]) -> bool:
    """True when the shares of the people responsible add up to exactly 1. Source: complaints.md, "Verified"."""
    return sum(shares, Decimal(0)) == 1
