import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from dealer_crm.values import WorkCalendar
from dealer_crm.workdays.models import CalendarDay

MAKE_UP_DAY = "调休上班"
"""The name of a working Saturday or Sunday that makes up for a holiday."""

# A due date is sought among the days around a span; the longest break (Golden Week with its make-up days) is shorter.
_MARGIN = timedelta(days=31)


def work_calendar(store=None, first: date | None = None, last: date | None = None) -> WorkCalendar:
    """The working days a store keeps, from a month before `first` to a month after `last` (all on record if None)."""
    rows = CalendarDay.objects.filter(store_code__in=["", store.code] if store else [""]).order_by("store_code")
    if first:
        rows = rows.filter(day__gte=first - _MARGIN)
    if last:
        rows = rows.filter(day__lte=last + _MARGIN)
    days, names = {}, {}
    for day, is_working, name in rows.values_list("day", "is_working", "name"):  # a store's own row comes later
        days[day] = is_working
        names[day] = name
    return WorkCalendar(days, names)


def working_days_counted(store, first: date, last: date) -> tuple[str, list]:
    """The number of working days from `first` to `last`, as a value within somebody else's statement: its SQL and
    arguments. The rule is that of `WorkCalendar.working_days`."""
    return _WORKING_DAYS, [first, last, store.code]


_WORKING_DAYS = """(
    SELECT COUNT(*) FROM generate_series(%s::date, %s::date, interval '1 day') AS span (day)
    LEFT JOIN LATERAL (
        SELECT is_working FROM workdays_calendarday rule
        WHERE rule.day = span.day AND rule.store_code IN ('', %s) ORDER BY rule.store_code DESC LIMIT 1
    ) kept ON true
    WHERE COALESCE(kept.is_working, EXTRACT(ISODOW FROM span.day) < 6)
)"""


def missing_years(today: date, weeks_ahead: int) -> list[int]:
    """Years that have begun, or begin within `weeks_ahead` weeks, and are not loaded."""
    needed = years_needed(today, weeks_ahead)
    first_days = [date(year, 1, 1) for year in needed]
    loaded = set(CalendarDay.objects.filter(store_code="", day__in=first_days).values_list("day__year", flat=True))
    return [year for year in needed if year not in loaded]


def provisional_years(today: date, weeks_ahead: int) -> list[int]:
    """Needed years that are loaded without a single make-up day: they were loaded before those were announced."""
    missing = missing_years(today, weeks_ahead)
    return [year for year in years_needed(today, weeks_ahead) if year not in missing and is_provisional(year)]


def years_needed(today: date, weeks_ahead: int) -> list[int]:
    return sorted({today.year, (today + timedelta(weeks=weeks_ahead)).year})


def is_loaded(year: int) -> bool:
    return CalendarDay.objects.filter(store_code="", day=date(year, 1, 1)).exists()


def has_exception(store, day: date) -> bool:
    """True when the store keeps a rule of its own on this day."""
    return CalendarDay.objects.filter(store_code=store.code, day=day).exists()


def is_provisional(year: int) -> bool:
    """Every year since 2008 has had make-up days; a year without one on record was loaded too early."""
    weekend = CalendarDay.objects.filter(store_code="", day__year=year, day__iso_week_day__gte=6, is_working=True)
    return not weekend.exists()


# ── The year as a picture ────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ShownDay:
    """One square of the year: `kind` is working, rest, holiday, make_up or assumed; `is_own`: a store's exception."""

    day: date
    kind: str
    name: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class NamedDays:
    """Neighbouring days of a month under one name, `days` as people write them: "1–7"."""

    name: str
    kind: str
    days: str


@dataclass(frozen=True)
class ShownMonth:
    first: date
    weeks: list[list[ShownDay | None]]
    working_days: int
    names: list[NamedDays]


def year_shown(year: int, store=None) -> list[ShownMonth]:
    """The twelve months of a year as a store keeps them, weeks from Monday; None outside the month."""
    span = date(year, 1, 1), date(year, 12, 31)
    rows = CalendarDay.objects.filter(day__range=span)
    national = {row.day: row for row in rows.filter(store_code="")}
    own = {row.day: row for row in rows.filter(store_code=store.code)} if store else {}
    return [_month_shown(year, month, national, own) for month in range(1, 13)]


def _month_shown(year: int, month: int, national: dict, own: dict) -> ShownMonth:
    weeks = [
        [_day_shown(day, national, own) if day.month == month else None for day in week]
        for week in calendar.Calendar(firstweekday=0).monthdatescalendar(year, month)
    ]
    worked = {"working", "make_up"}
    days = [day for week in weeks for day in week if day]
    count = sum(day.kind in worked or (day.kind == "assumed" and day.day.weekday() < 5) for day in days)
    return ShownMonth(date(year, month, 1), weeks, count, _named(days))


def _named(days: list[ShownDay]) -> list[NamedDays]:
    found = []
    for (name, kind), run in groupby(days, key=lambda day: (day.name, day.kind)):
        numbers = [day.day.day for day in run]
        if name:
            span = f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
            found.append(NamedDays(name, kind, span))
    return found


def _day_shown(day: date, national: dict, own: dict) -> ShownDay:
    row = own.get(day) or national.get(day)
    if row is None:
        return ShownDay(day, "assumed")
    is_weekend = day.weekday() > 4
    if row.is_working:
        kind = "make_up" if is_weekend else "working"
    else:
        kind = "rest" if is_weekend and not row.name else "holiday"
    return ShownDay(day, kind, row.name, day in own)
