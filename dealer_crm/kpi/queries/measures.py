"""The catalogue of measures: one definition in one place, numerator and denominator always shown.

Source: spec `kpi.md` (definitions). Dashboards, scorecards, reports and pay ask here, so that the same figure never
differs between two pages. A measure is a function of store and month; its `definition` is the sentence beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Case, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, When
from django.db.models.aggregates import Aggregate
from django.utils.translation import gettext_lazy as _

from callback.choices import RuleCode, TaskState
from callback.models import CallTask
from complaints.models import Complaint
from complaints.settings import IN_TIME_TARGET, SATISFIED_TARGET
from dealer_crm.kpi.choices import Unit
from dealer_crm.kpi.formulas import Output, car_count, month_output
from dealer_crm.kpi.queries.facts import order_facts, touched_orders
from dealer_crm.kpi.settings import CALLS_GOAL, COMEBACK_GOAL, FIRST_FIX_DAYS, ON_TIME_GOAL
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure, figures
from dealer_crm.values import Figure, Period
from reception.choices import DelayCause
from reception.models import Receivable, RepairOrder, Settlement
from reception.queries import recovery
from workshop.choices import InspectionResult
from workshop.models import ComebackDecision, Inspection


@dataclass(frozen=True)
class Measured:
    """A measure of one month. `value` is None when there is nothing to measure (a denominator of zero)."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None


@dataclass(frozen=True)
class MeasureOfMonth:
    """One entry of the catalogue. `goal`: what counts without a target of the month; with `is_ceiling` at most that."""

    code: str
    label: str
    unit: Unit
    definition: str
    measure: Callable[["Month"], Measured]
    goal: Figure | None = None
    is_ceiling: bool = False


@dataclass
class Month:
    """A store's month, with what several measures share asked once."""

    store: Store
    period: Period

    @cached_property
    def bounds(self):
        return self.period.bounds(self.store.tz)

    def within(self, field: str) -> Q:
        start, end = self.bounds
        return Q(**{f"{field}__gte": start, f"{field}__lt": end})

    @cached_property
    def delivered(self) -> QuerySet[RepairOrder]:
        return RepairOrder.objects.filter(self.within("delivered_at"), store=self.store)

    @cached_property
    def settled_count(self) -> int:
        return Settlement.objects.live().filter(self.within("settled_at"), order__store=self.store).count()

    @cached_property
    def facts(self):
        return order_facts(touched_orders(self.store, self.period), self.store)

    @cached_property
    def output(self) -> Output:
        return month_output(self.facts, self.period)

    @cached_property
    def cars(self) -> Decimal:
        return sum((row.counted for row in car_count(self.facts, self.period)), Decimal(0))

    @cached_property
    def complaints(self) -> QuerySet[Complaint]:
        return Complaint.objects.filter(self.within("received_at"), store=self.store)

    @cached_property
    def owed_calls(self) -> QuerySet[CallTask]:
        return CallTask.objects.filter(
            self.within("order__delivered_at"), store=self.store, rule__code=RuleCode.SERVICE_3D
        ).exclude(state=TaskState.DROPPED)


class Percentile(Aggregate):
    """The value below which a share of the rows lies: `percentile_cont(p) WITHIN GROUP (ORDER BY …)`."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression, *, share: str, **extra):
        super().__init__(expression, share=share, **extra)


def _ratio(numerator, denominator) -> Measured:
    numerator, denominator = Decimal(numerator or 0), Decimal(denominator or 0)
    return Measured(numerator, denominator, numerator / denominator if denominator else None)


def _amount(value) -> Measured:
    return Measured(None, None, Decimal(value or 0))


# Late if the customer said so; else a delay the customer caused and confirmed is on time; else the clock decides.
ON_TIME = Case(
    When(late_by_customer=True, then=False),
    When(delay_cause=DelayCause.CUSTOMER, delay_confirmed=True, then=True),
    When(delivered_at__lte=F("promised_at"), then=True),
    default=False,
)


def _on_time(month: Month) -> Measured:
    counted = month.delivered.filter(promised_at__isnull=False).annotate(on_time=ON_TIME)
    found = counted.aggregate(numerator=Count("pk", filter=Q(on_time=True)), denominator=Count("pk"))
    return _ratio(**found)


def _external_comebacks(month: Month) -> Measured:
    accepted = ComebackDecision.objects.filter(
        month.within("order__arrived_at"), order__store=month.store, is_accepted=True
    )
    return _ratio(accepted.count(), month.settled_count)


def _internal_rework(month: Month) -> Measured:
    inspected = Inspection.objects.filter(month.within("inspected_at"), order__store=month.store)
    found = inspected.aggregate(
        numerator=Count("order", distinct=True, filter=Q(result=InspectionResult.FAILED)),
        denominator=Count("order", distinct=True),
    )
    return _ratio(**found)


def _first_time_fix(month: Month) -> Measured:
    days = figure(FIRST_FIX_DAYS, store=month.store, on=month.period.last_day)
    came_back = ComebackDecision.objects.filter(
        order__original=OuterRef("pk"),
        is_accepted=True,
        order__arrived_at__lte=OuterRef("delivered_at") + timedelta(days=days),
    )
    found = month.delivered.aggregate(numerator=Count("pk", filter=~Exists(came_back)), denominator=Count("pk"))
    return _ratio(**found)


def _greeting(share: str) -> Callable[[Month], Measured]:
    def measure(month: Month) -> Measured:
        waits = RepairOrder.objects.filter(month.within("arrived_at"), store=month.store, greeted_at__isnull=False)
        waited = ExpressionWrapper(F("greeted_at") - F("arrived_at"), output_field=DurationField())
        found = waits.aggregate(wait=Percentile(waited, share=share), answers=Count("pk"))
        wait = found["wait"]
        minutes = None if wait is None else (Decimal(wait.total_seconds()) / 60).quantize(Decimal("0.1"))
        return Measured(None, Decimal(found["answers"]), minutes)

    return measure


def _recovery(month: Month) -> Measured:
    found = recovery(Receivable.objects.of_store(month.store), month.period, month.period, month.store.tz)
    together = next((one for one in found if one.payer is None), None)
    return _ratio(together.received_amount, together.settled_amount) if together else _ratio(None, None)


def _called(month: Month) -> Measured:
    return _ratio(**month.owed_calls.aggregate(numerator=Count("pk", filter=_CALLED), denominator=Count("pk")))


def _called_in_window(month: Month) -> Measured:
    in_window = _CALLED & Q(done_at__lte=F("due_at"))
    return _ratio(**month.owed_calls.aggregate(numerator=Count("pk", filter=in_window), denominator=Count("pk")))


def _complaint_rate(month: Month) -> Measured:
    return _ratio(month.complaints.count(), month.settled_count)


def _replied(month: Month) -> Measured:
    in_time = Q(first_reply_at__lte=F("reply_due_at"))
    return _ratio(**month.complaints.aggregate(numerator=Count("pk", filter=in_time), denominator=Count("pk")))


def _solved(month: Month) -> Measured:
    in_time = Q(solved_at__lte=F("solve_due_at"))
    return _ratio(**month.complaints.aggregate(numerator=Count("pk", filter=in_time), denominator=Count("pk")))


def _content(month: Month) -> Measured:
    asked = month.complaints.filter(is_satisfied__isnull=False)
    return _ratio(**asked.aggregate(numerator=Count("pk", filter=Q(is_satisfied=True)), denominator=Count("pk")))


_CALLED = Q(state__in=[TaskState.DONE, TaskState.REFUSED, TaskState.UNREACHED])

MEASURES: dict[str, MeasureOfMonth] = {
    entry.code: entry
    for entry in (
        MeasureOfMonth(
            "output", _("Output"), Unit.MONEY,
            _("Customer money on ordinary orders, warranty money received, accident orders assessed and released."),
            lambda month: _amount(month.output.amount),
        ),
        MeasureOfMonth(
            "car_count", _("Cars received"), Unit.COUNT, _("Orders settled in the month, without PDI and comebacks."),
            lambda month: _amount(month.cars),
        ),
        MeasureOfMonth(
            "output_per_car", _("Output per car"), Unit.MONEY, _("Output ÷ cars received."),
            lambda month: _ratio(month.output.amount, month.cars),
        ),
        MeasureOfMonth(
            "on_time", _("Delivered on time"), Unit.SHARE,
            _("Orders delivered by the last promise ÷ orders delivered. Late if the customer said so; a delay the "
              "customer caused and confirmed counts as on time."),
            _on_time, ON_TIME_GOAL,
        ),
        MeasureOfMonth(
            "external_comeback", _("External comebacks"), Unit.SHARE,
            _("Accepted comebacks registered in the month ÷ orders settled."),
            _external_comebacks, COMEBACK_GOAL, is_ceiling=True,
        ),
        MeasureOfMonth(
            "internal_rework", _("Internal rework"), Unit.SHARE,
            _("Orders that failed an inspection at least once ÷ orders inspected."), _internal_rework,
        ),
        MeasureOfMonth(
            "first_time_fix", _("Fixed the first time"), Unit.SHARE,
            _("1 − orders with an accepted comeback within the time set (30 days as shipped) ÷ orders delivered."),
            _first_time_fix,
        ),
        MeasureOfMonth(
            "greeting_median", _("Wait to be greeted, median"), Unit.MINUTES,
            _("Half of the customers were greeted within this time after they arrived."), _greeting("0.5"),
        ),
        MeasureOfMonth(
            "greeting_p90", _("Wait to be greeted, 90 %"), Unit.MINUTES,
            _("Nine of ten customers were greeted within this time after they arrived."), _greeting("0.9"),
        ),
        MeasureOfMonth(
            "recovery", _("Receivables recovered"), Unit.SHARE,
            _("Received by now ÷ due of what was settled in the month, each payer for itself."), _recovery,
        ),
        MeasureOfMonth(
            "call_coverage", _("After-service calls made"), Unit.SHARE, _("Called ÷ owed."), _called, CALLS_GOAL,
        ),
        MeasureOfMonth(
            "call_in_window", _("After-service calls in the window"), Unit.SHARE,
            _("Called inside the three-day window ÷ owed."), _called_in_window, CALLS_GOAL,
        ),
        MeasureOfMonth(
            "complaint_rate", _("Complaint rate"), Unit.SHARE,
            _("Complaints received ÷ orders settled."), _complaint_rate, None, is_ceiling=True,
        ),
        MeasureOfMonth(
            "complaint_replied", _("First reply in time"), Unit.SHARE,
            _("Complaints first replied to within their clock ÷ complaints received."), _replied, IN_TIME_TARGET,
        ),
        MeasureOfMonth(
            "complaint_solved", _("Solved in time"), Unit.SHARE,
            _("Complaints solved within their clock ÷ complaints received."), _solved, IN_TIME_TARGET,
        ),
        MeasureOfMonth(
            "complaint_content", _("Satisfied with the result"), Unit.SHARE,
            _("Customers satisfied with the result ÷ customers asked again."), _content, SATISFIED_TARGET,
        ),
    )
}  # fmt: skip


def measured(code: str, store: Store, period: Period) -> Measured:
    return MEASURES[code].measure(Month(store, period))


def month_measures(store: Store, period: Period) -> dict[str, Measured]:
    """Every measure of a store's month, in the order of the catalogue."""
    month = Month(store, period)
    return {code: entry.measure(month) for code, entry in MEASURES.items()}


def goals_in_force(store: Store, period: Period) -> dict[str, Decimal]:
    """What the measures are held against where the month has no target of its own: code → value at the month's end."""
    prefixes = {entry.goal.code.split(".")[0] for entry in MEASURES.values() if entry.goal}
    values = {}
    for prefix in sorted(prefixes):
        values |= figures(f"{prefix}.", store=store, on=period.last_day)
    return {code: values[entry.goal.code] for code, entry in MEASURES.items() if entry.goal}
