"""When a message is sent, and when again. Source: spec `callback.md` (retries, quiet hours)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

GROWS = 4
LONGEST = timedelta(hours=6)


def wait_after(tries: int, *, first: timedelta, asked: timedelta | None = None) -> timedelta:
    """How long to wait after the `tries`-th try that failed: 1, 4, 16, 64 … minutes with a `first` of one minute; never
    less than the gateway asked for, never more than six hours."""
    own = min(first * GROWS ** min(max(tries - 1, 0), 8), LONGEST)
    return min(max(own, asked or own), LONGEST)


@dataclass(frozen=True)
class SendingHours:
    """Customers' messages go out from `begins` until `ends` on the store's clock."""

    begins: time
    ends: time
    tz: tzinfo

    def next_moment(self, at: datetime) -> datetime:
        """`at` itself when it lies in the hours, else when they begin next."""
        here = at.astimezone(self.tz)
        if self.begins <= here.time() < self.ends:
            return at
        day = here.date() + timedelta(days=1 if here.time() >= self.ends else 0)
        return datetime.combine(day, self.begins, self.tz)

    def tomorrow(self, at: datetime) -> datetime:
        """When the hours begin on the next day."""
        return datetime.combine(at.astimezone(self.tz).date() + timedelta(days=1), self.begins, self.tz)

    def day_begins(self, at: datetime) -> datetime:
        return datetime.combine(at.astimezone(self.tz).date(), time(), self.tz)
