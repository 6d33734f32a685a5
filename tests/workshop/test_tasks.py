"""What the clock wakes: safe to repeat, late or twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dealer_crm.notices.models import Notice
from reception.choices import OrderState
from tests.factories.reception import RepairOrderFactory
from tests.factories.workshop import JobFactory
from workshop import queries, tasks
from workshop.choices import JobState
from workshop.models import ClockEntry

pytestmark = pytest.mark.django_db


def test_promises_at_risk_are_told_once_however_often_the_task_runs(people):
    now = timezone.now()
    for minutes in (20, -20, 90):
        RepairOrderFactory(
            store=people.store, advisor=people.advisor, state=OrderState.IN_PROGRESS, began_at=now - timedelta(hours=5),
            promised_at=now + timedelta(minutes=minutes),
        )  # fmt: skip
    assert len(queries.promises_to_warn_of(now)) == 2
    for _ in range(3):
        tasks.warn_of_promises()
    assert [notice.recipient for notice in Notice.objects.all()] == [people.advisor] * 2
    assert queries.promises_to_warn_of(now) == []  # nothing is locked or asked again for who was told


def test_a_promise_missed_days_ago_wakes_nobody(people):
    RepairOrderFactory(
        store=people.store, advisor=people.advisor, state=OrderState.OPEN, began_at=timezone.now() - timedelta(days=3)
    )
    tasks.warn_of_promises()
    assert Notice.objects.count() == 0


def test_clocks_of_yesterday_are_closed_in_every_store(people, others):
    for whose in (people, others):
        order = RepairOrderFactory(
            store=whose.store, advisor=whose.advisor, state=OrderState.IN_PROGRESS,
            began_at=timezone.now() - timedelta(days=2),
        )  # fmt: skip
        JobFactory(order=order, team=whose.mechanics, technician=whose.technician, state=JobState.RUNNING)
    for _ in range(2):
        tasks.close_forgotten_clocks()
    assert ClockEntry.objects.filter(was_forgotten=True, ended_at__isnull=False).count() == 2
