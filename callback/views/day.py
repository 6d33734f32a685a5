"""The day a page speaks of, on the clock of the store."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from dealer_crm.organization.models import Store


def day_of(store: Store | None, moment: datetime) -> tuple[datetime, datetime]:
    """Beginning and end of the day `moment` falls in."""
    zone = store.tz if store else timezone.get_current_timezone()
    begin = datetime.combine(moment.astimezone(zone).date(), time.min, zone)
    return begin, begin + timedelta(days=1)


def bounds(store: Store | None, first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """The moments [from, until) of a span of days, either end open."""
    zone = store.tz if store else timezone.get_current_timezone()
    begin = datetime.combine(first, time.min, zone) if first else None
    return begin, datetime.combine(last + timedelta(days=1), time.min, zone) if last else None
