"""Callbacks and contacts over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from callback.choices import Outcome, TaskState
from callback.models import CallTask, Contact
from reception.choices import OrderState
from tests.factories.callback import CallTaskFactory, ContactFactory
from tests.factories.reception import RepairOrderFactory

CALLBACKS = "/api/v1/callbacks/"


@pytest.fixture
def api(people):
    client = APIClient()
    client.force_authenticate(people.agent)
    return client


@pytest.fixture
def task(people):
    now = timezone.now()
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED, began_at=now - timedelta(days=1))
    return CallTaskFactory(
        order=order, opens_at=now - timedelta(hours=1), due_at=now + timedelta(hours=3), created_at=now
    )


def test_calls_are_listed_and_narrowed(api, people, task):
    CallTaskFactory(store=people.store, state=TaskState.DONE)
    assert len(api.get(CALLBACKS).json()["results"]) == 2
    only = api.get(CALLBACKS, {"state": "open", "rule": "service_3d"}).json()["results"]
    assert [(row["id"], row["order_number"], row["state"]) for row in only] == [(task.pk, task.order.number, "open")]


def test_the_next_call_is_claimed_and_its_outcome_recorded(api, people, task):
    claimed = api.post(f"{CALLBACKS}claim/")
    assert (claimed.status_code, claimed.json()["id"], claimed.json()["claimed_by"]) == (
        200, task.pk, people.agent.work_number
    )  # fmt: skip
    assert claimed["ETag"] == '"2"'
    answer = api.post(
        f"{CALLBACKS}{task.pk}/outcome/", {"outcome": "completed", "was_on_time": True, "note": "满意"},
        headers={"If-Match": '"2"', "Idempotency-Key": "call-1"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["outcome"], answer.json()["order"]) == (201, "completed", task.order_id)
    task.refresh_from_db()
    assert task.state == TaskState.DONE
    again = api.post(
        f"{CALLBACKS}{task.pk}/outcome/", {"outcome": "completed", "was_on_time": True, "note": "满意"},
        headers={"If-Match": '"2"', "Idempotency-Key": "call-1"},
    )  # fmt: skip
    assert (again.status_code, again.json()["id"], Contact.objects.count()) == (201, answer.json()["id"], 1)


def test_an_empty_queue_answers_without_a_call(api, people):
    assert api.post(f"{CALLBACKS}claim/").status_code == 204


def test_a_certain_call_is_claimed(api, task):
    assert api.post(f"{CALLBACKS}{task.pk}/claim/").json()["id"] == task.pk


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        ({"outcome": "completed"}, 409, "on_time_not_asked"),
        ({"outcome": "call_later"}, 409, "time_missing"),
        ({"outcome": "gone fishing"}, 422, "invalid"),
        ({}, 422, "invalid"),
        ({"outcome": "completed", "was_on_time": True, "complaint": 999999}, 404, "not_found"),
    ],
)
def test_what_is_missing_is_a_problem_in_words(api, task, said, status, kind):
    api.post(f"{CALLBACKS}claim/")
    answer = api.post(f"{CALLBACKS}{task.pk}/outcome/", said)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:dealer-crm:problem:{kind}")
    assert CallTask.objects.get().state == TaskState.OPEN


def test_a_stale_version_changes_nothing(api, task):
    api.post(f"{CALLBACKS}claim/")
    answer = api.post(f"{CALLBACKS}{task.pk}/outcome/", {"outcome": "busy"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, Contact.objects.count()) == (412, 0)


def test_another_stores_calls_and_contacts_do_not_exist(others, task):
    contact = ContactFactory(task=task)
    client = APIClient()
    client.force_authenticate(others.agent)
    assert client.get(CALLBACKS).json()["results"] == []
    for address in (f"{CALLBACKS}{task.pk}/", f"/api/v1/contacts/{contact.pk}/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{CALLBACKS}{task.pk}/outcome/", {"outcome": "busy"}).status_code == 404


def test_a_mechanic_makes_no_calls(people, task):
    client = APIClient()
    client.force_authenticate(people.technician)
    assert [client.get(CALLBACKS).status_code, client.post(f"{CALLBACKS}claim/").status_code] == [403, 403]


def test_contacts_are_listed(api, people, task):
    contact = ContactFactory(task=task, agent=people.agent, outcome=Outcome.BUSY)
    rows = api.get("/api/v1/contacts/", {"outcome": "busy"}).json()["results"]
    assert [(row["id"], row["agent"], row["task"]) for row in rows] == [(contact.pk, people.agent.work_number, task.pk)]
    assert api.get("/api/v1/contacts/", {"outcome": "completed"}).json()["results"] == []


def test_a_list_needs_the_same_queries_however_long(api, people, task, django_assert_num_queries):
    CallTaskFactory.create_batch(10, store=people.store)
    with django_assert_num_queries(1):
        api.get(CALLBACKS)
