"""How far the targets of a month are reached, whose they may be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.formulas import written
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries.breakdowns import ADVISOR, KIND, TEAM, Parts, parts_of
from dealer_crm.kpi.queries.measures import MEASURES, Measured, Months
from dealer_crm.kpi.queries.targets import binding, month_targets
from dealer_crm.kpi.queries.tiles import Judged
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.values import Period
from reception.choices import OrderKind

_NOTHING = Measured(None, None, None)
_MEASURES = {code: place for place, code in enumerate(Measure.values)}
_KINDS = {code: place for place, code in enumerate(["", *OrderKind.values])}


@dataclass(frozen=True)
class ReachedTarget(Judged):
    """A target with what is reached of it by now."""

    target: Target

    @property
    def actual_written(self) -> str:
        return written(self.target.unit, self.now.value)


def reached(store: Store, period: Period, targets: Iterable[Target], at: datetime) -> list[ReachedTarget]:
    """The targets of a store's month with what is reached: by the store, by orders of a type, by a person or a team, as
    the page of the measure tells it; in the order of the catalogue, the whole before its parts. The same few
    statements, however many targets.

    Of a month that has not begun nothing is reached. Also of margin: who may know a target may know how far it is
    reached, though not what a single thing cost.
    """
    targets = list(targets)
    has_begun = period.bounds(store.tz)[0] <= at
    parts = {target.measure for target in targets if has_begun and _by_whom(target)[0]}
    wholes = {target.measure for target in targets if has_begun and not _by_whom(target)[0]}
    told = parts_of([MEASURES[code] for code in MEASURES if code in parts], store, period) if parts else {}
    return beside(store, period, targets, at, _of_store(store, period, wholes, at), told)


def beside(
    store: Store, period: Period, targets: Iterable[Target], at: datetime, whole: Mapping[str, Measured], told: Parts
) -> list[ReachedTarget]:
    """The same where the figures are known already: `whole` of the store, `told` by what and by whom."""
    begins, ends = period.bounds(store.tz)
    has_begun, is_under_way = begins <= at, at < ends

    def found(target: Target) -> Measured:
        by, key = _by_whom(target)
        if not has_begun:
            return _NOTHING
        if not by:
            return whole.get(target.measure, _NOTHING)
        return told[target.measure][by].get(key) or MEASURES[target.measure].of({})

    return [
        ReachedTarget(MEASURES[one.measure], found(one), one.goal, one.floor, is_under_way, one)
        for one in sorted(targets, key=_place)
    ]


def own_targets(staff: Staff, period: Period, at: datetime) -> list[ReachedTarget]:
    """The targets of a month that bind a person, signed or not: their own, the store's of their post, their team's; and
    those of a team they have come to since."""
    held = Position.objects.filter(staff=staff, store=staff.store_id, team__isnull=False)
    teams = set()
    for day in {period.first_day, min(at.astimezone(staff.store.tz).date(), period.last_day)}:
        teams |= set(held.in_force_on(day).values_list("team", flat=True))
    of_month = list(month_targets(staff.store, period).filter(Q(staff=staff) | Q(staff=None)))
    bound = {one.pk for one in binding(staff, of_month)}
    return reached(staff.store, period, [one for one in of_month if one.pk in bound or one.team_id in teams], at)


def _place(target: Target) -> tuple:
    """Where a target stands among those of a month."""
    team, person = target.team.name if target.team else "", target.staff.work_number if target.staff else ""
    return _MEASURES[target.measure], _KINDS[target.order_kind], team, person


def _by_whom(target: Target) -> tuple[str, str]:
    """What its part of the measure is told by, and the key of the part; nothing for the whole store."""
    for by, key in ((KIND, target.order_kind), (ADVISOR, target.staff_id), (TEAM, target.team_id)):
        if key:
            return by, str(key)
    return "", ""


def _of_store(store: Store, period: Period, codes: set[str], at: datetime) -> dict[str, Measured]:
    entries = [entry for code, entry in MEASURES.items() if code in codes]
    if not entries:
        return {}
    parts = frozenset[str]().union(*(entry.codes for entry in entries))
    numbers = Months(store, period, at=at, parts=parts).numbers[period].whole
    return {entry.code: entry.of(numbers) for entry in entries}
