"""The catalogue of measures: one definition in one place, numerator and denominator always shown.

Source: spec `kpi.md` (definitions). Dashboards, scorecards, reports and pay ask here, so that the same figure never
differs between two pages. A measure is a function of store and month; its `definition` is the sentence beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from complaints.settings import IN_TIME_TARGET, SATISFIED_TARGET
from dealer_crm.kpi.choices import Unit
from dealer_crm.kpi.formulas import Output, car_count, month_output
from dealer_crm.kpi.queries.counts import month_counts
from dealer_crm.kpi.queries.facts import order_facts, touched_orders
from dealer_crm.kpi.settings import CALLS_GOAL, ON_TIME_GOAL
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures_on_days
from dealer_crm.values import Figure, Period
from reception.models import Receivable
from reception.queries import recovery, wrong_entry_counts
from satisfaction.queries import SATISFACTION_MEASURES, SatisfactionMeasure, monthly_measures
from workshop.formulas import Ratio
from workshop.queries import WORKSHOP_MEASURES, Span, WorkshopMeasure, store_measures
from workshop.settings import FIRST_FIX_DAYS


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


class Months:
    """Some months of a store, with what their measures are counted from asked once for all of them.

    `at`: now, if one of the months may be under way; without it all of them have passed.
    """

    def __init__(self, store: Store, *periods: Period, at: datetime | None = None):
        self.store, self.periods = store, periods
        self.at = at or max(periods).bounds(store.tz)[1]

    @cached_property
    def figures(self) -> dict[Period, dict[str, object]]:
        """The goals of the catalogue and what else the measures depend on, as they hold at each month's end."""
        keys = [FIRST_FIX_DAYS, *(entry.goal for entry in MEASURES.values() if entry.goal)]
        held = figures_on_days(keys, store=self.store, days=[period.last_day for period in self.periods])
        return {period: held[period.last_day] for period in self.periods}

    @cached_property
    def counts(self) -> dict[Period, dict[str, Decimal]]:
        return month_counts(self.store, list(self.periods))

    @cached_property
    def workshop(self) -> dict[Period, dict[str, Ratio]]:
        """The workshop's own measures."""
        spans = [Span(self.store, one.first_day, one.last_day, self.at, self.figures[one]) for one in self.periods]
        return dict(zip(self.periods, store_measures(spans), strict=True))

    @cached_property
    def satisfaction(self):
        """What customers said, as satisfaction counts it."""
        return monthly_measures(self.store, self.periods)

    @cached_property
    def facts(self):
        return order_facts(touched_orders(self.store, *self.periods), self.store)

    @cached_property
    def recovered(self):
        """Of each month the receivables of all payers together."""
        rows = Receivable.objects.of_store(self.store)
        found = recovery(rows, min(self.periods), max(self.periods), self.store.tz)
        return {one.period: one for one in found if one.payer is None}

    @cached_property
    def wrong_entries(self) -> dict[Period, dict[int, int]]:
        """Of each month: whose entries were wrong, and how many."""
        counted = wrong_entry_counts(self.store, *(period.bounds(self.store.tz) for period in self.periods))
        return dict(zip(self.periods, counted, strict=True))

    def goals(self, period: Period) -> dict[str, Decimal]:
        """What the measures are held against where the month has no target of its own."""
        held = self.figures[period]
        return {code: held[entry.goal.code] for code, entry in MEASURES.items() if entry.goal}

    def measured(self, period: Period) -> dict[str, Measured]:
        """Every measure of one of the months, in the order of the catalogue."""
        month = Month(self, period)
        return {code: entry.measure(month) for code, entry in MEASURES.items()}


class Month:
    """One of them, as a measure is told about it."""

    def __init__(self, months: Months, period: Period):
        self.months, self.period = months, period

    def count(self, name: str) -> Decimal:
        return Decimal(self.months.counts[self.period].get(name) or 0)

    @cached_property
    def output(self) -> Output:
        return month_output(self.months.facts, self.period)

    @cached_property
    def cars(self) -> Decimal:
        return sum((row.counted for row in car_count(self.months.facts, self.period)), Decimal(0))


def _ratio(numerator, denominator) -> Measured:
    numerator, denominator = Decimal(numerator or 0), Decimal(denominator or 0)
    return Measured(numerator, denominator, numerator / denominator if denominator else None)


def _amount(value) -> Measured:
    return Measured(None, None, Decimal(value or 0))


def _share(numerator: str, denominator: str) -> Callable[[Month], Measured]:
    """One count ÷ another; the names are those of `counts`."""
    return lambda month: _ratio(month.count(numerator), month.count(denominator))


def _greeting(name: str) -> Callable[[Month], Measured]:
    def measure(month: Month) -> Measured:
        greeted = month.count("greeted")
        minutes = (month.count(name) / 60).quantize(Decimal("0.1")) if greeted else None
        return Measured(None, greeted, minutes)

    return measure


def _recovery(month: Month) -> Measured:
    together = month.months.recovered.get(month.period)
    return _ratio(together.received_amount, together.settled_amount) if together else _ratio(None, None)


def _wrong_entries(month: Month) -> Measured:
    by_person = month.months.wrong_entries[month.period]
    return _ratio(sum(by_person.values()), len(by_person))


def _of_workshop(own: WorkshopMeasure) -> MeasureOfMonth:
    """A measure the workshop defines and counts itself."""

    def measure(month: Month) -> Measured:
        found = month.months.workshop[month.period][own.code]
        above = found.denominator - found.numerator if found.is_complement else found.numerator
        return Measured(above, found.denominator, found.value)

    return MeasureOfMonth(own.code, own.label, Unit(own.unit), own.definition, measure, own.goal, own.is_ceiling)


def _of_satisfaction(own: SatisfactionMeasure) -> MeasureOfMonth:
    """A measure satisfaction defines and counts itself; the denominator is how many said so."""
    is_ceiling = own.unit == Unit.PLACE

    def measure(month: Month) -> Measured:
        found = month.months.satisfaction[month.period][own.code]
        return Measured(found.numerator, found.n or None, found.value)

    return MeasureOfMonth(own.code, own.label, Unit(own.unit), own.definition, measure, own.goal, is_ceiling)


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
            _share("on_time", "promised"), ON_TIME_GOAL,
        ),
        *map(_of_workshop, WORKSHOP_MEASURES.values()),
        MeasureOfMonth(
            "greeting_median", _("Wait to be greeted, median"), Unit.MINUTES,
            _("Half of the customers were greeted within this time after they arrived."), _greeting("greeting_median"),
        ),
        MeasureOfMonth(
            "greeting_p90", _("Wait to be greeted, 90 %"), Unit.MINUTES,
            _("Nine of ten customers were greeted within this time after they arrived."), _greeting("greeting_p90"),
        ),
        MeasureOfMonth(
            "recovery", _("Receivables recovered"), Unit.SHARE,
            _("Received by now ÷ due of what was settled in the month, each payer for itself."), _recovery,
        ),
        MeasureOfMonth(
            "call_coverage", _("After-service calls made"), Unit.SHARE, _("Called ÷ owed."),
            _share("called", "owed_calls"), CALLS_GOAL,
        ),
        MeasureOfMonth(
            "call_in_window", _("After-service calls in the window"), Unit.SHARE,
            _("Called inside the three-day window ÷ owed."), _share("called_in_window", "owed_calls"), CALLS_GOAL,
        ),
        MeasureOfMonth(
            "complaint_rate", _("Complaint rate"), Unit.SHARE,
            _("Complaints received ÷ orders settled."), _share("complaints", "settled"), None, is_ceiling=True,
        ),
        MeasureOfMonth(
            "complaint_replied", _("First reply in time"), Unit.SHARE,
            _("Complaints first replied to within their clock ÷ complaints received."),
            _share("replied", "complaints"), IN_TIME_TARGET,
        ),
        MeasureOfMonth(
            "complaint_solved", _("Solved in time"), Unit.SHARE,
            _("Complaints solved within their clock ÷ complaints received."),
            _share("solved", "complaints"), IN_TIME_TARGET,
        ),
        MeasureOfMonth(
            "complaint_content", _("Satisfied with the result"), Unit.SHARE,
            _("Customers satisfied with the result ÷ customers asked again."),
            _share("content", "asked_again"), SATISFIED_TARGET,
        ),
        *map(_of_satisfaction, SATISFACTION_MEASURES.values()),
        MeasureOfMonth(
            "wrong_entries", _("Wrong entries"), Unit.PER_PERSON,
            _("Flaws of the archive found in the month, put right or not, and settlements reversed ÷ people whose "
              "entries they were."),
            _wrong_entries, None, is_ceiling=True,
        ),
    )
}  # fmt: skip


def measured(code: str, store: Store, period: Period) -> Measured:
    """One measure of a month that has passed."""
    return MEASURES[code].measure(Month(Months(store, period), period))


def month_measures(store: Store, period: Period, at: datetime | None = None) -> dict[str, Measured]:
    """Every measure of a store's month, in the order of the catalogue; `at`: now, if the month may be under way."""
    return Months(store, period, at=at).measured(period)
