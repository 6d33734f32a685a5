"""Work over HTTP: who may, what comes back, once only."""

import pytest
from rest_framework.test import APIClient

from reception.choices import OrderState
from tests.factories.reception import RepairOrderFactory
from tests.factories.workshop import BayFactory, ConsumableIssueFactory, JobFactory
from workshop.choices import JobState
from workshop.models import ConsumableIssue, Job

pytestmark = pytest.mark.django_db


def caller(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def post(person, path, body=None, **headers):
    return caller(person).post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


def order_of(people, state=OrderState.OPEN, **fields):
    return RepairOrderFactory(store=people.store, advisor=people.advisor, state=state, **fields)


def test_a_car_goes_from_the_queue_to_ready_over_http(people):
    order = order_of(people, lines=2)
    path = f"repair-orders/{order.pk}"
    answers = [
        post(people.workshop, f"{path}/dispatch/"),
        post(people.technician, f"{path}/start/"),
        post(people.technician, f"{path}/finish/"),
        post(people.technician, f"{path}/start/"),
        post(people.technician, f"{path}/finish/", {"checklist": {"试车正常": True}}),
        post(people.inspector, f"{path}/inspect/", {"result": "passed", "checklist": {"试车正常": True}}),
    ]
    assert [(answer.status_code, answer.data["state"]) for answer in answers] == [
        (200, "dispatched"), (200, "in_progress"), (200, "in_progress"), (200, "in_progress"), (200, "inspection"),
        (200, "ready"),
    ]  # fmt: skip
    assert [job["state"] for job in answers[-1].data["jobs"]] == ["finished", "finished"]
    order.refresh_from_db()
    assert answers[-1]["ETag"] == f'"{order.version}"'


def test_hands_and_bays_can_be_named(people):
    order, bay = order_of(people), BayFactory(store=people.store)
    jobs = [{"line": 1, "team": people.mechanics.pk, "technician": people.second_technician.work_number, "bay": bay.pk}]
    answer = post(people.workshop, f"repair-orders/{order.pk}/dispatch/", {"jobs": jobs})
    assert [(job["line"], job["technician"], job["bay"]) for job in answer.data["jobs"]] == [
        (1, people.second_technician.work_number, bay.pk)
    ]


def test_a_work_number_nobody_here_has_is_named(people, others):
    order = order_of(people)
    jobs = [{"line": 1, "technician": number} for number in ("T999", others.technician.work_number)]
    said = post(people.workshop, f"repair-orders/{order.pk}/dispatch/", {"jobs": jobs})
    assert said.status_code == 422
    for number in ("T999", others.technician.work_number):
        assert f"本店没有工号为 {number} 的人员" in str(said.data)


def test_a_failed_inspection_over_http_names_who_answers(people):
    order = order_of(people, OrderState.INSPECTION)
    JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.FINISHED)
    body = {"result": "failed", "defects": "渗油", "responsible": people.technician.work_number}
    answer = post(people.inspector, f"repair-orders/{order.pk}/inspect/", body)
    assert (answer.status_code, answer.data["state"]) == (200, "in_progress")
    assert answer.data["jobs"][-1]["is_rework"] is True


@pytest.mark.parametrize(
    ("deed", "who", "status"),
    [
        ("dispatch", "technician", 403),
        ("dispatch", "advisor", 403),
        ("start", "workshop", 403),
        ("finish", "inspector", 403),
        ("inspect", "workshop", 403),
    ],
)
def test_everybody_does_their_own_part_only(people, deed, who, status):
    order = order_of(people)
    assert post(getattr(people, who), f"repair-orders/{order.pk}/{deed}/", {"result": "passed"}).status_code == status


@pytest.mark.parametrize(
    ("deed", "who"),
    [("dispatch", "workshop"), ("start", "technician"), ("finish", "technician"), ("inspect", "inspector")],
)
def test_a_car_of_another_store_is_not_there(people, others, deed, who):
    order = order_of(others)
    assert post(getattr(people, who), f"repair-orders/{order.pk}/{deed}/", {"result": "passed"}).status_code == 404


def test_refusals_are_problem_documents(people):
    order = order_of(people)
    given = JobFactory(
        order=order_of(people, OrderState.DISPATCHED), team=people.mechanics, technician=people.technician
    )
    answers = [
        post(people.technician, f"repair-orders/{order.pk}/start/"),
        post(people.inspector, f"repair-orders/{order.pk}/inspect/", {"result": "passed"}),
        post(people.workshop, f"repair-orders/{order.pk}/dispatch/", **{"If-Match": '"99"'}),
        post(people.workshop, f"repair-orders/{order.pk}/dispatch/", {"jobs": [{"team": "x"}]}),
        post(people.technician, f"repair-orders/{given.order.pk}/start/", **{"If-Match": '"99"'}),
    ]
    assert [(answer.status_code, answer.data["type"].rpartition(":")[2]) for answer in answers] == [
        (409, "no_job"), (409, "wrong_state"), (412, "stale"), (422, "invalid"), (412, "stale"),
    ]  # fmt: skip


def test_the_same_key_dispatches_once(people):
    order = order_of(people)
    answers = [
        post(people.workshop, f"repair-orders/{order.pk}/dispatch/", **{"Idempotency-Key": "k1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert Job.objects.count() == 1


def test_a_technician_lists_their_own_jobs_and_works_on_them(people):
    order = order_of(people, OrderState.DISPATCHED)
    job = JobFactory(order=order, team=people.mechanics, technician=people.technician)
    client = caller(people.technician)
    [mine] = client.get("/api/v1/jobs/mine/").json()
    assert (mine["id"], mine["plate"]) == (job.pk, order.vehicle.plate)
    states = [
        client.post(f"/api/v1/jobs/{job.pk}/{deed}/", body, format="json").json()["state"]
        for deed, body in (("start", {}), ("pause", {"reason": "meal"}), ("resume", {}), ("finish", {}))
    ]
    assert states == ["running", "paused", "running", "finished"]


def test_the_jobs_of_the_store_are_for_those_who_oversee_them(people, others):
    job = JobFactory(order=order_of(people, OrderState.DISPATCHED), team=people.mechanics, technician=people.technician)
    JobFactory(order=order_of(others, OrderState.DISPATCHED), team=others.mechanics, technician=others.technician)
    listed = caller(people.workshop).get("/api/v1/jobs/", {"state": "assigned"}).json()["results"]
    assert [one["id"] for one in listed] == [job.pk]
    assert caller(people.technician).get("/api/v1/jobs/").status_code == 403


@pytest.mark.parametrize("jobs", [1, 30])
def test_listing_jobs_costs_the_same_however_many(people, jobs, django_assert_num_queries):
    for _ in range(jobs):
        JobFactory(order=order_of(people, OrderState.DISPATCHED), team=people.mechanics, technician=people.technician)
    with django_assert_num_queries(1):
        caller(people.workshop).get("/api/v1/jobs/")


def test_consumables_are_issued_and_listed(people, others):
    body = {
        "team": people.mechanics.pk, "name": "清洗剂", "quantity": "2", "amount": "35.50", "issued_on": "2026-10-12",
        "issued_to": people.technician.work_number,
    }  # fmt: skip
    made = post(people.workshop, "consumables/", body)
    assert (made.status_code, made.data["amount"]) == (201, "35.50")
    ConsumableIssueFactory(team=others.mechanics)
    listed = caller(people.workshop).get("/api/v1/consumables/").json()["results"]
    assert [one["number"] for one in listed] == [made.data["number"]]
    foreign = post(people.workshop, "consumables/", {**body, "team": others.mechanics.pk})
    assert (foreign.status_code, ConsumableIssue.objects.count()) == (409, 2)
