from datetime import date, timedelta

from dealer_crm.values import WorkCalendar
from dealer_crm.workdays.models import CalendarDay

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


def missing_years(today: date, weeks_ahead: int) -> list[int]:
    """Years that begin within `weeks_ahead` weeks, or have begun, and are not loaded."""
    needed = sorted({today.year, (today + timedelta(weeks=weeks_ahead)).year})
    loaded = set(
        CalendarDay.objects.filter(store_code="", day__in=[date(year, 1, 1) for year in needed]).values_list(
            "day__year", flat=True
        )
    )
    return [year for year in needed if year not in loaded]
