"""A month's measures beside target, last month and last year, ready to be read."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dealer_crm.kpi.choices import Unit
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries.measures import MEASURES, Measured, MeasureOfMonth, Months
from dealer_crm.organization.models import Store
from dealer_crm.values import Period


@dataclass(frozen=True)
class Tile:
    """One measure of one month with what it is held against."""

    entry: MeasureOfMonth
    now: Measured
    goal: Decimal | None
    before: Decimal | None
    last_year: Decimal | None

    @property
    def tone(self) -> str:
        """Whether the goal is met; neutral without a goal or a figure."""
        if self.goal is None or self.now.value is None:
            return "neutral"
        met = self.now.value <= self.goal if self.entry.is_ceiling else self.now.value >= self.goal
        return "success" if met else "danger"

    @property
    def is_share(self) -> bool:
        return self.entry.unit == Unit.SHARE

    @property
    def places(self) -> int:
        """Decimals of a figure that is neither money nor a share."""
        return 1 if self.entry.unit in (Unit.POINTS, Unit.PER_DAY, Unit.PER_PERSON) else 0

    @property
    def is_money(self) -> bool:
        return self.entry.unit == Unit.MONEY


def tiles(store: Store, period: Period, at: datetime | None = None) -> list[Tile]:
    """The catalogue for one month, in its order; `at`: now, if the month may be under way."""
    months = Months(store, period, period.previous(), period.shifted(-12), at=at)
    now, before, last_year = (months.measured(one) for one in months.periods)
    goals = months.goals(period) | _goals(store, period)
    return [
        Tile(entry, now[code], goals.get(code), before[code].value, last_year[code].value)
        for code, entry in MEASURES.items()
    ]


def _goals(store: Store, period: Period) -> dict[str, Decimal]:
    rows = Target.objects.filter(store=store, period=str(period), staff=None, team=None, order_kind="")
    return dict(rows.values_list("measure", "goal"))
