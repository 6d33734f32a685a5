"""Working-day arithmetic over the days a store has on record.

The days come from the database (`dealer_crm.workdays`); this is the arithmetic alone. A day that is not on record is
taken as working from Monday to Friday and the answer says that it was assumed, so that a year nobody has loaded yet
raises an alarm and never a crash. Source: spec `people-and-roles.md` (working calendar), `callback.md` (holidays).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_LONGEST_BREAK = 60


@dataclass(frozen=True)
class WorkCalendar:
    """`days`: day → does the store work. `names`: day → why it is special (春节, 国庆节, 调休 …)."""

    days: Mapping[date, bool]
    names: Mapping[date, str] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def is_assumed(self, day: date) -> bool:
        """True when nobody has recorded this day's year and Monday–Friday was assumed."""
        return day not in self.days

    def name(self, day: date) -> str:
        return self.names.get(day, "")

    def next_working(self, day: date) -> date:
        """The first working day after `day`."""
        return self._walk(day, 1)

    def previous_working(self, day: date) -> date:
        """The last working day before `day`."""
        return self._walk(day, -1)

    def on_or_after(self, day: date) -> date:
        return day if self.is_working(day) else self.next_working(day)

    def on_or_before(self, day: date) -> date:
        return day if self.is_working(day) else self.previous_working(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it when negative); zero is the day itself."""
        for _ in range(abs(count)):
            day = self._walk(day, 1 if count > 0 else -1)
        return day

    def working_days(self, first: date, last: date) -> list[date]:
        """The working days from `first` to `last`, both included."""
        span = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [day for day in span if self.is_working(day)]

    def _walk(self, day: date, step: int) -> date:
        for _ in range(_LONGEST_BREAK):
            day += timedelta(days=step)
            if self.is_working(day):
                return day
        # A store closed for two months on record: no sensible answer is "never", so the weekday rule decides.
        while day.weekday() > 4:
            day += timedelta(days=step)
        return day
