"""转单: a question goes to a department, comes back and is told the customer."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callback import actions, queries
from callback.choices import Department, ReferralState
from callback.formulas import Hours, answer_by
from callback.models import Referral, ReferralTime
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from tests.factories.callback import TEN, CallTaskFactory, ReferralFactory

HOUR = timedelta(hours=1)
TOMORROW = TEN + timedelta(days=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(people):
    return CallTaskFactory(store=people.store)


@pytest.fixture
def asked(people, task):
    return ReferralFactory(task=task, person=people.workshop, asked_by=people.agent)


def told(person):
    return list(Notice.objects.filter(recipient=person).order_by("at").values_list("text", flat=True))


def refer(people, task, **said):
    facts = {
        "store": task.store, "customer": task.customer, "question": "配件何时到货", "department": Department.PARTS,
        "person": people.workshop, "answer_by": TEN + 2 * HOUR, "task": task, "by": people.agent, "at": TEN,
    }  # fmt: skip
    return actions.refer(**facts | said)


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ("10-15 10:07", "10-15 12:15"),
        ("10-15 15:59", "10-15 18:00"),
        ("10-15 16:30", "10-16 10:30"),  # would end behind closing time
        ("10-15 23:00", "10-16 10:30"),
    ],
)
def test_an_answer_is_due_after_two_hours_of_the_house(asked_at, due):
    zone = ZoneInfo("Asia/Shanghai")
    hours = Hours(opens=time(8, 30), closes=time(18, 0), tz=zone)

    def moment(text):
        return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)

    assert answer_by(moment(asked_at), 2 * HOUR, hours) == moment(due)


def test_from_the_question_to_what_the_customer_says(people, task):
    asked = refer(people, task)
    assert (asked.state, len(told(people.workshop))) == (ReferralState.ASKED, 1)
    actions.answer_referral(referral=asked, answer="明天到货", by=people.workshop, at=TEN + HOUR)
    assert len(told(people.agent)) == 1
    with pytest.raises(Refusal):
        actions.answer_referral(referral=asked, answer="后天", by=people.workshop, at=TEN + HOUR)
    actions.confirm_referral(referral=asked, result="客户接受", by=people.agent, at=TEN + 2 * HOUR)
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.result, asked.was_in_time) == (
        ReferralState.CONFIRMED, "明天到货", "客户接受", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"question": " "}, "text_missing"),
        ({"answer_by": TEN - HOUR}, "answer_past"),
        ({"answer_by": TOMORROW}, "no_time_agreed"),
        ({"answer_by": TOMORROW, "promised_at": TOMORROW - HOUR}, "promised_before_answer"),
    ],
)
def test_a_question_is_refused_with_a_sentence(people, task, said, code):
    with pytest.raises(Refusal) as refused:
        refer(people, task, **said)
    assert (refused.value.code, Referral.objects.count()) == (code, 0)


def test_nobody_of_another_store_is_asked_and_bystanders_do_not_answer(people, others, task):
    with pytest.raises(Refusal) as refused:
        refer(people, task, person=others.workshop)
    assert refused.value.field == "person"
    asked = refer(people, task)
    with pytest.raises(Refusal) as refused:
        actions.answer_referral(referral=asked, answer="好", by=people.cashier, at=TEN)
    assert refused.value.code == "not_asked"
    assert actions.answer_referral(referral=asked, answer="好", by=people.crc, at=TEN).answered_by == people.crc


def test_who_comes_late_is_told_once_and_so_is_everybody_when_the_agreed_time_has_come(people, task):
    asked = refer(people, task, answer_by=TOMORROW, promised_at=TOMORROW + HOUR)
    watch = [TOMORROW - HOUR, TOMORROW, TOMORROW, TOMORROW + HOUR, TOMORROW + HOUR]
    assert [actions.remind_of_referrals(store=task.store, at=at) for at in watch] == [0, 1, 0, 1, 0]
    assert (len(told(people.crc)), len(told(people.agent)), len(told(people.workshop))) == (2, 2, 2)
    # A new time takes the place of the old one, which stays to be seen; it reminds again.
    actions.agree_on_time(
        referral=asked, promised_at=TOMORROW + 5 * HOUR, reason="缺货", by=people.agent, at=TOMORROW + HOUR
    )
    assert [one.was_replaced for one in asked.times.all()] == [True, False]
    assert actions.remind_of_referrals(store=task.store, at=TOMORROW + 5 * HOUR) == 1
    actions.hand_on_referral(
        referral=asked, department=Department.RECEPTION, person=people.advisor, answer_by=TOMORROW + 3 * HOUR,
        by=people.agent, at=TOMORROW + 2 * HOUR,
    )  # fmt: skip
    assert (actions.remind_of_referrals(store=task.store, at=TOMORROW + 4 * HOUR), len(told(people.advisor))) == (1, 2)
    actions.withdraw_referral(referral=asked, reason="客户自行解决", by=people.agent, at=TOMORROW + 6 * HOUR)
    assert not ReferralTime.objects.filter(ended_at=None).exists()


def test_answered_in_time_is_counted_by_department(people, task):
    rows = [
        (Department.PARTS, TEN + HOUR), (Department.PARTS, TEN + 3 * HOUR), (Department.PARTS, None),
        (Department.WORKSHOP, TEN + 2 * HOUR),
    ]  # fmt: skip
    for department, answered_at in rows:
        answered = {"answer": "好", "answered_by": people.workshop, "answered_at": answered_at, "state": "answered"}
        ReferralFactory(task=task, person=people.workshop, department=department, **(answered if answered_at else {}))
    ReferralFactory(task=task, person=people.workshop, asked_at=TEN + 5 * HOUR)  # not due yet
    total, *parts = queries.referral_figures(task.store, TEN - HOUR, TOMORROW, at=TEN + 4 * HOUR)
    assert (total.due, total.in_time, total.late, total.in_time_rate) == (4, 2, 2, Decimal("0.5"))
    assert [(one.due, one.answered, one.in_time) for one in parts] == [(3, 2, 1), (1, 1, 1)]
    late = queries.sheet_matching(people.crc, at=TEN + 4 * HOUR, view="late")
    assert [one.answered_at for one in late] == [None]


def test_a_question_out_of_the_call_stays_beside_it(client, people, task):
    client.force_login(people.agent)
    address = reverse("callback:refer", args=[task.pk])
    page = client.get(address, {"note": "何时到货"}, headers=HTMX)
    form = page.context["refer_form"]
    assert (form["question"].value(), form["person"].field.queryset.filter(pk=people.workshop.pk).exists()) == (
        "何时到货", True,
    )  # fmt: skip
    said = {
        "question": "何时到货",
        "department": "parts",
        "person": people.workshop.pk,
        "answer_by": "2020-01-01T10:00",
    }
    assert client.post(address, said, headers=HTMX).status_code == 422
    made = client.post(
        address,
        said | {"answer_by": "2099-01-01T10:00", "promised_at": "2099-01-01T11:00"},
        headers=HTMX,
    )
    assert (made.status_code, made["HX-Trigger"], Referral.objects.get().task) == (200, '{"close-dialog": {}}', task)


def test_the_pages_of_a_question(client, people, asked):
    client.force_login(people.workshop)
    assert list(client.get(reverse("callback:my_questions")).context["rows"]) == [asked]
    address = reverse("callback:referral_answer", args=[asked.pk])
    assert client.get(address).context["referral"] == asked
    assert client.post(address, {"answer": "明天到", "version": 9}).status_code == 302  # somebody else was quicker
    asked.refresh_from_db()
    assert asked.state == ReferralState.ASKED
    client.post(address, {"answer": "明天到", "version": 1})
    assert client.get(reverse("callback:referral", args=[asked.pk])).status_code == 403
    client.force_login(people.technician)
    assert client.get(address).status_code == 404
    client.force_login(people.agent)
    page = client.get(reverse("callback:referral", args=[asked.pk]))
    assert page.context["result_form"] and not page.context["answer_form"]
    client.post(reverse("callback:referral_agree", args=[asked.pk]), {"promised_at": "2099-01-01T10:00"})
    client.post(reverse("callback:referral_confirm", args=[asked.pk]), {"result": "满意"})
    asked.refresh_from_db()
    assert asked.state == ReferralState.CONFIRMED
    printed = client.get(reverse("callback:sheet_print")).content.decode()
    assert asked.question in printed and "满意" in printed


def test_the_call_sheet_costs_the_same_with_many_lines(client, people, task):
    client.force_login(people.crc)

    def cost(rows):
        for _row in range(rows):
            one = ReferralFactory(task=task, person=people.workshop, asked_by=people.agent)
            ReferralTime.objects.create(referral=one, promised_at=TOMORROW, made_by=people.agent, made_at=TEN)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(reverse("callback:sheet"), headers={"X-Request": str(uuid4())})
        assert page.status_code == 200
        return len(asked)

    cost(1)
    assert cost(1) == cost(28)
