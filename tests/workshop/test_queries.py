"""What the workshop's screens ask, and how much it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest

from reception.choices import OrderKind, OrderState
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import BayFactory, ClockEntryFactory, ConsumableIssueFactory, JobFactory
from workshop import queries
from workshop.choices import JobState, Stage
from workshop.models import ClockEntry

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)


def car(people, state, minutes=60, **fields):
    return RepairOrderFactory(
        store=people.store, advisor=people.advisor, state=state, promised_at=NOON + timedelta(minutes=minutes), **fields
    )


def fill_shop(people, count):
    states = [OrderState.OPEN, OrderState.DISPATCHED, OrderState.IN_PROGRESS, OrderState.INSPECTION, OrderState.READY]
    for number in range(count):
        order = car(people, states[number % 5], minutes=number)
        if order.state != OrderState.OPEN:
            JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.ASSIGNED)


# ── Board ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_board_shows_every_car_in_its_stage_most_urgent_first(people, others):
    late = car(people, OrderState.IN_PROGRESS, -5)
    soon = car(people, OrderState.IN_PROGRESS, 20)
    fine = car(people, OrderState.IN_PROGRESS, 31)
    done = car(people, OrderState.READY, -60)
    car(people, OrderState.DELIVERED)
    car(others, OrderState.OPEN)
    columns = {column.stage: column for column in queries.board_columns(people.store, NOON)}
    assert [(one.order, one.tone, one.left) for one in columns[Stage.WORK].cars] == [
        (late, "danger", -5),
        (soon, "warning", 20),
        (fine, "success", 31),
    ]
    assert [(one.order, one.tone) for one in columns[Stage.READY].cars] == [(done, "success")]
    assert sum(len(column.cars) for column in columns.values()) == 4


def test_a_car_on_the_board_names_hands_bays_and_how_far_it_is(people):
    order = car(people, OrderState.IN_PROGRESS, lines=2)
    bay = BayFactory(store=people.store)
    JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.FINISHED)
    JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.RUNNING, bay=bay)
    [shown] = [one for column in queries.board_columns(people.store, NOON) for one in column.cars]
    assert (shown.done, shown.jobs, shown.hands, shown.bays) == (1, 2, [people.technician.name], [bay.name])


@pytest.mark.parametrize("cars", [1, 200])
def test_the_board_costs_the_same_for_one_car_and_for_two_hundred(people, cars, django_assert_num_queries):
    fill_shop(people, cars)
    with django_assert_num_queries(3):
        columns = queries.board_columns(people.store, NOON)
    with django_assert_num_queries(2):
        queries.board_fingerprint(people.store, NOON)
    assert sum(len(column.cars) for column in columns) == cars


def test_the_fingerprint_changes_with_every_order_job_and_minute_and_with_nothing_else(people, others):
    order = car(people, OrderState.IN_PROGRESS)
    job = JobFactory(order=order, team=people.mechanics, technician=people.technician)
    first = queries.board_fingerprint(people.store, NOON)
    car(others, OrderState.OPEN)
    car(people, OrderState.DELIVERED)
    assert queries.board_fingerprint(people.store, NOON + timedelta(seconds=59)) == first
    seen = {first, queries.board_fingerprint(people.store, NOON + timedelta(minutes=1))}
    job.version += 1
    job.save()
    seen.add(queries.board_fingerprint(people.store, NOON))
    order.version += 1
    order.save()
    seen.add(queries.board_fingerprint(people.store, NOON))
    assert len(seen) == 4


# ── Inspection ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("cars", [1, 30])
def test_the_inspection_queue_costs_the_same_however_long_it_is(people, cars, django_assert_num_queries):
    for number in range(cars):
        order = car(people, OrderState.INSPECTION, number)
        JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.FINISHED)
    with django_assert_num_queries(4):
        tasks = queries.inspection_queue(people.inspector)
    assert len(tasks) == cars


def test_a_team_leader_sees_the_cars_of_the_team_that_wait_for_the_check(people):
    order = car(people, OrderState.INSPECTION, kind=OrderKind.ACCIDENT)
    JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.FINISHED)
    assert [task.order for task in queries.team_checks(people.second_technician, NOON)] == [order]
    assert queries.team_checks(people.technician, NOON) == []


# ── Technicians, clocks, supplies ────────────────────────────────────────────────────────────────────────────────────
def test_a_technician_sees_the_running_job_first_and_work_of_the_team_apart(people):
    later = JobFactory(
        order=car(people, OrderState.DISPATCHED, 90), team=people.mechanics, technician=people.technician
    )
    now = JobFactory(
        order=car(people, OrderState.IN_PROGRESS, 120), team=people.mechanics, technician=people.technician,
        state=JobState.RUNNING,
    )  # fmt: skip
    anybody = JobFactory(order=car(people, OrderState.DISPATCHED), team=people.mechanics, technician=None)
    JobFactory(order=car(people, OrderState.DISPATCHED), team=people.painters, technician=None)
    assert list(queries.jobs_in_hand(people.technician)) == [now, later]
    assert list(queries.jobs_of_team(people.technician, NOON)) == [anybody]


def test_forgotten_clocks_are_those_of_the_own_store_and_the_last_weeks(people, others):
    def forgotten(whose, days):
        job = JobFactory(order=car(whose, OrderState.DISPATCHED), team=whose.mechanics, technician=whose.technician)
        end = NOON - timedelta(days=days)
        return ClockEntryFactory(job=job, started_at=end - timedelta(hours=1), ended_at=end, was_forgotten=True)

    recent, _old, _foreign = forgotten(people, 1), forgotten(people, 40), forgotten(others, 1)
    assert list(queries.forgotten_clocks(people.workshop, NOON)) == [recent]
    assert ClockEntry.objects.count() == 3


def test_consumables_are_summed_by_team_and_month(people):
    ConsumableIssueFactory(team=people.mechanics, amount=Decimal("10.50"))
    ConsumableIssueFactory(team=people.mechanics, amount=Decimal("20.00"))
    ConsumableIssueFactory(team=people.painters, amount=Decimal("5.00"))
    ConsumableIssueFactory(team=people.painters, amount=Decimal("99.00"), issued_on=NOON.date().replace(month=9))
    assert queries.consumables_of_month(people.store, NOON.date()) == [
        (people.mechanics.name, Decimal("30.50")),
        (people.painters.name, Decimal("5.00")),
    ]
