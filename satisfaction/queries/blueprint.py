"""The live service blueprint (服务蓝图): what every touchpoint of a visit took, measured from the orders' own moments.

A touchpoint turns orders into those that passed it, each with the minutes it `took`: the figures in the cells and the
lists behind them come from the same rows. What an app above knows it registers itself (the call after the visit).
Source: spec `satisfaction.md`, "Service blueprint".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import (
    CharField,
    Count,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Abs, Cast, Extract, Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.journal.models import Entry
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Figure, Period
from reception.choices import OrderKind
from reception.models import RepairOrder
from reception.queries.punctuality import ON_TIME
from satisfaction import formulas
from satisfaction import settings as standards
from satisfaction.choices import Lane
from satisfaction.formulas import FactorFigures
from satisfaction.formulas.blueprint import Passage, tone_of_passage
from satisfaction.queries.effects import factor_months
from workshop.choices import STAY_BEGINS, JobState, Stay
from workshop.models import Job

_MINUTES = DecimalField(max_digits=12, decimal_places=2)
_HOUR = 60


@dataclass(frozen=True)
class Touchpoint:
    """A place where the customer meets the house, or waits for it.

    `stage`: the column it stands in. `passed`: orders → those that passed it, with `took` (minutes). `factors`: the
    codes of the service questionnaire that ask about it. `in_hours`: its standard is written in hours.
    """

    code: str
    label: str
    explanation: str
    lane: Lane
    stage: str
    standard: Figure
    factors: tuple[str, ...]
    passed: Callable[[QuerySet], QuerySet]
    in_hours: bool = False

    def minutes(self, standard) -> Decimal:
        return Decimal(standard) * (_HOUR if self.in_hours else 1)


@dataclass(frozen=True)
class StageOfVisit:
    """A column: what is done in each lane while the visit is there."""

    code: str
    label: str
    does: Mapping[Lane, str]


@dataclass(frozen=True)
class Cell:
    """A touchpoint as it was in a month."""

    touchpoint: Touchpoint
    standard: Decimal
    passage: Passage
    tone: str
    factors: list[tuple[FactorFigures, bool]]  # and whether the sample is small

    @property
    def standard_minutes(self) -> Decimal:
        return self.touchpoint.minutes(self.standard)


@dataclass(frozen=True)
class Column:
    stage: StageOfVisit
    cells: Mapping[Lane, list[Cell]]


@dataclass(frozen=True)
class Blueprint:
    """The month's blueprint. `kept`: orders handed over on time of those `promised`, as defined for every figure."""

    columns: list[Column]
    visits: int
    promised: int
    kept: int

    @property
    def kept_share(self) -> Decimal | None:
        return Decimal(self.kept) / self.promised if self.promised else None

    @property
    def width(self) -> int:
        """How many cells a row has, the lane's name among them."""
        return len(self.columns) + 1

    @property
    def lanes(self) -> list[tuple[Lane, list[tuple[str, list[Cell]]]]]:
        """Lane after lane what is done and measured in each column; the line of visibility lies under FRONT."""
        return [
            (lane, [(one.stage.does.get(lane, ""), one.cells.get(lane, [])) for one in self.columns]) for lane in Lane
        ]


def blueprint(store: Store, period: Period) -> Blueprint:
    """The visits that ended in the month, touchpoint by touchpoint; the same few queries however many there are."""
    rules = figures("satisfaction.", store=store, on=period.last_day)
    visits = visits_of(store, period)
    counted = visits.aggregate(
        visits=Count("pk"),
        promised=Count("promised_at"),
        kept=Count("promised_at", filter=Q(on_time=True)),
    )
    passages = _passages(visits, rules)
    asked = {code for one in touchpoints() for code in one.factors}
    factors = {code: said for (code, _period), said in factor_months(store, [period], codes=sorted(asked)).items()}
    cells = [_cell(one, rules, passages.get(one.code, Passage()), factors) for one in touchpoints()]
    columns = [
        Column(stage, {lane: [cell for cell in cells if _stands(cell, stage, lane)] for lane in Lane})
        for stage in STAGES
    ]
    return Blueprint(columns, **counted)


def visits_of(store: Store, period: Period) -> QuerySet[RepairOrder]:
    """Visits of customers that ended in the month: handed over, no PDI."""
    start, end = period.bounds(store.tz)
    rows = RepairOrder.objects.filter(store=store, delivered_at__gte=start, delivered_at__lt=end)
    return rows.exclude(kind=OrderKind.PDI).alias(on_time=ON_TIME).order_by()


def passed_by(touchpoint: Touchpoint, store: Store, period: Period, *, beyond: Decimal | None = None) -> QuerySet:
    """The orders behind a cell with the minutes each `took`; `beyond`: only those that took longer."""
    rows = touchpoint.passed(visits_of(store, period))
    if beyond is not None:
        rows = rows.filter(took__gt=beyond)
    return rows.select_related("vehicle", "customer", "advisor")


def _stands(cell: Cell, stage: StageOfVisit, lane: Lane) -> bool:
    return cell.touchpoint.stage == stage.code and cell.touchpoint.lane == lane


def _cell(touchpoint: Touchpoint, rules: Mapping, passage: Passage, factors: Mapping[str, FactorFigures]) -> Cell:
    smallest = rules[standards.SMALLEST_SAMPLE.code]
    tone = tone_of_passage(
        passage, well=rules[standards.KEPT_WELL.code], badly=rules[standards.KEPT_BADLY.code], smallest_sample=smallest
    )
    said = [factors[code] for code in touchpoint.factors if code in factors]
    return Cell(
        touchpoint, Decimal(rules[touchpoint.standard.code]), passage, tone,
        [(one, formulas.is_small(one.n, smallest)) for one in said],
    )  # fmt: skip


def _passages(visits: QuerySet, rules: Mapping) -> dict[str, Passage]:
    """Every touchpoint in one statement: visits, those within the standard, median and 90th percentile."""
    arms, values = [], []
    for one in touchpoints():
        sql, arguments = one.passed(visits).values_list("took").query.sql_with_params()
        arms.append(_MEASURED.format(passed=sql))
        values += [one.code, one.minutes(rules[one.standard.code]), *arguments]
    with connection.cursor() as cursor:
        cursor.execute("\nUNION ALL ".join(arms), values)
        return {code: Passage(n, within, _decimal(median), _decimal(p90)) for code, n, within, median, p90 in cursor}


# Every part is made by the query itself; the code and the standard are arguments.
_MEASURED = """
SELECT %s, COUNT(*), COUNT(*) FILTER (WHERE took <= %s),
    PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY took), PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY took)
FROM ({passed}) passed (took)
"""


def _decimal(value) -> Decimal | None:
    return None if value is None else Decimal(str(value))


# ── What is measured ─────────────────────────────────────────────────────────────────────────────────────────────────
def minutes_between(began, ended, *, least_zero: bool = True):
    """Minutes from one moment to another, as an expression; a moment entered too early counts as none."""
    seconds = Extract(
        ExpressionWrapper(_moment(ended) - _moment(began), output_field=DurationField()), "epoch", output_field=_MINUTES
    )
    minutes = ExpressionWrapper(seconds / Value(Decimal(60)), _MINUTES)
    return Greatest(minutes, Value(Decimal(0)), output_field=_MINUTES) if least_zero else minutes


def _moment(said):
    return F(said) if isinstance(said, str) else said


def _between(began: str, ended: str) -> Callable[[QuerySet], QuerySet]:
    """From one moment of the order to another."""

    def passed(orders: QuerySet) -> QuerySet:
        known = {f"{began}__isnull": False, f"{ended}__isnull": False}
        return orders.filter(**known).annotate(took=minutes_between(began, ended))

    return passed


def _arrived(orders: QuerySet) -> QuerySet:
    """How far the arrival lay from the appointed time, early or late."""
    beside = Abs(minutes_between("appointment__starts_at", "arrived_at", least_zero=False))
    return orders.filter(appointment__isnull=False).annotate(took=beside)


def _of_jobs(**moments) -> Callable[[QuerySet], QuerySet]:
    """Annotates moments of the order's jobs: name → aggregate."""

    def with_moments(orders: QuerySet) -> QuerySet:
        jobs = Job.objects.filter(order=OuterRef("pk")).exclude(state=JobState.CANCELLED).order_by().values("order")
        return orders.alias(
            **{name: Subquery(jobs.annotate(moment=moment).values("moment")) for name, moment in moments.items()}
        )

    return with_moments


_JOBS = _of_jobs(given=Min("assigned_at"), begun=Min("started_at"), ended=Max("finished_at"))


def _dispatched(orders: QuerySet) -> QuerySet:
    return (
        _JOBS(orders)
        .filter(opened_at__isnull=False, given__isnull=False)
        .annotate(took=minutes_between("opened_at", "given"))
    )


def _started(orders: QuerySet) -> QuerySet:
    return (
        _JOBS(orders).filter(given__isnull=False, begun__isnull=False).annotate(took=minutes_between("given", "begun"))
    )


def _worked(orders: QuerySet) -> QuerySet:
    """From the first technician's start to the last one's end, without the time the car stood still."""
    worked = minutes_between("begun", "ended") - _stood_still()
    return (
        _JOBS(orders)
        .filter(begun__isnull=False, ended__isnull=False)
        .annotate(took=Greatest(ExpressionWrapper(worked, _MINUTES), Value(Decimal(0)), output_field=_MINUTES))
    )


def _waited(orders: QuerySet) -> QuerySet:
    waits = Entry.objects.filter(**_about_order(), verb=_WAITING)
    return orders.filter(Exists(waits)).annotate(took=_stood_still())


def _inspected(orders: QuerySet) -> QuerySet:
    return (
        _JOBS(orders)
        .filter(ended__isnull=False, completed_at__isnull=False)
        .annotate(took=minutes_between("ended", "completed_at"))
    )


_WAITING = next(verb for verb, stay in STAY_BEGINS.items() if stay == Stay.WAITING)


def _about_order() -> dict:
    return {"subject_type": RepairOrder._meta.label_lower, "subject_id": Cast(OuterRef("pk"), CharField())}


def _stood_still():
    """Minutes an order waited for parts or an answer: from each such deed of the journal to the next deed."""
    went_on = Entry.objects.filter(
        subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"), verb__in=list(STAY_BEGINS),
        at__gt=OuterRef("at"),
    )  # fmt: skip
    waits = (
        Entry.objects.filter(**_about_order(), verb=_WAITING)
        .order_by()
        .annotate(went_on=Subquery(went_on.order_by("at").values("at")[:1]))
        .values("subject_id")
        .annotate(stood=Sum(minutes_between("at", "went_on")))
        .values("stood")
    )
    return _or_zero(Subquery(waits, output_field=_MINUTES))


def _or_zero(minutes):
    return Greatest(minutes, Value(Decimal(0)), output_field=_MINUTES)  # GREATEST passes over NULL


STAGES: tuple[StageOfVisit, ...] = (
    StageOfVisit("appointment", pgettext_lazy("blueprint", "Appointment"), {
        Lane.CUSTOMER: _("Makes an appointment, drives in"), Lane.FRONT: _("Confirms the day before"),
        Lane.BACK: _("Prepares papers and last findings"), Lane.SUPPORT: _("Appointment book, parts put aside"),
    }),
    StageOfVisit("reception", pgettext_lazy("blueprint", "Reception"), {
        Lane.CUSTOMER: _("Hands over the car, says what is wrong"), Lane.FRONT: _("Greets, walks round the car"),
        Lane.SUPPORT: _("Archive of the car, protective covers"),
    }),
    StageOfVisit("order", pgettext_lazy("blueprint", "Order"), {
        Lane.CUSTOMER: _("Agrees and signs"), Lane.FRONT: _("Names price and time, opens the order"),
        Lane.BACK: _("Dispatches the work"), Lane.SUPPORT: _("Price list, bays and shifts"),
    }),
    StageOfVisit("work", pgettext_lazy("blueprint", "Repair"), {
        Lane.CUSTOMER: _("Waits, decides on add-ons"), Lane.FRONT: _("Tells of progress and findings"),
        Lane.BACK: _("Repairs"), Lane.SUPPORT: _("Parts store, tools, warranty"),
    }),
    StageOfVisit("inspection", pgettext_lazy("blueprint", "Inspection"), {
        Lane.CUSTOMER: _("Waits"), Lane.FRONT: _("Prepares the hand-over"),
        Lane.BACK: _("Three checks, wash"), Lane.SUPPORT: _("Check-lists, test equipment"),
    }),
    StageOfVisit("settlement", pgettext_lazy("blueprint", "Settlement"), {
        Lane.CUSTOMER: _("Looks at the bill, pays"), Lane.FRONT: _("Explains the bill, settles"),
        Lane.BACK: _("Files the order"), Lane.SUPPORT: _("Cash desk, invoices"),
    }),
    StageOfVisit("delivery", pgettext_lazy("blueprint", "Hand-over"), {
        Lane.CUSTOMER: _("Looks at the car, drives off"), Lane.FRONT: _("Hands over, shows old parts"),
        Lane.BACK: _("Brings the car round"), Lane.SUPPORT: _("Next-service sticker, survey code"),
    }),
    StageOfVisit("follow_up", pgettext_lazy("blueprint", "Follow-up"), {
        Lane.CUSTOMER: _("Answers the call"), Lane.FRONT: _("Calls, listens, helps"),
        Lane.BACK: _("Deals with bad answers"), Lane.SUPPORT: _("Call queue, scripts"),
    }),
)  # fmt: skip

_touchpoints: dict[str, Touchpoint] = {
    one.code: one
    for one in (
        Touchpoint(
            "arrival", _("Appointed → arrived"), _("How far the arrival lay from the appointed time, early or late."),
            Lane.CUSTOMER, "appointment", standards.ARRIVAL_MINUTES, ("F01",), _arrived,
        ),
        Touchpoint(
            "greeting", _("Arrived → greeted"), _("From the arrival until somebody greeted the customer."),
            Lane.FRONT, "reception", standards.GREETED_MINUTES, ("F02", "F03"), _between("arrived_at", "greeted_at"),
        ),
        Touchpoint(
            "order", _("Greeted → order"), _("From the greeting until the order was open."),
            Lane.FRONT, "order", standards.OPENED_MINUTES, ("F04",), _between("greeted_at", "opened_at"),
        ),
        Touchpoint(
            "dispatch", _("Order → dispatched"), _("From the order until its work was given to somebody."),
            Lane.BACK, "order", standards.DISPATCHED_MINUTES, (), _dispatched,
        ),
        Touchpoint(
            "start", _("Dispatched → work begins"), _("From the dispatch until the first technician began."),
            Lane.BACK, "work", standards.STARTED_MINUTES, (), _started,
        ),
        Touchpoint(
            "work", _("Work on the car"), _("From the first start to the last end of its jobs, without waiting."),
            Lane.BACK, "work", standards.WORK_MINUTES, ("F08", "F09"), _worked,
        ),
        Touchpoint(
            "waiting", _("Waiting for parts or approval"), _("Time the car stood still, of cars that stood still."),
            Lane.SUPPORT, "work", standards.WAITING_MINUTES, ("F06",), _waited,
        ),
        Touchpoint(
            "inspection", _("Work ends → ready"), _("From the end of the work until the final inspection was passed."),
            Lane.BACK, "inspection", standards.INSPECTION_MINUTES, ("F07",), _inspected,
        ),
        Touchpoint(
            "settlement", _("Ready → settled"), _("From the final inspection until the bill was settled."),
            Lane.FRONT, "settlement", standards.SETTLED_MINUTES, ("F10", "F11"), _between("completed_at", "settled_at"),
        ),
        Touchpoint(
            "delivery", _("Settled → handed over"), _("From the settlement until the car was handed over."),
            Lane.FRONT, "delivery", standards.DELIVERED_MINUTES, ("F12", "F13"), _between("settled_at", "delivered_at"),
        ),
    )
}  # fmt: skip


def register_touchpoint(touchpoint: Touchpoint) -> None:
    """Add what an app above measures; the same code again replaces the former."""
    _touchpoints[touchpoint.code] = touchpoint


def touchpoints() -> list[Touchpoint]:
    return list(_touchpoints.values())


def touchpoint_named(code: str) -> Touchpoint | None:
    return _touchpoints.get(code)
