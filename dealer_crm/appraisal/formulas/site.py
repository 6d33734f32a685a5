"""Days of rounds, what a round comes to, when a finding repeats. Source: spec `commission.md` (Site checks)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dealer_crm.values import WorkCalendar

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"
FINE, WRONG, NONE = "fine", "wrong", "none"


def planned_days(
    rhythm: str, first: date, last: date, calendar: WorkCalendar, *, weekday: int | None = None,
    monthday: int | None = None,
) -> list[date]:  # fmt: skip
    """The days from `first` to `last` on which a round is due. One that falls on a free day is due on the next working
    day; two that meet there are one."""
    if rhythm == DAILY:
        return calendar.working_days(first, last)
    # A day before `first` may be moved into the span by a long holiday.
    meant = (day for day in _days(first - LONGEST_BREAK, last) if _is_meant(day, rhythm, weekday, monthday))
    moved = {calendar.on_or_after(day) for day in meant}
    return sorted(day for day in moved if first <= day <= last)


LONGEST_BREAK = timedelta(days=16)
"""No holiday is longer, with the weekends around it."""


def _is_meant(day: date, rhythm: str, weekday: int | None, monthday: int | None) -> bool:
    return day.isoweekday() == weekday if rhythm == WEEKLY else day.day == monthday


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Seen:
    """One item of a round: the verdict, its full points, those given (nothing where it does not apply)."""

    verdict: str
    full: int
    given: Decimal | None


@dataclass(frozen=True, slots=True)
class Sum:
    """`full`, `given`: of the items that applied. `rate` 0–1, None when none did."""

    full: int
    given: Decimal

    @property
    def rate(self) -> Decimal | None:
        return self.given / self.full if self.full else None


def round_sum(seen: Iterable[Seen]) -> Sum:
    """What a round comes to: items that do not apply count neither above nor below."""
    applied = [one for one in seen if one.verdict != NONE]
    return Sum(sum(one.full for one in applied), sum((one.given for one in applied), Decimal(0)))


def points_given(verdict: str, full: int, said: Decimal | None) -> Decimal | None:
    """The points of an item: all in order, none where nothing was said of something wrong, none at all where it does
    not apply."""
    if verdict == NONE:
        return None
    if verdict == FINE:
        return Decimal(full)
    return said or Decimal(0)


def is_repeat(found_on: date, before_on: date, within_days: int) -> bool:
    """The same item was wrong on `before_on`: again within the span counts as a repeat, its last day included."""
    return 0 <= (found_on - before_on).days <= within_days
