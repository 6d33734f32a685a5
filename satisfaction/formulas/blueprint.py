"""How well a touchpoint keeps its standard. Source: spec `satisfaction.md`, "Service blueprint"."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Passage:
    """What was measured at a touchpoint: `n` visits passed it, `within` of them inside its standard; minutes."""

    n: int = 0
    within: int = 0
    median: Decimal | None = None
    p90: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.within) / self.n if self.n else None


def tone_of_passage(passage: Passage, *, well: Decimal, badly: Decimal, smallest_sample: int) -> str:
    """Green from the share `well` on, red below `badly`, amber between; grey for fewer visits than a figure needs."""
    if passage.n < smallest_sample:
        return "neutral"
    if passage.share >= well:
        return "success"
    return "danger" if passage.share < badly else "warning"
