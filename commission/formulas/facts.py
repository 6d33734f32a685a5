"""What a month's pay is counted from. Plain values, gathered once by `commission.queries`; the formulas ask nothing.

People are named by work number, teams by name (unique in a store). Days are days of the store's time zone.
`MonthFacts.orders` must hold, whole, every order that was settled, reversed, completed, assessed, released or paid in
the month, or waits for one of these; further orders change nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dealer_crm.values import Period
from reception.formulas import OrderFact


@dataclass(frozen=True, slots=True)
class PositionFact:
    """What a person is from `starts_on` until the next position starts. `store`: only the run's own store pays."""

    store: str
    post: str
    starts_on: date
    coefficient: Decimal = Decimal(0)
    team: str | None = None


@dataclass(frozen=True, slots=True)
class StaffFact:
    """`left_on` is the last day employed. `regularised_on` None: on probation."""

    number: str
    name: str
    hired_on: date | None = None
    regularised_on: date | None = None
    left_on: date | None = None
    positions: tuple[PositionFact, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamFact:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class TargetFact:
    """A target of the month. `staff` None: the store's own."""

    measure: str
    amount: Decimal
    staff: str | None = None
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """Appraisal score (考核成绩) of the month."""

    staff: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class ComplaintFact:
    """`is_verified` None: not decided yet. `verified_at` None: decided before anybody kept the time (imports)."""

    number: str
    received_on: date
    is_verified: bool | None = None
    verified_at: datetime | None = None
    responsible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsumableFact:
    """辅料: `amount` CNY issued to a team."""

    number: str
    team: str
    issued_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class HourDeductionFact:
    """扣除工时: approved ones only."""

    number: str
    staff: str
    deducted_on: date
    hours: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ComebackFact:
    """The inspector's decision on a comeback (外返). `teams`: at fault, a technician's fault being their team's."""

    order: str
    is_accepted: bool
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoefficientChangeFact:
    """A temporary coefficient in a team from `starts_on` to `ends_on`, both counted (None: all of the month); it counts
    only after the station manager's approval."""

    staff: str
    team: str
    coefficient: Decimal
    is_approved: bool
    reason: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.starts_on or date.min) <= day <= (self.ends_on or date.max)


@dataclass(frozen=True, slots=True)
class AdjustmentFact:
    """A manual reward (+) or penalty (−); counts once approved."""

    number: str
    staff: str
    amount: Decimal
    is_approved: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything one store's month is paid from. `locks`: when months were locked, for late verified complaints."""

    store: str
    period: Period
    staff: tuple[StaffFact, ...] = ()
    teams: tuple[TeamFact, ...] = ()
    orders: tuple[OrderFact, ...] = ()
    targets: tuple[TargetFact, ...] = ()
    scores: tuple[ScoreFact, ...] = ()
    complaints: tuple[ComplaintFact, ...] = ()
    consumables: tuple[ConsumableFact, ...] = ()
    hour_deductions: tuple[HourDeductionFact, ...] = ()
    comebacks: tuple[ComebackFact, ...] = ()
    coefficient_changes: tuple[CoefficientChangeFact, ...] = ()
    adjustments: tuple[AdjustmentFact, ...] = ()
    locks: tuple[tuple[Period, datetime], ...] = ()
