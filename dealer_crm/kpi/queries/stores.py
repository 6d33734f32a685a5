"""Stores side by side: their kept numbers of a month or of twelve, in two queries for one store or a hundred."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from dealer_crm.kpi.choices import Unit
from dealer_crm.kpi.formulas.sparks import Spark, spark
from dealer_crm.kpi.queries.kept import KeptMonth, kept_months
from dealer_crm.kpi.queries.measures import MEASURES, Measured, MeasureOfMonth
from dealer_crm.kpi.queries.tiles import places_of
from dealer_crm.organization.models import Store
from dealer_crm.values import Period

FIRST_SHOWN = (
    "output",
    "margin",
    "car_count",
    "output_per_car",
    "on_time",
    "external_comeback",
    "call_coverage",
    "csi",
)
TREND = 12


@dataclass(frozen=True)
class Compared:
    """A measure of a store with its place among the stores; none without a figure."""

    entry: MeasureOfMonth
    found: Measured
    place: int | None

    @property
    def is_share(self) -> bool:
        return self.entry.unit == Unit.SHARE

    @property
    def is_money(self) -> bool:
        return self.entry.unit == Unit.MONEY

    @property
    def places(self) -> int:
        return places_of(self.entry.unit)


@dataclass(frozen=True)
class StoreRow:
    """`trend`: the measure the table is sorted by, month by month; `is_recounted`: something was written since."""

    store: Store
    cells: list[Compared]
    trend: list[Decimal | None]
    is_recounted: bool

    @cached_property
    def spark(self) -> Spark:
        return spark(self.trend)


@dataclass(frozen=True)
class Comparison:
    """`as_of`: the oldest count among those shown."""

    rows: list[StoreRow]
    as_of: datetime | None
    sorted_by: MeasureOfMonth


def compared_stores(
    stores: Iterable[Store], period: Period, codes: Sequence[str], *, months: int = 1, sorted_by: str = ""
) -> Comparison:
    """The stores by a measure, the best first. `months`: so many months up to `period` taken together."""
    stores = list(stores)
    entries = [MEASURES[code] for code in codes]
    first = MEASURES[sorted_by] if sorted_by in codes else entries[0]
    periods = [period.shifted(place) for place in range(1 - TREND, 1)]
    shown = list(dict.fromkeys([*entries, first]))
    kept = kept_months(stores, periods, frozenset[str]().union(*(entry.codes for entry in shown)))
    measured = {key: {entry.code: entry.of(one.numbers) for entry in shown} for key, one in kept.items()}
    figures = {
        store.pk: {
            entry.code: together(
                entry, [measured[key][entry.code] for one in periods[-months:] if (key := (store.pk, one)) in measured]
            )
            for entry in shown
        }
        for store in stores
    }
    places = {entry.code: _places(entry, figures) for entry in entries}
    rows = [
        StoreRow(
            store,
            [Compared(entry, figures[store.pk][entry.code], places[entry.code].get(store.pk)) for entry in entries],
            [measured[store.pk, one][first.code].value if (store.pk, one) in measured else None for one in periods],
            _is_recounted(kept, store, periods[-months:]),
        )
        for store in stores
    ]
    rows.sort(key=lambda row: (places[first.code].get(row.store.pk) or len(stores) + 1, row.store.code))
    counted = [one.made_at for (_store, month), one in kept.items() if month in periods[-months:]]
    return Comparison(rows, min(counted, default=None), first)


def together(entry: MeasureOfMonth, months: Sequence[Measured]) -> Measured:
    """Some months as one: sums are added; shares and points weigh each month by what it was counted from."""
    months = [one for one in months if one.value is not None]
    if not months:
        return Measured(None, None, None)
    if len(months) == 1:
        return months[0]
    if entry.unit == Unit.PLACE:
        return Measured(None, None, sum((one.value for one in months), Decimal(0)) / len(months))
    unknown = sum(one.unknown for one in months), sum((one.unknown_amount for one in months), Decimal(0))
    if months[0].denominator is None:
        return Measured(None, None, sum((one.value for one in months), Decimal(0)), *unknown)
    below = sum((one.denominator for one in months), Decimal(0))
    weighed = sum((one.value * one.denominator for one in months), Decimal(0))
    has_above = all(one.numerator is not None for one in months)
    above = sum((one.numerator for one in months), Decimal(0)) if has_above else None
    return Measured(above, below, weighed / below if below else None, *unknown)


def _places(entry: MeasureOfMonth, figures: Mapping[int, Mapping[str, Measured]]) -> dict[int, int]:
    """Equal figures share a place, and the next one goes by how many stand before it."""
    known = {store: found[entry.code].value for store, found in figures.items() if found[entry.code].value is not None}
    ranked = sorted(known.values(), reverse=not _least_is_best(entry))
    return {store: ranked.index(value) + 1 for store, value in known.items()}


def _least_is_best(entry: MeasureOfMonth) -> bool:
    return entry.is_ceiling or entry.unit == Unit.MINUTES


def _is_recounted(kept: Mapping[tuple[int, Period], KeptMonth], store: Store, periods: Iterable[Period]) -> bool:
    return any(kept[store.pk, one].is_touched for one in periods if (store.pk, one) in kept)
