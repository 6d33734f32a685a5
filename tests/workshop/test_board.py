"""Many screens in front of one board, and the warning half an hour before a promise that will be missed."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dealer_crm.notices.models import Notice
from reception.actions import move_promise
from reception.choices import OrderState
from reception.models import RepairOrder
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import JobFactory
from workshop import actions, queries, tasks
from workshop.choices import JobState

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def car(people, minutes=60, state=OrderState.IN_PROGRESS, **fields):
    return RepairOrderFactory(
        store=people.store, advisor=people.advisor, state=state, promised_at=NOON + timedelta(minutes=minutes), **fields
    )


def screen_of(person):
    """A screen in front of which a person has signed in; it asks for the board again and again."""
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return lambda name="wall", mark="": client.get(
        reverse(f"workshop:{name}"), headers={"HX-Request": "true", **({"If-None-Match": mark} if mark else {})}
    )


# ── Screens ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_one_screen_has_the_board_made_and_the_others_are_given_the_same(
    people, others, noon, django_assert_num_queries
):
    order = car(people, state=OrderState.DISPATCHED)
    job = JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.ASSIGNED)
    first, second, third, foreign = map(
        screen_of, (people.workshop, people.advisor, people.technician, others.workshop)
    )
    with django_assert_num_queries(8):  # session, person, store, two fingerprints; the figure, cars, jobs
        made = first()
    with django_assert_num_queries(5):
        given = second()
    assert given.content == made.content
    assert "/reception/" in second("board").content.decode()
    assert "/reception/" not in third("board").content.decode()  # may not open orders: another board
    assert order.vehicle.plate not in foreign().content.decode()

    actions.start_job(job=job, by=people.technician, at=NOON)
    changed = second(mark=given["ETag"])
    assert (changed.status_code, changed.content == made.content) == (200, False)


@pytest.mark.parametrize(
    ("cars", "shown"),
    [(1, ["{plate}", "12:25", "0:25", "{hands}"]), (40, ["{plate}", "12:25", "0:25"]), (111, ["{plate}", "0:25"])],
)
def test_however_many_cars_the_wall_shows_all_of_them_with_what_is_left(people, noon, cars, shown):
    first = car(people, 25)
    JobFactory(order=first, team=people.mechanics, technician=people.technician)
    for _number in range(cars - 1):
        car(people, 2000, lines=0, vehicle=first.vehicle)
    screen = screen_of(people.workshop)
    wall, lounge = screen().content.decode(), screen("lounge").content.decode()
    words = [one.format(plate=first.vehicle.plate, hands=people.technician.name) for one in shown]
    assert [one for one in words if one not in wall] == []
    assert (wall.count("wall-card "), lounge.count("wall-card ")) == (cars, cars)
    assert (first.vehicle.plate in lounge, people.technician.name in lounge, "12:25" in lounge) == (False, False, True)


# ── The warning ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_promise_moved_between_the_look_and_the_word_is_left_alone_until_its_own_time(people, heard):
    order = car(people, 20)
    [found] = queries.orders_at_risk(NOON)
    later = NOON + timedelta(hours=3)
    move_promise(order=order, promised_at=later, confirmed_by="客户", reason="等待配件", by=people.advisor, at=NOON)
    assert actions.warn_of_promise(order=found, at=NOON) is False
    told = [actions.warn_of_promise(order=found, at=later - timedelta(minutes=left)) for left in (31, 30, 29)]
    assert (told, Notice.objects.count()) == ([False, True, False], 1)


@pytest.mark.parametrize(("hours", "told"), [(-0.5, 1), (0, 1), (2, 1), (23, 1), (25, 0)])
def test_a_clock_that_was_away_tells_late_and_once_but_not_of_yesterday(people, heard, monkeypatch, hours, told):
    car(people, 0)
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(hours=hours))
    for _beat in range(2):
        tasks.warn_of_promises()
    assert (Notice.objects.count(), len(heard)) == (told, told)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_tell_once(people, heard):
    order = car(people, 20)
    gate, told = threading.Barrier(2), []

    def warn():
        gate.wait()
        try:
            told.append(actions.warn_of_promise(order=order, at=NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=warn) for _beat in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(told), Notice.objects.count(), len(heard)) == ([False, True], 1, 1)


# ── What is late ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_finished_car_past_its_promise_is_late_for_its_customer_and_not_in_the_shop(people, noon):
    """Each board says which of the two it counts, and its number opens into the rows it is made of."""
    working, finished = car(people, -20), car(people, -40, state=OrderState.READY)
    soon, later = car(people, 25), car(people, 200, state=OrderState.READY)
    gone = car(people, -60, state=OrderState.READY, delivered_at=NOON)  # handed over, its settlement reversed since

    def plates(content: str) -> set:
        shown = (working, finished, soon, later, gone)
        return {order.pk for order in shown if f'href="{reverse("reception:order", args=[order.pk])}"' in content}

    client = Client()
    client.force_login(people.advisor, "django.contrib.auth.backends.ModelBackend")
    boards = {name: reverse(name) for name in ("reception:today", "workshop:board")}
    seen = {
        (name, show): plates(client.get(boards[name], {"show": show} if show else {}).content.decode())
        for name, show in (
            ("reception:today", ""), ("reception:today", "overdue"),
            ("workshop:board", ""), ("workshop:board", "late"), ("workshop:board", "soon"),
        )
    }  # fmt: skip
    here = {order.pk for order in (working, finished, soon, later)}
    assert seen == {
        ("reception:today", ""): here,
        ("reception:today", "overdue"): {working.pk, finished.pk},
        ("workshop:board", ""): here,
        ("workshop:board", "late"): {working.pk},
        ("workshop:board", "soon"): {soon.pk},
    }
    today, shop = (client.get(boards[name]).context for name in boards)
    assert (len(today["board"].overdue), shop["late"], shop["soon"]) == (2, 1, 1)
    assert set(RepairOrder.objects.overdue(NOON)) == {working, finished}
    screens = [
        client.get(f"{boards['workshop:board']}?show={show}", headers={"HX-Request": "true"}) for show in ("late", "")
    ]
    assert [len(plates(screen.content.decode())) for screen in screens] == [1, 4]  # never one kept for the other
