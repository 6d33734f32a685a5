"""Control charts (控制图): which changes are real and which are noise. Source: satisfaction.md, "control chart".

The limits come from the figures themselves: a p-chart for the share of dissatisfied customers, an individuals chart
with the moving range for the index. A point is marked when it lies beyond its three-sigma limits, or in a run of eight
on one side of the middle. Everything else is noise, and nobody is asked to explain it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

BEYOND, RUN = "beyond", "run"

MOVING_RANGE = Decimal("2.66")
"""3 ÷ d₂ with d₂ = 1.128 for ranges of two: three sigma from the mean moving range (NIST/SEMATECH 6.3.2.2)."""


@dataclass(frozen=True)
class ControlRules:
    """Thresholds, each a dated figure (`satisfaction.settings`)."""

    smallest_sample: int = 10
    least_points: int = 8
    run: int = 8


@dataclass(frozen=True)
class Point:
    """A week or month: `n` customers, the figure, its limits and what it signals; None where there is no figure.

    `is_small`: too few customers, so the point is greyed, moves no limit and signals nothing.
    """

    label: str
    n: int
    value: Decimal | None
    is_small: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    signal: str = ""


@dataclass(frozen=True)
class ControlChart:
    """`centre` is None while there are fewer judged points than `least_points`: then nothing is marked."""

    centre: Decimal | None
    points: list[Point]

    @property
    def signals(self) -> list[Point]:
        return [point for point in self.points if point.signal]


@dataclass(frozen=True)
class Subgroup:
    """The customers of a week or month and how many of them were dissatisfied."""

    label: str
    n: int
    count: int


def p_chart(subgroups: Sequence[Subgroup], rules: ControlRules) -> ControlChart:
    """Shares with p̄ ± 3 √(p̄ (1 − p̄) ÷ nᵢ), cut to 0–1; p̄ = all dissatisfied ÷ all customers of the judged points."""
    points = [
        Point(one.label, one.n, Decimal(one.count) / one.n if one.n else None, one.n < rules.smallest_sample)
        for one in subgroups
    ]
    judged = [one for one in subgroups if one.n >= rules.smallest_sample]
    if len(judged) < rules.least_points:
        return ControlChart(None, points)
    centre = Decimal(sum(one.count for one in judged)) / sum(one.n for one in judged)

    def limited(point: Point) -> Point:
        if not point.n:
            return point
        half = 3 * (centre * (1 - centre) / point.n).sqrt()
        return replace(point, low=max(Decimal(0), centre - half), high=min(Decimal(1), centre + half))

    return ControlChart(centre, _marked([limited(point) for point in points], centre, rules))


def individuals_chart(points: Sequence[Point], rules: ControlRules, *, least: Decimal, most: Decimal) -> ControlChart:
    """Single figures with x̄ ± 2.66 × mean moving range, cut to the scale.

    x̄ and the ranges are those of the judged points, each against the judged point before it.
    """
    points = [replace(point, is_small=point.n < rules.smallest_sample) for point in points]
    values = [point.value for point in points if point.value is not None and not point.is_small]
    if len(values) < max(rules.least_points, 2):
        return ControlChart(None, points)
    centre = sum(values) / len(values)
    ranges = [abs(later - former) for former, later in pairwise(values)]
    half = MOVING_RANGE * sum(ranges) / len(ranges)
    low, high = max(least, centre - half), min(most, centre + half)
    limited = [point if point.value is None else replace(point, low=low, high=high) for point in points]
    return ControlChart(centre, _marked(limited, centre, rules))


def _marked(points: list[Point], centre: Decimal, rules: ControlRules) -> list[Point]:
    """The same points with their signals. A point on the middle itself ends a run; greyed points are passed over."""
    signals: dict[int, str] = {}
    run: list[int] = []
    side = 0
    for place, point in enumerate(points):
        if point.value is None or point.is_small:
            continue
        here = (point.value > centre) - (point.value < centre)
        run = [*run, place] if here and here == side else [place]
        side = here
        if side and len(run) >= rules.run:
            signals |= dict.fromkeys(run, RUN)
    for place, point in enumerate(points):
        if point.value is None or point.is_small:
            continue
        if point.value < point.low or point.value > point.high:
            signals[place] = BEYOND
    return [replace(point, signal=signals.get(place, "")) for place, point in enumerate(points)]
