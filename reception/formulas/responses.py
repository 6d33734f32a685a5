"""How fast a visit under a service agreement was answered. Source: spec `reception.md`, Service agreements."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Response:
    """From the arrival until work begins, by the clock: what the customer sees.

    `begun_at` None: nobody has begun yet or, where the work `is_over`, nobody wrote down when (visits by workbook).
    """

    arrived_at: datetime
    hours: int
    begun_at: datetime | None
    is_over: bool = False

    def took(self, at: datetime) -> timedelta | None:
        """None where nobody knows."""
        if self.begun_at is None and self.is_over:
            return None
        return (self.begun_at or at) - self.arrived_at

    def is_kept(self, at: datetime) -> bool | None:
        """Whether the promised time was kept; None while it still runs, and where nobody knows."""
        took = self.took(at)
        if took is None:
            return None
        if took > timedelta(hours=self.hours):
            return False
        return True if self.begun_at else None
