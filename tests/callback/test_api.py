"""Callbacks, contacts, leads, handovers, campaigns and referrals over HTTP."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from callback.actions import enter_lead, hand_over_new_car, start_campaign
from callback.choices import Outcome, TaskState
from callback.models import CallTask, Campaign, Contact
from reception.choices import OrderState
from tests.factories import cast
from tests.factories.agreements import SegmentFactory
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory, ReferralFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

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
        ({"outcome": "call_later", "next_at": "2020-01-01T10:00:00+08:00"}, 409, "time_wrong"),
        ({"outcome": "refused", "no_more": "survey"}, 409, "reason_missing"),
        ({"outcome": "refused", "no_more": "tea", "no_call_reason": "忙"}, 422, "invalid"),
        ({"outcome": "completed", "was_on_time": True, "facts": {"shoe": "42"}}, 422, "invalid"),
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


def test_what_came_of_a_call_is_taken_from_who_has_claimed_it(api, people, task):
    busy = lambda: api.post(f"{CALLBACKS}{task.pk}/outcome/", {"outcome": "busy"})  # noqa: E731
    assert (busy().status_code, busy().json()["type"].rpartition(":")[2]) == (409, "not_taken")
    api.post(f"{CALLBACKS}{task.pk}/claim/")
    api.force_authenticate(people.crc)
    kinds = [busy().json()["type"], api.post(f"{CALLBACKS}{task.pk}/claim/").json()["type"]]
    assert ([kind.rpartition(":")[2] for kind in kinds], Contact.objects.count()) == (["taken", "taken"], 0)


def test_a_call_that_came_in_is_written_down_with_its_facts(api, people):
    car = VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store))
    said = {
        "customer": car.owner_id,
        "vehicle": car.pk,
        "category": "rescue",
        "facts": {"fault": "爆胎", "area": "海淀"},
    }
    made = api.post("/api/v1/contacts/", said, headers={"Idempotency-Key": "in-1"})
    assert (made.status_code, made.json()["direction"], made.json()["record_points"]) == (201, "in", 80)
    for wrong, status in (
        ({"category": "callback"}, 409),
        ({"vehicle": VehicleFactory().pk}, 422),
        ({"category": ""}, 422),
    ):
        assert api.post("/api/v1/contacts/", {**said, **wrong}).status_code == status


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


# ── Showroom, campaigns, referrals ───────────────────────────────────────────────────────────────────────────────────
def test_a_lead_is_entered_once_for_a_number_and_read_with_its_talks_and_masked(api, people):
    said = {"source": "walk_in", "level": "H", "name": "孙浩", "phone": "139 1666 0001", "said": "看中白色"}
    made = api.post("/api/v1/leads/", said, headers={"Idempotency-Key": "lead-1"})
    assert (made.status_code, made.json()["phone"], made["ETag"]) == (201, "139****0001", '"1"')
    assert [talk["said"] for talk in made.json()["talks"]] == ["看中白色"]
    again = api.post("/api/v1/leads/", said)
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "lead_known")
    assert api.post("/api/v1/leads/", {**said, "level": "Z"}).status_code == 422
    listed = [api.get("/api/v1/leads/", {"level": level}).json()["results"] for level in "HA"]
    assert [[row["name"] for row in rows] for rows in listed] == [["孙浩"], []]


def test_a_handover_is_noted_for_a_car_that_is_new_once(api, people):
    car = VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store))
    said = {"vehicle": car.pk, "handed_over_at": timezone.now().isoformat(), "salesperson": "沈佳"}
    made = api.post("/api/v1/handovers/", said)
    assert (made.status_code, made.json()["plate"], made.json()["customer"]) == (201, car.plate, car.owner_id)
    assert api.post("/api/v1/handovers/", said).json()["type"].endswith("handed_over_already")
    elsewhere = VehicleFactory(store=cast.of_second_store().store)
    assert api.post("/api/v1/handovers/", {**said, "vehicle": elsewhere.pk}).status_code == 422


def test_a_campaign_is_prepared_and_its_customers_and_effect_are_read(api, people):
    today = timezone.localdate()
    meant = CustomerFactory(store=people.store)
    said = {
        "name": "冬检月", "occasion": "season", "segment": SegmentFactory(store=people.store).pk, "goal": 5,
        "words": "免费检测", "first_day": str(today), "last_day": str(today + timedelta(days=9)),
    }  # fmt: skip
    assert api.post("/api/v1/campaigns/", said).status_code == 403  # an agent calls, the supervisor prepares
    api.force_authenticate(people.crc)
    over = api.post("/api/v1/campaigns/", {**said, "last_day": "2020-01-01"})
    assert (over.status_code, over.json()["type"].rpartition(":")[2]) == (409, "over")
    made = api.post("/api/v1/campaigns/", said)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    campaign = Campaign.objects.get()
    start_campaign(campaign=campaign, by=people.crc, at=timezone.now())
    effect = api.get(f"/api/v1/campaigns/{campaign.pk}/effect/").json()
    assert (effect["members"], effect["came"], effect["revenue"]) == (1, 0, "0.00")
    members = api.get("/api/v1/campaign-members/", {"campaign": campaign.pk}).json()["results"]
    assert [(row["customer"], row["call_state"], row["has_come"]) for row in members] == [(meant.pk, None, False)]


def test_a_question_out_of_a_contact_is_handed_on(api, people):
    now = timezone.now()
    contact = ContactFactory(store=people.store, customer=CustomerFactory(store=people.store), agent=people.agent)
    said = {
        "contact": contact.pk, "question": "配件什么时候到？", "department": "parts",
        "person": people.workshop.work_number, "answer_by": (now - timedelta(minutes=5)).isoformat(),
    }  # fmt: skip
    assert api.post("/api/v1/referrals/", said).status_code == 409
    said |= {"answer_by": (now + timedelta(days=1)).isoformat(), "promised_at": (now + timedelta(days=2)).isoformat()}
    made = api.post("/api/v1/referrals/", said)
    assert (made.status_code, made.json()["person"], made.json()["customer"], len(made.json()["times"])) == (
        201, people.workshop.work_number, contact.customer_id, 1
    )  # fmt: skip
    assert len(api.get("/api/v1/referrals/", {"state": "asked", "department": "parts"}).json()["results"]) == 1


@pytest.mark.parametrize("address", ["leads", "handovers", "campaign-members", "referrals"])
def test_a_long_list_asks_no_more_than_a_short_one(api, people, address):
    def more(times):
        for _each in range(times):
            car = VehicleFactory(store=people.store, owner=CustomerFactory(store=people.store))
            if address == "leads":
                enter_lead(
                    store=people.store, source="walk_in", level="H", name="孙浩", said="看车", by=people.agent,
                    at=timezone.now(),
                )  # fmt: skip
            elif address == "handovers":
                hand_over_new_car(
                    store=people.store, vehicle=car, handed_over_at=timezone.now(), by=people.agent, at=timezone.now()
                )
            elif address == "referrals":
                ReferralFactory(task=CallTaskFactory(store=people.store), person=people.workshop)
            else:
                campaign = Campaign.objects.get_or_create(
                    store=people.store, name="月", occasion="season", words="检", goal=1, made_at=TEN,
                    first_day=TEN.date(), last_day=TEN.date(), state="running", started_at=TEN,
                )[0]  # fmt: skip
                campaign.members.create(customer=car.owner)

    asked = []
    for times in (1, 6):
        more(times)
        with CaptureQueriesContext(connection) as counted:
            rows = api.get(f"/api/v1/{address}/").json()["results"]
        asked.append(len(counted))
    assert (len(rows), asked[1]) == (7, asked[0])
