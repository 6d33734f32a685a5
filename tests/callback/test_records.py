"""Contact records: categories, the facts they ask for, the sentence, the points."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from callback import actions, queries
from callback.choices import ContactCategory, ContactFact, Direction, Outcome
from callback.formulas import REQUIRED_FACTS, missing_facts, record_points, record_sentence
from callback.models import Contact
from complaints.choices import Category, Severity
from dealer_crm.organization.models import StoreFigure
from dealer_crm.values import Refusal
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory
from tests.factories.reception import CustomerFactory, VehicleFactory

PRICE = {"brand": "大众", "station": "北京远航店", "asked": "保养价格"}


@pytest.fixture
def car(people):
    owner = CustomerFactory(store=people.store, name="王伟", area="海淀")
    return VehicleFactory(store=people.store, owner=owner, brand="大众", series="朗逸", purchased_on=date(2023, 5, 1))


def test_every_category_says_what_it_asks_for_and_every_fact_is_asked_for_somewhere():
    assert set(REQUIRED_FACTS) == set(ContactCategory.values)
    assert {name for asked in REQUIRED_FACTS.values() for name in asked} == set(ContactFact.values)


@pytest.mark.parametrize(
    ("category", "facts", "missing", "points"),
    [
        ("enquiry.price", PRICE, [], 100),
        ("enquiry.price", {**PRICE, "asked": "  "}, ["asked"], 90),
        ("rescue", {}, ["plate", "brand", "area", "fault"], 60),
        ("callback", {}, [], 100),
    ],
)
def test_missing_facts_cost_points(category, facts, missing, points):
    assert (missing_facts(category, facts), record_points(category, facts, 10)) == (missing, points)
    assert record_points("complaint.warranty", {}, 30) == 0


def test_the_sentence_is_composed_in_the_order_of_the_standard():
    facts = {"asked": "派拖车", "plate": "京A12345", "area": "海淀", "fault": "无法启动"}
    assert record_sentence("王伟来电（紧急救援）", facts) == (
        "王伟来电（紧急救援）：海淀地区，车牌京A12345，反映无法启动，要求/咨询：派拖车。"
    )
    assert record_sentence("王伟来电", {}) == "王伟来电。"


def test_a_caller_is_written_down_once(people, car):
    said = {
        "store": people.store, "customer": car.owner, "vehicle": car, "category": "enquiry.price", "facts": PRICE,
        "by": people.agent, "at": TEN, "token": uuid4(), "started_at": TEN - timedelta(minutes=3),
    }  # fmt: skip
    contact = actions.record_incoming(**said)
    assert actions.record_incoming(**said) == contact
    assert (contact.direction, contact.record_points, contact.category) == (Direction.IN, 100, "enquiry.price")
    assert queries.sentence_of(contact).startswith("王伟") and "要求/咨询：保养价格" in queries.sentence_of(contact)
    for refused, field in (({"category": "callback"}, "category"), ({"vehicle": VehicleFactory()}, "vehicle")):
        with pytest.raises(Refusal) as refusal:
            actions.record_incoming(**{**said, "token": uuid4(), **refused})
        assert refusal.value.field == field


def test_a_record_is_put_right_by_who_wrote_it_and_by_the_supervisor(people):
    contact = ContactFactory(store=people.store, agent=people.agent)
    StoreFigure.objects.create(code="callback.record_fact_points", value=25, starts_on=date(2026, 1, 1), changed_at=TEN)
    said = {"contact": contact, "category": "enquiry.price", "at": TEN}
    assert actions.complete_record(**said, facts={"brand": "大众"}, by=people.agent).record_points == 50
    assert actions.complete_record(**said, facts=PRICE, by=people.crc).record_points == 100
    other = ContactFactory(store=people.store, outcome=Outcome.NO_ANSWER)
    for one, by, code in ((contact, people.advisor, "not_own_record"), (other, people.crc, "not_talked")):
        with pytest.raises(Refusal) as refused:
            actions.complete_record(**{**said, "contact": one}, facts={}, by=by)
        assert refused.value.code == code
    [row] = queries.record_quality(people.store, TEN - timedelta(days=2), TEN)
    assert (row["agent_id"], row["records"], row["whole"], row["points"]) == (people.agent.pk, 1, 1, 100)


def test_calls_are_care_calls_unless_something_came_up(people, car):
    calls = [CallTaskFactory(store=people.store, customer=car.owner, vehicle=car, code="suggestion") for _ in range(3)]
    actions.claim_task(task=calls[0], by=people.agent, at=TEN)
    complaint = actions.raise_complaint(
        task=calls[0], by=people.agent, at=TEN, severity=Severity.GENERAL, category=Category.SKILL,
        description="异响没修好", wish="重新检查",
    )  # fmt: skip
    more = [{"complaint": complaint}, {}, {"category": "enquiry.price", "facts": PRICE}]
    for task, said in zip(calls, more, strict=True):
        actions.claim_task(task=task, by=people.agent, at=TEN)
        actions.record_outcome(task=task, outcome=Outcome.COMPLETED, by=people.agent, at=TEN, **said)
    complained, plain, asked = Contact.objects.order_by("pk")
    assert (plain.category, plain.record_points) == ("callback", None)
    assert (complained.category, complained.facts["fault"], complained.facts["asked"]) == (
        "complaint.skill", "异响没修好", "重新检查",
    )  # fmt: skip
    assert [line.fact for line in queries.fact_lines(complained) if line.is_missing] == ["visited_on", "mileage"]
    assert (asked.category, asked.record_points) == ("enquiry.price", 100)


def test_the_page_of_a_caller(client, people, car):
    client.force_login(people.agent)
    found = client.get(reverse("callback:incoming"), {"q": car.plate})
    assert [one.owner for one in found.context["vehicles"]] == [car.owner]
    address = reverse("callback:incoming_from", args=[car.owner.pk])
    form = client.get(address).context["facts"]
    assert (form["fact_area"].value(), form["fact_brand"].value()) == ("海淀", "大众 朗逸")
    asked = client.get(reverse("callback:facts"), {"customer": car.owner.pk, "vehicle": car.pk, "category": "rescue"})
    fields = re.findall(r'name="(\w+)"', asked.content.decode())
    assert (fields, car.plate in asked.content.decode()) == (
        ["fact_plate", "fact_brand", "fact_area", "fact_fault"], True,
    )  # fmt: skip
    posted = {"category": "rescue", "channel": "phone", "token": uuid4(), "vehicle": car.pk, "fact_fault": "爆胎"}
    made = client.post(address, posted)
    contact = Contact.objects.get()
    assert made["Location"] == reverse("callback:record", args=[contact.pk])
    assert (contact.facts, contact.record_points, contact.vehicle) == ({"fault": "爆胎"}, 70, car)
    page = client.get(made["Location"])
    assert sum(line.is_missing for line in page.context["lines"]) == 3
    client.post(made["Location"], {"category": "rescue", "fact_fault": "爆胎", "fact_area": "海淀"})
    contact.refresh_from_db()
    assert contact.record_points == 80
    assert client.post(address, {**posted, "category": "x"}).status_code == 422
    assert client.get(reverse("callback:facts"), {"task": "x"}).status_code == 400
