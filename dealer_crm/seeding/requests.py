"""Service requests of the last weeks: every kind, answered in time and late, some still open, one from the web form."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from callback import actions
from callback.actions import PartAsked
from callback.choices import (
    ActivityKind,
    ContactCategory,
    Outcome,
    RequestKind,
    RequestProblem,
    RequestSource,
    RuleCode,
    TaskState,
)
from callback.models import CallTask, Contact, Rule
from dealer_crm.notices.models import Notice
from dealer_crm.seeding.calls import Diary
from dealer_crm.seeding.people import House
from reception.models import Agreement, Vehicle

_K, _P, _S = RequestKind, RequestProblem, RequestSource
# kind, problem, source, words, place, who answers, minutes to the answer, result, solved, cost, parts
_STORIES = (
    (_K.RESCUE, _P.ELECTRICS, _S.PHONE, "车在地库打不着火，仪表全黑", "望京SOHO地下二层B区", "A01", 12,
     "救援车到场搭电启动，建议更换电瓶。", True, "180", ()),
    (_K.RESCUE, _P.TYRES, _S.MANUFACTURER, "高速右后轮爆胎，没有备胎", "京承高速出京22公里处", "A02", 41,
     "板车拖回店内换胎。", True, "420", (("", "轮胎 225/50 R17", 1),)),
    (_K.PICK_UP, _P.SERVICE, _S.WECHAT, "周四上门取车做四万公里保养", "亚运村慧忠里", "A01", 35,
     "已取车，保养后送回。", True, "60", ()),
    (_K.PARTS, _P.SUPPLY, _S.PHONE, "想订一套原厂脚垫和后备箱垫", "", "P01", 95,
     "三天到货，已通知客户取件。", True, "0", (("FL-2201", "原厂脚垫", 1), ("FL-2207", "后备箱垫", 1))),
    (_K.PARTS, _P.BODY, _S.WALK_IN, "左后视镜壳刮花，订同色外壳", "", "P01", 310,
     "厂家缺货，客户改在外购。", False, "0", (("JK-1108", "左后视镜外壳", 1),)),
    (_K.INVOICE, _P.PAPERS, _S.PHONE, "发票抬头要换成公司名称", "", "L01", 150,
     "红冲后重开，电子票已发邮箱。", True, "0", ()),
    (_K.ENQUIRY, _P.AIR, _S.WECHAT, "空调开久了有异味，多少钱清洗", "", "A02", 40,
     "报价并预约周六清洗。", True, "0", ()),
    (_K.ENQUIRY, _P.ENGINE, _S.PHONE, "发动机故障灯亮，还能不能开", "", "W01", 25,
     "读码为氧传感器，建议当天到店。", True, "0", ()),
    (_K.LOAN_CAR, _P.ACCIDENT, _S.PHONE, "事故车维修期间想借代步车", "", "A01", 70,
     "安排代步车七天。", True, "350", ()),
    (_K.OTHER, _P.OTHER, _S.WALK_IN, "上次落在车里的儿童安全座椅", "", "A02", 130, "已找到，放在前台。", True, "0", ()),
)  # fmt: skip


def ask_for_service(house: House, random: Random, at: datetime) -> None:
    """Requests of the last thirty days up to `at`, with what was done about them."""
    store, agents = house.store, [house.staff["H01"], house.staff["H02"]]
    cars = list(
        Vehicle.objects.filter(store=store, owner__isnull=False).select_related("owner").order_by("-last_visit_at")[:60]
    )
    if not cars:
        return
    for number, story in enumerate(_STORIES * 2):
        kind, problem, source, words, place, answers, minutes, result, is_solved, cost, parts = story
        day = at - timedelta(days=1 + number + random.randint(0, 8))
        moment = day.astimezone(store.tz).replace(hour=random.randint(9, 15), minute=random.randint(0, 59))
        car = random.choice(cars)
        asked = actions.take_request(
            store=store, kind=kind, source=source, problem=problem, description=words, place=place, vehicle=car,
            person=house.staff[answers], parts=[PartAsked(name, code, Decimal(count)) for code, name, count in parts],
            by=random.choice(agents), at=moment,
        )  # fmt: skip
        _work_on(asked, minutes + random.randint(0, 30), result, is_solved, cost, moment)
    Notice.objects.filter(key__startswith="request:", recipient__store=store).update(read_at=at)
    _open_ones(house, cars, at)
    _call_about(house, random, at)


def _call_about(house: House, random: Random, at: datetime) -> None:
    """The calls after requests closed long ago were made."""
    actions.generate_callbacks(at=at, store=house.store, codes=[RuleCode.SERVICE_REQUEST])
    rule = Rule.objects.get(store=house.store, code=RuleCode.SERVICE_REQUEST)
    diary = Diary(house.store)
    for task in CallTask.objects.filter(rule=rule, due_at__lt=at).order_by("due_at", "pk"):
        wanted = task.opens_at + timedelta(minutes=random.randint(10, 400))
        called = diary.moment(task.customer_id, wanted, after=task.opens_at, before=task.due_at, at=at)
        if called is None:
            continue
        task.state, task.first_called_at, task.done_at, task.attempts = TaskState.DONE, called, called, 1
        task.save()
        Contact.objects.create(
            store=house.store, task=task, customer_id=task.customer_id, vehicle_id=task.vehicle_id,
            agent=house.staff[random.choice(("H01", "H02"))], started_at=called - timedelta(minutes=3), at=called,
            outcome=Outcome.COMPLETED, category=ContactCategory.CALLBACK, note="问题已解决，客户满意。",
        )  # fmt: skip


def _work_on(asked, minutes: int, result: str, is_solved: bool, cost: str, moment: datetime) -> None:
    answered = moment + timedelta(minutes=minutes)
    kind = ActivityKind.ON_SITE if asked.kind == RequestKind.RESCUE else ActivityKind.CALL
    actions.log_activity(request=asked, kind=kind, text="已联系客户，说明处理办法。", by=asked.person, at=answered)
    actions.log_activity(
        request=asked, kind=ActivityKind.WORK, text=result, by=asked.person, at=answered + timedelta(minutes=90)
    )
    actions.close_request(
        request=asked, is_solved=is_solved, result=result, cost_amount=Decimal(cost), by=asked.person,
        at=answered + timedelta(hours=3),
    )  # fmt: skip


def _open_ones(house: House, cars: list, at: datetime) -> None:
    """Today: one the fleet's agreement hurries, one late, one in work, one from the web that nobody has yet."""
    store, agent = house.store, house.staff["H01"]
    fleet = Agreement.objects.of_store(store).exclude(response_hours=None).order_by("pk").first()
    car = fleet and Vehicle.objects.filter(owner=fleet.customer).select_related("owner").first()
    actions.take_request(
        store=store, kind=_K.PICK_UP, source=_S.PHONE, problem=_P.SERVICE, description="公司用车保养，请派人取送车",
        place="酒仙桥路10号", vehicle=car or cars[0], person=house.staff["A01"], by=agent,
        at=at - timedelta(minutes=50),
    )  # fmt: skip
    actions.take_request(
        store=store, kind=_K.RESCUE, source=_S.PHONE, problem=_P.ELECTRICS, description="路边熄火，双闪也不亮",
        place="机场辅路五元桥", vehicle=cars[1], person=house.staff["A02"], by=agent, at=at - timedelta(minutes=46),
    )  # fmt: skip
    parts = actions.take_request(
        store=store, kind=_K.PARTS, source=_S.WECHAT, problem=_P.SUPPLY, description="订前刹车片和刹车盘",
        vehicle=cars[2], person=house.staff["P01"],
        parts=[PartAsked("前刹车片"), PartAsked("前刹车盘", "", Decimal(2))],
        by=agent, at=at - timedelta(hours=3),
    )  # fmt: skip
    actions.log_activity(
        request=parts, kind=ActivityKind.MESSAGE, text="已报价，客户确认，等待到货。", by=house.staff["P01"],
        at=at - timedelta(hours=2),
    )  # fmt: skip
    actions.take_request_from_public(
        store=store, kind=_K.ENQUIRY, caller_name="潘女士", caller_phone="13811220099", plate="京N6R118",
        description="想问一下周末保养要不要预约", token=UUID(int=store.pk), at=at - timedelta(minutes=20),
    )  # fmt: skip
