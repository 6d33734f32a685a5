"""When a shift ends. Source: spec `workshop.md` (Time clock)."""

from datetime import datetime, time, timedelta, tzinfo


def shift_end(started_at: datetime, closes_at: time, tz: tzinfo) -> datetime:
    """When the shift of a clock ended: at closing time of its day, or at midnight for one started later."""
    started = started_at.astimezone(tz)
    closing = datetime.combine(started.date(), closes_at, tz)
    if started < closing:
        return closing
    return datetime.combine(started.date() + timedelta(days=1), time.min, tz)
