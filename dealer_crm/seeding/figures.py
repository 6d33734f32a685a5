"""Targets, appraisal scores and plans: what a month needs before it can be paid."""

from datetime import datetime
from decimal import Decimal
from random import Random

from commission.actions import install_plan
from commission.models import Score
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
