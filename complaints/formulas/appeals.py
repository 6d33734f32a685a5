"""Until when a person may appeal. Source: complaints.md, "the person concerned may appeal within 5 days"."""

from datetime import date, timedelta


def appeal_until(told_on: date, days: int) -> date:
    """The last day of an appeal: the day of being told does not count, the whole of the last day does."""
    return told_on + timedelta(days=days)
