"""What a committee's votes come to. Source: spec `commission.md` (Appeal … decided by a committee of ≥ 2)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

LEAST_MEMBERS = 2


def verdict(votes: Sequence[Decimal | None]) -> Decimal | None:
    """What is granted (CNY, zero: rejected) once the majority stands, else None. A vote is the amount granted, zero to
    reject, None not cast.

    Granted is the highest amount that at least half of all members grant: who grants more grants that too, and an even
    split is decided in the person's favour. As soon as more than half have granted, or more than half have rejected,
    nobody is waited for; with a split so even that the last vote could tip it, everybody is.
    """
    cast = sorted((vote for vote in votes if vote is not None), reverse=True)
    granting = [vote for vote in cast if vote > 0]
    if 2 * (len(cast) - len(granting)) > len(votes):
        return Decimal(0)
    if 2 * len(granting) > len(votes) or len(cast) == len(votes):
        half = (len(votes) + 1) // 2  # so many grant at least: more rejections have been answered above
        return granting[half - 1]
    return None


MORNING = time(8)
"""Nobody is reminded at midnight that a day has begun."""
A_DAY_LATER, LAST_DAY, OVER = "a_day_later", "last_day", "over"


def marks_passed(named_at: datetime, last_on: date, at: datetime) -> list[str]:
    """The marks that lie behind a member who has not voted, in their order: a day since they were named, the morning of
    the last day, the morning after it; none that had passed when they were named. Moments in the store's time zone."""
    marks = {
        A_DAY_LATER: named_at + timedelta(days=1),
        LAST_DAY: datetime.combine(last_on, MORNING, at.tzinfo),
        OVER: datetime.combine(last_on + timedelta(days=1), MORNING, at.tzinfo),
    }
    return [mark for mark in sorted(marks, key=marks.__getitem__) if named_at < marks[mark] <= at]
