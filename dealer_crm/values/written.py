"""Moments as people write them on paper. Pure Python."""

import re
from datetime import date, datetime, time, tzinfo

_CLOCK = re.compile(
    r"(?:(?:(?P<month>\d{1,2})[-/.月])?(?P<day>\d{1,2})日?\s+)?(?P<hour>\d{1,2})[:：时点.](?P<minute>\d{2})分?"
)


def written_moment(text: str, day: date, tz: tzinfo) -> datetime:
    """`16:30` on the sheet's day, `13 16:30` or `10-13 16:30` on another: the nearest such day at or after the sheet's.

    Raises ValueError when it is neither.
    """
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    clock = time(int(found["hour"]), int(found["minute"]))
    if found["day"] is None:
        return datetime.combine(day, clock, tz)
    wanted, month = int(found["day"]), int(found["month"] or 0)
    for ahead in range(13):
        total = day.year * 12 + day.month - 1 + ahead
        year, each = total // 12, total % 12 + 1
        if month in (0, each):
            try:
                named = date(year, each, wanted)
            except ValueError:
                continue
            if named >= day:
                return datetime.combine(named, clock, tz)
    raise ValueError(text)
