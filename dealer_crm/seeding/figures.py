"""Targets, appraisal scores and plans: what a month needs before it can be paid."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from commission.actions import (
    approve_change,
    ask_for_approval,
    ask_for_change,
    discard_version,
    draft_version,
    install_plan,
    make_dry_run,
    order_dry_run,
)
from commission.formulas.plan import VAT_DIVISOR_NOW
from commission.models import PlanVersion
from commission.queries import version_in_force
from dealer_crm.appraisal.models import Score
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target
from dealer_crm.seeding.people import House
from dealer_crm.values import Period


def make_figures(house: House, random: Random, first: Period, last: Period, cars_per_month: int, at: datetime) -> None:
    """Signed targets and scores from `first` to `last`, the targets of the month after for signing."""
    install_plan(store=house.store, at=at)
    manager, clerk = house.staff["M01"], house.staff["F01"]
    cars = Decimal(max(20, cars_per_month))
    period, targets, scores = first, [], []
    while period <= last.next():
        is_signed = period <= last
        for measure, staff, goal in (
            (Measure.OUTPUT, None, cars * 900),
            (Measure.MARGIN, None, cars * 500),
            (Measure.CAR_COUNT, None, cars),
            (Measure.ACCESSORY_SALES, house.staff["S01"], cars * 60),
        ):
            targets.append(
                Target(
                    store=house.store, period=str(period), measure=measure, staff=staff, goal=goal, is_signed=is_signed,
                    set_by=manager, set_at=at,
                )
            )  # fmt: skip
        if period < last:
            for person in house.of("A"):
                score = Decimal(random.choice(["94.5", "96", "97", "98", "98.5", "99"]))
                scores.append(Score(staff=person, period=str(period), score=score, entered_by=clerk, entered_at=at))
        period = period.next()
    Target.objects.bulk_create(targets)
    Score.objects.bulk_create(scores)


def change_coefficients(house: House, at: datetime) -> None:
    """A temporary coefficient the last month is paid by, and two of this month that wait for the station manager."""
    people, month = house.staff, Period.of(at, house.store.tz)
    last = month.previous()
    first_half = last.first_day + timedelta(days=14)
    for asker, person, first, end, coefficient, reason in (
        ("W01", "T03", last.first_day, first_half, "1.0", "独立完成大修，临时上调"),
        ("W01", "T06", month.first_day, month.last_day, "0.9", "带新学徒一个月"),
        ("T01", "T02", month.last_day - timedelta(days=9), month.last_day, "1.1", "组长休假期间代班"),
    ):
        change = ask_for_change(
            staff=people[person], starts_on=first, ends_on=end, coefficient=Decimal(coefficient), reason=reason,
            by=people[asker], at=at,
        )  # fmt: skip
        if first in last:
            approve_change(change=change, by=people["D01"], at=at)


def try_the_plan(house: House, at: datetime) -> None:
    """The version in force with the VAT divisor 1.13: tried over last month, waits for the station manager.

    It takes the place of the ready draft, which knows nothing of what the house has agreed on since.
    """
    clerk, month = house.staff["L01"], Period.of(at, house.store.tz)
    for ready in PlanVersion.objects.drafts().filter(plan__store=house.store):
        discard_version(version=ready, by=clerk, at=at)
    draft = draft_version(source=version_in_force(house.store, month), divisor=VAT_DIVISOR_NOW, by=clerk, at=at)
    dry_run = order_dry_run(version=draft, first=month.previous(), last=month.previous(), by=clerk, at=at)
    make_dry_run(dry_run_id=dry_run.pk, at=at)
    ask_for_approval(version=draft, by=clerk, at=at)
