"""How the workshop's counts become measures. Source: spec `workshop.md` (measures), `kpi.md` (definitions)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure with what it comes from. `is_complement`: the share of those that were *not* counted above."""

    numerator: Decimal
    denominator: Decimal
    is_complement: bool = False

    @property
    def value(self) -> Decimal | None:
        """None where there is nothing to measure by: no attendance on record is no idle workshop."""
        if not self.denominator:
            return None
        share = self.numerator / self.denominator
        return 1 - share if self.is_complement else share


def ratio(counts: Mapping[str, Decimal], above: str, below: tuple[str, ...], *, is_complement: bool = False) -> Ratio:
    """One count ÷ the product of others; what is not among the counts is zero."""
    denominator = Decimal(1)
    for name in below:
        denominator *= counts.get(name, Decimal(0))
    return Ratio(counts.get(above, Decimal(0)), denominator, is_complement)


def is_met(value: Decimal | None, goal: Decimal | None, *, is_ceiling: bool = False) -> bool | None:
    """Whether a measure reaches its goal (at most it, with `is_ceiling`); None without a value or a goal."""
    if value is None or goal is None:
        return None
    return value <= goal if is_ceiling else value >= goal


def tone_of(met: bool | None) -> str:
    return "neutral" if met is None else "success" if met else "danger"


@dataclass(frozen=True, slots=True)
class StageTime:
    """What a stage of the board took: `cars` that were in it, their `minutes` in it together."""

    stage: str
    cars: int
    minutes: Decimal

    @property
    def mean(self) -> Decimal | None:
        return self.minutes / self.cars if self.cars else None
