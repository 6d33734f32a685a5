"""The catalogue of measures: one definition in one place, numerator and denominator always shown.

Source: spec `kpi.md` (definitions). Dashboards, scorecards, reports and pay ask here, so that the same figure never
differs between two pages. A measure is made of parts (`counts.PARTS`), each of which opens into its rows; the
`definition` is the sentence beside it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from complaints.settings import IN_TIME_TARGET, SATISFIED_TARGET
from dealer_crm.kpi.choices import Topic, Unit
from dealer_crm.kpi.queries.counts import PARTS, Part
from dealer_crm.kpi.queries.days import COUNTED_BY, Numbers, source_numbers, spans_of_months
from dealer_crm.kpi.queries.kept import kept_numbers
from dealer_crm.kpi.settings import CALLS_GOAL, ON_TIME_GOAL, PARTS_GOAL
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures_on_days
from dealer_crm.values import Figure, Period
from satisfaction.queries import SATISFACTION_MEASURES, SatisfactionMeasure
from workshop.queries import WORKSHOP_MEASURES, WorkshopMeasure


@dataclass(frozen=True)
class Measured:
    """A measure of one month. `value` is None when there is nothing to measure (a denominator of zero).

    `unknown`: how many lines it knows nothing of and leaves out, `unknown_amount`: what they were sold for, CNY.
    """

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    unknown: int = 0
    unknown_amount: Decimal = Decimal(0)

    @property
    def remark(self) -> str:
        """What the figure doesn't know, in a sentence; empty where it knows everything."""
        if not self.unknown:
            return ""
        return ngettext(
            "%(count)d line, sold for %(amount)s, has no purchase price and is left out.",
            "%(count)d lines, sold for %(amount)s, have no purchase price and are left out.",
            self.unknown,
        ) % {"count": self.unknown, "amount": f"{self.unknown_amount:,.2f}"}


@dataclass(frozen=True)
class MeasureOfMonth:
    """One entry of the catalogue: the sum of `above` ÷ the sum of `below` ÷ `times`; with `is_complement` 1 − that.

    Without `below` the sum itself; with `told` a number as it was said, `below` then being how many said it. `less`:
    what is taken off above, `left_out`: what is taken off above and below because it can't be judged (`unknown` counts
    its rows). `beside`: a list to be looked at with it. `goal`: what counts without a target of the month; with
    `is_ceiling` at most that.
    """

    code: str
    label: str
    unit: Unit
    definition: str
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    goal: Figure | None = None
    is_ceiling: bool = False
    is_complement: bool = False
    told: str = ""
    divided_by: int = 1
    beside: str = ""
    less: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    unknown: str = ""

    @property
    def topic(self) -> Topic:
        return _TOPICS.get(self.code, Topic.WORKSHOP)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The numbers it is made of that have rows."""
        return tuple(PARTS[code] for code in dict.fromkeys(self._counted))

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(filter(None, (*self._counted, self.told, self.unknown)))

    @property
    def taken_off(self) -> tuple[str, ...]:
        """What lowers it."""
        return self.left_out + self.less

    @property
    def _counted(self) -> tuple[str, ...]:
        return self.above + self.left_out + self.less + self.below + self.times

    @property
    def has_days(self) -> bool:
        """Whether it can be made for days and weeks; indexes, medians, ranks and stocks are of a month."""
        return not self.told and all(part.has_days for part in self.parts)

    def of(self, numbers: Mapping[str, Decimal]) -> Measured:
        """The measure from its parts; what was counted nowhere is zero."""
        if self.told:
            said = _sum(numbers, self.below)
            value = numbers.get(self.told) if said else None
            shown = None if value is None else value / self.divided_by
            return Measured(numbers.get(self.above[0]) if self.above else None, said or None, shown)
        above, out = _sum(numbers, self.above) - _sum(numbers, self.less), _sum(numbers, self.left_out)
        above -= out
        unknown = int(numbers.get(self.unknown, 0)), out
        if not self.below:
            return Measured(None, None, above, *unknown)
        below = _sum(numbers, self.below) - out
        for code in self.times:
            below *= numbers.get(code, Decimal(0))
        value = above / below if below else None
        if self.is_complement:
            return Measured(below - above, below, None if value is None else 1 - value)
        return Measured(above, below, value, *unknown)


def _sum(numbers: Mapping[str, Decimal], codes: tuple[str, ...]) -> Decimal:
    return sum((numbers.get(code, Decimal(0)) for code in codes), Decimal(0))


class Months:
    """Some months of a store: what is kept of those that are over, and of the others what the source says now.

    `at`: now, if one of the months may be under way; without it all of them have passed. `also`: months that are only
    wanted if they are kept. `with_days`: their days are wanted too. `parts`: these alone.
    """

    def __init__(
        self,
        store: Store,
        *periods: Period,
        at: datetime | None = None,
        also: Collection[Period] = frozenset(),
        with_days: bool = False,
        parts: Collection[str] = frozenset(),
    ):
        self.with_days, self.parts = with_days, parts
        self.store, self.periods, self.also = store, tuple(dict.fromkeys(periods)), frozenset(also)
        self.at = at or max(periods).bounds(store.tz)[1]

    @cached_property
    def figures(self) -> dict[Period, dict[str, object]]:
        """The goals of the catalogue, as they hold at each month's end."""
        keys = [*COUNTED_BY, *(entry.goal for entry in MEASURES.values() if entry.goal)]
        held = figures_on_days(keys, store=self.store, days=[period.last_day for period in self.periods])
        return {period: held[period.last_day] for period in self.periods}

    @cached_property
    def numbers(self) -> dict[Period, Numbers]:
        kept = kept_numbers(self.store, self.also.union(self.periods), with_days=self.with_days)
        missing = [period for period in self.periods if period not in kept]
        return kept | source_numbers(self.store, spans_of_months(self.store, missing, self.at), self.parts)

    def goals(self, period: Period) -> dict[str, Decimal]:
        """What the measures are held against where the month has no target of its own."""
        held = self.figures[period]
        return {code: held[entry.goal.code] for code, entry in MEASURES.items() if entry.goal}

    def measured(self, period: Period) -> dict[str, Measured]:
        """Every measure of one of the months, in the order of the catalogue."""
        return all_of(self.numbers[period].whole)


def all_of(numbers: Mapping[str, Decimal]) -> dict[str, Measured]:
    """Every measure made of some numbers, in the order of the catalogue."""
    return {code: entry.of(numbers) for code, entry in MEASURES.items()}


def _of_workshop(own: WorkshopMeasure) -> MeasureOfMonth:
    """A measure the workshop defines and counts itself."""
    first, *others = own.below
    return MeasureOfMonth(
        own.code, own.label, Unit(own.unit), own.definition, (own.above.value,), (first.value,),
        tuple(one.value for one in others), own.goal, own.is_ceiling, own.is_complement,
    )  # fmt: skip


def _of_satisfaction(own: SatisfactionMeasure) -> MeasureOfMonth:
    """A measure satisfaction defines and counts itself; the denominator is how many said so."""
    has_numerator = own.code in ("ten_questions", "nps", "factory_rank")
    return MeasureOfMonth(
        own.code, own.label, Unit(own.unit), own.definition, (f"{own.code}_yes",) if has_numerator else (),
        (f"{own.code}_said",), goal=own.goal, is_ceiling=own.unit == Unit.PLACE, told=own.code,
    )  # fmt: skip


_TOPICS = {
    **dict.fromkeys(
        ("output", "car_count", "output_per_car", "accessory_sales", "margin", "margin_rate", "recovery"), Topic.MONEY
    ),
    **dict.fromkeys(
        ("on_time", "appointment_rate", "appointments_kept", "greeting_median", "greeting_p90", "wrong_entries"),
        Topic.RECEPTION,
    ),
    **dict.fromkeys(
        ("call_coverage", "call_in_window", "call_connected", "complaint_rate", "complaint_replied",
         "complaint_solved", "complaint_content"),
        Topic.CALLS,
    ),
    **dict.fromkeys(
        ("customer_loss", "first_service_loss", "service_compliance", "insurance_renewal", "member_share"),
        Topic.LOYALTY,
    ),
    **dict.fromkeys(SATISFACTION_MEASURES, Topic.SATISFACTION),
}  # fmt: skip
"""What the workshop counts stands with the workshop."""

_SOLD, _COST, _UNKNOWN = ("output", "accessory_money"), ("material_cost", "consumables"), ("uncosted_sold",)

MEASURES: dict[str, MeasureOfMonth] = {
    entry.code: entry
    for entry in (
        MeasureOfMonth(
            "output", _("Output"), Unit.MONEY,
            _("Customer money on ordinary orders, warranty money received, accident orders assessed and released."),
            ("output",),
        ),
        MeasureOfMonth(
            "car_count", _("Cars received"), Unit.COUNT, _("Orders settled in the month, without PDI and comebacks."),
            ("cars",),
        ),
        MeasureOfMonth(
            "output_per_car", _("Output per car"), Unit.MONEY, _("Output ÷ cars received."), ("output",), ("cars",),
        ),
        MeasureOfMonth(
            "accessory_sales", _("Accessory sales"), Unit.MONEY,
            _("Money received on accessories, in the later of settlement and receipt month, less refunds and "
              "reversals; whoever paid."),
            ("accessory_sales",),
        ),
        MeasureOfMonth(
            "margin", _("Gross margin"), Unit.MONEY,
            _("Output and accessory money less what its parts, accessories and outside work were bought for, less "
              "consumables. Cost counts with the money it earned, what nobody pays for with its settlement. Labour "
              "has no material; lines without a known purchase price are left out with what they were sold for."),
            _SOLD, less=_COST, left_out=_UNKNOWN, unknown="uncosted_lines",
        ),
        MeasureOfMonth(
            "margin_rate", _("Gross margin rate"), Unit.SHARE,
            _("Gross margin ÷ output and accessory money, both without lines whose purchase price is unknown."),
            _SOLD, _SOLD, less=_COST, left_out=_UNKNOWN, unknown="uncosted_lines",
        ),
        MeasureOfMonth(
            "on_time", _("Delivered on time"), Unit.SHARE,
            _("Orders delivered by the last promise ÷ orders delivered. Late if the customer said so; a delay the "
              "customer caused and confirmed counts as on time."),
            ("on_time",), ("promised",), goal=ON_TIME_GOAL, beside="customer_delays",
        ),
        MeasureOfMonth(
            "appointment_rate", _("Orders by appointment"), Unit.SHARE,
            _("Orders from appointments ÷ orders taken in."), ("from_appointment",), ("taken_in",),
        ),
        MeasureOfMonth(
            "appointments_kept", _("Appointments kept"), Unit.SHARE,
            _("Appointments that came ÷ appointments whose time has come, without cancelled ones."),
            ("appointments_kept",), ("appointments_ended",),
        ),
        *map(_of_workshop, WORKSHOP_MEASURES.values()),
        MeasureOfMonth(
            "greeting_median", _("Wait to be greeted, median"), Unit.MINUTES,
            _("Half of the customers were greeted within this time after they arrived."), (), ("greeted",),
            told="greeting_median", divided_by=60,
        ),
        MeasureOfMonth(
            "greeting_p90", _("Wait to be greeted, 90 %"), Unit.MINUTES,
            _("Nine of ten customers were greeted within this time after they arrived."), (), ("greeted",),
            told="greeting_p90", divided_by=60,
        ),
        MeasureOfMonth(
            "parts_fill", _("Parts there at once"), Unit.SHARE,
            _("Orders that never stood still for parts ÷ orders with parts, of those delivered with work on record."),
            ("parts_at_once",), ("with_parts",), goal=PARTS_GOAL,
        ),
        MeasureOfMonth(
            "recovery", _("Receivables recovered"), Unit.SHARE,
            _("Received by now ÷ due of what was settled in the month, each payer for itself."),
            ("received",), ("due",),
        ),
        MeasureOfMonth(
            "call_coverage", _("After-service calls made"), Unit.SHARE, _("Called ÷ owed, by the day they were due."),
            ("called",), ("owed_calls",), goal=CALLS_GOAL,
        ),
        MeasureOfMonth(
            "call_in_window", _("After-service calls in the window"), Unit.SHARE,
            _("First called inside the three-day window ÷ owed, by the day they were due."),
            ("called_in_window",), ("owed_calls",), goal=CALLS_GOAL,
        ),
        MeasureOfMonth(
            "call_connected", _("Calls that were answered"), Unit.SHARE,
            _("Calls in which somebody answered ÷ calls dialled, of all rules."), ("connected",), ("calls",),
        ),
        MeasureOfMonth(
            "complaint_rate", _("Complaint rate"), Unit.SHARE, _("Complaints received ÷ orders settled."),
            ("complaints",), ("settled",), is_ceiling=True,
        ),
        MeasureOfMonth(
            "complaint_replied", _("First reply in time"), Unit.SHARE,
            _("Complaints first replied to within two hours ÷ those replied to or whose two hours are over."),
            ("replied",), ("reply_due",), goal=IN_TIME_TARGET,
        ),
        MeasureOfMonth(
            "complaint_solved", _("Solved in time"), Unit.SHARE,
            _("Complaints solved within 24 hours, waits for the customer taken off ÷ those solved or whose 24 hours "
              "are over."),
            ("solved",), ("solve_due",), goal=IN_TIME_TARGET,
        ),
        MeasureOfMonth(
            "complaint_content", _("Satisfied with the result"), Unit.SHARE,
            _("Customers satisfied with the result ÷ customers asked again."),
            ("content",), ("asked_again",), goal=SATISFIED_TARGET,
        ),
        MeasureOfMonth(
            "customer_loss", _("Customers lost"), Unit.SHARE,
            _("Cars that grew dormant in the month ÷ cars active when it began."), ("lost_cars",), ("active_cars",),
            is_ceiling=True,
        ),
        MeasureOfMonth(
            "first_service_loss", _("First services lost"), Unit.SHARE,
            _("New cars without a service when the free term ended ÷ new cars whose free term ended."),
            ("first_service_lost",), ("first_service_due",), is_ceiling=True,
        ),
        MeasureOfMonth(
            "service_compliance", _("Services on schedule"), Unit.SHARE,
            _("Services done at their mark of 10,000 km ÷ done and missed ones."),
            ("services_done",), ("services_done", "services_missed"),
        ),
        MeasureOfMonth(
            "insurance_renewal", _("Insurances renewed"), Unit.SHARE,
            _("Cars whose insurance was moved on by a year ÷ cars whose insurance ended."),
            ("insurance_renewed",), ("insurance_ended",),
        ),
        MeasureOfMonth(
            "member_share", _("Members among customers"), Unit.SHARE,
            _("Customers with a member agreement or level ÷ customers with a visit in the last two years."),
            ("members",), ("active_customers",),
        ),
        *map(_of_satisfaction, SATISFACTION_MEASURES.values()),
        MeasureOfMonth(
            "wrong_entries", _("Wrong entries"), Unit.PER_PERSON,
            _("Flaws of the archive found in the month, put right or not, and settlements reversed ÷ people whose "
              "entries they were."),
            ("flaws", "reversals"), ("wrong_people",), is_ceiling=True,
        ),
    )
}  # fmt: skip


def measured(code: str, store: Store, period: Period) -> Measured:
    """One measure of a month that has passed."""
    return month_measures(store, period)[code]


def month_measures(store: Store, period: Period, at: datetime | None = None) -> dict[str, Measured]:
    """Every measure of a store's month, in the order of the catalogue; `at`: now, if the month may be under way."""
    return Months(store, period, at=at).measured(period)
