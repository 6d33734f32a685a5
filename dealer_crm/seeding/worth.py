"""What customers are worth and what was agreed with them: levels, agreements, points, segments, value classes."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db.models import OuterRef, Subquery

from dealer_crm.journal import actions as journal
from dealer_crm.seeding import names
from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from reception import actions as reception
from reception.actions import ItemDraft
from reception.choices import AgreementKind, CustomerKind, CustomerLevel, LineKind
from reception.models import Customer, RepairOrder, Vehicle
from reception.queries import Criteria

# Level: off labour, off parts, points for each yuan.
LEVELS = {
    CustomerLevel.MEMBER: ("0.05", "0.00", "1"),
    CustomerLevel.VIP: ("0.10", "0.05", "1.5"),
    CustomerLevel.KEY_ACCOUNT: ("0.10", "0.08", "1"),
}
SEGMENTS = {
    "会员与贵宾": Criteria(levels=("member", "vip"), is_dormant=False),
    "六万公里以上": Criteria(mileage_from=60_000),
    "高价值客户": Criteria(value_classes=("A", "B")),
    "流失车辆挽回": Criteria(is_dormant=True),
}


def make_worth(house: House, random: Random, at: datetime) -> None:
    """Everything as it was set up some months ago, so that the cars of today come under it."""
    at = at.astimezone(house.store.tz)
    begun = at - timedelta(days=200)
    for level, (labour, part, points) in LEVELS.items():
        reception.set_membership_terms(
            store=house.store, level=level, starts_on=begun.date(), labour_discount_rate=Decimal(labour),
            part_discount_rate=Decimal(part), points_per_yuan=Decimal(points), by=house.staff["M01"], at=begun,
        )  # fmt: skip
    _agreements(house, random, begun, at)
    _points(house, random, at)
    _long_gone(house, at)
    _renewals(house, random, at)
    compute_classes(house, at)
    for name, criteria in SEGMENTS.items():
        reception.create_segment(store=house.store, name=name, criteria=criteria, by=house.staff["H09"], at=begun)


def _renewals(house: House, random: Random, at: datetime) -> None:
    """Two of three whose insurance ended in the last months have renewed it; the journal tells what the end was."""
    ended = Vehicle.objects.filter(
        store=house.store, insurance_ends_on__range=(at.date() - timedelta(days=120), at.date() + timedelta(days=15))
    )
    renewed, told = [], []
    for car in ended.order_by("pk"):
        if random.random() < 0.67:
            before = {"insurance_ends_on": car.insurance_ends_on}
            moment = min(at, at - timedelta(days=(at.date() - car.insurance_ends_on).days + random.randint(1, 14)))
            car.insurance_ends_on += timedelta(days=365)
            renewed.append(car)
            told.append(
                journal.entry(
                    by=house.staff["H09"], at=moment, verb="vehicle.changed", subject=car, store=house.store,
                    changes=journal.changed_fields(before, car),
                )
            )  # fmt: skip
    Vehicle.objects.bulk_update(renewed, ["insurance_ends_on"], batch_size=500)
    journal.record_many(told)


def note_last_visits(house: House) -> None:
    """What every intake notes on its car, for orders that came in bulk."""
    visits = RepairOrder.objects.filter(vehicle=OuterRef("pk")).order_by("-arrived_at").values("arrived_at")
    counters = RepairOrder.objects.filter(vehicle=OuterRef("pk")).order_by("-mileage").values("mileage")
    cars = Vehicle.objects.filter(store=house.store, repair_orders__isnull=False)
    Vehicle.objects.filter(pk__in=cars.values("pk")).update(
        last_visit_at=Subquery(visits[:1]), mileage=Subquery(counters[:1])
    )  # fmt: skip


def compute_classes(house: House, at: datetime) -> None:
    """The classes of the last two finished months, each computed when it was over."""
    last_month = Period.of(at, house.store.tz).bounds(house.store.tz)[0] - timedelta(days=1)
    reception.compute_missing_classes(store=house.store, at=last_month)
    reception.compute_missing_classes(store=house.store, at=at)


def _agreements(house: House, random: Random, begun: datetime, at: datetime) -> None:
    """A fleet, packages and prepaid cards in force, one that ends soon, one draft that waits for approval."""
    people = list(Customer.objects.filter(store=house.store, vehicles__isnull=False).distinct().order_by("pk")[:36])
    fleets = [one for one in people if one.kind == CustomerKind.COMPANY] or people[:1]
    others = [one for one in people if one not in fleets]
    for customer in fleets[:3]:
        _agreed(house, customer, begun, at + timedelta(days=165), AgreementKind.FLEET, "车队维修保养协议",
                labour_discount_rate=Decimal("0.15"), part_discount_rate=Decimal("0.08"), response_hours=2,
                has_priority=True, terms="按月对账，次月 10 日前付款。")  # fmt: skip
    oil = names.MAINTENANCE[0]
    package = [
        ItemDraft(LineKind.LABOUR, oil.name, oil.code, None, 3),
        *(ItemDraft(LineKind.PART, name, "", None, 3) for name, _price, _count in oil.parts),
    ]
    for customer in random.sample(others, min(8, len(others))):
        _agreed(
            house, customer, begun, at + timedelta(days=165), AgreementKind.PACKAGE, "三次基础保养套餐", items=package
        )
    for customer in random.sample(others, min(5, len(others))):
        amount = Decimal(random.choice([1000, 2000, 3000]))
        _agreed(house, customer, begun, at + timedelta(days=530), AgreementKind.PREPAID, "储值服务",
                prepaid_amount=amount)  # fmt: skip
    _agreed(house, others[0], begun, at + timedelta(days=12), AgreementKind.MEMBER, "会员年卡",
            labour_discount_rate=Decimal("0.12"))  # fmt: skip
    reception.draft_agreement(
        customer=others[-1], store=house.store, kind=AgreementKind.FLEET, name="租赁公司保养协议", starts_on=at.date(),
        ends_on=at.date() + timedelta(days=364), labour_discount_rate=Decimal("0.2"), response_hours=4,
        by=house.staff["A01"], at=at,
    )  # fmt: skip
    reception.warn_of_running_out(store=house.store, at=at)


def _agreed(house: House, customer: Customer, begun, until, kind, name, **given) -> None:
    agreement = reception.draft_agreement(
        customer=customer, store=house.store, kind=kind, name=name, starts_on=begun.date(), ends_on=until.date(),
        by=house.staff["A01"], at=begun, **given,
    )  # fmt: skip
    reception.approve_agreement(agreement=agreement, by=house.staff["M01"], at=begun)


def _points(house: House, random: Random, at: datetime) -> None:
    members = Customer.objects.filter(store=house.store).exclude(level=CustomerLevel.ORDINARY).order_by("pk")[:20]
    for customer in members:
        reception.correct_points(
            customer=customer, points=random.randint(2, 40) * 50, note="系统上线前累计积分", by=house.staff["M01"],
            at=at - timedelta(days=100),
        )  # fmt: skip
        if random.random() < 0.3:
            reception.spend_points(
                customer=customer, points=100, note="兑换精洗一次", by=house.staff["F01"], at=at - timedelta(days=20)
            )


def _long_gone(house: House, at: datetime) -> None:
    """Some cars that were here years ago and never again."""
    gone = Vehicle.objects.filter(store=house.store, repair_orders=None).order_by("pk")[:12]
    for place, car in enumerate(gone):
        Vehicle.objects.filter(pk=car.pk).update(last_visit_at=at - timedelta(days=740 + 23 * place))
