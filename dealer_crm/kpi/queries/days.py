"""The numbers of a month, each as a whole and day by day, asked from the rows they are counted from.

One statement counts every part of every month that is asked for; what the formulas say of orders (output, cars) and
what satisfaction and reception say of a month is asked once for all of them. The days of a month are its own rows laid
out by the day each stands on, so that they add up to it; what has no day (medians, indexes, stocks) is there for the
month alone. Source: spec `kpi.md` (definitions), `architecture.md` (read in queries).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from callback.settings import FIRST_SERVICE_MONTHS
from complaints.settings import COUNTED_REPLY_HOURS, COUNTED_SOLVE_HOURS
from dealer_crm.kpi.formulas import accessory_sales, car_count, month_costs, month_output
from dealer_crm.kpi.queries.counts import PARTS, Part
from dealer_crm.kpi.queries.facts import order_facts, touched_orders
from dealer_crm.kpi.settings import INSURANCE_MOVED_DAYS, SERVICE_KM, SERVICE_TOLERANCE_KM
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures_on_days
from dealer_crm.values import Figure, Period
from dealer_crm.workdays.queries import working_days_counted
from reception.formulas.facts import OrderFact
from reception.queries import wrong_entry_counts
from reception.settings import DORMANT_MONTHS
from satisfaction.queries import SATISFACTION_MEASURES, monthly_measures
from workshop.choices import Counted
from workshop.queries import Span
from workshop.settings import FIRST_FIX_DAYS

COUNTED_BY = (
    FIRST_FIX_DAYS, DORMANT_MONTHS, FIRST_SERVICE_MONTHS, SERVICE_KM, SERVICE_TOLERANCE_KM, INSURANCE_MOVED_DAYS,
    COUNTED_REPLY_HOURS, COUNTED_SOLVE_HOURS,
)  # fmt: skip
"""The dated figures that decide what is counted, as they hold at the end of a month."""
PLACES = Decimal("0.00000001")
_MARGIN = frozenset({"accessory_money", "material_cost", "uncosted_sold", "uncosted_lines"})
_BY_FORMULA = frozenset({"output", "cars", "accessory_sales"}) | _MARGIN
"""What is not counted by the database but said by the formulas that pay uses, row by row."""
_ALL = frozenset(PARTS)

Cell = tuple[str, str, date]
"""Part, cut (repair type, or mark of the counter), day."""


@dataclass
class Numbers:
    """`whole`: part → number of the month; a part that was only told (a median, an index) is missing where there is
    nothing to tell. `days`: the same laid out by cut and day."""

    whole: dict[str, Decimal] = field(default_factory=dict)
    days: dict[Cell, Decimal] = field(default_factory=dict)

    def between(self, first: date, last: date) -> dict[str, Decimal]:
        """The parts added up over some days of the month."""
        return _added((part, number) for (part, _cut, day), number in self.days.items() if first <= day <= last)

    def of_cuts(self, part: str) -> dict[str, Decimal]:
        """A part of the whole month by repair type."""
        return _added((cut, number) for (code, cut, _day), number in self.days.items() if code == part)

    def of_days(self, part: str) -> dict[date, Decimal]:
        return _added((day, number) for (code, _cut, day), number in self.days.items() if code == part)


def _added(pairs) -> dict:
    sums: dict = defaultdict(Decimal)
    for key, number in pairs:
        sums[key] += number
    return dict(sums)


def spans_of_months(
    store: Store, periods: Sequence[Period], at: datetime, also: Sequence[Figure] = ()
) -> dict[Period, Span]:
    """The months as spans with the figures they are counted by (and `also` others), in one query."""
    if not periods:
        return {}
    held = figures_on_days((*COUNTED_BY, *also), store=store, days=[period.last_day for period in periods])
    return {one: Span(store, one.first_day, one.last_day, at, held[one.last_day]) for one in periods}


def source_numbers(
    store: Store, spans: Mapping[Period, Span], only: Collection[str] = frozenset()
) -> dict[Period, Numbers]:
    """The numbers of some months, counted from the source: the same few statements, however many rows and months.
    `only`: these parts, where not all are wanted."""
    if not spans:
        return {}
    wanted = frozenset(only) or _ALL
    found = {period: Numbers() for period in spans}
    for period, part, cut, day, number in _counted(store, spans, wanted):
        numbers = found[period]
        if day is not None:
            cell = part, cut, day
            numbers.days[cell] = numbers.days.get(cell, Decimal(0)) + number.quantize(PLACES)
        numbers.whole[part] = numbers.whole.get(part, Decimal(0)) + number
    for period, part, number in _told(store, list(spans), wanted):
        found[period].whole[part] = number
    for period, part, cut, day, number in _by_formula(store, list(spans), wanted) if wanted & _BY_FORMULA else ():
        numbers = found[period]
        numbers.days[part, cut, day] = numbers.days.get((part, cut, day), Decimal(0)) + number.quantize(PLACES)
        numbers.whole[part] = numbers.whole.get(part, Decimal(0)) + number
    for numbers in found.values():
        numbers.whole = {part: number.quantize(PLACES) for part, number in numbers.whole.items()}
        numbers.days = {cell: number for cell, number in numbers.days.items() if number}
    return found


# ── Counted by the database ──────────────────────────────────────────────────────────────────────────────────────────
def _counted(store: Store, spans: Mapping[Period, Span], wanted: Collection[str]):
    arms, values = [], []
    for place, span in enumerate(spans.values()):
        for part in PARTS.values():
            if part.rows and not part.is_told and part.code in wanted:
                sql, arguments = _arm(part, span)
                arms.append(sql)
                values += [place, part.code, *arguments]
        days, arguments = working_days_counted(store, span.first, span.last_begun)
        arms.append(f"SELECT %s, %s, '', NULL::date, {days}")
        values += [place, Counted.DAYS.value, *arguments]
        arms.append(
            "SELECT %s, unnest(%s::text[]), '', NULL::date,"
            " unnest(ARRAY[PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY waited),"
            " PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY waited)])::numeric FROM ("
            " SELECT EXTRACT(EPOCH FROM greeted_at - arrived_at) AS waited FROM reception_repairorder"
            " WHERE store_id = %s AND arrived_at >= %s AND arrived_at < %s AND greeted_at IS NOT NULL) waits"
        )
        values += [place, ["greeting_median", "greeting_p90"], store.pk, span.start, span.end]
    periods = list(spans)
    with connection.cursor() as cursor:
        cursor.execute("\nUNION ALL ".join(arms), values)
        for place, part, cut, day, number in cursor.fetchall():
            if number is not None:
                yield periods[place], part, cut, day, Decimal(number)


def _arm(part: Part, span: Span) -> tuple[str, list]:
    """One part by cut and day. A thing counts once however many rows it has, on its last day; a moment before the span
    (a clock that ran over midnight) stands on the first day. Everything in the text is this program's own."""
    wanted = ("thing", "moment", "amount", "order_pk", "cut") if part.is_sum else ("thing", "moment", "order_pk", "cut")
    sql, arguments = part.rows(span).of(*wanted).query.sql_with_params()
    number = "SUM(amount)" if part.is_sum else "COUNT(*)"
    rows = f"({sql}) counted"
    if not part.is_sum and part.code in Counted.values:  # the workshop's rows: an order is there once for each hand
        rows = (
            f"(SELECT thing, MAX(moment) AS moment, MAX(order_pk) AS order_pk, MAX(cut) AS cut FROM {rows}"  # noqa: S608
            " GROUP BY thing) counted"
        )
    if part.is_stock:
        return f"SELECT %s, %s, '', NULL::date, {number} FROM {rows}", list(arguments)  # noqa: S608
    day = "LEAST(GREATEST((counted.moment AT TIME ZONE %s)::date, %s), %s)"
    return (
        f"SELECT %s, %s, COALESCE(counted.cut, visit.kind, ''), {day}, {number} FROM {rows}"  # noqa: S608
        " LEFT JOIN reception_repairorder visit ON visit.id = counted.order_pk GROUP BY 3, 4",
        [span.store.time_zone, span.first, span.last, *arguments],
    )


# ── Told by others ───────────────────────────────────────────────────────────────────────────────────────────────────
def _told(store: Store, periods: list[Period], wanted: Collection[str]):
    """What has no rows of this catalogue's own: what customers said, whose entries were wrong."""
    by_satisfaction = {f"{code}_said" for code in SATISFACTION_MEASURES} & wanted
    for period, of_month in monthly_measures(store, periods).items() if by_satisfaction else ():
        for code, said in of_month.items():
            told = {code: said.value, f"{code}_said": said.n, f"{code}_yes": said.numerator}
            yield from ((period, part, Decimal(number)) for part, number in told.items() if number is not None)
    if "wrong_people" not in wanted:
        return
    wrong = wrong_entry_counts(store, *(period.bounds(store.tz) for period in periods))
    for period, by_person in zip(periods, wrong, strict=True):
        yield period, "wrong_people", Decimal(len(by_person))


def _by_formula(store: Store, periods: list[Period], wanted: Collection[str]):
    for period, order, part, row in output_rows(store, periods, wanted):
        yield period, part, order.kind, row.day, row.counted


def output_rows(store: Store, periods: list[Period], wanted: Collection[str]):
    """(month, order, part, row) of everything that counts as output, as accessory sale or as a car received, and of
    what it cost, as far as it is wanted. `row`: its day, how much it counts, how it is called (`number`)."""
    orders = order_facts(touched_orders(store, *periods), store)
    known = {order.number: order for order in orders}
    for period in periods:
        for part, row in _rows_of(orders, period, wanted):
            if part in wanted:
                yield period, known[row.order], part, row


def _rows_of(orders: Sequence[OrderFact], period: Period, wanted: Collection[str]):
    if "output" in wanted:
        output = month_output(orders, period)
        yield from (("output", row) for row in (*output.customer, *output.warranty, *output.accident))
    if "cars" in wanted:
        yield from (("cars", row) for row in car_count(orders, period))
    if "accessory_sales" in wanted:
        yield from (("accessory_sales", row) for row in accessory_sales(orders, period))
    if not _MARGIN.isdisjoint(wanted):
        costs = month_costs(orders, period)
        yield from (("accessory_money", row) for row in costs.accessories)
        yield from (("material_cost", row) for row in costs.rows)
        for row in costs.uncosted:
            yield "uncosted_sold", row
            yield "uncosted_lines", row.once
