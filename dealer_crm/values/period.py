"""A period: one calendar month in a store's time zone, written `2026-10`. Source: spec `README.md`, conventions."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WRITTEN = re.compile(r"^(\d{4})-(\d{2})$")


@dataclass(frozen=True, order=True, slots=True)
class Period:
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

    def next(self) -> "Period":
        return self.shifted(1)

    def previous(self) -> "Period":
        return self.shifted(-1)

    def shifted(self, months: int) -> "Period":
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Period(year, month + 1)

    def bounds(self, tz: tzinfo = SHANGHAI) -> tuple[datetime, datetime]:
        """Aware [start, end) of the month."""
        return (
            datetime.combine(self.first_day, time.min, tz),
            datetime.combine(self.next().first_day, time.min, tz),
        )

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
