"""Messages of the outbox."""

from datetime import datetime
from zoneinfo import ZoneInfo

import factory

from dealer_crm.channels.choices import Channel, Purpose
from dealer_crm.channels.models import Answer, Message
from tests.factories.organization import StoreFactory

TEN = datetime(2026, 10, 15, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class MessageFactory(factory.django.DjangoModelFactory):
    """A text to a customer, due at ten."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"call:{n}")
    store = factory.SubFactory(StoreFactory)
    purpose = Purpose.CALL
    channel = Channel.SMS
    to = factory.Sequence(lambda n: f"+8613800{n:06d}")
    text = "【远航】您好，请回电。 退订回T"
    due_at = TEN
    made_at = TEN


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    channel = Channel.SMS
    gateway_id = factory.Sequence(lambda n: f"in-{n}")
    sender = factory.Sequence(lambda n: f"+8613800{n:06d}")
    text = "好的，谢谢"
    store = factory.SubFactory(StoreFactory)
    at = TEN
