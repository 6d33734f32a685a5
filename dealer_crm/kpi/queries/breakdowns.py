"""A measure of a month by repair type, brand and advisor, beside last month and last year.

Only money and cars are told by brand and advisor: a row of theirs belongs to an order, which has both (but for
consumables, which stand beside). By repair type (or by the mark of the counter) every measure is told whose parts are
counted by it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import product

from django.utils.translation import gettext as _

from dealer_crm.kpi.formulas import achievement, written
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries.days import output_rows
from dealer_crm.kpi.queries.measures import MEASURES, Measured, MeasureOfMonth, Months
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period
from reception.choices import OrderKind
from reception.models import RepairOrder

OF_ORDERS = ("output", "car_count", "output_per_car", "margin", "margin_rate")
KIND, BRAND, ADVISOR, MARK = "kind", "brand", "advisor", "mark"
_OF_NO_ORDER = "(none)"


@dataclass(frozen=True)
class Cut:
    """A measure of one repair type, brand or advisor. `key`: what its rows are asked by; `goal`: its target."""

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
    found = [cut for cut in _cuts(entry, told, lambda key: str(names.get(key) or _as_mark(key))) if cut.key]
    if all(cut.key.isdigit() for cut in found):
        return [(MARK, sorted(found, key=lambda cut: int(cut.key)))] if found else []
    return [(KIND, found)]


def cuts_of_orders(store: Store, period: Period, at: datetime) -> dict[str, list[tuple[str, list[Cut]]]]:
    """What is told by repair type, brand and advisor, measure by measure, out of one reading of the rows."""
    entries = [MEASURES[code] for code in OF_ORDERS]
    return _of_orders(entries, store, [period, period.previous(), period.shifted(-12)], at)


@dataclass(frozen=True)
class OwnTarget:
    """A person's own target of a month and what the person has reached by now; None where that is not counted."""

    target: Target
    actual: Decimal | None

    @property
    def actual_written(self) -> str:
        return written(self.target.unit, self.actual)

    @property
    def achieved(self) -> Decimal | None:
        """达成率."""
        return None if self.actual is None or not self.target.goal else achievement(self.actual, self.target.goal)


def own_targets(staff: Staff, period: Period, at: datetime) -> list[OwnTarget]:
    """The targets of a month that are a person's own, in the order of the catalogue, with what is reached of each.

    Also of margin: who signs a target sees how far they have come, though not what a single thing cost.
    """
    targets = list(Target.objects.filter(staff=staff, period=str(period)).order_by("measure", "order_kind"))
    wanted = {target.measure for target in targets}
    entries = [MEASURES[code] for code in OF_ORDERS if code in wanted]
    told = _of_orders(entries, staff.store, [period], at) if entries else {}
    reached = {
        code: next((cut.now.value for cut in dict(by)[ADVISOR] if cut.key == str(staff.pk)), Decimal(0))
        for code, by in told.items()
    }
    return [OwnTarget(one, None if one.order_kind else reached.get(one.measure)) for one in targets]


def _by_cut(entry: MeasureOfMonth, numbers) -> dict[str, dict[str, Decimal]]:
    told: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for part in entry.parts:
        for key, number in numbers.of_cuts(part.code).items():
            told[key][part.code] = number
    return told


def _of_orders(
    entries: Sequence[MeasureOfMonth], store: Store, periods: Sequence[Period], at: datetime
) -> dict[str, list[tuple[str, list[Cut]]]]:
    codes = frozenset[str]().union(*(entry.codes for entry in entries))
    rows = list(output_rows(store, list(periods), codes))
    orders = {
        number: (brand, advisor)
        for number, brand, advisor in RepairOrder.objects.filter(
            number__in={row.order for _period, _kind, _part, row in rows}
        ).values_list("number", "vehicle__brand", "advisor")
    }
    told = {
        by: {period: defaultdict(lambda: defaultdict(Decimal)) for period in periods} for by in (KIND, BRAND, ADVISOR)
    }
    for period, kind, part, row in rows:
        brand, advisor = orders[row.order]
        for by, key in ((KIND, kind), (BRAND, brand), (ADVISOR, str(advisor or ""))):
            told[by][period][key][part] += row.counted
    if "consumables" in codes:  # they belong to no order, and stand by themselves so that the parts add up
        months = Months(store, *periods, at=at, parts={"consumables"})
        for by, period in product(told, periods):
            told[by][period][_OF_NO_ORDER]["consumables"] = months.numbers[period].whole.get("consumables", Decimal(0))
    people = dict(Staff.objects.filter(store=store).values_list("pk", "name"))
    kinds = dict(OrderKind.choices)
    words = {
        KIND: lambda key: str(kinds.get(key, key)),
        BRAND: lambda key: key or "—",
        ADVISOR: lambda key: people.get(int(key), "—") if key else "—",
    }
    named = {_OF_NO_ORDER: _("Consumables (of no order)")}
    goals = _goals(entries, store, periods[0])
    found: dict[str, list[tuple[str, list[Cut]]]] = {entry.code: [] for entry in entries}
    for entry, (by, word) in product(entries, words.items()):
        cuts = _cuts(
            entry, [told[by][period] for period in periods],
            lambda key, word=word: named.get(key) or word(key), goals.get((entry.code, by), {}),
        )  # fmt: skip
        found[entry.code].append((by, cuts))
    return found


def _cuts(
    entry: MeasureOfMonth, told: Sequence[Mapping], word, goals: Mapping[str, Decimal] | None = None
) -> list[Cut]:
    now, *compared = told
    has_any = [any(number for parts in span.values() for number in parts.values()) for span in compared]
    cuts = [
        Cut(
            key.removeprefix(_OF_NO_ORDER), word(key), entry.of(now.get(key, {})),
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
    """The month's targets of repair types and of people, for each measure."""
    codes = [entry.code for entry in entries]
    rows = Target.objects.filter(store=store, period=str(period), measure__in=codes, team=None)
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for measure, kind, staff, goal in rows.values_list("measure", "order_kind", "staff", "goal"):
        if kind and not staff:
            found[measure, KIND][kind] = goal
        elif staff and not kind:
            found[measure, ADVISOR][str(staff)] = goal
    return found


def _as_mark(key: str) -> str:
    return f"{int(key):,} km" if key.isdigit() else key
