"""A result line and the other pieces a month is made of."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from commission.formulas.explanation import Explanation
from commission.formulas.wording import Notice
from dealer_crm.values import Period

# Kinds of a person's lines: items add up to the gross, deductions and adjustments lead to the net.
ITEM, DEDUCTION, ADJUSTMENT = "item", "deduction", "adjustment"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One amount of one person (sheet 项目). Deductions carry the amount taken off, as a positive number."""

    staff: str
    code: str
    title: str
    kind: str
    base: Decimal
    rate: Decimal
    factor: Decimal
    amount: Decimal
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One pool of a team or department (sheet 班组). Hours and what belongs to them only for teams paid by hours."""

    team: str
    kind: str
    code: str
    title: str
    amount: Decimal
    explanation: Explanation
    hours: Decimal | None = None
    hour_price: Decimal | None = None
    consumables: Decimal | None = None
    divisor: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PoolFigure:
    """One figure of the front-desk pool (sheet 业务接待). `key` names it in explanations, `name` on the sheet."""

    key: str
    name: str
    value: Decimal
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """A person's month (sheet 汇总): net = gross − complaints − appraisal + adjustments."""

    staff: str
    name: str
    post: str
    team: str | None
    gross: Decimal
    complaints: Decimal
    appraisal: Decimal
    adjustments: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class Detail:
    """One source row (sheet 明细). `receiver`: work number, team, or empty for the pool."""

    code: str
    receiver: str
    kind: str
    number: str
    order: str
    day: date | None
    value: Decimal
    counted: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for another month (sheet 结转), and why."""

    reason: Notice
    kind: str
    order: str
    day: date | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MonthResult:
    store: str
    period: Period
    plan: str
    figures: tuple[PoolFigure, ...] = ()
    teams: tuple[TeamLine, ...] = ()
    lines: tuple[PersonLine, ...] = ()
    summaries: tuple[PersonSummary, ...] = ()
    details: tuple[Detail, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    warnings: tuple[Notice, ...] = field(default=())

    def figure(self, name: str) -> PoolFigure:
        """By the name on the sheet or the key. Raises KeyError."""
        for figure in self.figures:
            if name in (figure.name, figure.key):
                return figure
        raise KeyError(name)

    def of(self, staff: str) -> tuple[PersonLine, ...]:
        return tuple(line for line in self.lines if line.staff == staff)
