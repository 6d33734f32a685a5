"""A working day under way: cars at every stage, money at the desk, calls in the queue, complaints against the clock.

Everything here goes through the same actions the pages use, so the scene obeys every rule of the house.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from callback.actions import generate_callbacks
from commission.actions import compute_run
from dealer_crm.seeding import gate, names
from dealer_crm.seeding.appointments import expect, fill_the_book
from dealer_crm.seeding.archive import disorder_the_archive
from dealer_crm.seeding.at_the_car import work_at_the_cars
from dealer_crm.seeding.complaints import complain
from dealer_crm.seeding.factory import bring_factory_list
from dealer_crm.seeding.figures import change_coefficients, try_the_plan
from dealer_crm.seeding.floor import man_the_floor
from dealer_crm.seeding.owed import owe_more_calls
from dealer_crm.seeding.pay import fill_pay
from dealer_crm.seeding.people import House
from dealer_crm.seeding.surveys import ask_the_house
from dealer_crm.values import Period
from reception import actions as reception
from reception.actions import LineDraft
from reception.choices import (
    AnswerWay,
    DelayCause,
    LineKind,
    OrderKind,
    OrderState,
    Payer,
    PaymentMethod,
    SignedPaper,
    Urgency,
)
from reception.models import RepairOrder, Vehicle
from reception.queries import due_by_payer
from satisfaction.actions import flag_bad_answers
from workshop import actions as workshop
from workshop.actions import Assignment
from workshop.choices import BayKind, InspectionLevel, InspectionResult, PauseReason
from workshop.models import Bay
from workshop.queries import bays_with_cars, levels_due_of


@dataclass(frozen=True)
class Visit:
    """A car of today: arrived `arrived` minutes ago, promised in `promised` minutes, brought up to `stage`."""

    stage: str
    kind: OrderKind
    arrived: int
    promised: int


# From the gate to the exit. Minutes; a negative promise has passed.
VISITS = (
    Visit("open", OrderKind.MAINTENANCE, 12, 140),
    Visit("open", OrderKind.REPAIR, 25, 200),
    Visit("dispatched", OrderKind.MAINTENANCE, 45, 90),
    Visit("dispatched", OrderKind.MAINTENANCE, 35, 120),
    Visit("paused", OrderKind.REPAIR, 160, -25),
    Visit("working", OrderKind.REPAIR, 95, 22),
    Visit("working", OrderKind.MAINTENANCE, 70, 60),
    Visit("inspection", OrderKind.MAINTENANCE, 120, 35),
    Visit("ready", OrderKind.MAINTENANCE, 150, 20),
    Visit("ready", OrderKind.REPAIR, 200, 45),
    Visit("ready", OrderKind.ACCESSORY, 110, 70),
    Visit("settled", OrderKind.MAINTENANCE, 170, 15),
    Visit("paid", OrderKind.REPAIR, 230, 10),
    Visit("reversal asked", OrderKind.MAINTENANCE, 240, 25),
    Visit("reversed", OrderKind.REPAIR, 250, 30),
    Visit("delivered", OrderKind.MAINTENANCE, 260, 5),
    Visit("delivered", OrderKind.REPAIR, 300, -40),
)


def set_the_scene(house: House, random: Random, at: datetime) -> None:
    """Fill today of one house."""
    people = house.staff
    cars = list(
        Vehicle.objects.filter(store=house.store)
        .exclude(repair_orders__state__in=[OrderState.OPEN, OrderState.IN_PROGRESS])
        .order_by("pk")
        .distinct()[: 3 * len(VISITS)]
    )
    here = random.sample(cars, len(VISITS))
    expect(
        house, random, [(car, at - timedelta(minutes=visit.arrived)) for visit, car in zip(VISITS, here, strict=True)]
    )
    for visit, car in zip(VISITS, here, strict=True):
        _play(house, random, visit, car, at)
    work_at_the_cars(house, [car for car in cars if car not in here], at)
    disorder_the_archive(house, random, at)
    fill_the_book(house, random, _cars_at_home(house, here), at)
    _findings(house, at)
    complain(house, random, at)
    flag_bad_answers(store=house.store, since=at - timedelta(days=7), by=None, at=at)
    owe_more_calls(house, at)
    generate_callbacks(at=at, store=house.store)
    change_coefficients(house, at)
    fill_pay(house, at)
    compute_run(store=house.store, period=Period.of(at, house.store.tz).previous(), by=people["L01"], at=at)
    try_the_plan(house, at)
    bring_factory_list(house, people["M01"], at)
    man_the_floor(house, random, at)
    ask_the_house(house, random, at)


def _cars_at_home(house: House, here: list[Vehicle]) -> list[Vehicle]:
    """Cars that may be expected: not in the shop, and their owner can be called."""
    cars = Vehicle.objects.filter(store=house.store, owner__phones__isnull=False)
    shop = [OrderState.DELIVERED, OrderState.CANCELLED]
    busy = RepairOrder.objects.filter(store=house.store).exclude(state__in=shop).values("vehicle")
    return list(cars.exclude(pk__in=busy).exclude(pk__in=[car.pk for car in here]).order_by("-pk").distinct()[:120])


def _play(house: House, random: Random, visit: Visit, car: Vehicle, at: datetime) -> None:
    people = house.staff
    clock = _Clock(at - timedelta(minutes=visit.arrived), at)
    advisor = people["A01"] if random.random() < 0.6 else random.choice(house.of("A")[1:3])
    order = reception.open_order(
        by=advisor, at=clock.now, store=house.store, vehicle=car, kind=visit.kind, advisor=advisor,
        arrived_at=clock.now - timedelta(minutes=5), greeted_at=clock.now - timedelta(minutes=3),
        promised_at=max(at + timedelta(minutes=visit.promised), clock.now),
        mileage=(car.mileage or 20_000) + random.randint(300, 900), fuel_percent=random.randint(2, 9) * 10,
        symptoms=random.choice(names.SYMPTOMS), lines=_lines(house, random, visit.kind),
    )  # fmt: skip
    if visit.arrived > 12:  # the newest car's advisor is about to walk round it
        gate.walk_round(order, random, advisor, clock.tick(2))
    if visit.stage == "open":
        return
    gate.sign(order, SignedPaper.ORDER, random, advisor, clock.tick(2))
    team, technician = _hands(house, random, visit)
    bay = _free_bay(house, random)
    labour = list(order.lines.filter(kind=LineKind.LABOUR)) or [None]
    work = [
        Assignment(team=team, line=line, technician=technician, bay=bay, name="" if line else "加装") for line in labour
    ]
    jobs = workshop.dispatch_order(order=order, assignments=work, by=people["W01"], at=clock.tick(8))
    if visit.stage == "dispatched":
        return
    for job in jobs[:1] if visit.stage in ("working", "paused") else jobs:
        if _is_busy(technician):
            return  # somebody else's car is under their hands; this one waits
        workshop.start_job(job=job, by=technician, at=clock.tick(6))
        if visit.stage == "working":
            return
        if visit.stage == "paused":
            workshop.pause_job(job=job, reason=PauseReason.PARTS, by=technician, at=clock.tick(20))
            return
        workshop.finish_job(job=job, by=technician, at=clock.tick(20))
    if visit.stage == "inspection":
        return
    _inspect(house, order, team, clock)
    if visit.stage == "ready":
        return
    settlement = reception.settle(order=_fresh(order), by=people["C01"], at=clock.tick(5))
    if visit.stage == "settled":
        return
    due = due_by_payer(order)[Payer.CUSTOMER].open_amount  # what no prepaid balance has paid
    if due > 0:
        reception.enter_receipt(
            order=order, payer=Payer.CUSTOMER, amount=due, method=PaymentMethod.WECHAT, by=people["C01"],
            at=clock.tick(3),
        )  # fmt: skip
    if visit.stage == "paid":
        return
    if visit.stage in ("reversal asked", "reversed"):
        reception.request_reversal(
            settlement=settlement, reason="工时多结 0.5 小时", by=people["C01"], at=clock.tick(4)
        )
        if visit.stage == "reversed":
            reception.reverse_settlement(settlement=settlement, by=people["M01"], at=clock.tick(3))
        return
    late = visit.promised < 0
    gate.sign(_fresh(order), SignedPaper.SETTLEMENT, random, people["C01"], clock.tick(1))
    reception.deliver(
        order=_fresh(order), by=advisor, at=clock.tick(5), delay_cause=DelayCause.SHOP if late else "",
        was_explained=True, delay_note="配件到货晚" if late else "", next_service_on=at.date() + timedelta(days=180),
        next_service_km=(car.mileage or 20_000) + 8000,
    )  # fmt: skip


def _free_bay(house: House, random: Random) -> Bay | None:
    free = [used.bay for used in bays_with_cars(house.store) if used.bay.kind == BayKind.MECHANICAL and not used.jobs]
    return random.choice(free) if free else None


def _hands(house: House, random: Random, visit: Visit):
    """Who works on it. The technician people sign in as (T02) has work to start; the others are at it."""
    first, second = house.teams["机电一组"], house.teams["机电二组"]
    if visit.kind == OrderKind.ACCESSORY:
        return house.teams["加装组"], house.staff["T10"]
    match visit.stage:
        case "dispatched":
            return first, house.staff["T02"]
        case "paused":
            return second, house.staff["T05"]
        case "working":
            return random.choice([(first, house.staff["T03"]), (second, house.staff["T06"])])
    return random.choice([(first, house.staff["T02"]), (second, house.staff["T05"])])


class _Clock:
    """Moments of one visit, in order, never later than now."""

    def __init__(self, start: datetime, end: datetime):
        self.now, self.end = start, end

    def tick(self, minutes: int) -> datetime:
        self.now = min(self.now + timedelta(minutes=minutes), self.end)
        return self.now


def _inspect(house: House, order: RepairOrder, team, clock: _Clock) -> None:
    leader = house.staff[{"机电一组": "T01", "机电二组": "T04", "加装组": "T09"}[team.name]]
    inspectors = {InspectionLevel.TEAM: leader, InspectionLevel.FINAL: house.staff["Q01"]}
    while due := levels_due_of(_fresh(order)):
        level = InspectionLevel(due[0])
        workshop.inspect_order(
            order=_fresh(order), level=level, result=InspectionResult.PASSED, by=inspectors[level], at=clock.tick(6)
        )


def _lines(house: House, random: Random, kind: OrderKind) -> list[LineDraft]:
    works = {OrderKind.MAINTENANCE: [names.MAINTENANCE[0], names.MAINTENANCE[2]], OrderKind.ACCESSORY: []}.get(
        kind, random.sample(names.REPAIRS, 2)
    )
    lines = []
    for work in works:
        lines.append(LineDraft(LineKind.LABOUR, work.name, work.hours, Decimal(120), code=work.code))
        lines += [
            LineDraft(LineKind.PART, name, Decimal(count), Decimal(price), code=names.ARTICLES[name].code)
            for name, price, count in work.parts
        ]
    if kind == OrderKind.ACCESSORY:
        name, price = random.choice(names.ACCESSORIES)
        lines.append(
            LineDraft(
                LineKind.ACCESSORY, name, Decimal(1), Decimal(price), seller=house.staff["S01"], is_installed=True,
                installation_team=house.teams["加装组"], code=names.ARTICLES[name].code,
            )
        )  # fmt: skip
    return lines


def _findings(house: House, at: datetime) -> None:
    """Add-ons at every stage of their answer, and suggestions of earlier visits that are due."""
    people = house.staff
    in_shop = list(
        RepairOrder.objects.filter(store=house.store, state__in=[OrderState.IN_PROGRESS, OrderState.WAITING])
        .select_related("advisor", "customer")
        .order_by("promised_at")
    )
    pads = [
        LineDraft(LineKind.PART, "前刹车片", Decimal(1), Decimal(380)),
        LineDraft(LineKind.LABOUR, "更换前刹车片", Decimal("0.8"), Decimal(120)),
    ]
    found = (
        ("前刹车片剩余 2 毫米，已到更换极限", Urgency.SAFETY, pads),
        ("空调滤芯严重积灰", Urgency.SOON, [LineDraft(LineKind.PART, "空调滤芯", Decimal(1), Decimal(98))]),
        ("右前减震器轻微渗油", Urgency.WATCH, []),
    )
    minutes = timedelta(minutes=1)
    for order, (reason, urgency, lines) in zip(in_shop, found, strict=False):
        add_on = reception.propose_add_on(
            order=order, reason=reason, urgency=urgency, lines=lines, by=people["W01"], at=at - 12 * minutes
        )
        if urgency == Urgency.SOON:
            reception.decline_add_on(
                add_on=add_on, answered_by=order.customer.name, way=AnswerWay.PHONE, note="下次保养时再换",
                by=order.advisor, at=at - 5 * minutes,
            )  # fmt: skip
    earlier = RepairOrder.objects.filter(store=house.store, state=OrderState.DELIVERED).select_related("vehicle")
    wanted = (
        ("更换蓄电池", "启动电压 9.6V，低于标准", Urgency.SOON, Decimal(680), 0),
        ("更换前轮胎两条", "胎纹深度 1.8 毫米", Urgency.SAFETY, Decimal(1560), 2),
        ("更换雨刮片", "刮拭有条纹", Urgency.WATCH, Decimal(90), 20),
        ("清洗节气门", "怠速轻微抖动", Urgency.WATCH, Decimal(180), 35),
    )
    for order, (name, reason, urgency, price, days) in zip(
        earlier.order_by("-delivered_at")[20:24], wanted, strict=False
    ):
        reception.suggest(
            vehicle=order.vehicle, order=order, name=name, reason=reason, urgency=urgency, quoted_amount=price,
            follow_up_on=at.astimezone(house.store.tz).date() + timedelta(days=days), by=people["Q01"], at=at,
        )  # fmt: skip


def _is_busy(technician) -> bool:
    return technician.clock_entries.filter(ended_at=None).exists()


def _fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)
