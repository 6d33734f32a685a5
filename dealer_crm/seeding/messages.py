"""The outbox of a house: texts of the last weeks, what became of them, what customers wrote back."""

from datetime import datetime, timedelta
from random import Random

from dealer_crm.channels.actions import take_answer
from dealer_crm.channels.choices import Channel, MessageState, Outcome, Purpose
from dealer_crm.channels.formulas import text_parts, with_ending
from dealer_crm.channels.models import Message, Step
from dealer_crm.channels.queries import wording_in_force
from dealer_crm.channels.settings import ENDING
from dealer_crm.seeding.people import House
from dealer_crm.values.wording import fill_in
from reception.choices import OrderState
from reception.models import RepairOrder
from reception.queries import addressed, texted_number

MOST = 60
_UNREACHED = (
    "【{门店}】{客户}您好，感谢您来店服务。多次致电回访未能接通，"
    "您的爱车{车牌}如有任何问题，请随时与服务顾问{服务顾问}联系，祝您用车愉快。"
)
_WENT_WRONG = ("空号", "关机或不在服务区", "运营商黑名单")
_WROTE_BACK = ("好的，谢谢", "周六上午可以过来吗？", "T")


def fill_outbox(house: House, random: Random, at: datetime) -> None:
    """Every fourth order of the last weeks got a text; the last three customers wrote back, one of them to be left
    alone."""
    orders = (
        RepairOrder.objects.filter(
            store=house.store,
            state=OrderState.DELIVERED,
            delivered_at__gte=at - timedelta(days=40),
            delivered_at__lt=at,
        )
        .select_related("customer", "vehicle", "advisor", "store")
        .prefetch_related("customer__phones")
        .order_by("delivered_at")
    )
    texted = [order for number, order in enumerate(orders) if number % 4 == 0 and texted_number(order.customer)][-MOST:]
    made = [_message(house, order, random, at) for order in texted]
    messages = Message.objects.bulk_create(sorted(made, key=lambda message: message.made_at))
    Step.objects.bulk_create([step for message in messages for step in _steps(message)])
    arrived = [message for message in messages if message.state == MessageState.DELIVERED]
    for number, (message, text) in enumerate(zip(arrived[-len(_WROTE_BACK) :], _WROTE_BACK, strict=False)):
        moment = min(message.sent_at + timedelta(minutes=20), at)
        take_answer(
            channel=Channel.SMS, gateway_id=f"demo-{house.store.code}-{number}", sender=message.to, text=text,
            happened_at=moment, at=moment,
        )  # fmt: skip


def _message(house: House, order: RepairOrder, random: Random, at: datetime) -> Message:
    purpose = random.choice([Purpose.SURVEY, Purpose.SURVEY, Purpose.CALL])
    names = {
        "门店": house.store.name,
        "客户": addressed(order.customer),
        "车牌": order.vehicle.plate,
        "服务顾问": order.advisor.name,
        "链接": f"https://crm.example.cn/s/{random.getrandbits(40):x}",
        "天数": "7",
    }
    wording = wording_in_force(house.store, purpose).text if purpose == Purpose.SURVEY else _UNREACHED
    text = with_ending(fill_in(wording, names), ENDING.default)
    day = order.delivered_at.astimezone(house.store.tz) + timedelta(days=1 if purpose == Purpose.SURVEY else 3)
    sent_at = min(day.replace(hour=random.randint(9, 18), minute=random.randint(0, 59)), at - timedelta(hours=1))
    message = Message(
        key=f"demo:{order.number}", store=house.store, purpose=purpose, channel=Channel.SMS,
        to=texted_number(order.customer), text=text, parts=text_parts(text), names=names, due_at=sent_at,
        made_at=sent_at, sent_at=sent_at, attempts=1, gateway_id=f"console-{random.getrandbits(32):08x}",
        state=MessageState.DELIVERED, delivered_at=sent_at + timedelta(seconds=random.randint(2, 40)),
    )  # fmt: skip
    if random.random() < 0.08:
        message.state, message.delivered_at = MessageState.FAILED, None
        message.why = random.choice(_WENT_WRONG)
    return message


def _steps(message: Message) -> list[Step]:
    taken = Step(message=message, at=message.sent_at, outcome=Outcome.ACCEPTED)
    if message.state == MessageState.DELIVERED:
        return [taken, Step(message=message, at=message.delivered_at, outcome=Outcome.DELIVERED)]
    later = message.sent_at + timedelta(minutes=2)
    return [taken, Step(message=message, at=later, outcome=Outcome.NOT_DELIVERED, note=message.why)]
