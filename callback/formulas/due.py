"""The window of an owed call and its last moment, with the reason for it.

Source: spec `callback.md` (which calls are owed; holidays; "every due date can say why it is what it is").
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from dealer_crm.values import WorkCalendar


@dataclass(frozen=True)
class Hours:
    """The hours in which a store calls on a working day, on its own clock."""

    opens: time
    closes: time
    tz: tzinfo

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.tz)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes, self.tz)


@dataclass(frozen=True)
class Due:
    """`why` is the reason in plain values: `code` (`choices.DueWhy`), the days it speaks of, and what was special."""

    opens_at: datetime
    due_at: datetime
    was_shifted: bool
    why: dict


def call_window(
    *, event_on: date, opens_after: int, closes_after: int, calendar: WorkCalendar, hours: Hours, lead_days: int = 0
) -> Due:
    """The window of one call.

    It opens `opens_after` calendar days after the event and ends at the close of day `closes_after`. The last day to
    call is the last *working* day inside it; when it has none, the first working day after it, marked as shifted.
    With `lead_days` the days are counted from that many days *before* the event (reminders).
    """
    start = event_on - timedelta(days=lead_days)
    first, last = start + timedelta(days=opens_after), start + timedelta(days=closes_after)
    working = calendar.working_days(first, last)
    day = working[-1] if working else calendar.next_working(last)
    if not working:
        code = "shifted"
    elif day == last:
        code = "last_day"
    else:
        code = "last_working_day"
    return Due(
        opens_at=hours.opening(first),
        due_at=hours.closing(day),
        was_shifted=not working,
        why={
            "code": code,
            "event": event_on.isoformat(),
            "lead": lead_days,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "due": day.isoformat(),
            "free": _names(calendar, first if not working else day + timedelta(days=1), last),
            "assumed": any(calendar.is_assumed(each) for each in _days(first, max(day, last))),
        },
    )


def hours_window(*, moment: datetime, within: int, calendar: WorkCalendar, hours: Hours) -> Due:
    """The window of a call that is owed within `within` hours of a moment (new-car handover: 2 hours).

    Only hours in which calls are made count: what is left at the end of a working day goes on at the opening of the
    next. An event on a free day is called about on the next working day, marked as shifted.
    """
    local = moment.astimezone(hours.tz)
    day, left, opens_at = local.date(), timedelta(hours=within), None
    while True:
        begin = max(local, hours.opening(day))
        room = hours.closing(day) - begin
        if calendar.is_working(day) and room > timedelta():
            opens_at = opens_at or begin
            if room >= left:
                break
            left -= room
        day = calendar.next_working(day)
    due_at = begin + left
    was_shifted = not calendar.is_working(local.date())
    return Due(
        opens_at=opens_at,
        due_at=due_at,
        was_shifted=was_shifted,
        why={
            "code": "hours_shifted" if was_shifted else "hours",
            "event": local.date().isoformat(),
            "lead": 0,
            "moment": f"{local:%F %H:%M}",
            "hours": within,
            "first": opens_at.date().isoformat(),
            "last": due_at.date().isoformat(),
            "due": f"{due_at:%F %H:%M}",
            "free": _names(calendar, local.date(), due_at.date()),
            "assumed": any(calendar.is_assumed(each) for each in _days(local.date(), due_at.date())),
        },
    )


def _names(calendar: WorkCalendar, first: date, last: date) -> list[str]:
    """What the free days of a span are called, each name once; plain weekends have none."""
    return list(dict.fromkeys(filter(None, (calendar.name(day) for day in _days(first, last)))))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
