"""How the callback centre did. Source: spec `callback.md` (figures), `kpi.md` (callback coverage / in 3 days)."""

from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

_PLACES = Decimal("0.0001")
_TENTH = Decimal("0.1")


def rate(part: int, whole: int) -> Decimal | None:
    """Part of a whole as a rate 0–1; None when there is nothing to divide by."""
    return (Decimal(part) / Decimal(whole)).quantize(_PLACES) if whole else None


@dataclass(frozen=True)
class CallFigures:
    """Counts of a span. `owed`: tasks whose last moment lies in it, those nobody may call left out; `called`: of
    these, with at least one try; `called_inside`: first tried inside the window; `completed`: talked through;
    `calls`: calls made in the span, `connected` of them reached the customer; `rated` brought answers with scores, and
    `satisfied` of them a mean of 7 of 10 or better; `hours`: hours of the clock in which an agent called at all, added
    up over agents; `handling`: the time spent on the `timed` calls, from taking each to writing down what came of it.
    """

    owed: int = 0
    called: int = 0
    called_inside: int = 0
    completed: int = 0
    refused: int = 0
    unreached: int = 0
    dropped: int = 0
    calls: int = 0
    connected: int = 0
    wrong_numbers: int = 0
    said_late: int = 0
    complaints: int = 0
    rated: int = 0
    satisfied: int = 0
    hours: int = 0
    timed: int = 0
    handling: timedelta = timedelta()

    @property
    def coverage_rate(self) -> Decimal | None:
        """Called ÷ owed."""
        return rate(self.called, self.owed)

    @property
    def inside_rate(self) -> Decimal | None:
        """Called inside the window ÷ owed."""
        return rate(self.called_inside, self.owed)

    @property
    def completion_rate(self) -> Decimal | None:
        """Talked through ÷ owed."""
        return rate(self.completed, self.owed)

    @property
    def connect_rate(self) -> Decimal | None:
        """Calls that reached the customer ÷ calls made."""
        return rate(self.connected, self.calls)

    @property
    def satisfied_rate(self) -> Decimal | None:
        """Calls with a mean of 7 or better ÷ calls that brought scores."""
        return rate(self.satisfied, self.rated)

    @property
    def calls_per_hour(self) -> Decimal | None:
        """Calls made ÷ agent-hours in which there were any."""
        return _tenth(Decimal(self.calls) / self.hours) if self.hours else None

    @property
    def handling_minutes(self) -> Decimal | None:
        """The mean time of a call."""
        return _tenth(Decimal(self.handling.total_seconds()) / 60 / self.timed) if self.timed else None

    def __add__(self, other: "CallFigures") -> "CallFigures":
        return CallFigures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, rounding=ROUND_HALF_UP)
