"""What is told at the car in the demo: a redo, comebacks, helping hands, a forgotten clock, findings with photos,
consumables and deductions. All through the actions the pages use."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from dealer_crm.organization.choices import TeamKind
from dealer_crm.seeding import names
from dealer_crm.seeding.people import House
from reception import actions as reception
from reception.actions import LineDraft
from reception.choices import LineKind, OrderKind, OrderState, Payer, Urgency
from reception.models import RepairOrder, Vehicle
from workshop import actions as workshop
from workshop.actions import Article, Assignment
from workshop.choices import BayKind, InspectionLevel, InspectionResult, Responsibility
from workshop.models import ConsumableIssue, HourDeduction
from workshop.queries import bays_with_cars, levels_due_of

MINUTE = timedelta(minutes=1)


def work_at_the_cars(house: House, cars: list[Vehicle], at: datetime) -> None:
    """`cars`: some that are not in the shop."""
    random = Random(house.store.code)
    _stayed_overnight(house, random, cars[0], at)
    _failed(house, random, cars[1], at)
    _came_back(house, random, at)
    _supplies(house, at)
    workshop.change_check_list(
        store=house.store, level=InspectionLevel.FINAL, order_kind=OrderKind.ACCIDENT,
        points=["漆面无色差、无流挂", "钣金件间隙均匀", "故障码已清除", "灯光与雷达正常", "试车无异响", "内外清洁"],
        starts_on=at.astimezone(house.store.tz).date(), by=house.staff["W01"], at=at,
    )  # fmt: skip


def _stayed_overnight(house: House, random: Random, car: Vehicle, at: datetime) -> None:
    """A body job begun yesterday; its clock was left running and something more was found."""
    people, tz = house.staff, house.store.tz
    yesterday = at.astimezone(tz).date() - timedelta(days=1)
    begun = datetime.combine(yesterday, time(15, 20), tz)
    work = random.choice(names.PAINT)
    order = _order(house, car, OrderKind.ACCIDENT, work, begun, promised_at=at + timedelta(hours=7))
    [job] = _dispatched(house, order, "钣喷一组", "T08", begun + 15 * MINUTE)
    workshop.start_job(job=job, by=people["T08"], at=begun + 30 * MINUTE)
    closed = datetime.combine(yesterday, house.store.closes_at, tz) + timedelta(hours=1)
    workshop.close_forgotten_clocks(store=house.store, at=closed)
    reception.propose_add_on(
        order=order, reason="内侧翼子板支架断裂，拆下后才发现", urgency=Urgency.SAFETY,
        photos=[made_up_photo("断裂.jpg", random), made_up_photo("支架.jpg", random)], by=people["T08"],
        at=begun + 70 * MINUTE,
    )  # fmt: skip


def _failed(house: House, random: Random, car: Vehicle, at: datetime) -> None:
    """A car that failed its final inspection; the redo waits."""
    begun = at - 230 * MINUTE
    order = _order(house, car, OrderKind.REPAIR, names.REPAIRS[0], begun, promised_at=at + 50 * MINUTE)
    [job] = _dispatched(house, order, "机电二组", "T04", begun + 10 * MINUTE)
    _done(job, house.staff["T04"], begun + 20 * MINUTE, 70)
    workshop.inspect_order(
        order=_fresh(order), level=InspectionLevel.FINAL, result=InspectionResult.FAILED, by=house.staff["Q01"],
        at=begun + 110 * MINUTE, checklist={"试车正常": False, "油液液位正常": True}, defects="试车时制动有异响",
        responsible=house.staff["T04"], photos=[made_up_photo("制动盘.jpg", random)],
    )  # fmt: skip


def _came_back(house: House, random: Random, at: datetime) -> None:
    """One comeback that is decided, one that is being looked at by two people."""
    people = house.staff
    busy = RepairOrder.objects.filter(store=house.store).exclude(state__in=[OrderState.DELIVERED, OrderState.CANCELLED])
    earlier = (
        RepairOrder.objects.filter(
            store=house.store, state=OrderState.DELIVERED, kind=OrderKind.REPAIR, lines__kind=LineKind.LABOUR,
            delivered_at__lt=at - timedelta(days=3),
        )
        .exclude(vehicle__in=busy.values("vehicle"))
        .select_related("vehicle")
        .order_by("-delivered_at")
        .distinct()[:40]
    )  # fmt: skip
    seen: dict[int, RepairOrder] = {order.vehicle_id: order for order in earlier}
    if len(seen) < 2:
        return
    decided, open_one = random.sample(list(seen.values()), 2)
    begun = at - 280 * MINUTE
    order = _again(house, decided, begun, "修好没几天老毛病又犯了，客户要求免费返修")
    [job] = _dispatched(house, order, "机电一组", "T01", begun + 10 * MINUTE)
    _done(job, people["T01"], begun + 20 * MINUTE, 45)
    leader = {InspectionLevel.TEAM: people["T01"], InspectionLevel.FINAL: people["Q01"]}
    while due := levels_due_of(_fresh(order)):
        workshop.inspect_order(
            order=_fresh(order), level=due[0], result=InspectionResult.PASSED, by=leader[InspectionLevel(due[0])],
            at=begun + 80 * MINUTE,
        )  # fmt: skip
    workshop.decide_comeback(
        order=_fresh(order), is_accepted=True, responsibility=Responsibility.TEAM, team=house.teams["机电二组"],
        original_line=decided.lines.filter(kind=LineKind.LABOUR).first(),
        standard="交车后 30 天或 1000 公里内，同一故障再次出现", by=people["Q01"], at=begun + 90 * MINUTE,
    )  # fmt: skip
    order = _again(house, open_one, at - 75 * MINUTE, "故障灯又亮了，与上次进厂时一样", Payer.WARRANTY)
    [job] = _dispatched(house, order, "机电一组", "T01", at - 65 * MINUTE)
    workshop.start_job(job=job, by=people["T01"], at=at - 55 * MINUTE)
    free = [one for one in ("T03", "T06") if not people[one].clock_entries.filter(ended_at=None).exists()]
    if free:
        workshop.join_job(job=job, by=people[free[0]], at=at - 30 * MINUTE)


def _supplies(house: House, at: datetime) -> None:
    people, today = house.staff, at.astimezone(house.store.tz).date()
    if not ConsumableIssue.objects.filter(store=house.store, issued_on=today).exists():
        for team, person, articles in (
            ("机电一组", "T01", [("化油器清洗剂", 6, "108"), ("抹布", 2, "24"), ("螺栓松动剂", 2, "56")]),
            ("钣喷一组", "T07", [("砂纸 P800", 20, "60"), ("遮蔽纸", 2, "84"), ("腻子", 1, "135")]),
        ):
            issued = workshop.issue_articles(
                team=house.teams[team], issued_to=people[person], issued_on=today, by=people["W01"], at=at,
                articles=[Article(name, Decimal(count), Decimal(amount)) for name, count, amount in articles],
            )  # fmt: skip
        workshop.take_back_consumables(issue=issued[-1], reason="领用班组写错", by=people["W01"], at=at)
    if not HourDeduction.objects.filter(staff__store=house.store).exists():
        for number, (person, hours, reason) in enumerate(
            [("T05", "0.50", "终检发现机油加注口盖未拧紧"), ("T03", "1.00", "漏检右后轮胎压")]
        ):
            deduction = workshop.deduct_hours(
                staff=people[person], deducted_on=today, hours=Decimal(hours), reason=reason, by=people["Q01"], at=at
            )
            if number == 0:
                workshop.approve_deduction(deduction=deduction, by=people["M01"], at=at)


def _again(
    house: House, original: RepairOrder, at: datetime, symptoms: str, payer: Payer = Payer.INTERNAL
) -> RepairOrder:
    line = original.lines.filter(kind=LineKind.LABOUR).order_by("number").first()
    again = LineDraft(LineKind.LABOUR, line.name, line.quantity, line.unit_price, payer=payer, code=line.code)
    return reception.open_order(
        by=house.staff["A02"], at=at, store=house.store, vehicle=original.vehicle, kind=OrderKind.COMEBACK,
        original=original, advisor=house.staff["A02"], arrived_at=at - 5 * MINUTE, greeted_at=at - 3 * MINUTE,
        promised_at=at + timedelta(hours=6), mileage=(original.vehicle.mileage or 20_000) + 180, symptoms=symptoms,
        lines=[again],
    )  # fmt: skip


def _order(house: House, car: Vehicle, kind: OrderKind, work, at: datetime, *, promised_at: datetime) -> RepairOrder:
    return reception.open_order(
        by=house.staff["A02"], at=at, store=house.store, vehicle=car, kind=kind, advisor=house.staff["A02"],
        arrived_at=at - 5 * MINUTE, greeted_at=at - 3 * MINUTE, promised_at=promised_at,
        mileage=(car.mileage or 20_000) + 400, symptoms="",
        lines=[LineDraft(LineKind.LABOUR, work.name, work.hours, Decimal(120), code=work.code)],
    )  # fmt: skip


def _dispatched(house: House, order: RepairOrder, team: str, person: str, at: datetime):
    kind = BayKind.BODY if house.teams[team].kind == TeamKind.BODY_PAINT else BayKind.MECHANICAL
    bay = next((used.bay for used in bays_with_cars(house.store) if used.bay.kind == kind and not used.jobs), None)
    works = [
        Assignment(team=house.teams[team], line=line, technician=house.staff[person], bay=bay)
        for line in order.lines.filter(kind=LineKind.LABOUR)
    ]
    return workshop.dispatch_order(order=order, assignments=works, by=house.staff["W01"], at=at)


def _done(job, technician, at: datetime, minutes: int) -> None:
    workshop.start_job(job=job, by=technician, at=at)
    workshop.finish_job(job=job, by=technician, at=at + minutes * MINUTE)


def _fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)


def made_up_photo(name: str, random: Random) -> ContentFile:
    """A stand-in for a photo of a worn part."""
    image = Image.new("RGB", (960, 720), random.choice([(72, 78, 86), (96, 92, 88), (60, 66, 72)]))
    pen = ImageDraw.Draw(image)
    pen.ellipse((180, 80, 780, 680), fill=(150, 154, 160), outline=(40, 44, 50), width=8)
    pen.ellipse((400, 300, 560, 460), fill=(60, 64, 70))
    x, y = random.randint(260, 640), random.randint(160, 560)
    pen.line((x, y, x + random.randint(60, 140), y + random.randint(-80, 80)), fill=(190, 30, 30), width=14)
    written = BytesIO()
    image.save(written, "JPEG")
    return ContentFile(written.getvalue(), name=name)
