"""Spans of the calendar in a store's time zone: a month (the *period*, `2026-10`), a week, a quarter, a day; all alike
to ask.

Source: spec `README.md`, conventions; `satisfaction.md`, "Cycle".
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WRITTEN = re.compile(r"^(\d{4})-(\d{2})$")
_WEEK_WRITTEN = re.compile(r"^(\d{4})-W(\d{2})$")
_QUARTER_WRITTEN = re.compile(r"^(\d{4})-Q([1-4])$")
_DAY_WRITTEN = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class _Days:
    """Days in a row that begin and end at the store's midnight."""

    __slots__ = ()

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def last_day(self) -> date:
        return self.next().first_day - timedelta(days=1)

    def next(self):
        return self.shifted(1)

    def previous(self):
        return self.shifted(-1)

    def bounds(self, tz: tzinfo = SHANGHAI) -> tuple[datetime, datetime]:
        """Aware [start, end)."""
        return (
            datetime.combine(self.first_day, time.min, tz),
            datetime.combine(self.next().first_day, time.min, tz),
        )

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, order=True, slots=True)
class Period(_Days):
    year: int
    month: int

    def __post_init__(self):
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 9998):
            raise ValueError(f"not a month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2026-10`. Raises ValueError for anything else."""
        match = _WRITTEN.match(text)
        if not match:
            raise ValueError(f"not a period (YYYY-MM): {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, when: date | datetime, tz: tzinfo = SHANGHAI) -> "Period":
        """The month a day or an aware moment falls in, as the store's clock shows it."""
        if isinstance(when, datetime):
            when = when.astimezone(tz)
        return cls(when.year, when.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, self.days)

    @property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.month)[1]

    def shifted(self, months: int) -> "Period":
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Period(year, month + 1)

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, order=True, slots=True)
class Week(_Days):
    """A calendar week from Monday on, written `2026-W43` (ISO 8601: week 1 holds the year's first Thursday)."""

    year: int
    number: int

    def __post_init__(self):
        try:
            date.fromisocalendar(self.year, self.number, 1)
        except ValueError as error:
            raise ValueError(f"not a week: {self.year}-{self.number}") from error

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read `2026-W43`. Raises ValueError for anything else."""
        match = _WEEK_WRITTEN.match(text)
        if not match:
            raise ValueError(f"not a week (YYYY-Www): {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, when: date | datetime, tz: tzinfo = SHANGHAI) -> "Week":
        if isinstance(when, datetime):
            when = when.astimezone(tz)
        return cls(*when.isocalendar()[:2])

    @property
    def first_day(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    def shifted(self, weeks: int) -> "Week":
        return Week.of(self.first_day + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"


@dataclass(frozen=True, order=True, slots=True)
class Quarter(_Days):
    """Three months, written `2026-Q4`."""

    year: int
    number: int

    def __post_init__(self):
        if not (1 <= self.number <= 4 and 1900 <= self.year <= 9997):
            raise ValueError(f"not a quarter: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read `2026-Q4`. Raises ValueError for anything else."""
        match = _QUARTER_WRITTEN.match(text)
        if not match:
            raise ValueError(f"not a quarter (YYYY-Qn): {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, when: date | datetime, tz: tzinfo = SHANGHAI) -> "Quarter":
        month = Period.of(when, tz)
        return cls(month.year, (month.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def months(self) -> list[Period]:
        return [Period(self.year, 3 * self.number - 2 + place) for place in range(3)]

    def shifted(self, quarters: int) -> "Quarter":
        year, place = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, place + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"


@dataclass(frozen=True, order=True, slots=True)
class Day(_Days):
    """One day, written `2026-10-15`."""

    on: date

    @classmethod
    def parse(cls, text: str) -> "Day":
        """Read `2026-10-15`. Raises ValueError for anything else."""
        if not _DAY_WRITTEN.match(text):
            raise ValueError(f"not a day (YYYY-MM-DD): {text!r}")
        return cls(date.fromisoformat(text))

    @classmethod
    def of(cls, when: date | datetime, tz: tzinfo = SHANGHAI) -> "Day":
        return cls(when.astimezone(tz).date() if isinstance(when, datetime) else when)

    @property
    def first_day(self) -> date:
        return self.on

    def shifted(self, days: int) -> "Day":
        return Day(self.on + timedelta(days=days))

    def __str__(self) -> str:
        return self.on.isoformat()


Span = Period | Week | Quarter | Day
"""What a report may speak of."""
