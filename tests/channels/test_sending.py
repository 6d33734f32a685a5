"""Messages reach the gateway once, in time, within the rules; whatever happens to those who send them."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from dealer_crm.channels import actions, consent
from dealer_crm.channels.actions.sending import take_next
from dealer_crm.channels.choices import Channel, MessageState, Outcome, Purpose
from dealer_crm.channels.models import Message
from dealer_crm.channels.settings import DAILY_CAP
from dealer_crm.notices.models import Notice
from dealer_crm.organization.actions import set_figure
from tests.channels.conftest import TEN
from tests.factories.channels import MessageFactory

MINUTE = timedelta(minutes=1)
STATE = MessageState


def send_all(at=TEN) -> int:
    number = 0
    while actions.send_next(by="worker", at=at):
        number += 1
    return number


def steps_of(message):
    return [step.outcome for step in message.steps.order_by("id")]


def test_a_message_goes_out_signed_with_its_reference_and_what_its_template_needs(people, gateway):
    message = MessageFactory(store=people.store, template="SMS_204", names={"客户": "王伟"})
    assert send_all() == 1
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.gateway_id, message.attempts) == (
        STATE.SENT, TEN, f"gw-{str(message.token)[:8]}", 1,
    )  # fmt: skip
    assert gateway.received == [
        {
            "reference": str(message.token), "channel": "sms", "purpose": "call", "to": message.to,
            "text": message.text, "template": "SMS_204", "names": {"客户": "王伟"},
        }
    ]  # fmt: skip
    assert (gateway.signed_wrong, send_all()) == (0, 0)


@pytest.mark.parametrize(
    ("answer", "state", "next_try", "why"),
    [
        ((503, {}, {}), STATE.WAITING, MINUTE, ""),
        ((429, {}, {"Retry-After": "600"}), STATE.WAITING, 10 * MINUTE, ""),
        ((401, {}, {}), STATE.WAITING, MINUTE, ""),
        ((302, {}, {"Location": "/elsewhere"}), STATE.WAITING, MINUTE, ""),
        ((422, {"reason": "blacklisted"}, {}), STATE.FAILED, 0 * MINUTE, "HTTP 422 blacklisted"),
        ((409, {"id": "gw-7"}, {}), STATE.SENT, 0 * MINUTE, ""),
        ((200, ["strange"], {}), STATE.SENT, 0 * MINUTE, ""),
    ],
)
def test_what_the_gateway_answers_decides_what_comes_next(people, gateway, answer, state, next_try, why):
    message = MessageFactory(store=people.store)
    gateway.script = [answer]
    send_all()
    message.refresh_from_db()
    assert (message.state, message.due_at - TEN, message.why, message.claimed_at) == (state, next_try, why, None)


def test_a_gateway_that_is_away_is_tried_with_growing_waits_and_given_up_in_the_end(people, gateway, settings):
    settings.CHANNELS["sms"]["url"] = "http://127.0.0.1:9/closed"
    message, at, waits = MessageFactory(store=people.store), TEN, []
    while send_all(at) and len(waits) < 9:
        message.refresh_from_db()
        waits.append((message.due_at - at) // MINUTE)
        at = message.due_at
    assert (waits[:4], message.state, message.attempts) == ([1, 4, 16, 64], STATE.FAILED, 5)
    assert "Connection refused" in message.why
    settings.CHANNELS["sms"]["url"] = gateway.url
    actions.send_again(message=message, by=people.crc, at=at)
    send_all(at)
    message.refresh_from_db()
    assert (message.state, message.why, len(gateway.sent)) == (STATE.SENT, "", 1)


def test_who_is_killed_between_request_and_answer_leaves_nothing_lost_and_nothing_doubled(people, gateway):
    message = MessageFactory(store=people.store)
    taken = take_next(by="killed", at=TEN)
    actions.sending._hand_over(taken, TEN)  # the gateway has it; nobody writes down that it has
    assert (send_all(TEN + 4 * MINUTE), len(gateway.received)) == (0, 1)
    assert send_all(TEN + 5 * MINUTE) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, len(gateway.received), list(gateway.sent)) == (
        STATE.SENT, 2, 2, [str(message.token)],
    )  # fmt: skip


@pytest.mark.parametrize("purpose", [Purpose.CALL, Purpose.ALARM])
def test_at_night_customers_wait_and_staff_do_not(people, gateway, purpose):
    message = MessageFactory(store=people.store, purpose=purpose)
    send_all(TEN.replace(hour=22))
    message.refresh_from_db()
    morning = TEN.replace(hour=9) + timedelta(days=1)
    assert (message.state, message.due_at) == (
        (STATE.WAITING, morning) if purpose == Purpose.CALL else (STATE.SENT, TEN)
    )


def test_one_customer_gets_so_many_a_day_and_the_rest_the_next_morning(people, gateway):
    set_figure(figure=DAILY_CAP, store=people.store, value=2, starts_on=TEN.date(), by=people.manager, at=TEN)
    mine = MessageFactory.create_batch(3, store=people.store, to="+8613800000001")
    MessageFactory(store=people.store, to="+8613800000002")
    MessageFactory(store=people.store, to="+8613800000001", purpose=Purpose.ALARM)
    send_all()
    assert [one["to"][-1] for one in gateway.received] == ["1", "1", "2", "1"]
    mine[2].refresh_from_db()
    morning = TEN.replace(hour=9) + timedelta(days=1)
    assert (mine[2].state, mine[2].due_at, steps_of(mine[2])) == (STATE.WAITING, morning, [Outcome.PUT_OFF])
    send_all(morning)
    assert len(gateway.received) == 5


def test_what_came_too_late_is_not_wanted_or_belongs_to_no_channel_stays_here(people, gateway, settings, monkeypatch):
    late = MessageFactory(store=people.store, expires_at=TEN)
    unwanted = MessageFactory(store=people.store, to="+8613811110000")
    by_wechat = MessageFactory(store=people.store, channel=Channel.WECHAT)
    monkeypatch.setattr(consent, "_asked", [lambda phone: "本人要求" if phone == unwanted.to else ""])
    settings.CHANNELS = {**settings.CHANNELS, "wechat": {"carrier": "off"}}
    send_all()
    found = Message.objects.in_bulk([late.pk, unwanted.pk, by_wechat.pk])
    assert [(found[one.pk].state, found[one.pk].why) for one in (late, unwanted, by_wechat)] == [
        (STATE.EXPIRED, "未能在有效时间内发出。"), (STATE.REFUSED, "本人要求"), (STATE.WAITING, ""),
    ]  # fmt: skip
    assert gateway.received == []


def test_the_console_keeps_what_it_is_given_and_mail_goes_to_the_mail_server(people):
    text = MessageFactory(store=people.store)
    letter = MessageFactory(store=people.store, channel=Channel.EMAIL, to="zhang@example.cn", purpose=Purpose.ALARM)
    send_all()
    text.refresh_from_db(), letter.refresh_from_db()
    assert (text.state, letter.state) == (STATE.DELIVERED, STATE.SENT)
    assert [(one.to, one.body) for one in mail.outbox] == [(["zhang@example.cn"], letter.text)]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"zhang@example.cn": (550, b"no such user")}), STATE.FAILED),
        (smtplib.SMTPRecipientsRefused({"zhang@example.cn": (450, b"later")}), STATE.WAITING),
        (smtplib.SMTPDataError(554, b"spam"), STATE.FAILED),
        (smtplib.SMTPServerDisconnected("gone"), STATE.WAITING),
        (TimeoutError("slow"), STATE.WAITING),
    ],
)
def test_a_mail_server_says_no_for_good_or_for_now(people, monkeypatch, error, state):
    def refuse(mail, *_words):
        raise error

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    letter = MessageFactory(store=people.store, channel=Channel.EMAIL, to="zhang@example.cn", purpose=Purpose.ALARM)
    send_all()
    letter.refresh_from_db()
    assert letter.state == state


@pytest.mark.django_db(transaction=True)
def test_many_senders_send_each_message_once_and_never_pass_the_cap_together(gateway):
    first = MessageFactory(to="+8613800000001")
    MessageFactory.create_batch(5, store=first.store, to="+8613800000001")
    MessageFactory.create_batch(6, store=first.store)
    start = Barrier(4)

    def work(number):
        start.wait()
        try:
            return send_all()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    to = [one["to"] for one in gateway.received]
    assert (len(to), to.count(first.to), len(gateway.sent)) == (9, 3, 9)
    assert Message.objects.filter(state=STATE.SENT).count() == 9


@pytest.mark.django_db
def test_messages_that_stand_still_are_told_of_once_a_day(people):
    MessageFactory.create_batch(2, store=people.store, due_at=TEN - timedelta(hours=1))
    MessageFactory(store=people.store, channel=Channel.EMAIL, due_at=TEN + MINUTE, attempts=3)
    MessageFactory(store=people.store, channel=Channel.WECHAT, due_at=TEN + timedelta(hours=9))  # put off to its hour
    assert [actions.tell_of_standstill(at=TEN + wait) for wait in (0 * MINUTE, MINUTE, timedelta(days=1))] == [4, 0, 6]
    assert {notice.recipient for notice in Notice.objects.all()} == {people.crc, people.admin}
