"""How a judged call counts. Source: spec `callback.md`, call quality scoring (通话品质: a weighted form)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

TOP_MARK = 10


def quality_points(marks: Mapping[str, int], weights: Mapping[str, int]) -> Decimal:
    """The weighted mean of the marks (0–10) out of 100, one place, half up. A point without weight doesn't count."""
    whole = sum(weights.values())
    if not whole:
        return Decimal("0.0")
    share = sum(Decimal(marks[point]) * weight for point, weight in weights.items()) / (TOP_MARK * whole)
    return (share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
