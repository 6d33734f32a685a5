"""The catalogue for a day, a week or a month beside its goal, the one before, last year and the way up to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from dealer_crm.kpi.choices import AMOUNTS, Unit, Verdict
from dealer_crm.kpi.formulas import achievement
from dealer_crm.kpi.formulas.sparks import Spark, spark
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries.counts import Part
from dealer_crm.kpi.queries.measures import MEASURES, Measured, MeasureOfMonth, Months
from dealer_crm.organization.models import Store
from dealer_crm.values import Day, Period, Week

MONTHS, WEEKS, DAYS = 12, 12, 30
"""How far a trend looks back, the span itself included."""
Grain = Period | Week | Day
_TONES = {None: "neutral", Verdict.MET: "success", Verdict.FLOOR_MISSED: "danger"}


@dataclass(frozen=True)
class Judged:
    """A measure beside its goal. `floor`: what must not be missed, where there is one; `is_under_way`: the span is not
    over yet."""

    entry: MeasureOfMonth
    now: Measured
    goal: Decimal | None
    floor: Decimal | None
    is_under_way: bool

    @property
    def verdict(self) -> Verdict | None:
        """Whether the goal is met, or at least the floor; None without a goal or a figure, and while a sum of a month
        under way has not reached it yet."""
        if self.goal is None or self.now.value is None:
            return None
        if self._is_met(self.goal):
            return Verdict.MET
        if self.is_under_way and self.achieved is not None:
            return None
        is_floor_missed = self.floor is not None and not self._is_met(self.floor)
        return Verdict.FLOOR_MISSED if is_floor_missed else Verdict.MISSED

    @property
    def tone(self) -> str:
        """The verdict as a colour; a goal missed above its floor is milder than one without a floor."""
        if self.verdict == Verdict.MISSED:
            return "danger" if self.floor is None else "warning"
        return _TONES[self.verdict]

    def _is_met(self, figure: Decimal) -> bool:
        return self.now.value <= figure if self.entry.is_ceiling else self.now.value >= figure

    @property
    def achieved(self) -> Decimal | None:
        """How much of its goal a sum has reached (达成率); not capped."""
        is_sum = self.entry.code in AMOUNTS and self.goal and self.now.value is not None
        return achievement(self.now.value, self.goal) if is_sum else None


@dataclass(frozen=True)
class Tile(Judged):
    """One measure of one span with what it is held against. `trend`: (span, figure) up to it; a figure that is not kept
    yet is missing. `parts`: the numbers it is made of."""

    before: Decimal | None
    last_year: Decimal | None
    trend: list[tuple[Grain, Decimal | None]] = field(default_factory=list)
    parts: list[tuple[Part, Decimal]] = field(default_factory=list)

    @property
    def opens(self) -> list[tuple[Part, Decimal]]:
        """The numbers that open into rows."""
        return [(part, number) for part, number in self.parts if part.opens]

    @property
    def is_share(self) -> bool:
        return self.entry.unit == Unit.SHARE

    @property
    def places(self) -> int:
        """Decimals of a figure that is neither money nor a share."""
        return places_of(self.entry.unit)

    @property
    def is_money(self) -> bool:
        return self.entry.unit == Unit.MONEY

    @cached_property
    def spark(self) -> Spark:
        return spark([value for _span, value in self.trend], self.goal)

    @cached_property
    def chart(self) -> Spark:
        """The same, large."""
        return spark([value for _span, value in self.trend], self.goal, width=720, height=180)


def places_of(unit: str) -> int:
    return 1 if unit in (Unit.POINTS, Unit.PER_DAY, Unit.PER_PERSON) else 0


def tiles(
    store: Store, span: Grain, at: datetime | None = None, *, with_trend: bool = False, only: Iterable[str] = ()
) -> list[Tile]:
    """The catalogue (or `only` some of it) for a span, in its order; `at`: now, if the span may be under way.

    Of a day or a week the measures that are made of days. What is held against it is counted if it isn't kept; the
    months of a trend are only read: those that are not kept yet are gaps.
    """
    spans = [span, span.previous(), _last_year(span)]
    trend = _trend(span) if with_trend else []
    required = {month for one in spans for month in _months(one)}
    also = {month for one in trend for month in _months(one)}
    parts = frozenset[str]().union(*(MEASURES[code].codes for code in only))
    months = Months(store, *sorted(required), at=at, also=also, with_days=not isinstance(span, Period), parts=parts)
    numbers = _numbers(months, span)
    known = {one: _numbers(months, one) for one in {*spans, *trend}}
    held = held_against(months, span)
    is_under_way = at is not None and at < span.bounds(store.tz)[1]
    return [
        Tile(
            entry, entry.of(numbers), *held.get(code, _NOTHING), is_under_way,
            *(_compared(entry, known[one]) for one in spans[1:]),
            [(one, entry.of(numbers).value if one == span else _compared(entry, known[one])) for one in trend],
            [(part, numbers.get(part.code, Decimal(0))) for part in entry.parts],
        )
        for code, entry in MEASURES.items()
        if (isinstance(span, Period) or entry.has_days) and (not only or code in only)
    ]  # fmt: skip


_COUNTED = (Unit.MONEY, Unit.COUNT, Unit.PER_DAY)


def _compared(entry: MeasureOfMonth, known: Mapping[str, Decimal] | None) -> Decimal | None:
    """A measure of another span, to hold this one against. A sum of which nothing was counted there, as before the
    store's first order, is none: a nought would look like a bad month."""
    if known is None or (entry.unit in _COUNTED and not any(code in known for code in entry.above)):
        return None
    return entry.of(known).value


def _numbers(months: Months, span: Grain) -> dict[str, Decimal] | None:
    """Every number of a span; None while a month of it is not known."""
    known = [months.numbers.get(month) for month in _months(span)]
    if None in known:
        return None
    if isinstance(span, Period):
        return known[0].whole
    sums: dict[str, Decimal] = {}
    for numbers in known:
        for part, number in numbers.between(span.first_day, span.last_day).items():
            sums[part] = sums.get(part, Decimal(0)) + number
    return sums


def _months(span: Grain) -> list[Period]:
    """The months a span lies in."""
    if isinstance(span, Period):
        return [span]
    return sorted({Period.of(span.first_day), Period.of(span.last_day)})


def _last_year(span: Grain) -> Grain:
    """The same month of last year; of a week or a day the one 52 weeks before, so that Saturdays stand by Saturdays."""
    return span.shifted({Period: -12, Week: -52, Day: -364}[type(span)])


def _trend(span: Grain) -> list[Grain]:
    length = {Period: MONTHS, Week: WEEKS, Day: DAYS}[type(span)]
    return [span.shifted(place) for place in range(1 - length, 1)]


_NOTHING = (None, None)


def held_against(months: Months, span: Grain) -> dict[str, tuple[Decimal, Decimal | None]]:
    """What a store's figures are held against, measure → goal and floor: the month's targets, else the goals that hold
    for all."""
    goals = {code: (goal, None) for code, goal in months.goals(max(_months(span))).items()}
    if not isinstance(span, Period):
        return goals
    rows = Target.objects.filter(store=months.store, period=str(span), staff=None, team=None, order_kind="")
    return goals | {measure: (goal, floor) for measure, goal, floor in rows.values_list("measure", "goal", "floor")}
