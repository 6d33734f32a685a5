"""What carriers tell us: only signed, only once, only so often; receipts and texts do what they say."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from dealer_crm.channels import actions
from dealer_crm.channels.choices import MessageState, Outcome, Purpose
from dealer_crm.channels.events import texts_refused
from dealer_crm.channels.formulas import signature
from dealer_crm.channels.models import Answer, UsedNonce
from dealer_crm.channels.queries import refuses_texts
from dealer_crm.channels.views import hooks
from tests.channels.gateway import SECRET
from tests.factories.channels import MessageFactory

pytestmark = pytest.mark.usefixtures("gateway", "fresh_counters")
RECEIPTS, ANSWERS = "channels:receipts", "channels:answers"


@pytest.fixture
def fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def message(people):
    at = timezone.now()
    return MessageFactory(store=people.store, state=MessageState.SENT, sent_at=at, gateway_id="gw-1")


def post(client, name, said, *, nonce="n1", at=None, secret=SECRET, account="yuanhang", body=None):
    path = reverse(name)
    body = json.dumps(said).encode() if body is None else body
    timestamp = str(int((at or timezone.now()).timestamp()))
    headers = {
        "X-Channel-Account": account, "X-Channel-Timestamp": timestamp, "X-Channel-Nonce": nonce,
        "X-Channel-Signature": signature(
            secret=secret, timestamp=timestamp, nonce=nonce, method="POST", path=path, body=body
        ),
    }  # fmt: skip
    return client.post(path, body, content_type="application/json", headers=headers).status_code


def test_a_receipt_says_what_became_of_a_message_and_a_delivery_is_the_last_word(client, message):
    told = [
        ({"id": "gw-1", "state": "failed", "reason": "关机"}, MessageState.FAILED, "关机"),
        ({"reference": str(message.token), "state": "delivered"}, MessageState.DELIVERED, ""),
        ({"id": "gw-1", "state": "failed", "reason": "关机"}, MessageState.DELIVERED, ""),
    ]
    for number, (said, state, why) in enumerate(told):
        assert post(client, RECEIPTS, said, nonce=f"n{number}") == 204
        message.refresh_from_db()
        assert (message.state, message.why) == (state, why)
    assert [step.outcome for step in message.steps.order_by("id")] == [
        Outcome.NOT_DELIVERED, Outcome.DELIVERED, Outcome.NOT_DELIVERED,
    ]  # fmt: skip


def test_a_receipt_may_be_faster_than_the_answer_to_our_own_request(client, people):
    at = timezone.now()
    MessageFactory(store=people.store, due_at=at, purpose=Purpose.ALARM)
    taken = actions.sending.take_next(by="worker", at=at)
    assert post(client, RECEIPTS, {"reference": str(taken.token), "id": "gw-9", "state": "delivered"}) == 204
    actions.sending.keep_answer(message=taken, handed=actions.sending._hand_over(taken, at), at=at)
    taken.refresh_from_db()
    assert (taken.state, taken.gateway_id, taken.claimed_at) == (MessageState.DELIVERED, "gw-9", None)


@pytest.mark.parametrize(
    ("name", "said", "how", "status"),
    [
        (RECEIPTS, {"id": "gw-1", "state": "delivered"}, {"secret": "another"}, 401),
        (RECEIPTS, {"id": "gw-1", "state": "delivered"}, {"account": "nobody"}, 401),
        (RECEIPTS, {"id": "gw-1", "state": "delivered"}, {"at": timezone.now() - timedelta(minutes=6)}, 401),
        (RECEIPTS, {"id": "gw-1", "state": "delivered"}, {"nonce": ""}, 401),
        (RECEIPTS, {"id": "gw-2", "state": "delivered"}, {}, 404),
        (RECEIPTS, {"reference": "gw-1", "state": "delivered"}, {}, 404),
        (RECEIPTS, {"id": "gw-1", "state": "lost"}, {}, 400),
        (RECEIPTS, ["gw-1"], {}, 400),
        (RECEIPTS, None, {"body": b"\xff\xfe"}, 400),
        (RECEIPTS, None, {"body": b" " * 70_000}, 413),
        (ANSWERS, {"id": "in-1", "from": "12", "text": "T"}, {}, 400),
        (ANSWERS, {"from": "13800000001", "text": "T"}, {}, 400),
    ],
)
def test_what_is_not_right_is_turned_away(client, message, name, said, how, status):
    assert post(client, name, said, **how) == status
    message.refresh_from_db()
    assert (message.state, Answer.objects.count()) == (MessageState.SENT, 0)


def test_the_same_call_counts_once_and_is_forgotten_when_it_could_no_longer_be_made(client, message):
    said = {"id": "gw-1", "state": "delivered"}
    assert [post(client, RECEIPTS, said), post(client, RECEIPTS, said)] == [204, 401]
    actions.forget_nonces(at=timezone.now())
    assert UsedNonce.objects.count() == 1
    actions.forget_nonces(at=timezone.now() + timedelta(minutes=16))
    assert UsedNonce.objects.count() == 0


def test_who_signs_wrongly_too_often_is_not_looked_at_any_more(client, message, monkeypatch):
    monkeypatch.setattr(hooks, "MOST_WRONG", 2)
    said = {"id": "gw-1", "state": "delivered"}
    wrong = [post(client, RECEIPTS, said, secret="guess") for _number in range(3)]
    assert [*wrong, post(client, RECEIPTS, said)] == [401, 401, 429, 429]


def test_t_stops_what_waits_and_is_announced_to_whoever_knows_the_customer(client, message):
    waiting = MessageFactory(store=message.store, to=message.to)
    heard = []

    def note(sender, phone, text, at, **_facts):
        heard.append((phone, text))
        return True

    texts_refused.connect(note)
    try:
        said = {"id": "in-1", "from": message.to, "text": "T"}
        assert [post(client, ANSWERS, said, nonce=f"n{number}") for number in range(2)] == [204, 204]
    finally:
        texts_refused.disconnect(note)
    waiting.refresh_from_db()
    answer = Answer.objects.get()
    assert (heard, waiting.state, answer.message, answer.store, answer.is_kept_here) == (
        [(message.to, "T")], MessageState.REFUSED, message, message.store, False,
    )  # fmt: skip


def test_a_refusal_of_nobodys_number_is_kept_here_and_a_question_is_none(client, message):
    for number, text in enumerate(("T恤到了吗", "退订")):
        assert post(client, ANSWERS, {"id": f"in-{number}", "from": "13899990000", "text": text}, nonce=text) == 204
        assert bool(refuses_texts("+8613899990000")) is (text == "退订")
