"""服务请求: taken down, answered in time, closed with a result, followed by a call, counted."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callback import actions, queries
from callback.actions import PartAsked
from callback.choices import ActivityKind, RequestKind, RequestProblem, RequestSource, RequestState, RuleCode, TaskState
from callback.formulas import AnswerTime, Hours, answer_due
from callback.models import CallTask, ServiceRequest
from callback.reports.requests import service_requests
from complaints.queries import public_path
from dealer_crm.notices.models import Notice
from dealer_crm.values import Period, Refusal
from reception.choices import AgreementState
from tests.factories.agreements import AgreementFactory
from tests.factories.callback import TEN, ServiceRequestFactory, shipped_rule
from tests.factories.reception import VehicleFactory

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def car(people):
    return VehicleFactory(store=people.store)


def take(people, car=None, **said):
    facts = {
        "store": people.store, "kind": RequestKind.ENQUIRY, "source": RequestSource.PHONE, "vehicle": car,
        "description": "空调异味", "person": people.workshop, "by": people.agent, "at": TEN,
    }  # fmt: skip
    return actions.take_request(**facts | said)


def told(person):
    return Notice.objects.filter(recipient=person, key__startswith="request:").count()


@pytest.mark.parametrize(
    ("received", "time_", "due"),
    [
        ("10-15 10:07", AnswerTime(2 * HOUR), "10-15 12:15"),
        ("10-15 17:30", AnswerTime(2 * HOUR), "10-16 10:30"),  # would end behind closing time
        ("10-15 03:00", AnswerTime(2 * HOUR), "10-15 10:30"),  # by the web form in the night
        ("10-15 03:00", AnswerTime(30 * MINUTE, round_the_clock=True), "10-15 03:30"),
        ("10-15 17:30", AnswerTime(2 * HOUR, agreed=HOUR), "10-15 18:30"),  # what is agreed runs by the clock
    ],
)
def test_an_answer_is_due_as_agreed_else_as_usual(received, time_, due):
    zone = ZoneInfo("Asia/Shanghai")
    hours = Hours(opens=time(8, 30), closes=time(18, 0), tz=zone)

    def moment(text):
        return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)

    assert answer_due(moment(received), time_, hours) == moment(due)


def test_the_quickest_agreement_in_force_sets_the_time(people, car):
    spans = {"state": AgreementState.ACTIVE, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    for hours, given in ((8, {}), (1, {}), (None, {}), (1, {"ends_on": date(2026, 2, 1)})):
        AgreementFactory(
            store=people.store, customer=car.owner, response_hours=hours, approver=people.manager, **spans | given
        )
    asked = take(people, car)
    assert (asked.customer, asked.answer_by, asked.agreement.response_hours) == (car.owner, TEN + HOUR, 1)
    by_hand = take(people, car, answer_by=TEN + 5 * HOUR)
    assert (by_hand.answer_by, by_hand.agreement) == (TEN + 5 * HOUR, None)
    unknown = take(people, caller_name="王先生", caller_phone="13812345678")
    assert (unknown.customer, unknown.answer_by) == (None, TEN + 2 * HOUR)
    found = actions.name_customer_of_request(request=unknown, customer=car.owner, by=people.agent, at=TEN + MINUTE)
    assert (found.customer, found.answer_by) == (car.owner, TEN + HOUR)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"description": " "}, "description"),
        ({"vehicle": None}, "caller_name"),
        ({"vehicle": None, "caller_phone": "12"}, "caller_phone"),
        ({"kind": RequestKind.RESCUE}, "place"),
        ({"received_at": TEN + MINUTE}, "received_at"),
        ({"answer_by": TEN}, "answer_by"),
        ({"parts": [PartAsked("机油", quantity=Decimal(0))]}, "part_quantity"),
    ],
)
def test_a_request_is_refused_with_a_sentence(people, car, said, field):
    with pytest.raises(Refusal) as refused:
        take(people, car, **said)
    assert (refused.value.field, ServiceRequest.objects.count()) == (field, 0)


def test_from_taking_it_down_to_the_call_afterwards(people, others, car, calendar_2026):
    token = uuid4()
    asked = take(people, car, token=token, parts=[PartAsked("刹车片", "ab-1", Decimal(2))])
    assert take(people, car, token=token) == asked  # pressed twice
    assert (asked.number[:2], asked.parts.get().code, told(people.workshop)) == ("QQ", "AB-1", 1)
    with pytest.raises(Refusal) as refused:
        actions.close_request(request=asked, is_solved=True, result="好", by=people.workshop, at=TEN)
    assert refused.value.code == "not_answered"
    with pytest.raises(Refusal) as refused:
        actions.log_activity(request=asked, kind=ActivityKind.CALL, text="好", by=people.cashier, at=TEN)
    assert refused.value.code == "not_concerned"
    with pytest.raises(Refusal) as refused:
        actions.hand_on_request(request=asked, department="parts", person=others.advisor, by=people.crc, at=TEN)
    assert refused.value.field == "person"
    for minutes, kind in ((10, ActivityKind.WORK), (30, ActivityKind.CALL), (90, ActivityKind.MESSAGE)):
        moment = TEN + minutes * MINUTE
        actions.log_activity(request=asked, kind=kind, text="处理中", by=people.workshop, at=moment)
    actions.hand_on_request(
        request=asked, department="reception", person=people.advisor, by=people.crc, at=TEN + 2 * HOUR
    )
    actions.close_request(
        request=asked, is_solved=True, result="已清洗", cost_amount=Decimal(80), by=people.advisor, at=TEN + 3 * HOUR
    )
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at, asked.was_in_time, asked.cost_amount, asked.person) == (
        RequestState.CLOSED, TEN + 30 * MINUTE, True, 80, people.advisor,
    )  # fmt: skip
    assert (asked.activities.count(), told(people.advisor)) == (4, 1)
    # The call is owed once, however often anybody looks, and not of a withdrawn one.
    gone = take(people, car)
    actions.withdraw_request(request=gone, reason="重复登记", by=people.agent, at=TEN)
    for _again in range(2):
        actions.generate_callbacks(at=TEN + 4 * HOUR, store=people.store, codes=[RuleCode.SERVICE_REQUEST])
    task = CallTask.objects.get(rule=shipped_rule(people.store, RuleCode.SERVICE_REQUEST))
    assert (task.source_key, task.customer, task.state) == (asked.call_key, car.owner, TaskState.OPEN)
    assert (task.opens_at.date(), queries.call_about(asked)) == (date(2026, 10, 16), task)
    desk = queries.desk(task, people.agent, at=TEN)
    assert desk.request == asked and "空调异味" in desk.script[0].text


def test_a_late_answer_is_told_before_and_after_each_once(people, car):
    asked = take(people, car)  # due at noon
    watch = [TEN, TEN + 106 * MINUTE, TEN + 110 * MINUTE, TEN + 2 * HOUR, TEN + 3 * HOUR]
    assert [actions.watch_requests(store=people.store, at=at) for at in watch] == [0, 1, 0, 1, 0]
    assert (told(people.workshop), told(people.agent), told(people.crc)) == (3, 1, 1)
    actions.hand_on_request(
        request=asked, department="parts", person=people.advisor, answer_by=TEN + 5 * HOUR, by=people.crc,
        at=TEN + 3 * HOUR,
    )  # fmt: skip
    assert actions.watch_requests(store=people.store, at=TEN + 6 * HOUR) == 1  # the new time is watched anew
    nobody = take(people, car, person=None, at=TEN + 6 * HOUR)
    assert (told(people.crc), nobody.state) == (3, RequestState.ASKED)


def test_requests_are_counted_and_every_count_is_found_in_the_list(people, car):
    agreement = AgreementFactory(store=people.store, customer=car.owner, response_hours=1, state="draft")
    done = {
        "state": RequestState.CLOSED, "result": "好", "is_solved": True, "ended_at": TEN + 5 * HOUR,
        "ended_by": people.workshop, "answered_by": people.workshop, "cost_amount": Decimal("12.50"),
    }  # fmt: skip
    rows = [
        {**done, "answered_at": TEN + HOUR, "agreement": agreement},
        {**done, "answered_at": TEN + 3 * HOUR, "problem": RequestProblem.AIR, "is_solved": False},
        {},
        {"kind": RequestKind.PARTS, "received_at": TEN + 5 * HOUR},  # not due yet
        {"state": RequestState.WITHDRAWN, "result": "重复", "ended_at": TEN},
    ]
    made = [ServiceRequestFactory(store=people.store, person=people.workshop, **row) for row in rows]
    for one, quantity in ((made[2], 2), (made[3], 1)):
        one.parts.create(name="机油", quantity=quantity)
    begin, until = Period(2026, 10).bounds(people.store.tz)
    at = TEN + 6 * HOUR
    (total,) = queries.request_figures(people.store, begin, until, at=at)
    assert (total.received, total.due, total.in_time, total.late, total.closed, total.solved, total.withdrawn) == (
        4, 3, 1, 2, 2, 1, 1,
    )  # fmt: skip
    assert (total.in_time_rate, total.mean_minutes, total.cost) == (Decimal("0.3333"), 120, 25)
    for by in ("kind", "problem", "person", "agreement"):
        for row in queries.request_figures(people.store, begin, until, at=at, by=by):
            if row.key:
                listed = queries.requests_matching(people.crc, at=at, begin=begin, until=until, **{by: row.key})
                assert listed.exclude(state=RequestState.WITHDRAWN).count() == row.received
                late = queries.requests_matching(
                    people.crc, at=at, begin=begin, until=until, view="late", **{by: row.key}
                )
                assert late.count() == row.late
    (part,) = queries.parts_asked_for(people.store, begin, until)
    assert (part["times"], part["sum"]) == (2, 3)
    assert queries.requests_matching(people.crc, at=at, q="机油").count() == 2
    report = service_requests(store=people.store, period=Period(2026, 10), by=people.crc, at=at)
    assert [(sheet.title, len(sheet.rows)) for sheet in report.sheets] == [
        ("请求类型", 2), ("问题类型", 2), ("服务协议", 2), ("受理人", 1), ("配件", 1),
    ]  # fmt: skip


def test_one_page_takes_a_request_down_and_another_works_on_it(client, people, car):
    client.force_login(people.agent)
    new = reverse("callback:request_new")
    lookup = reverse("callback:request_lookup")
    assert car.plate in client.get(lookup, {"q": car.plate[-4:]}, headers=HTMX).content.decode()
    assert client.get(lookup, {"plate": car.plate}, headers=HTMX).context["vehicle"] == car
    page = client.get(new)
    said = {
        "token": page.context["form"]["token"].value(), "vehicle": car.pk, "customer": car.owner_id, "kind": "parts",
        "problem": "supply", "source": "wechat", "description": "订脚垫", "person": people.workshop.pk,
        "parts-TOTAL_FORMS": 1, "parts-INITIAL_FORMS": 0, "parts-0-name": "脚垫", "parts-0-quantity": 1,
    }  # fmt: skip
    assert client.post(new, said | {"description": ""}).status_code == 422
    assert client.post(new, said).status_code == 302
    asked = ServiceRequest.objects.get()
    assert (asked.customer, asked.department, asked.parts.get().name) == (car.owner, "parts", "脚垫")
    client.force_login(people.workshop)
    assert list(client.get(reverse("callback:my_requests")).context["rows"]) == [asked]
    rows = {"parts-TOTAL_FORMS": 1, "parts-INITIAL_FORMS": 0, "parts-0-quantity": 1}
    client.post(reverse("callback:request_log", args=[asked.pk]), {"kind": "call", "text": "已报价", **rows})
    client.post(reverse("callback:request_close", args=[asked.pk]), {"is_solved": "yes", "result": "已取件"})
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, asked.cost_amount) == (RequestState.CLOSED, people.workshop, 0)
    assert client.get(reverse("callback:request", args=[asked.pk])).context["request_"] == asked
    client.force_login(people.cashier)  # it is none of theirs
    assert client.get(reverse("callback:request", args=[asked.pk])).status_code == 404


def test_from_outside_nobody_is_matched_and_a_flood_is_stopped(client, people, car):
    cache.clear()
    path = public_path(people.store, "callback:ask")
    said = {
        "token": uuid4(), "kind": "enquiry", "caller_name": "李女士", "caller_phone": "138 1234 5678",
        "plate": car.plate, "description": "周末能保养吗",
    }  # fmt: skip
    assert client.post(path, said | {"website": "http://x"}).status_code == 200
    assert client.post(path, said | {"kind": "rescue"}).status_code == 422  # says not where
    assert [client.post(path, said | {"token": uuid4()}).status_code for _once in range(5)][-1] == 429
    asked = ServiceRequest.objects.first()
    assert (asked.customer, asked.source, asked.person, asked.caller_phone) == (None, "web", None, "+8613812345678")
    assert client.get(path.replace(people.store.code, "XX")).status_code == 404
    client.force_login(people.agent)
    client.post(reverse("callback:request_named", args=[asked.pk]), {"plate": car.plate})
    asked.refresh_from_db()
    assert (asked.customer, asked.vehicle) == (car.owner, car)
    shown = client.post(reverse("callback:request_phone", args=[asked.pk]))
    assert "13812345678" in shown.content.decode()


def test_requests_are_read_and_taken_down_over_http(client, people, car):
    client.force_login(people.agent)
    said = {"kind": "parts", "vehicle": car.pk, "description": "订雨刮", "person": people.workshop.work_number,
            "parts": [{"name": "雨刮片", "quantity": "2"}]}  # fmt: skip
    made = [
        client.post("/api/v1/service-requests/", said, content_type="application/json",
                    headers={"Idempotency-Key": "one"})
        for _again in range(2)
    ]  # fmt: skip
    assert [one.status_code for one in made] == [201, 201] and made[0].json() == made[1].json()
    body = client.get("/api/v1/service-requests/", {"kind": "parts"}).json()["results"]
    assert [(one["plate"], one["person"], one["parts"][0]["name"]) for one in body] == [
        (car.plate, people.workshop.work_number, "雨刮片")
    ]
    refused = client.post("/api/v1/service-requests/", {"kind": "rescue", "vehicle": car.pk, "description": "抛锚"},
                          content_type="application/json")  # fmt: skip
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "place_missing")


def test_the_list_costs_the_same_with_many_requests(client, people):
    client.force_login(people.crc)

    def cost(rows):
        for _row in range(rows):
            ServiceRequestFactory(store=people.store, person=people.crc, received_at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            for name in ("requests", "my_requests", "request_figures"):
                assert client.get(reverse(f"callback:{name}")).status_code == 200
        return len(asked)

    cost(1)
    assert cost(1) == cost(28)
