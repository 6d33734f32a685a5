"""When a shift ends, and what the clock says of the hours sold. Source: spec `workshop.md` (Time clock)."""

from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal


def shift_end(started_at: datetime, closes_at: time, tz: tzinfo) -> datetime:
    """When the shift of a clock ended: at closing time of its day, or at midnight for one started later."""
    started = started_at.astimezone(tz)
    closing = datetime.combine(started.date(), closes_at, tz)
    if started < closing:
        return closing
    return datetime.combine(started.date() + timedelta(days=1), time.min, tz)


def efficiency_rate(sold_hours: Decimal, minutes: Decimal) -> Decimal | None:
    """Standard hours sold ÷ hours clocked on a job; nothing while either is missing. 1.1 means 110 %."""
    return sold_hours * 60 / minutes if sold_hours and minutes else None
