"""A measure of a month by repair type, brand, person and team, beside last month and last year.

Only money and cars are told by brand, person and team: a row of theirs belongs to an order, which has them all (but for
consumables, which stand beside); `credits` says whose it is. By repair type (or by the mark of the counter) every
measure is told whose parts are counted by it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import product

from django.utils.translation import gettext as _

from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries.credits import SALES, Credits
from dealer_crm.kpi.queries.days import output_rows
from dealer_crm.kpi.queries.measures import MEASURES, Measured, MeasureOfMonth, Months
from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.choices import OrderKind
from reception.models import RepairOrder

OF_ORDERS = ("output", "car_count", "output_per_car", SALES, "margin", "margin_rate")
KIND, BRAND, ADVISOR, SELLER, TEAM, MARK = "kind", "brand", "advisor", "seller", "team", "mark"
NOBODY = "-"
"""Asks for what is nobody's: the orders without a brand or an advisor, accessories nobody sold."""
_OF_NO_ORDER = "(none)"


@dataclass(frozen=True)
class Cut:
    """A measure of one repair type, brand, person or team. `key`: what its rows are asked by; `goal`: its target."""

    key: str
    label: str
    now: Measured
    before: Decimal | None = None
    last_year: Decimal | None = None
    goal: Decimal | None = None


def cuts_of(entry: MeasureOfMonth, store: Store, period: Period, at: datetime) -> list[tuple[str, list[Cut]]]:
    """(what it is told by, its parts): those there are anything of, the largest first."""
    if not entry.has_days:
        return []
    periods = [period, period.previous(), period.shifted(-12)]
    if entry.code in OF_ORDERS:
        return _of_orders([entry], store, periods, at)[entry.code]
    months = Months(store, *periods, at=at, with_days=True, parts=entry.codes)
    told = [_by_cut(entry, months.numbers[one]) for one in periods]
    names = dict(OrderKind.choices)
    found = [cut for cut in _cuts(entry, told, lambda key: str(names.get(key) or _as_mark(key))) if cut.key != NOBODY]
    if all(cut.key.isdigit() for cut in found):
        return [(MARK, sorted(found, key=lambda cut: int(cut.key)))] if found else []
    return [(KIND, found)]


def cuts_of_orders(store: Store, period: Period, at: datetime) -> dict[str, list[tuple[str, list[Cut]]]]:
    """What is told by repair type, brand, person and team, measure by measure, out of one reading of the rows."""
    entries = [MEASURES[code] for code in OF_ORDERS]
    return _of_orders(entries, store, [period, period.previous(), period.shifted(-12)], at)


def _by_cut(entry: MeasureOfMonth, numbers) -> dict[str, dict[str, Decimal]]:
    told: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for part in entry.parts:
        for key, number in numbers.of_cuts(part.code).items():
            told[key][part.code] = number
    return told


Parts = dict[str, dict[str, dict[str, Measured]]]
"""Measure → by what or whom → key → what was counted of it."""


def parts_of(entries: Sequence[MeasureOfMonth], store: Store, period: Period) -> Parts:
    """The parts of some measures in a month alone, without what they are held against."""
    told, _words = _told(store, [period], frozenset[str]().union(*(entry.codes for entry in entries)))
    return {
        entry.code: {
            by: {key: entry.of(numbers) for key, numbers in of_months[period].items()} for by, of_months in told.items()
        }
        for entry in entries
    }


def parts_in(cuts: Mapping[str, list[tuple[str, list[Cut]]]]) -> Parts:
    """The same out of what was told with last month and last year."""
    return {
        code: {ADVISOR if by == SELLER else by: {cut.key: cut.now for cut in rows} for by, rows in told}
        for code, told in cuts.items()
    }


def of_people(entry: MeasureOfMonth, store: Store, periods: Sequence[Period]) -> dict[int, list[Decimal]]:
    """What each person reached of a measure in some months: those there was anything of."""
    told, _words = _told(store, periods, entry.codes)
    found: dict[int, list[Decimal]] = defaultdict(list)
    for of_month in told[ADVISOR].values():
        for key, numbers in of_month.items():
            if key:
                found[int(key)].append(entry.of(numbers).value or Decimal(0))
    return found


def person_of(code: str) -> str:
    """Whose a row of a measure is: accessories are their seller's, all else the advisor's."""
    return SELLER if code == SALES else ADVISOR


def _of_orders(
    entries: Sequence[MeasureOfMonth], store: Store, periods: Sequence[Period], at: datetime
) -> dict[str, list[tuple[str, list[Cut]]]]:
    codes = frozenset[str]().union(*(entry.codes for entry in entries))
    told, words = _told(store, periods, codes)
    if "consumables" in codes:  # they belong to no order, and stand by themselves so that the parts add up
        months = Months(store, *periods, at=at, parts={"consumables"})
        for by, period in product((KIND, BRAND, ADVISOR), periods):
            told[by][period][_OF_NO_ORDER]["consumables"] = months.numbers[period].whole.get("consumables", Decimal(0))
    named = {_OF_NO_ORDER: _("Consumables (of no order)"), "": "—"}
    goals = _goals(entries, store, periods[0])
    found: dict[str, list[tuple[str, list[Cut]]]] = {entry.code: [] for entry in entries}
    for entry, by in product(entries, told):
        cuts = _cuts(
            entry, [told[by][period] for period in periods],
            lambda key, by=by: named.get(key) or words[by].get(key, key), goals.get((entry.code, by), {}),
        )  # fmt: skip
        found[entry.code].append((person_of(entry.code) if by == ADVISOR else by, cuts))
    return found


Told = dict[str, dict[Period, dict[str, dict[str, Decimal]]]]


def _told(store: Store, periods: Sequence[Period], codes: Collection[str]) -> tuple[Told, dict[str, dict[str, str]]]:
    """By what and whose → month → key → part → number; and the names of the keys."""
    rows = list(output_rows(store, list(periods), codes))
    brands = dict(
        RepairOrder.objects.filter(number__in={order.number for _period, order, _part, _row in rows}).values_list(
            "number", "vehicle__brand"
        )
    )
    crediting = Credits(store)
    told = {
        by: {period: defaultdict(lambda: defaultdict(Decimal)) for period in periods}
        for by in (KIND, BRAND, ADVISOR, TEAM)
    }
    for period, order, part, row in rows:
        person = crediting.person(part, order, row)
        for by, key in ((KIND, order.kind), (BRAND, brands[order.number]), (ADVISOR, str(person.pk) if person else "")):
            told[by][period][key][part] += row.counted
        for team, share in crediting.of_teams(part, order, row).items():
            told[TEAM][period][str(team)][part] += row.counted * share
    words = {
        KIND: {value: str(label) for value, label in OrderKind.choices},
        BRAND: {},
        ADVISOR: {str(person.pk): person.name for person in crediting.people.values()},
        TEAM: {str(pk): name for name, pk in crediting.teams.items()},
    }
    return told, words


def _cuts(
    entry: MeasureOfMonth, told: Sequence[Mapping], word, goals: Mapping[str, Decimal] | None = None
) -> list[Cut]:
    now, *compared = told
    has_any = [any(number for parts in span.values() for number in parts.values()) for span in compared]
    cuts = [
        Cut(
            "" if key == _OF_NO_ORDER else key or NOBODY, word(key), entry.of(now.get(key, {})),
            *(entry.of(span.get(key, {})).value if is_told else None
              for span, is_told in zip(compared, has_any, strict=True)),
            goal=(goals or {}).get(key),
        )
        for key in {key for span in told for key in span}
    ]  # fmt: skip
    cuts = [cut for cut in cuts if cut.goal or cut.now.denominator or cut.now.value or cut.before or cut.last_year]
    return sorted(cuts, key=lambda cut: (-(cut.now.denominator or cut.now.value or 0), cut.label))


def _goals(
    entries: Sequence[MeasureOfMonth], store: Store, period: Period
) -> dict[tuple[str, str], dict[str, Decimal]]:
    """The month's targets of repair types, people and teams, for each measure."""
    codes = [entry.code for entry in entries]
    rows = Target.objects.filter(store=store, period=str(period), measure__in=codes)
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for measure, kind, staff, team, goal in rows.values_list("measure", "order_kind", "staff", "team", "goal"):
        for by, key in ((KIND, kind), (ADVISOR, staff), (TEAM, team)):
            if key:
                found[measure, by][str(key)] = goal
    return found


def _as_mark(key: str) -> str:
    return f"{int(key):,} km" if key.isdigit() else key
