"""The numbers that are kept of past months, and which months are owed a count."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Exists, FilteredRelation, Min, OuterRef, Q

from dealer_crm.kpi.models import Fact, FactMonth, TouchedMonth
from dealer_crm.kpi.queries.days import Numbers
from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.models import RepairOrder

RIPE_AFTER = timedelta(days=2)
"""So long after its end a month still changes with the clock alone (a complaint's day runs out): until then it is asked
from the source."""
MONTHS_KEPT = 36
"""So many months back are kept; what is older is counted when somebody asks."""


def ripe_at(store: Store, period: Period) -> datetime:
    """From when on a count of the month stands until somebody touches it."""
    return period.bounds(store.tz)[1] + RIPE_AFTER


def kept_numbers(store: Store, periods: Collection[Period], *, with_days: bool = True) -> dict[Period, Numbers]:
    """What is kept of the months that are over and untouched; the others are missing. One query."""
    touched = TouchedMonth.objects.filter(store_id=OuterRef("store_id"), period=OuterRef("period"))
    months = {str(period): (period, ripe_at(store, period)) for period in periods}
    rows = FactMonth.objects.filter(~Exists(touched), store=store, period__in=months)
    rows = rows.annotate(whole=FilteredRelation("facts", condition=Q(facts__day=None)))
    facts = "facts" if with_days else "whole"
    columns = (f"{facts}__{name}" for name in ("part", "cut", "day", "number"))
    found: dict[Period, Numbers] = {}
    for written, made_at, part, cut, day, number in rows.values_list("period", "made_at", *columns):
        period, ripe = months[written]
        if made_at < ripe:
            continue
        numbers = found.setdefault(period, Numbers())
        if part is not None and day is None:
            numbers.whole[part] = number
        elif part is not None:
            numbers.days[part, cut, day] = number
    return found


# ── Many stores ──────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class KeptMonth:
    """The whole numbers of a store's month, as they stood at `made_at`."""

    made_at: datetime
    numbers: dict[str, Decimal]
    is_touched: bool


def kept_months(
    stores: Iterable[Store], periods: Collection[Period], parts: Collection[str]
) -> dict[tuple[int, Period], KeptMonth]:
    """Some numbers kept of some months of many stores, touched or not: two queries, whatever their number."""
    touched = TouchedMonth.objects.filter(store_id=OuterRef("store_id"), period=OuterRef("period"))
    rows = FactMonth.objects.filter(store__in=[store.pk for store in stores], period__in=map(str, periods))
    rows = list(rows.values_list("pk", "store_id", "period", "made_at", Exists(touched)))
    numbers: dict[int, dict[str, Decimal]] = defaultdict(dict)
    facts = Fact.objects.filter(month__in=[row[0] for row in rows], day=None, part__in=parts)
    for month, part, number in facts.values_list("month", "part", "number"):
        numbers[month][part] = number
    return {
        (store, Period.parse(period)): KeptMonth(made_at, numbers[pk], is_touched)
        for pk, store, period, made_at, is_touched in rows
    }


# ── What is owed ─────────────────────────────────────────────────────────────────────────────────────────────────────
def kept_since(at: datetime) -> Period:
    """The oldest month that is kept."""
    return Period.of(at).shifted(1 - MONTHS_KEPT)


def first_months(store: Store | None = None) -> dict[int, Period]:
    """The month of each store's first order."""
    orders = RepairOrder.objects.filter(**({"store_id": store.pk} if store else {})).order_by()
    found = orders.values_list("store").annotate(first=Min("arrived_at"))
    return {pk: Period.of(first) for pk, first in found}


def months_to_count(at: datetime, *, store: Store | None = None) -> list[tuple[Store, Period]]:
    """The months of every store (or one) that are not kept, were touched since, or were counted while they still
    changed and not yet today; from the first order on, the newest first."""
    of_store = {"store_id": store.pk} if store else {}
    rows = FactMonth.objects.filter(**of_store).values_list("store_id", "period", "made_at")
    kept = {(pk, period): made_at for pk, period, made_at in rows}
    touched = set(TouchedMonth.objects.filter(**of_store).values_list("store_id", "period").distinct())
    began = first_months(store)
    owed = []
    for place in [store] if store else Store.objects.order_by("code"):
        now = Period.of(at, place.tz)
        first = began.get(place.pk, now)
        midnight = datetime.combine(at.astimezone(place.tz).date(), time.min, place.tz)
        period = now
        while period >= max(first, kept_since(at)):
            key = place.pk, str(period)
            made_at = kept.get(key)
            stands = made_at is not None and (made_at >= ripe_at(place, period) or made_at >= midnight)
            if key in touched or not stands:
                owed.append((place, period))
            period = period.previous()
    return sorted(owed, key=lambda one: (one[1], one[0].code), reverse=True)
