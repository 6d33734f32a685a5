"""One owed call, and which of those found have no task yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callback.models import CallTask, Rule


@dataclass(frozen=True)
class Owed:
    """One owed call. `event_on` is the day the window is counted from (`lead_days` before it for reminders);
    `event_at` its moment where hours are counted; `within_days` takes the place of the rule's own end,
    `channel` that of its channel."""

    source_key: str
    event_on: date
    customer_id: int
    refuses_calls: bool
    vehicle_id: int | None = None
    order_id: int | None = None
    complaint_id: int | None = None
    appointment_id: int | None = None
    lead_days: int = 0
    event_at: datetime | None = None
    within_days: int | None = None
    channel: str = ""


@dataclass(frozen=True)
class Reminder:
    """A rule's reminder reached for a day: the `lead` of the rule it is, and the days ahead it is counted from."""

    lead: int
    lead_days: int


def reminder_reached(rule: Rule, day: date, today: date) -> Reminder | None:
    """Of several reminders only the latest one reached: who missed the one 60 days ahead gets that of 30 days alone.

    A day entered so late that the reminder's window has passed already is recalled from today on: a call that could
    never have been made in time must not be born overdue.
    """
    leads = sorted(rule.lead_days) or [0]
    lead = next((lead for lead in leads if day - timedelta(days=lead) <= today), None)
    if lead is None:
        return None
    was_missed = day - timedelta(days=lead) + timedelta(days=rule.closes_after_days) < today
    return Reminder(lead, (day - today).days if was_missed else lead)


def reminder_days(rule: Rule, today: date, make_up: timedelta) -> tuple[date, date]:
    """The days (after the first, up to the last) whose reminder may be due now."""
    leads = sorted(rule.lead_days) or [0]
    return today + timedelta(days=leads[0]) - make_up, today + timedelta(days=leads[-1])


def without_task(rule: Rule, found: list[Owed]) -> Iterator[Owed]:
    known = set(
        CallTask.objects.filter(rule=rule, source_key__in=[each.source_key for each in found]).values_list(
            "source_key", flat=True
        )
    )
    return (each for each in found if each.source_key not in known)
