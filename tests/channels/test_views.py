"""The pages of messages: what they show, what they let one do, what they cost."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dealer_crm.channels.choices import Channel, MessageState, Purpose
from dealer_crm.channels.models import Message, Wording
from dealer_crm.journal.queries import entries_about
from tests.channels.conftest import TEN
from tests.factories.channels import AnswerFactory, MessageFactory

STATE = MessageState


@pytest.fixture
def crc(client, people):
    client.force_login(people.crc)
    return client


def test_the_outbox_is_narrowed_by_state_purpose_day_and_the_last_digits(crc, people):
    mine = MessageFactory(store=people.store, to="+8613812345678")
    failed = MessageFactory(store=people.store, state=STATE.FAILED, why="空号", purpose=Purpose.SURVEY)
    MessageFactory(to="+8613812345678")  # of another store
    for asked, found in [
        ({}, [failed, mine]), ({"tail": "5678"}, [mine]), ({"tail": "567"}, []), ({"state": "failed"}, [failed]),
        ({"purpose": "call"}, [mine]), ({"channel": "wechat"}, []), ({"first": "2026-10-16"}, []),
        ({"first": "2026-10-15", "last": "2026-10-15"}, [failed, mine]),
    ]:  # fmt: skip
        assert (asked, crc.get(reverse("channels:outbox"), asked).context["page"].rows) == (asked, found)


def test_lists_ask_no_more_of_the_database_with_more_rows(crc, people):
    asked = []
    for number in (1, 29):
        messages = MessageFactory.create_batch(number, store=people.store, made_by=people.agent)
        for one in messages:
            AnswerFactory(store=people.store, message=one)
        with CaptureQueriesContext(connection) as caught:
            for name in ("outbox", "texts_in_list", "figures", "state", "wordings"):
                assert crc.get(reverse(f"channels:{name}")).status_code == 200
        asked.append(len(caught))
    assert asked[0] == asked[1]


def test_a_message_is_withdrawn_before_it_goes_out_and_sent_again_when_it_failed(crc, people):
    waiting = MessageFactory(store=people.store)
    failed = MessageFactory(store=people.store, state=STATE.FAILED, why="HTTP 422", attempts=5)
    taken = MessageFactory(store=people.store, state=STATE.FAILED, why="空号", sent_at=TEN)
    for one, verb in ((waiting, "withdraw"), (failed, "again"), (taken, "again"), (failed, "withdraw")):
        crc.post(reverse(f"channels:{verb}", args=[one.pk]))
        assert crc.get(reverse("channels:message", args=[one.pk])).status_code == 200
    found = Message.objects.in_bulk([waiting.pk, failed.pk, taken.pk])
    assert [found[one.pk].state for one in (waiting, failed, taken)] == [STATE.REFUSED, STATE.REFUSED, STATE.FAILED]
    assert [line.verb for line in entries_about(failed)] == ["message.withdrawn", "message.sent_again"]


def test_the_whole_number_is_shown_for_a_reason_that_is_kept(crc, people):
    message = MessageFactory(store=people.store, to="+8613812345678")
    page, address = reverse("channels:message", args=[message.pk]), reverse("channels:reveal", args=[message.pk])
    assert "13812345678" not in crc.get(page).content.decode()
    assert "13812345678" not in crc.post(address, follow=True).content.decode()
    assert "13812345678" in crc.post(address, {"reason": "核对"}).content.decode()
    assert [line.note for line in entries_about(message)] == ["138****5678 核对"]


def test_a_store_says_it_in_its_own_words_and_takes_the_shipped_ones_again(crc, people):
    address = reverse("channels:wording", args=[people.store.code, "survey"])
    wrong = {"": "text", "【{门店}】{姓名}您好 {链接}": "{姓名}", "【{门店}】{客户}您好": "{链接}", "字" * 501: "501"}
    for text, said in wrong.items():
        answer = crc.post(address, {"text": text})
        assert (text, answer.status_code) == (text, 422)
        assert said in str(answer.context["form"].errors)
    shown = crc.post(reverse("channels:wording_preview", args=[people.store.code, "survey"]), {"text": "{客户}好"})
    assert "王伟先生好" in shown.content.decode()
    crc.post(address, {"text": "【{门店}】请评价 {链接}", "template": "SMS_9"})
    own = Wording.objects.get()
    assert (own.text, own.template, own.changed_by) == ("【{门店}】请评价 {链接}", "SMS_9", people.crc)
    assert crc.get(reverse("channels:wording", args=[people.store.code, "call"])).status_code == 404
    crc.post(reverse("channels:wording_shipped", args=[people.store.code, "survey"]))
    assert not Wording.objects.exists()


def test_a_channel_is_tried_once_for_each_form_and_what_is_wrong_is_said(crc, people):
    form = {"channel": "sms", "to": "13812345678", "token": str(uuid4())}
    assert [crc.post(reverse("channels:state"), form).status_code for _press in range(2)] == [302, 302]
    assert [one.text for one in Message.objects.all()] == [Message.objects.get().text]
    for said, field in (({"to": "12"}, "to"), ({"channel": "email"}, "to"), ({"channel": "pigeon"}, "channel")):
        answer = crc.post(reverse("channels:state"), {**form, "token": str(uuid4()), **said})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_month_is_counted_by_channel_and_purpose_with_what_it_cost(crc, people):
    at = timezone.now()
    sent = {"store": people.store, "made_at": at, "sent_at": at, "parts": 2}
    MessageFactory(**sent, state=STATE.DELIVERED, delivered_at=at)
    MessageFactory(**sent, state=STATE.FAILED, why="关机")
    MessageFactory(store=people.store, made_at=at, state=STATE.REFUSED, why="退订")
    MessageFactory(**{**sent, "channel": Channel.EMAIL, "purpose": Purpose.ALARM, "state": STATE.SENT})
    MessageFactory(store=people.store, made_at=at - timedelta(days=62))
    page = crc.get(reverse("channels:figures"))
    rows = {(row.channel, row.purpose): row for row in page.context["rows"]}
    texts, mails, total = rows["sms", "call"], rows["email", "alarm"], page.context["total"]
    assert (texts.ordered, texts.sent, texts.delivered, texts.failed, texts.refused, texts.parts, texts.cost) == (
        3, 2, 1, 1, 1, 4, Decimal("0.20"),
    )  # fmt: skip
    assert (mails.cost, total.ordered, total.parts, total.cost) == (None, 4, 4, Decimal("0.20"))
    assert (texts.delivered_rate, total.delivered_rate) == (Decimal("0.5"), Decimal(1) / 3)
