"""What the board shows of a promise. Source: spec `workshop.md` (Progress board)."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

WALL_TWELFTHS = 12
ROOMY, SNUG = 36, 110
"""Up to so many cars the wall shows who works on them; up to so many the promise beside what is left of it."""


def density(cars: int) -> str:
    """How closely the wall shows so many cars: "roomy", "snug" (two lines for each) or "dense" (one line)."""
    return "roomy" if cars <= ROOMY else "snug" if cars <= SNUG else "dense"


def spans(counts: Sequence[int]) -> list[int]:
    """Twelfths of the wall's width for columns with so many cars: at least one each, the rest to the fullest."""
    widths = [1] * len(counts)
    for _ in range(WALL_TWELFTHS - len(counts)):
        fullest = max(range(len(counts)), key=lambda index: (counts[index] / widths[index], -index))
        widths[fullest] += 1
    return widths


def minutes_left(promised_at: datetime | None, at: datetime) -> int | None:
    """Whole minutes until the promise, negative when it has passed, None without a promise."""
    if promised_at is None:
        return None
    return int((promised_at - at).total_seconds() // 60)


def promise_tone(left: int | None, warning: int = 30) -> str:
    """Green, amber when `warning` minutes or less remain, red when late. Source: workshop.md (progress board)."""
    if left is None:
        return "neutral"
    return "danger" if left < 0 else "warning" if left <= warning else "success"


def countdown(left: int | None) -> str:
    """Minutes to the promise as a screen shows them: 95 → "1:35", late "−0:20"; "" when it is days away."""
    if left is None:
        return "—"
    sign, left = ("−" if left < 0 else ""), abs(left)
    return f"{sign}{left // 60}:{left % 60:02d}" if left < 24 * 60 else ""


def shown_promise(promised_at: datetime | None, at: datetime, tz: tzinfo) -> str:
    """The promised time: "15:30" when it is today, else with its day "11-24 15:30"."""
    if promised_at is None:
        return ""
    promised = promised_at.astimezone(tz)
    return f"{promised:%H:%M}" if promised.date() == at.astimezone(tz).date() else f"{promised:%m-%d %H:%M}"
