"""Shifts (班次) as people write them, and who is there. Source: spec `workshop.md` (skills and shifts)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

LONGEST_SHIFT = timedelta(hours=16)
_OFF = frozenset({"休", "休息", "off", "x", "-", "—"})
_SPAN = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*[-–—~至到]\s*(\d{1,2})(?::?(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a shift by the store's clock; both None: a day off that is written down.

    One that ends at or before its beginning goes on past midnight.
    """

    starts: time | None = None
    ends: time | None = None

    @property
    def is_off(self) -> bool:
        return self.starts is None

    def __str__(self):
        return "休" if self.is_off else f"{self.starts:%H:%M}-{self.ends:%H:%M}"


DAY_OFF = Hours()


def read_patterns(lines: Iterable[str]) -> dict[str, Hours]:
    """Name → hours of a store's usual shifts, written "早班 08:00-17:00"; lines that say nothing are passed over."""
    found = {}
    for line in lines:
        name, _blank, hours = _folded(line).rpartition(" ")
        span = _span(hours)
        if name and span:
            found[name] = span
    return found


def read_shift(text: str, patterns: Mapping[str, Hours]) -> Hours | None:
    """What somebody wrote into the plan: "8-17", "8:30-17:30", a usual shift's name or its beginning, 休, or nothing.

    Raises ValueError for anything else.
    """
    text = _folded(text)
    if not text:
        return None
    if text.casefold() in _OFF:
        return DAY_OFF
    if span := _span(text):
        return span
    meant = [hours for name, hours in patterns.items() if name == text] or [
        hours for name, hours in patterns.items() if name.casefold().startswith(text.casefold())
    ]
    if len(set(meant)) != 1:
        raise ValueError(text)
    return meant[0]


def written(hours: Hours | None, patterns: Mapping[str, Hours]) -> str:
    """A shift as the plan shows it: by its usual name, else by its hours."""
    if hours is None:
        return ""
    return next((name for name, usual in patterns.items() if usual == hours), str(hours))


def moments(day: date, hours: Hours, zone: tzinfo) -> tuple[datetime, datetime]:
    """Begin and end of a shift that is no day off."""
    starts = datetime.combine(day, hours.starts, zone)
    ends = datetime.combine(day, hours.ends, zone)
    return starts, ends if ends > starts else ends + timedelta(days=1)


def lasts_too_long(hours: Hours) -> bool:
    """Longer than anybody may work at a stretch: a slip of the finger."""
    starts, ends = moments(date(2026, 1, 1), hours, None)
    return ends - starts > LONGEST_SHIFT


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class DayPlan:
    """Who is to be there on the day of a moment.

    `spans`: person → begin and end, None for a day off; nobody at all in it: the store keeps no plan for the day and
    its opening hours hold. `present`: who came and has not left, whatever the plan says.
    """

    opens_at: datetime
    closes_at: datetime
    spans: Mapping[int, tuple[datetime, datetime] | None] = field(default_factory=dict)
    present: frozenset[int] = frozenset()

    @property
    def is_kept(self) -> bool:
        return bool(self.spans)

    def span_of(self, person: int) -> tuple[datetime, datetime] | None:
        """When somebody is to work; None: not on this day."""
        return self.spans.get(person) if self.is_kept else (self.opens_at, self.closes_at)

    def is_on_shift(self, person: int, at: datetime) -> bool:
        span = self.span_of(person)
        return person in self.present or (span is not None and span[0] <= at < span[1])

    def may_be_given_work(self, person: int, at: datetime) -> bool:
        """There, or coming later on the day. Where no plan is kept, nobody is kept from work by it."""
        span = self.span_of(person)
        return not self.is_kept or person in self.present or (span is not None and at < span[1])


def _span(text: str) -> Hours | None:
    match = _SPAN.fullmatch(text)
    if not match:
        return None
    hours = [int(part or 0) for part in match.groups()]
    try:
        starts, ends = time(hours[0] % 24 if hours[0] == 24 else hours[0], hours[1]), time(hours[2] % 24, hours[3])
    except ValueError:
        return None
    return Hours(starts, ends) if starts != ends and hours[2] <= 24 else None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
