"""What happens after a call that reached nobody. Source: spec `callback.md` (outcomes, retry plan)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from callback.formulas.due import Hours
from callback.formulas.quiet import QuietHours
from dealer_crm.values import WorkCalendar

MORNING, AFTERNOON = "morning", "afternoon"


class Step(StrEnum):
    RETRY = "retry"
    TEXT = "text"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class NextStep:
    """`at` is the moment of the next try; None for the other steps, which are to be done at once."""

    step: Step
    at: datetime | None = None


@dataclass(frozen=True)
class RetryPlan:
    """`tries`: calls before a text message takes over."""

    tries: int
    quiet: QuietHours


def after_unreached(
    *,
    tried: Sequence[datetime],
    due_at: datetime,
    may_text: bool,
    plan: RetryPlan,
    hours: Hours,
    calendar: WorkCalendar,
    preferred_hour: int | None = None,
) -> NextStep:
    """The step after a call without an answer; `tried` are the moments of all such calls, this one last.

    Up to `plan.tries` calls, each in another half-day of a working day inside the window, then a text message, and
    where the customer wants none the call is closed as unreached. In the half-day that holds the customer's preferred
    hour the try is set to that hour.
    """
    if len(tried) < plan.tries:
        used = {_half_of(moment.astimezone(hours.tz), plan.quiet) for moment in tried}
        for half, start in _half_days(tried[-1], due_at, plan.quiet, hours, calendar, preferred_hour):
            if half not in used and start <= due_at:
                return NextStep(Step.RETRY, start)
    return NextStep(Step.TEXT if may_text else Step.UNREACHED)


def propose_times(
    *, now: datetime, plan: RetryPlan, hours: Hours, calendar: WorkCalendar, preferred_hour: int | None = None
) -> list[datetime]:
    """Moments to offer for a call-back: in an hour, and the next two half-days, none in quiet hours."""
    soon = (now + timedelta(hours=1)).astimezone(hours.tz).replace(second=0, microsecond=0)
    soon -= timedelta(minutes=soon.minute % 5)
    until = now + timedelta(days=15)
    halves = [start for _half, start in _half_days(now, until, plan.quiet, hours, calendar, preferred_hour)]
    offered = [] if plan.quiet.covers(soon) else [soon]
    return offered + halves[:2]


def _half_of(moment: datetime, quiet: QuietHours) -> tuple[date, str]:
    return moment.date(), MORNING if moment.time() < quiet.rests_from else AFTERNOON


def _half_days(
    after: datetime,
    until: datetime,
    quiet: QuietHours,
    hours: Hours,
    calendar: WorkCalendar,
    preferred_hour: int | None,
) -> Iterator[tuple[tuple[date, str], datetime]]:
    """The half-days of working days that begin after `after`, up to `until`, each with the moment to call in it."""
    day, last = after.astimezone(hours.tz).date(), until.astimezone(hours.tz).date()
    while day <= last:
        if calendar.is_working(day):
            for half, begins, ends in (
                (MORNING, max(hours.opens, quiet.begins), quiet.rests_from),
                (AFTERNOON, quiet.rests_until, min(hours.closes, quiet.ends)),
            ):
                if datetime.combine(day, begins, hours.tz) > after:
                    yield (day, half), datetime.combine(day, _preferred(begins, ends, preferred_hour), hours.tz)
        day += timedelta(days=1)


def _preferred(begins: time, ends: time, hour: int | None) -> time:
    wanted = None if hour is None else time(hour)
    return wanted if wanted is not None and begins <= wanted < ends else begins
