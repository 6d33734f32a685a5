"""Who answers a text with "T" gets no more, from anybody."""

import pytest

from dealer_crm.channels import actions as channels
from dealer_crm.channels.choices import Channel, Purpose
from dealer_crm.channels.models import Answer, Message
from dealer_crm.journal.queries import entries_about
from dealer_crm.values import Refusal
from reception import actions
from tests.factories.channels import AnswerFactory, MessageFactory
from tests.factories.reception import MORNING, CustomerFactory

pytestmark = pytest.mark.django_db
NUMBER = "+8613987651234"


def answer(text="T", number=NUMBER, gateway_id="in-1"):
    return channels.take_answer(
        channel=Channel.SMS, gateway_id=gateway_id, sender=number, text=text, happened_at=MORNING, at=MORNING
    )


def test_everybody_with_the_number_refuses_texts_from_then_on_and_the_journal_says_why(people):
    wife, husband, other = (
        CustomerFactory(store=people.store, phone=phone) for phone in (NUMBER, NUMBER, "+8613900000001")
    )
    told = answer()
    for customer in (wife, husband, other):
        customer.refresh_from_db()
    assert [customer.no_text_since for customer in (wife, husband, other)] == [MORNING.date(), MORNING.date(), None]
    assert (wife.no_text_reason, told.is_kept_here) == ("对短信回复了“T”。", False)
    assert entries_about(wife)[0].verb == "customer.changed"
    with pytest.raises(Refusal) as refusal:
        channels.send_message(
            key="call:1", store=people.store, channel=Channel.SMS, to=NUMBER, text="您好", purpose=Purpose.CALL,
            by=None, at=MORNING,
        )  # fmt: skip
    assert refusal.value.code == "texts_refused"


def test_who_refused_before_keeps_the_first_reason_and_a_thank_you_is_no_refusal(people):
    customer = CustomerFactory(store=people.store, phone=NUMBER)
    answer("好的，谢谢")
    customer.refresh_from_db()
    assert customer.no_text_since is None
    actions.change_customer(
        customer=customer, by=people.agent, at=MORNING, no_text_since=MORNING.date(), no_text_reason="本人要求"
    )
    answer("退订", gateway_id="in-2")
    customer.refresh_from_db()
    assert customer.no_text_reason == "本人要求"


def test_a_number_of_nobody_is_kept_by_the_channels(people):
    assert answer("退订").is_kept_here


def test_who_is_forgotten_is_forgotten_in_the_outbox_too(people):
    customer = CustomerFactory(store=people.store, phone=NUMBER)
    MessageFactory(store=people.store, to=NUMBER, names={"客户": "欧阳倩倩"})
    AnswerFactory(store=people.store, sender=NUMBER)
    actions.erase_customer(customer=customer, by=people.crc, at=MORNING, reason="本人书面申请")
    message = Message.objects.get()
    assert (message.to, message.text, message.names, message.state) == ("", "", {}, "refused")
    assert [(one.sender, one.text) for one in Answer.objects.all()] == [("", "")]
