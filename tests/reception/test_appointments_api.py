"""The appointment book over HTTP: the way of an appointment, scope, versions, keys, problems."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from reception.models import Appointment
from tests.factories import cast
from tests.factories.appointments import AppointmentFactory
from tests.factories.reception import VehicleFactory

pytestmark = pytest.mark.django_db
BOOK = "/api/v1/appointments/"


@pytest.fixture
def caller():
    def call_as(person) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    return call_as


@pytest.fixture
def desk(caller, people):
    return caller(people.advisor)


@pytest.fixture
def tomorrow(people):
    now = timezone.now().astimezone(people.store.tz)
    return (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)


def test_from_the_call_to_the_open_order(desk, people, tomorrow):
    VehicleFactory(store=people.store, plate="京A00001")
    made = desk.post(BOOK, {"plate": "京a00001", "kind": "repair", "starts_at": tomorrow, "wishes": "刹车异响"})
    assert (made.status_code, made.data["state"], made.data["store"], made["ETag"]) == (201, "booked", "BJ01", '"1"')
    assert made.data["contact_phone"].count("*") == 4
    here = f"{BOOK}{made.data['id']}/"
    assert desk.post(f"{here}confirm/").data["state"] == "confirmed"
    moved = desk.post(f"{here}reschedule/", {"starts_at": tomorrow.replace(hour=15)})
    assert (moved.data["state"], moved.data["moved_count"]) == ("booked", 1)
    assert desk.patch(here, {"wishes": "刹车异响、保养"}).data["version"] == 4

    Appointment.objects.update(  # the day has come
        starts_at=timezone.now().replace(microsecond=0),
        slot_at=timezone.now().replace(minute=0, second=0, microsecond=0),
    )
    arrived = desk.post(f"{here}arrive/", {"promised_at": timezone.now() + timedelta(hours=3), "mileage": 12000})
    assert (arrived.status_code, arrived.data["state"]) == (200, "arrived")
    order = desk.get(f"/api/v1/repair-orders/{arrived.data['order']}/").data
    assert (order["kind"], order["symptoms"], order["state"]) == ("repair", "刹车异响、保养", "open")


def test_a_full_hour_is_a_problem_with_the_next_free_ones(desk, people, tomorrow):
    for number in range(4):
        AppointmentFactory(store=people.store, starts_at=tomorrow, place=number + 1)
    answer = desk.post(BOOK, {"plate": "京A00001", "kind": "repair", "starts_at": tomorrow, "contact_name": "王",
                              "contact_phone": "13812345678"})  # fmt: skip
    assert (answer.status_code, answer.data["type"]) == (409, "urn:dealer-crm:problem:full")
    assert f"{tomorrow:%m-%d} 09:00" in answer.data["details"][0]
    slots = desk.get(f"{BOOK}slots/", {"day": f"{tomorrow:%Y-%m-%d}", "kind": "repair"}).data
    ten = next(slot for slot in slots if slot["starts_at"] == tomorrow.isoformat())
    assert (ten["places"], ten["taken"], ten["free"]) == (4, 4, 0)
    assert desk.get(f"{BOOK}slots/").status_code == 422


def test_the_list_is_filtered_and_knows_only_the_own_store(desk, people, tomorrow):
    mine = AppointmentFactory(store=people.store, starts_at=tomorrow)
    AppointmentFactory(store=people.store, starts_at=tomorrow - timedelta(days=20), state="missed")
    theirs = AppointmentFactory(store=cast.of_second_store().store, starts_at=tomorrow)

    def ids(**asked):
        return [row["id"] for row in desk.get(BOOK, asked).data["results"]]

    assert ids(day=f"{tomorrow:%Y-%m-%d}") == [mine.pk]
    assert ids(state="booked", store="BJ01", plate=mine.plate) == [mine.pk]
    assert len(ids()) == 2
    assert ids(store="SH01") == []
    assert desk.get(f"{BOOK}{theirs.pk}/").status_code == 404
    assert desk.post(f"{BOOK}{theirs.pk}/confirm/").status_code == 404


def test_an_old_version_is_told_so(desk, people, tomorrow):
    appointment = AppointmentFactory(store=people.store, starts_at=tomorrow)
    here = f"{BOOK}{appointment.pk}/"
    assert desk.post(f"{here}confirm/", headers={"If-Match": '"1"'}).status_code == 200
    assert desk.post(f"{here}cancel/", {"reason": "出差"}, headers={"If-Match": '"1"'}).status_code == 412
    cancelled = desk.post(f"{here}cancel/", {"reason": "出差"}, headers={"If-Match": '"2"'})
    assert (cancelled.data["state"], cancelled.data["cancel_reason"]) == ("cancelled", "出差")
    assert desk.post(f"{here}confirm/").data["type"] == "urn:dealer-crm:problem:appointment_cancelled"


def test_the_same_key_makes_one_appointment(desk, people, tomorrow):
    VehicleFactory(store=people.store, plate="京A00001")
    body = {"plate": "京A00001", "kind": "repair", "starts_at": tomorrow.isoformat()}
    answers = [desk.post(BOOK, body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data["id"] == answers[1].json()["id"]
    assert Appointment.objects.count() == 1


def test_roles_hold_here_too(caller, people, tomorrow):
    appointment = AppointmentFactory(store=people.store, starts_at=tomorrow)
    here = f"{BOOK}{appointment.pk}/"
    agent, cashier, director = caller(people.agent), caller(people.cashier), caller(people.director)
    assert agent.post(f"{here}confirm/").status_code == 200
    assert agent.post(f"{here}arrive/", {"promised_at": tomorrow}).status_code == 403
    assert cashier.get(BOOK).status_code == 403
    assert (director.get(BOOK).status_code, director.post(f"{here}confirm/").status_code) == (200, 403)
    assert agent.post(f"{here}miss/").data["type"] == "urn:dealer-crm:problem:too_early"
