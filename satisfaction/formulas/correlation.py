"""Importance × performance, and the problem factors in their order. Source: satisfaction.md, "Analysis".

Importance of a factor is Pearson's correlation of its scores with the overall satisfaction of the same customers: what
moves together with the verdict matters to the customer, whatever they say of it. Counted from how often each pair of
values was given, so that the database does one GROUP BY whatever the number of answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from satisfaction.formulas.spread import Interval, Z

Pairs = Mapping[tuple[Decimal, Decimal], int]
"""(score of the factor, overall satisfaction), both on the scale 1–10 → how many customers gave both."""


@dataclass(frozen=True)
class Correlation:
    """`r` between −1 and 1 with its 95 % interval; None where it isn't defined."""

    n: int
    r: Decimal | None
    interval: Interval | None


def correlation(pairs: Pairs) -> Correlation:
    """Pearson's r. None with fewer than three pairs, or when either side is always the same: then nothing moves.

    The interval is Fisher's: tanh(artanh r ± z ÷ √(n − 3)), from four pairs on; all pairs on one line have no spread
    to judge by, so no interval.
    """
    n = sum(pairs.values())
    if n < 3:
        return Correlation(n, None, None)
    x = sum(one * times for (one, _other), times in pairs.items())
    y = sum(other * times for (_one, other), times in pairs.items())
    xx = n * sum(one * one * times for (one, _other), times in pairs.items()) - x * x
    yy = n * sum(other * other * times for (_one, other), times in pairs.items()) - y * y
    xy = n * sum(one * other * times for (one, other), times in pairs.items()) - x * y
    if not xx or not yy:
        return Correlation(n, None, None)
    r = max(Decimal(-1), min(Decimal(1), Decimal(xy) / (Decimal(xx) * Decimal(yy)).sqrt()))
    return Correlation(n, r, _fisher(r, n))


def _fisher(r: Decimal, n: int) -> Interval | None:
    if n < 4 or abs(r) == 1:
        return None
    middle, half = ((1 + r) / (1 - r)).ln() / 2, Z / Decimal(n - 3).sqrt()
    return Interval(_tanh(middle - half), _tanh(middle + half))


def _tanh(value: Decimal) -> Decimal:
    doubled = (2 * value).exp()
    return (doubled - 1) / (doubled + 1)


class Quadrant(StrEnum):
    """What to do about a factor by where it stands."""

    KEEP = "keep"  # 优势区: important and good
    IMPROVE = "improve"  # 改进区: important and poor
    WATCH = "watch"  # 机会区: less important, poor
    HOLD = "hold"  # 维持区: less important, good


def quadrant(
    importance: Decimal, performance: Decimal, *, middle_importance: Decimal, middle_performance: Decimal
) -> Quadrant:
    """Which quarter of the chart a factor stands in; who stands on a line belongs to the better side."""
    if importance >= middle_importance:
        return Quadrant.KEEP if performance >= middle_performance else Quadrant.IMPROVE
    return Quadrant.HOLD if performance >= middle_performance else Quadrant.WATCH


@dataclass(frozen=True)
class Problem:
    """A factor among the problem factors: its bad answers, their share of all bad answers, and that share so far."""

    code: str
    count: int
    share: Decimal
    cumulative: Decimal
    is_vital: bool


def pareto(counts: Mapping[str, int], *, vital_few: Decimal) -> list[Problem]:
    """The factors by their bad answers, the most first; vital are the first that together make up `vital_few` (0.80).

    Factors without a bad answer are left out. Who has as many stands in the order given.
    """
    total, so_far = sum(counts.values()), 0
    rows = []
    for code, count in sorted(counts.items(), key=lambda row: -row[1]):
        if count:
            before = Decimal(so_far) / total
            so_far += count
            rows.append(Problem(code, count, Decimal(count) / total, Decimal(so_far) / total, before < vital_few))
    return rows


def mean_of(values: Sequence[Decimal]) -> Decimal | None:
    """The plain mean; None of nothing."""
    return sum(values) / len(values) if values else None
