"""When a department's answer is due unless the agent says otherwise. Source: spec `callback.md`, referrals."""

from datetime import datetime, timedelta

from callback.formulas.due import Hours


def answer_by(asked_at: datetime, within: timedelta, hours: Hours) -> datetime:
    """`within` after the question, up to the next full quarter of an hour; what comes before opening, or would end
    behind closing time, is due as long after the next opening."""
    local = asked_at.astimezone(hours.tz)
    local = max(local, datetime.combine(local.date(), hours.opens, hours.tz))
    due = _quarter(local + within)
    if due.date() == local.date() and due.time() <= hours.closes:
        return due
    morning = datetime.combine(local.date() + timedelta(days=1), hours.opens, hours.tz)
    return _quarter(morning + within)


def _quarter(moment: datetime) -> datetime:
    return moment + timedelta(minutes=-moment.minute % 15, seconds=-moment.second, microseconds=-moment.microsecond)
