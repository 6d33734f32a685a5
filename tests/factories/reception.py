"""Customers, vehicles and orders in any state, with everything that state implies."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory

from dealer_crm.organization.actions import pinyin_key
from reception.choices import PAYING, LineKind, OrderKind, OrderState, Payer, PaymentMethod, Urgency
from reception.formulas import line_payable
from reception.models import (
    AddOn,
    AddOnLine,
    Customer,
    CustomerPhone,
    OrderLine,
    Part,
    PartCost,
    Promise,
    Receipt,
    RepairOrder,
    Settlement,
    SettlementAmount,
    Suggestion,
    Vehicle,
)
from tests.factories.organization import StaffFactory, StoreFactory

MORNING = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A working Monday, when the cars of the tests arrive unless they say otherwise."""

_SURNAMES = "王李张刘陈杨黄赵吴周"
_GIVEN = ["伟", "芳", "秀英", "敏", "静", "丽华", "强", "磊", "军", "洋"]

# How far the states have come, in their order.
_PATH = [
    OrderState.DRAFT,
    OrderState.OPEN,
    OrderState.DISPATCHED,
    OrderState.IN_PROGRESS,
    OrderState.WAITING,
    OrderState.INSPECTION,
    OrderState.READY,
    OrderState.SETTLED,
    OrderState.DELIVERED,
]


class CustomerFactory(factory.django.DjangoModelFactory):
    """A customer with one mobile; `phone=""` for none, `phone="+86…"` for a certain one."""

    class Meta:
        model = Customer

    store = factory.SubFactory(StoreFactory)
    code = factory.Sequence(lambda n: f"C{n + 1:06d}")
    name = factory.Sequence(lambda n: _SURNAMES[n % 10] + _GIVEN[n // 10 % 10])
    name_pinyin = factory.LazyAttribute(lambda made: pinyin_key(made.name))
    created_at = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)

    @classmethod
    def _create(cls, model, *args, **fields):
        phone = fields.pop("phone", None)
        customer = super()._create(model, *args, **fields)
        if phone != "":
            CustomerPhone.objects.create(
                customer=customer, number=phone or f"+86138{customer.pk % 100_000_000:08d}", is_primary=True
            )
        return customer


class VehicleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Vehicle

    owner = factory.SubFactory(CustomerFactory, store=factory.SelfAttribute("..store"))
    store = factory.SubFactory(StoreFactory)
    plate = factory.Sequence(lambda n: f"京A{n % 100_000:05d}")
    brand = "红旗"
    series = "H5"
    model = "H5 2024 款 1.8T"
    created_at = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)


class RepairOrderFactory(factory.django.DjangoModelFactory):
    """An order in `state`, with the times, promise, settlement and delivery that belong to it.

    `lines`: a number of labour lines, or a list of dictionaries for `OrderLineFactory` (`[{"kind": "part"}, …]`).
    The store is that of the `advisor` or the `vehicle` when only they are given; `paid=True` adds the receipts of
    everything due.
    """

    class Meta:
        model = RepairOrder

    class Params:
        began_at = MORNING

    store = factory.SubFactory(StoreFactory)
    advisor = factory.SubFactory(StaffFactory, store=factory.SelfAttribute("..store"))
    vehicle = factory.SubFactory(VehicleFactory, store=factory.SelfAttribute("..store"))
    customer = factory.SelfAttribute("vehicle.owner")
    number = factory.Sequence(lambda n: f"T01-261012-{n + 1:04d}")
    kind = OrderKind.MAINTENANCE
    state = OrderState.OPEN
    arrived_at = factory.SelfAttribute("began_at")
    mileage = 12_000
    symptoms = "保养到期"
    created_at = factory.SelfAttribute("arrived_at")

    @classmethod
    def _generate(cls, strategy, params):
        known = next((params[name].store for name in ("advisor", "vehicle") if params.get(name)), None)
        return super()._generate(strategy, {"store": known, **params} if known else params)

    @classmethod
    def _create(cls, model, *args, **fields):
        lines, paid = fields.pop("lines", 1), fields.pop("paid", False)
        fields = _as_of_state(fields)
        order = super()._create(model, *args, **fields)
        for number, line in enumerate([{}] * lines if isinstance(lines, int) else lines, start=1):
            OrderLineFactory(**{"order": order, "number": number, **line})
        if order.promised_at:
            Promise.objects.create(
                order=order, promised_at=order.promised_at, made_at=order.arrived_at, made_by=order.advisor
            )
        if order.state in (OrderState.SETTLED, OrderState.DELIVERED):
            SettlementFactory(order=order, settled_at=order.settled_at)
            if paid:
                _pay(order)
        return order


def _as_of_state(fields: dict) -> dict:
    """The times a state implies, an hour between the steps; times given by the test stand."""
    arrived, state = fields["arrived_at"], OrderState(fields["state"])

    def after(hours):
        return arrived + timedelta(hours=hours)

    if state == OrderState.CANCELLED:
        return {"opened_at": arrived, "cancelled_at": after(1), "cancel_reason": "客户改期", **fields}
    come = _PATH.index(state)
    implied = {}
    if come >= _PATH.index(OrderState.OPEN):
        implied |= {"opened_at": arrived, "promised_at": after(6)}
    if state == OrderState.WAITING:
        implied["wait_reason"] = "parts"
    if come >= _PATH.index(OrderState.READY):
        implied["completed_at"] = after(3)
    if come >= _PATH.index(OrderState.SETTLED):
        implied["settled_at"] = after(4)
    if come >= _PATH.index(OrderState.DELIVERED):
        implied["delivered_at"] = after(5)
    return {**implied, **fields}


class OrderLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(RepairOrderFactory, lines=0)
    number = factory.LazyAttribute(lambda made: made.order.lines.count() + 1)
    kind = LineKind.LABOUR
    name = "更换机油机滤"
    quantity = Decimal("1.50")
    unit_price = Decimal("120.00")
    discount_rate = Decimal(0)
    payer = Payer.CUSTOMER
    payable_amount = factory.LazyAttribute(
        lambda made: line_payable(
            quantity=Decimal(made.quantity),
            unit_price=Decimal(made.unit_price),
            discount_rate=Decimal(made.discount_rate),
        )
    )


class SettlementFactory(factory.django.DjangoModelFactory):
    """The live settlement of an order, its lines and amounts frozen as they stand."""

    class Meta:
        model = Settlement

    order = factory.SubFactory(RepairOrderFactory, state=OrderState.READY)
    number = factory.Sequence(lambda n: f"JT01-261012-{n + 1:04d}")
    settled_at = factory.LazyAttribute(lambda made: made.order.settled_at or made.order.arrived_at + timedelta(hours=4))

    @classmethod
    def _create(cls, model, *args, **fields):
        from reception.queries import amounts_by_payer, frozen_lines

        fields.setdefault("lines", frozen_lines(fields["order"]))
        settlement = super()._create(model, *args, **fields)
        SettlementAmount.objects.bulk_create(
            SettlementAmount(
                settlement=settlement, payer=total.payer, amount=total.amount, accessory_amount=total.accessory_amount
            )
            for total in amounts_by_payer(fields["order"])
        )
        return settlement


class ReceiptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Receipt

    order = factory.SubFactory(RepairOrderFactory, state=OrderState.SETTLED)
    number = factory.Sequence(lambda n: f"RT01-261012-{n + 1:04d}")
    payer = Payer.CUSTOMER
    amount = Decimal("100.00")
    method = PaymentMethod.WECHAT
    received_on = factory.LazyAttribute(lambda made: made.order.arrived_at.astimezone(made.order.store.tz).date())
    entered_at = factory.LazyAttribute(lambda made: made.order.settled_at or made.order.arrived_at)


def _pay(order: RepairOrder) -> None:
    for total in SettlementAmount.objects.filter(settlement__order=order, payer__in=PAYING, amount__gt=0):
        ReceiptFactory(order=order, payer=total.payer, amount=total.amount)


class AddOnFactory(factory.django.DjangoModelFactory):
    """A proposal nobody answered yet; `lines`: how many labour lines of 180.00 it has."""

    class Meta:
        model = AddOn

    order = factory.SubFactory(RepairOrderFactory, state=OrderState.IN_PROGRESS)
    number = factory.LazyAttribute(lambda made: made.order.add_ons.count() + 1)
    reason = "前刹车片磨损到极限"
    proposed_at = factory.LazyAttribute(lambda made: made.order.arrived_at + timedelta(hours=1))

    @classmethod
    def _create(cls, model, *args, **fields):
        lines = fields.pop("lines", 1)
        add_on = super()._create(model, *args, **fields)
        for number in range(lines):
            AddOnLine.objects.create(
                add_on=add_on, kind=LineKind.LABOUR, name=f"更换前刹车片{number or ''}", quantity=Decimal("1.50"),
                unit_price=Decimal(120), payable_amount=Decimal(180),
            )  # fmt: skip
        return add_on


class SuggestionFactory(factory.django.DjangoModelFactory):
    """An open suggestion to follow up on 12 November."""

    class Meta:
        model = Suggestion

    vehicle = factory.SubFactory(VehicleFactory)
    store = factory.SelfAttribute("vehicle.store")
    name = "更换蓄电池"
    reason = "电池电压偏低"
    urgency = Urgency.SOON
    quoted_amount = Decimal("680.00")
    follow_up_on = date(2026, 11, 12)
    made_at = MORNING


class PartFactory(factory.django.DjangoModelFactory):
    """An article of the parts catalogue; `costs`: day → purchase price."""

    class Meta:
        model = Part

    store = factory.SubFactory(StoreFactory)
    code = factory.Sequence(lambda n: f"PJ{n + 1:03d}")
    name = factory.Sequence(lambda n: f"机油滤清器{n + 1}")
    kind = LineKind.PART
    unit = "件"
    price = Decimal("48.00")

    @classmethod
    def _create(cls, model, *args, **fields):
        costs = fields.pop("costs", {"2026-01-01": "31.37"})
        part = super()._create(model, *args, **fields)
        PartCost.objects.bulk_create(
            PartCost(part=part, starts_on=date.fromisoformat(day), unit_cost=Decimal(cost))
            for day, cost in costs.items()
        )
        return part
