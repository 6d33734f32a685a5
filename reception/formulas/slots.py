"""The hours of a day and how many cars still fit into them. Source: spec `reception.md` (Appointment).

A slot is one hour of a day. How many cars it takes in all is the row in force for that weekday and hour, or, without
such a row, the usual number while the store is open. A row for a type of order limits that type within the hour.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

ALL = ""
"""Stands for every type of order together."""

NO_LIMIT = 32_767
"""As many places of a type as the hour has: how a limit is taken away from a day on."""


@dataclass(frozen=True)
class Capacity:
    """So many places from a day on. `weekday` 1 Monday … 7 Sunday; `kind` a type of order or `ALL`."""

    weekday: int
    hour: int
    kind: str
    places: int
    starts_on: date


@dataclass(frozen=True)
class Opening:
    """When the store is open on its own clock, and how many cars an hour takes of which no row speaks."""

    opens: time
    closes: time
    usual_places: int

    def hours(self) -> list[int]:
        """The hours that lie at least partly within the opening time."""
        return [hour for hour in range(self.opens.hour, self.closes.hour + 1) if time(hour) < self.closes]


@dataclass(frozen=True)
class Slot:
    """One hour of one day. `begins`: its first moment on the store's clock; `limits` and `taken_by_kind`: places and
    cars of the types that have a limit of their own."""

    hour: int
    begins: time
    places: int
    taken: int
    limits: Mapping[str, int] = field(default_factory=dict)
    taken_by_kind: Mapping[str, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """Never negative: lowering a capacity moves nobody who is booked already."""
        return max(0, self.places - self.taken)

    def free_for(self, kind: str) -> int:
        """Places left for a type: within its own limit and within the whole hour."""
        if kind not in self.limits:
            return self.free
        return max(0, min(self.free, self.limits[kind] - self.taken_by_kind.get(kind, 0)))


def in_force(rows: Iterable[Capacity], day: date) -> dict[tuple[int, str], int]:
    """(hour, type) → places on a day: of the rows of its weekday the latest that started."""
    begun = [row for row in rows if row.weekday == day.isoweekday() and row.starts_on <= day]
    return {(row.hour, row.kind): row.places for row in sorted(begun, key=lambda row: row.starts_on)}


def slots_of(
    day: date, rows: Iterable[Capacity], opening: Opening, taken: Mapping[tuple[int, str], int], *, is_closed: bool
) -> list[Slot]:
    """The hours of a day in order. `taken`: (hour, type) → cars that hold a place. On a closed day nothing is free, but
    hours in which somebody is booked are still shown."""
    kept = {} if is_closed else in_force(rows, day)
    usual = {} if is_closed else dict.fromkeys(opening.hours(), opening.usual_places)
    places = {**usual, **{hour: count for (hour, kind), count in kept.items() if kind == ALL}}
    cars = Counter()
    for (hour, _kind), count in taken.items():
        cars[hour] += count
    shown = {hour for hour, count in places.items() if count} | set(cars) | set(usual)
    return [
        Slot(
            hour=hour,
            begins=max(time(hour), opening.opens) if hour == opening.opens.hour else time(hour),
            places=places.get(hour, 0),
            taken=cars[hour],
            limits={
                kind: count for (at, kind), count in kept.items()
                if at == hour and kind != ALL and count < places.get(hour, 0)
            },
            taken_by_kind={kind: count for (at, kind), count in taken.items() if at == hour},
        )
        for hour in sorted(shown)
    ]  # fmt: skip


def lowest_free(numbers: Iterable[int]) -> int:
    """The smallest number from 1 that is not taken."""
    taken = set(numbers)
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def is_closed(*, is_working: bool, name: str, day: date) -> bool:
    """Whether a store takes no cars on a day. A holiday and a store's own day of rest have a name and are closed; a
    plain weekend has none, and dealerships work on weekends: there the week's own places decide."""
    return not is_working and (bool(name) or day.isoweekday() < 6)
