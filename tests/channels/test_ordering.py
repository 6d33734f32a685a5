"""What is put into the outbox, and what is not."""

from datetime import timedelta

import pytest

from dealer_crm.channels import actions, consent
from dealer_crm.channels.choices import Channel, MessageState, Purpose
from dealer_crm.channels.models import Message
from dealer_crm.values import Refusal
from tests.channels.conftest import TEN
from tests.factories.channels import AnswerFactory


def order(store, **fields):
    said = {"key": "call:1", "channel": Channel.SMS, "to": "138 1234 5678", "text": "您好", "purpose": Purpose.CALL}
    return actions.send_message(**{"store": store, "by": None, "at": TEN, **said, **fields})


def test_a_message_waits_in_the_outbox_with_the_way_to_unsubscribe(people):
    message = order(people.store)
    assert (message.to, message.text, message.parts, message.state, message.due_at) == (
        "+8613812345678", "您好 退订回T", 1, MessageState.WAITING, TEN,
    )  # fmt: skip


def test_one_occasion_is_one_message(people):
    assert order(people.store) == order(people.store, text="又一次", to="nobody")
    assert Message.objects.count() == 1


def test_customers_wait_for_the_morning_and_staff_do_not(people):
    night = TEN.replace(hour=22)
    late = order(people.store, at=night)
    alarm = order(people.store, at=night, key="alarm:1", purpose=Purpose.ALARM)
    assert (late.due_at, alarm.due_at, alarm.text) == (TEN.replace(hour=9) + timedelta(days=1), night, "您好")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "12"}, "address_wrong"),
        ({"to": "010-58881234"}, "not_mobile"),
        ({"channel": Channel.EMAIL, "to": "wang"}, "address_wrong"),
        ({"text": " "}, "text_missing"),
        ({"text": "字" * 501}, "text_long"),
    ],
)
def test_what_cannot_be_sent_is_said_at_once(people, fields, code):
    with pytest.raises(Refusal) as refusal:
        order(people.store, **fields)
    assert refusal.value.code == code


def test_nothing_is_ordered_from_a_channel_that_is_off(people, settings):
    settings.CHANNELS = {**settings.CHANNELS, "sms": {"carrier": "off"}}
    with pytest.raises(Refusal) as refusal:
        order(people.store)
    assert refusal.value.code == "channel_off"


def test_who_wants_no_texts_gets_none_whoever_knows_of_it(people, monkeypatch):
    monkeypatch.setattr(consent, "_asked", [lambda phone: "本人要求" if phone.endswith("5678") else ""])
    AnswerFactory(sender="+8613800000009", store=None, is_refusal=True, is_kept_here=True)
    for number in ("13812345678", "13800000009"):
        with pytest.raises(Refusal) as refusal:
            order(people.store, to=number)
        assert refusal.value.code == "texts_refused"
    assert order(people.store, purpose=Purpose.ALARM).purpose == Purpose.ALARM


def test_staff_are_told_by_text_else_by_mail_else_by_the_bell_alone(people):
    people.manager.phone, people.director.email, people.crc.email = "13900000001", "zhang@example.cn", "chen@"
    told = actions.tell_staff(
        people=[people.manager, people.director, people.crc, people.manager],
        key="complaint:1:reply", store=people.store, text="TS-1 超时", by=None, at=TEN,
    )  # fmt: skip
    sent = {(one.channel, one.to, one.text) for one in Message.objects.all()}
    assert (told, sent) == (
        2,
        {
            ("sms", "+8613900000001", "【北京远航店】TS-1 超时"),
            ("email", "zhang@example.cn", "【北京远航店】TS-1 超时"),
        },
    )
