"""What a comeback does to the pay of the teams. Source: spec `commission.md` (rule C), `workshop.md` (comeback)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

UNPAID = ("internal", "free")
"""Payers whose labour is never counted (rule C)."""


@dataclass(frozen=True, slots=True)
class LabourFact:
    """A labour line of a comeback order. `credits`: the teams it is credited to, with their shares."""

    name: str
    hours: Decimal
    payer: str
    credits: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class CountedHours:
    """Hours of a line for one team. `why_not`: "payer", "fault" or "nobody" (credited); empty when they count."""

    name: str
    team: str
    hours: Decimal
    why_not: str = ""

    @property
    def counts(self) -> bool:
        return not self.why_not


def hours_counted(lines: Sequence[LabourFact], at_fault: Collection[str]) -> Iterator[CountedHours]:
    """Which hours of a comeback order count for whom, when these teams answer for it.

    Rework by the team found at fault is unpaid; what another team does to put it right counts like any work, when
    somebody pays for it. Before the decision nobody has been found at fault. Source: commission.md, rule C.
    """
    for line in lines:
        if not line.credits:
            yield CountedHours(line.name, "", line.hours, "nobody")
        for team, share in line.credits:
            why_not = "payer" if line.payer in UNPAID else "fault" if team in at_fault else ""
            yield CountedHours(line.name, team, line.hours * share, why_not)
