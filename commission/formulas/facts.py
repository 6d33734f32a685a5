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
    """`is_verified` None: not decided yet. `verified_at` None: decided before anybody kept the time (imports).

    `counted`: (person, month) where a locked month has taken it off that person's pay.
    """

    number: str
    received_on: date
    is_verified: bool | None = None
    verified_at: datetime | None = None
    responsible: tuple[str, ...] = ()
    counted: tuple[tuple[str, Period], ...] = ()


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
class AppointmentFact:
    """An appointment that was kept: `staff` made it, and the car whose order was opened from it came on `kept_on`."""

    number: str
    staff: str
    kept_on: date
    order: str = ""


@dataclass(frozen=True, slots=True)
class IncentiveFact:
    """A daily incentive or add-on business, entered with its amount; counts once approved."""

    number: str
    staff: str
    kind: str
    day: date
    amount: Decimal
    is_approved: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LevelFact:
    """Certification level from a day on."""

    staff: str
    level: Decimal
    starts_on: date


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """A measure of the catalogue as the store did in the month. `value` None: there was nothing to measure. `unit`: how
    it is written (`wording.written`)."""

    code: str
    value: Decimal | None
    goal: Decimal | None = None
    unit: str = "number"


@dataclass(frozen=True, slots=True)
class PayItemFact:
    """What a person is paid or has taken off each month from `starts_on` on, until the next row of its kind starts."""

    staff: str
    kind: str
    amount: Decimal
    starts_on: date


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything one store's month is paid from. `locks`: when months were locked, for late verified complaints.

    `measures` are those of the store's month that a plan may look at; `pay_items` and `levels` all rows of the people.
    """

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
    appointments: tuple[AppointmentFact, ...] = ()
    incentives: tuple[IncentiveFact, ...] = ()
    levels: tuple[LevelFact, ...] = ()
    measures: tuple[MeasureFact, ...] = ()
    pay_items: tuple[PayItemFact, ...] = ()
