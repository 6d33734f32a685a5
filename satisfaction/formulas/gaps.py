"""The five gaps (5 GAP): differences of two means, each with its interval. Source: satisfaction.md, "Five gaps"."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from satisfaction.formulas.spread import Interval, Moments, mean_interval, student_t


@dataclass(frozen=True)
class Gap:
    """One side against the other: `difference` = left − right, `ratio` = left ÷ right.

    Below zero the customer got less than the other side said.
    """

    left: Moments
    right: Moments
    left_interval: Interval | None
    right_interval: Interval | None
    difference: Decimal | None
    interval: Interval | None
    ratio: Decimal | None

    @property
    def is_real(self) -> bool:
        """The interval of the difference leaves zero out: not noise."""
        return self.interval is not None and not self.interval.low <= 0 <= self.interval.high


def gap(left: Moments, right: Moments) -> Gap:
    """The difference of two means on the scale 1–10, with t × √(s₁² ÷ n₁ + s₂² ÷ n₂).

    The degrees of freedom are those of the smaller side (n − 1): rather too wide than too narrow, since the two sides
    are partly the same customers. No interval with fewer than two answers on a side.
    """
    known = left.n and right.n
    return Gap(
        left=left,
        right=right,
        left_interval=mean_interval(left.mean, left.deviation, left.n),
        right_interval=mean_interval(right.mean, right.deviation, right.n),
        difference=left.mean - right.mean if known else None,
        interval=_interval(left, right),
        ratio=cs_ratio(left.mean, right.mean),
    )


def _interval(left: Moments, right: Moments) -> Interval | None:
    if min(left.n, right.n) < 2:
        return None
    half = student_t(min(left.n, right.n) - 1) * (left.deviation**2 / left.n + right.deviation**2 / right.n).sqrt()
    difference = left.mean - right.mean
    return Interval(difference - half, difference + half)


def cs_ratio(experience: Decimal | None, expectation: Decimal | None) -> Decimal | None:
    """CS ratio = experience ÷ expectation; above 1 the customer is satisfied."""
    return experience / expectation if experience is not None and expectation else None


def ranks(values: Mapping[str, Decimal]) -> dict[str, int]:
    """Places by value, the highest first; who shares a value shares the place."""
    return {code: 1 + sum(other > value for other in values.values()) for code, value in values.items()}
