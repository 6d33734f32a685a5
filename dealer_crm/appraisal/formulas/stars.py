"""Who is proposed as a star: places by each figure, added up. Source: spec `commission.md` (Stars).

Within a group each figure gives a place (1 the best, equals share one). The places are added up; who has the smallest
sum comes first. A person of whom a figure says nothing has no place by it and shares the last; a figure that says
nothing of anybody counts for nobody. Equal sums share a place, the figure named first decides who is proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A figure people are compared by. `lower_is_better`: rework, late cars."""

    code: str
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person with a place by each figure that says something (code → place), their sum and the place by it; None for
    somebody of whom no figure says anything."""

    person: int
    places: Mapping[str, int]
    sum: int | None
    place: int | None


def ranked(
    people: Sequence[int], yardsticks: Sequence[Yardstick], values: Mapping[str, Mapping[int, Decimal]]
) -> list[Ranked]:
    """The people in the order of the figures. `values`: code → person → figure."""
    counting = [one for one in yardsticks if any(person in values.get(one.code, {}) for person in people)]
    by_code = {one.code: _places(people, values[one.code], one.lower_is_better) for one in counting}
    known = [person for person in people if any(person in values[one.code] for one in counting)]
    sums = {person: sum(by_code[one.code][person] for one in counting) for person in known}
    keys = {person: (sums[person], *(by_code[one.code][person] for one in counting)) for person in known}
    found = [
        Ranked(
            person,
            {one.code: by_code[one.code][person] for one in counting if person in values[one.code]},
            sums[person],
            1 + sum(other < sums[person] for other in sums.values()),
        )
        for person in sorted(known, key=keys.__getitem__)
    ]
    return found + [Ranked(person, {}, None, None) for person in people if person not in sums]


def _places(people: Sequence[int], values: Mapping[int, Decimal], lower_is_better: bool) -> dict[int, int]:
    known = {person: values[person] for person in people if person in values}
    better = (lambda one, other: one < other) if lower_is_better else (lambda one, other: one > other)
    places = {person: 1 + sum(better(other, value) for other in known.values()) for person, value in known.items()}
    return {person: places.get(person, len(known) + 1) for person in people}
