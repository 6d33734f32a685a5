"""Strength and weakness of a factor. Source: satisfaction.md, "Analysis"."""

from dataclasses import dataclass
from decimal import Decimal

from satisfaction.formulas.index import FactorFigures

STRENGTH, WEAKNESS, NEITHER = "strength", "weakness", ""


@dataclass(frozen=True)
class Rules:
    """The thresholds, each a dated figure (`satisfaction.settings`). Shares 0–1."""

    smallest_sample: int = 10
    strong_top_box: Decimal = Decimal("0.60")
    weak_top_box: Decimal = Decimal("0.40")
    weak_dissatisfied: Decimal = Decimal("0.10")
    weak_fall: Decimal = Decimal("0.10")


def verdict(now: FactorFigures, before: FactorFigures | None, rules: Rules) -> str:
    """优势, 劣势 or neither.

    Weakness (劣势): top-box under 40 % *and* dissatisfied at least 10 %; or top-box fell by at least 10 points against
    the previous period. Strength (优势): no dissatisfied answer and top-box at least 60 %. Both need 10 answers, a fall
    10 in both periods. A factor can fall from 90 to 75 % without one dissatisfied answer: then it is a weakness, since
    the fall is what somebody must look at. Source: satisfaction.md, "Strength", "Weakness".
    """
    if now.n < rules.smallest_sample:
        return NEITHER
    if now.top_box < rules.weak_top_box and now.dissatisfied >= rules.weak_dissatisfied:
        return WEAKNESS
    comparable = before is not None and before.n >= rules.smallest_sample
    if comparable and before.top_box - now.top_box >= rules.weak_fall:
        return WEAKNESS
    if not now.dissatisfied and now.top_box >= rules.strong_top_box:
        return STRENGTH
    return NEITHER
