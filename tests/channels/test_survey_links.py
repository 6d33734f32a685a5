"""A questionnaire's link goes to the customer's mobile, once, where the customer allows it."""

import pytest
from django.urls import reverse

from dealer_crm.channels import actions
from dealer_crm.channels.choices import Purpose
from dealer_crm.channels.models import Message
from dealer_crm.journal.queries import entries_about
from reception.choices import OrderState
from satisfaction.actions import install_questionnaires
from tests.channels.conftest import TEN
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory


def order_of(people, **customer):
    owner = CustomerFactory(store=people.store, name="王伟", gender="male", **customer)
    car = VehicleFactory(store=people.store, owner=owner)
    return RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED)


@pytest.fixture
def desk(client, people):
    install_questionnaires(by=None, at=TEN)
    client.force_login(people.advisor)
    return client


def send(desk, order):
    return desk.post(reverse("satisfaction:invite_text", args=[order.pk]), {"questionnaire": "service-csi"})


def test_the_link_is_sent_once_in_the_stores_own_words(desk, people):
    order = order_of(people)
    page = reverse("satisfaction:invite", args=[order.pk])
    assert desk.get(page).context["no_text"] == ""
    for _press in range(2):
        assert send(desk, order).status_code == 302
    message = Message.objects.get()
    assert message.text.startswith("【北京远航店】王伟先生您好") and message.text.endswith("退订回T")
    assert (message.to, message.made_by, message.names["天数"]) == (
        order.customer.phones.get().number,
        people.advisor,
        "7",
    )
    link = message.names["链接"].removeprefix("http://testserver")
    desk.logout()
    assert desk.get(link).status_code == 200
    assert [line.verb for line in entries_about(order) if line.verb == "survey.texted"] == ["survey.texted"]


def test_who_prefers_wechat_gets_it_there_with_the_template_of_that_carrier(desk, people):
    actions.change_wording(
        store=people.store, purpose=Purpose.SURVEY, text="请评价 {链接}", template="SMS_1", wechat_template="WX_1",
        by=people.crc, at=TEN,
    )  # fmt: skip
    send(desk, order_of(people, contact_channel="wechat"))
    send(desk, order_of(people))
    assert [(one.channel, one.template, one.text[:3]) for one in Message.objects.order_by("id")] == [
        ("wechat", "WX_1", "请评价"), ("sms", "SMS_1", "请评价"),
    ]  # fmt: skip


@pytest.mark.parametrize("customer", [{"phone": ""}, {"phone": "+861058881234"}, {"no_text_since": TEN.date()}])
def test_who_cannot_or_will_not_be_texted_is_not_and_the_page_says_why(desk, people, customer):
    order = order_of(people, **customer)
    assert desk.get(reverse("satisfaction:invite", args=[order.pk])).context["no_text"]
    send(desk, order)
    assert Message.objects.count() == 0
