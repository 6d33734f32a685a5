"""Clocks of a complaint: wall time from receipt, stopped only while the customer is awaited.

Source: complaints.md, "Clocks", "Escalation".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

MANUFACTURER = "manufacturer"
WARNING, BREACH, DOUBLE = "warning", "breach", "double"


@dataclass(frozen=True)
class Clocks:
    """How long the first reply and the solution may take."""

    reply: timedelta
    solve: timedelta


def clocks_of(
    *,
    source: str,
    severity: str,
    reply: Mapping[str, timedelta],
    solve: Mapping[str, timedelta],
    manufacturer_reply: Mapping[str, timedelta],
) -> Clocks:
    """The clocks of a complaint by its source and severity.

    What the manufacturer relays has its own time to the first contact (general 24 h, important 4 h). A solution is
    never due before the first contact is. Source: complaints.md, "Clocks".
    """
    first = (manufacturer_reply if source == MANUFACTURER else reply)[severity]
    return Clocks(reply=first, solve=max(first, solve[severity]))


@dataclass(frozen=True)
class Mark:
    """A moment of a clock at which somebody is told."""

    alarm: str
    at: datetime


def marks_passed(
    *,
    due_at: datetime,
    length: timedelta,
    warning: timedelta,
    until: datetime,
) -> list[Mark]:
    """The marks a clock has passed by `until`: `warning` before it runs out, run out, twice its time.

    `until` is the moment the clock was met or stopped, or now while it runs. A clock that was met exactly when it ran
    out was met in time. `due_at` already holds every stop, so twice the time is one more `length` after it.
    Source: complaints.md, "Escalation".
    """
    marks = (Mark(WARNING, due_at - warning), Mark(BREACH, due_at), Mark(DOUBLE, due_at + length))
    return [mark for mark in marks if mark.at < until]


def moved_by_stop(due_at: datetime, stopped_at: datetime, resumed_at: datetime) -> datetime:
    """When a clock runs out after it stood from `stopped_at` to `resumed_at`: later by as much."""
    return due_at + max(timedelta(), resumed_at - stopped_at)
