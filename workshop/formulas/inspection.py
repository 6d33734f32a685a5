"""Which checks are still due. Source: spec `workshop.md` (Three-level inspection)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

SELF, TEAM, FINAL = "self", "team", "final"


@dataclass(frozen=True, slots=True)
class CheckFact:
    """An inspection that passed, and when."""

    level: str
    at: datetime


def demanded_levels(kind: str, team_check_kinds: Iterable[str]) -> tuple[str, ...]:
    """The checks an order of this type must pass after the self-checks of its jobs, in their order."""
    return (TEAM, FINAL) if kind in set(team_check_kinds) else (FINAL,)


def levels_due(
    demanded: Sequence[str], passed: Iterable[CheckFact], last_finished_at: datetime | None
) -> tuple[str, ...]:
    """Which checks are still to be passed. A check made before the last work was finished says nothing about it.

    Source: workshop.md (three-level inspection, internal rework).
    """
    valid = {check.level for check in passed if last_finished_at is None or check.at >= last_finished_at}
    return tuple(level for level in demanded if level not in valid)


def confirmed(points: Sequence[str], answered: Mapping[str, bool | None]) -> dict[str, bool | None]:
    """The check-list as it is kept: what was answered point by point; the rest stands by the word of who passes it.

    True: in order; False: not in order; None: does not apply to this car.
    """
    return {**dict.fromkeys(points, True), **answered}


def unconfirmed(checklist: Mapping[str, bool | None]) -> list[str]:
    """The points of a check-list that are not in order."""
    return [point for point, is_fine in checklist.items() if is_fine is False]
