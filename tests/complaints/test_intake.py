"""The sheet taken in and put right: whose it is is found, severity is foreseen, what can't be is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from complaints import actions, queries
from complaints.actions import Sheet
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity
from complaints.models import Complaint, Topic
from complaints.queries import choice_of
from complaints.settings import ALARMING_WORDS, REPLY_HOURS
from dealer_crm.organization.actions import set_figure
from dealer_crm.values import Refusal
from reception.models import Customer
from tests.factories import cast
from tests.factories.complaints import RECEIVED, ComplaintFactory, complaint_of
from tests.factories.reception import RepairOrderFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor)


def typed(**given) -> dict:
    return {
        "source": "phone", "category": "waiting", "severity": "general", "received_at": "2026-10-13 10:00",
        "description": "等了三个小时才开始修车", **given,
    }  # fmt: skip


# ── while typing ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_order_car_customer_and_colleague_are_found_while_typing(people, order, client):
    client.force_login(people.agent)
    lookup, plate = reverse("complaints:lookup"), order.vehicle.plate
    for asked, found in (
        (plate[2:5], plate),
        (order.customer.name, order.customer.name),
        (order.number, order.number),
        (people.technician.name, people.technician.name),
        ("没有这个", "没有查到"),
        ("京", ""),
    ):
        shown = client.get(lookup, {"q": asked}).content.decode()
        assert found in shown, asked
    picked = client.get(lookup, {"plate": plate}).content.decode()
    assert order.customer.name in picked
    assert order.number in picked  # its visits are offered
    picked = client.get(lookup, {"order": order.number}).content.decode()
    assert f'value="{plate}"' in picked
    assert order.advisor.name in picked  # offered as concerned
    ticked = client.get(reverse("complaints:concern", args=[people.technician.pk])).content.decode()
    assert "checked" in ticked
    other = cast.of_second_store()
    assert client.get(reverse("complaints:concern", args=[other.technician.pk])).status_code == 404


@pytest.mark.parametrize(
    ("given", "earlier", "said"),
    [
        ({}, 0, ""),
        ({}, 1, "1"),
        ({}, 2, "重要"),
        ({"description": "刹车失灵"}, 0, "刹车"),
        ({"wish": "不然打12315"}, 0, "12315"),
        ({"source": "media"}, 0, "重大"),
        ({"category": ""}, 2, ""),
    ],
)
def test_the_severity_it_will_have_is_foreseen(people, order, client, given, earlier, said):
    for _time in range(earlier):
        ComplaintFactory(store=people.store, customer=order.customer, vehicle=order.vehicle, category=Category.WAITING)
    client.force_login(people.agent)
    shown = client.post(reverse("complaints:weigh"), typed(order=order.number, **given)).content.decode().strip()
    assert said in shown if said else shown == ""


# ── the sheet ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_complaint_is_taken_in_with_its_whole_sheet_once_however_often_it_is_sent(people, order, client):
    client.force_login(people.agent)
    page = client.get(reverse("complaints:new"), {"order": order.number})
    assert "2小时之内" in page.content.decode()  # the first words, with the hours of the clock
    sub = Topic.objects.get(name="维修等待")
    sent = typed(
        order=order.number, category=choice_of(sub), happened_at="2026-10-12 09:30", place="二号工位",
        caller_name="刘女士", caller_phone="13900001111", concerned=[people.technician.pk, people.advisor.pk],
        form_key=page.context["form"].initial["form_key"], wish="说明原因",
    )  # fmt: skip
    answers = [client.post(reverse("complaints:new"), sent) for _press in range(2)]
    complaint = Complaint.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("complaints:complaint", args=[complaint.pk])}
    assert (complaint.category, complaint.topic, complaint.place) == (Category.WAITING, sub, "二号工位")
    assert (complaint.caller_name, complaint.caller_phone) == ("刘女士", "+8613900001111")
    assert (complaint.customer, complaint.vehicle) == (order.customer, order.vehicle)
    assert set(complaint.concerned.all()) == {people.technician, people.advisor}
    shown = client.get(answers[0]["Location"]).content.decode()
    for words in ("等待时间 › 维修等待", "二号工位", "刘女士", "139****1111", people.technician.name):
        assert words in shown, words
    assert "13900001111" not in shown
    told = client.post(reverse("complaints:caller_phone", args=[complaint.pk]), {"reason": "回电"}, follow=True)
    assert "13900001111" in told.content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"description": " "}, "description"),
        ({"received_at": RECEIVED + HOUR}, "received_at"),
        ({"sheet": Sheet(happened_at=RECEIVED + HOUR)}, "happened_at"),
        ({"sheet": Sheet(caller_phone="12345")}, "caller_phone"),
        ({"sheet": Sheet(concerned=["stranger"])}, "concerned"),
        ({"topic": "维修等待", "category": Category.PRICE}, "category"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_at_its_field(people, given, field):
    if "topic" in given:
        given = {**given, "topic": Topic.objects.get(name=given["topic"])}
    if getattr(given.get("sheet"), "concerned", ()) == ["stranger"]:
        given = {"sheet": Sheet(concerned=[cast.of_second_store().technician])}
    facts = {
        "store": people.store, "order": None, "customer": None, "vehicle": None, "source": ComplaintSource.PHONE,
        "severity": Severity.GENERAL, "category": Category.WAITING, "received_at": RECEIVED,
        "description": "等了三个小时", "by": people.agent, "at": RECEIVED,
    }  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        actions.record_complaint(**{**facts, **given})
    assert refusal.value.field == field
    assert not Complaint.objects.exists()


def test_words_that_alarm_are_a_stores_own(people):
    set_figure(
        figure=ALARMING_WORDS, store=people.store, value=["律师"], starts_on=RECEIVED.date(), by=people.manager,
        at=RECEIVED,
    )  # fmt: skip
    assert complaint_of(people, description="刹车有异响").severity == Severity.GENERAL
    assert complaint_of(people, description="我找律师").severity == Severity.MAJOR


# ── put right ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_supervisor_puts_the_sheet_right_and_running_clocks_take_the_new_length(people, order, client):
    hours = REPLY_HOURS[Severity.MAJOR]
    set_figure(figure=hours, store=people.store, value=1, starts_on=RECEIVED.date(), by=people.manager, at=RECEIVED)
    complaint = complaint_of(people)
    client.force_login(people.crc)
    page = reverse("complaints:amend", args=[complaint.pk])
    assert client.get(page).status_code == 200
    sent = typed(order=order.number, category="skill", severity="major", concerned=[people.advisor.pk], version=1)
    refused = client.post(page, sent)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert client.post(page, sent | {"reason": "客户要找记者"}).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.order, complaint.customer, complaint.category) == (order, order.customer, Category.SKILL)
    assert complaint.reply_due_at == RECEIVED + HOUR
    assert complaint.steps.last().text.startswith("客户要找记者")
    stale = client.post(page, sent | {"reason": "再改", "severity": "general"})
    assert (stale.status_code, complaint.steps.count()) == (422, 2)


def test_only_who_leads_weighs_and_nobody_changes_a_closed_sheet(people):
    complaint = complaint_of(people)
    facts = {"category": Category.WAITING, "description": complaint.description, "severity": Severity.IMPORTANT}
    with pytest.raises(Refusal) as refusal:
        actions.amend_complaint(complaint=complaint, **facts, reason="急", by=people.agent, at=RECEIVED)
    assert refusal.value.field == "severity"
    closed = complaint_of(people, ComplaintState.CLOSED)
    with pytest.raises(Refusal) as refusal:
        actions.amend_complaint(complaint=closed, **facts, by=people.crc, at=RECEIVED)
    assert refusal.value.code == "complaint_closed"


def test_words_put_right_alarm_as_those_at_intake_do(people):
    complaint = complaint_of(people)
    actions.amend_complaint(
        complaint=complaint, category=complaint.category, severity=complaint.severity, description="其实是气囊弹出",
        by=people.crc, at=RECEIVED,
    )  # fmt: skip
    complaint.refresh_from_db()
    assert complaint.severity == Severity.MAJOR


# ── categories ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_tree_is_shipped_changed_by_the_supervisor_and_every_fixed_code_stays_offered(people, client):
    client.force_login(people.crc)
    assert {one.main.category for one in queries.topic_tree()} == set(Category)
    waiting = Topic.objects.get(category=Category.WAITING, parent=None)
    topics = reverse("complaints:topics")
    assert client.post(topics, {"parent": waiting.pk, "name": "洗车等待"}).status_code == 302
    assert client.post(topics, {"name": "救援", "category": "other"}).status_code == 302
    for refused in (
        {"parent": waiting.pk, "name": "洗车等待"},
        {"name": "二手车"},
        {"name": " "},
    ):
        assert client.post(topics, refused).status_code == 422, refused
    added = Topic.objects.get(name="洗车等待")
    change = reverse("complaints:topic", args=[added.pk])
    assert client.post(change, {"name": "洗车久等", "place": 9, "is_used": ""}).status_code == 302
    offered = [str(row) for branch in queries.topic_tree() for row in (branch.main, *branch.children)]
    assert "等待时间 › 洗车久等" not in offered
    assert "救援" in offered
    complaint = complaint_of(people, topic=added, category=Category.WAITING)
    assert complaint.matter == "等待时间 › 洗车久等"  # who names it keeps it
    assert client.get(topics).status_code == 200


def test_there_are_two_levels_and_one_main_category_stays(people):
    sub = Topic.objects.get(name="维修等待")
    with pytest.raises(Refusal):
        actions.add_topic(name="更细", parent=sub, by=people.crc, at=RECEIVED)
    mains = list(Topic.objects.filter(parent=None))
    for main in mains[1:]:
        actions.change_topic(topic=main, name="", is_used=False, by=people.crc, at=RECEIVED)
    with pytest.raises(Refusal) as refusal:
        actions.change_topic(topic=mains[0], name="", is_used=False, by=people.crc, at=RECEIVED)
    assert refusal.value.code == "last_category"


def test_clocks_and_words_stand_on_a_page_as_they_hold(people, client):
    client.force_login(people.crc)
    shown = client.get(reverse("complaints:rules")).content.decode()
    for words in ("气囊", "首次回复", "24", "30"):
        assert words in shown, words


# ── over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_interface_takes_the_same_sheet_and_refuses_the_same(people, order):
    api = APIClient()
    api.force_authenticate(people.crc)
    said = {
        "order": order.pk, "source": "phone", "category": "waiting", "description": "等了三个小时",
        "topic": Topic.objects.get(name="维修等待").pk, "concerned": [people.technician.work_number],
        "caller_phone": "13900001111", "place": "休息区",
    }  # fmt: skip
    made = api.post(reverse("complaint-list"), said, format="json")
    assert made.status_code == 201, made.json()
    assert (made.json()["concerned"], made.json()["caller_phone"]) == ([people.technician.work_number], "139****1111")
    wrong = api.post(reverse("complaint-list"), {**said, "category": "price"}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (409, "category")
    amended = api.post(
        reverse("complaint-amend", args=[made.json()["id"]]),
        {**said, "severity": "major", "reason": "媒体"},
        format="json",
    )
    assert (amended.status_code, amended.json()["severity"]) == (200, "major"), amended.json()


def test_who_was_forgotten_is_forgotten_here_too(people):
    from reception.events import customer_erased

    complaint = complaint_of(people, sheet=Sheet(caller_name="刘女士", caller_phone="13900001111"))
    customer_erased.send(Customer, customer_ids=[complaint.customer_id], phones=[], at=RECEIVED)
    complaint.refresh_from_db()
    assert (complaint.caller_name, complaint.caller_phone) == ("", "")
