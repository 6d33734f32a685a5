"""Quiet hours: when nobody is called. Source: spec `callback.md` (contact rules)."""

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True)
class QuietHours:
    """Calls are allowed from `begins` to `ends`, but not in the noon rest. Times on the store's clock."""

    begins: time
    ends: time
    rests_from: time
    rests_until: time

    def covers(self, moment: datetime) -> bool:
        """Whether `moment` (already on the store's clock) lies in quiet hours."""
        clock = moment.time()
        return not (self.begins <= clock < self.ends) or self.rests_from <= clock < self.rests_until

    def half_day_of(self, moment: datetime) -> datetime:
        """When the half-day of `moment` (already on the store's clock) begins: midnight, or the noon rest."""
        begin = time() if moment.time() < self.rests_from else self.rests_from
        return datetime.combine(moment.date(), begin, moment.tzinfo)
