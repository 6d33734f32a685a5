"""The facts of the rules that pay a post, and the pay items of the statement. Source: spec `commission.md`, E and F.

Measures come from the catalogue of `dealer_crm.kpi`; nothing is counted anew here.
"""

from collections.abc import Collection

from commission.choices import PayKind
from commission.formulas.facts import AppointmentFact, IncentiveFact, LevelFact, MeasureFact, PayItemFact
from commission.formulas.plan import PlanParameters
from commission.formulas.posts_blocks import KEY_MEASURES, PLACES, POST_BLOCKS, ContactPay, RankPay
from commission.models import Incentive, PayItem
from dealer_crm.kpi.choices import Unit
from dealer_crm.kpi.queries import MEASURES, Months
from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.choices import AppointmentState, OrderState
from reception.models import Appointment

_UNITS = {Unit.SHARE: "share", Unit.POINTS: "points"}
ALL_MEASURES = KEY_MEASURES | PLACES


def measures_of(plan: PlanParameters) -> frozenset[str]:
    """The measures of the catalogue that the rules of a plan look at once they have their numbers."""
    found = set()
    for block in plan.of(POST_BLOCKS):
        if not block.unset and isinstance(block, ContactPay):
            found |= set(block.key_measures)
        if not block.unset and isinstance(block, RankPay):
            found.add(block.measure)
    return frozenset(found) & ALL_MEASURES


def kept_appointments(store: Store, period: Period) -> tuple[AppointmentFact, ...]:
    """Appointments whose car came in the month and had a repair order opened, by who made them. An order that is still
    a draft, or was cancelled, is none."""
    start, end = period.bounds(store.tz)
    rows = (
        Appointment.objects.filter(
            store=store,
            state=AppointmentState.ARRIVED,
            order__arrived_at__gte=start,
            order__arrived_at__lt=end,
            made_by__isnull=False,
        )
        .exclude(order__state__in=[OrderState.DRAFT, OrderState.CANCELLED])
        .order_by("number")
        .values_list("number", "made_by__work_number", "order__arrived_at", "order__number")
    )
    return tuple(
        AppointmentFact(number, staff, arrived_at.astimezone(store.tz).date(), order)
        for number, staff, arrived_at, order in rows
    )


def incentives(store: Store, period: Period) -> tuple[IncentiveFact, ...]:
    """What was entered for days of the month and not declined; what waits is pointed at by the run."""
    rows = Incentive.objects.filter(store=store, declined_at=None).of_month(period).order_by("pk")
    return tuple(
        IncentiveFact(str(pk), number, kind, day, amount, approved_at is not None, reason)
        for pk, number, kind, day, amount, approved_at, reason in rows.values_list(
            "pk", "staff__work_number", "kind", "day", "amount", "approved_at", "reason"
        )
    )


def pay_items(numbers: Collection[str], period: Period) -> tuple[tuple[LevelFact, ...], tuple[PayItemFact, ...]]:
    """Certification levels and pay items of these people that start by the end of the month."""
    rows = (
        PayItem.objects.filter(staff__work_number__in=numbers, starts_on__lte=period.last_day)
        .order_by("staff__work_number", "kind", "starts_on")
        .values_list("staff__work_number", "kind", "amount", "starts_on")
    )
    levels = tuple(LevelFact(staff, amount, day) for staff, kind, amount, day in rows if kind == PayKind.CERTIFICATION)
    items = tuple(PayItemFact(*row) for row in rows if row[1] != PayKind.CERTIFICATION)
    return levels, items


def measures(store: Store, period: Period, codes: Collection[str]) -> tuple[MeasureFact, ...]:
    """Some measures of the catalogue as the store did in a month that has passed, with the goals that stand without a
    target of the month."""
    if not codes:
        return ()
    months = Months(store, period, parts=frozenset[str]().union(*(MEASURES[code].codes for code in codes)))
    found, goals = months.measured(period), months.goals(period)
    return tuple(
        MeasureFact(
            code,
            found[code].value,
            goals.get(code),
            _UNITS.get(MEASURES[code].unit, "number"),
        )
        for code in sorted(codes)
    )
