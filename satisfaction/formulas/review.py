"""What a quarter says of a factor's target. Source: spec `satisfaction.md`, "Cycle": targets reviewed each quarter."""

from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from satisfaction.formulas.spread import Interval

STEP, HIGHEST = Decimal("0.1"), Decimal(10)


class Proposal(StrEnum):
    RAISE = "raise"
    KEEP = "keep"
    PLAN = "plan"
    WAIT = "wait"


def proposal(
    mean: Decimal, interval: Interval | None, n: int, *, target: Decimal, smallest_sample: int
) -> tuple[Proposal, Decimal]:
    """What to do about a target, and the target proposed for the next quarter.

    Surely above it (the whole 95 % interval lies above the target): raised to the mean, cut to a tenth, by one tenth at
    least. Surely below: it stays, and the factor needs a plan; a target that is lowered because it was missed is none.
    In between it stays. Too few answers: nothing is said.
    """
    if n < smallest_sample or interval is None:
        return Proposal.WAIT, target
    if interval.low > target:
        reached = mean.quantize(STEP, rounding=ROUND_DOWN)
        return Proposal.RAISE, min(HIGHEST, max(reached, target + STEP))
    return (Proposal.PLAN if interval.high < target else Proposal.KEEP), target
