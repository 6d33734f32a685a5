"""The agents' days beside their calls: questions for departments, callers, judged calls, a finding, the day's log."""

from datetime import datetime, time, timedelta
from random import Random

from callback import actions
from callback.choices import (
    ContactCategory,
    Department,
    Direction,
    HonestyKind,
    Outcome,
    QualityPoint,
    RuleCode,
    Verdict,
)
from callback.models import CallTask, Contact, Referral
from callback.queries import findings, known_facts, quality_sample, sample_seed
from callback.queries.queue import with_hold
from dealer_crm.seeding.calls import by_day
from dealer_crm.seeding.people import House
from dealer_crm.values import Period

_QUESTIONS = (
    ("前保险杠的漆面什么时候能补好？", Department.PARTS, "P01", "缺色漆已到货，周六上午可来店。", "客户同意周六到店。"),
    ("保险续保能不能在店里办？", Department.INSURANCE, "A01", "可以代办，已把报价发给客户。", "客户已收到报价，满意。"),
    ("换的刹车片跑高速有轻微异响，是否正常？", Department.WORKSHOP, "W01", "磨合期内正常，500公里后免费复查。", ""),
    ("会员积分兑换保养的规则是什么？", Department.RECEPTION, "A01", "", ""),
    ("发票抬头开错了，能否重开？", Department.FINANCE, "L01", "", ""),
)  # fmt: skip
_CALLERS = (
    (ContactCategory.ENQUIRY_PRICE, {"asked": "四万公里保养的价格"}),
    (ContactCategory.ENQUIRY_PROGRESS, {"asked": "定的轮胎到了没有"}),
    (ContactCategory.RESCUE, {"fault": "电瓶亏电，无法启动", "area": ""}),
    (ContactCategory.ENQUIRY_FAULT, {"fault": "胎压报警灯亮"}),
    (ContactCategory.ENQUIRY_PROMOTION, {"asked": "国庆保养活动的内容"}),
)
_REMARKS = ("开场白规范，倾听耐心。", "语速偏快，结束语遗漏服务热线。", "对异议的处理很好，可作示范。")


def fill_agents_days(house: House, random: Random, at: datetime) -> None:
    """What an agent's and the supervisor's pages show in the last days up to `at`."""
    tasks = list(
        CallTask.objects.of_store(house.store)
        .filter(vehicle__isnull=False, created_at__lt=at)
        .select_related("customer", "vehicle", "order", "store")
        .order_by("-created_at")[:20]
    )
    agents = [house.staff["H01"], house.staff["H02"]]
    if not tasks:
        return
    for number, (question, task) in enumerate(zip(_QUESTIONS, tasks, strict=False)):
        moment = at - timedelta(hours=20 if number < 3 else 1, minutes=number)
        if number < 3:
            moment = by_day(moment, after=at - timedelta(days=2), before=at - timedelta(hours=5), tz=house.store.tz)
        _ask(house, question, task, agents[number % 2], moment)
    _call_on(house, agents, at)
    for number, ((category, said), task) in enumerate(zip(_CALLERS, tasks[5:], strict=False)):
        moment = at - timedelta(hours=2 + number)
        facts = known_facts(house.store, task.customer, task.vehicle, task.order) | said
        actions.record_incoming(
            store=house.store, customer=task.customer, vehicle=task.vehicle if task.vehicle.owner_id == task.customer_id
            else None, category=category, facts=facts, by=agents[number % 2], at=moment,
            started_at=moment - timedelta(minutes=4),
        )  # fmt: skip
    _judge(house, random, at)
    _review(house, at)
    for agent in agents:
        actions.keep_log(
            day=at.astimezone(house.store.tz).date() - timedelta(days=1), by=agent, at=at,
            also_done="整理客户档案12份，更正错误电话2个。", unsolved="1位客户要求周末再联系。",
            for_tomorrow="优先完成到期回访。",
        )  # fmt: skip


def _call_on(house: House, agents: list, at: datetime) -> None:
    """Calls that go on: agreed with a customer for later and just missed, two that found nobody
    this morning, one that met a wrong number."""
    open_ones = with_hold(CallTask.objects.of_store(house.store).unfinished()).filter(rule__code=RuleCode.SERVICE_3D)
    today = datetime.combine(at.astimezone(house.store.tz).date(), time.min, house.store.tz)
    called_lately = Contact.objects.filter(
        store=house.store, direction=Direction.OUT, at__gte=today - timedelta(days=1)
    )
    tasks = open_ones.filter(
        is_held=False, opens_at__lt=at - timedelta(hours=3), attempts=0, customer__no_call_since=None
    )
    tasks = tasks.exclude(customer__in=called_lately.values("customer")).order_by("-due_at", "-pk")
    by_customer = {task.customer_id: task for task in tasks}  # of each customer the call due first
    tasks = sorted(by_customer.values(), key=lambda task: (task.due_at, task.pk))[2:7]
    first, last = today + timedelta(hours=9, minutes=10), today + timedelta(hours=19, minutes=50)
    steps = (
        (Outcome.CALL_LATER, timedelta(minutes=40), "正在开车，约稍后再打。"),
        (Outcome.NO_ANSWER, timedelta(hours=2), ""),
        (Outcome.CALL_LATER, timedelta(minutes=-10), "在开会，请晚点打来。"),
        (Outcome.BUSY, timedelta(hours=2), ""),
    )
    for number, (task, (outcome, later, note)) in enumerate(zip(tasks[:4], steps, strict=False)):
        agent, called = agents[number // 2 % 2], at - timedelta(hours=2, minutes=7 * number)
        Contact.objects.create(
            store=house.store, task=task, customer_id=task.customer_id, vehicle_id=task.vehicle_id,
            order_id=task.order_id, agent=agent, started_at=called - timedelta(minutes=1), at=called, outcome=outcome,
            note=note,
        )  # fmt: skip
        task.attempts, task.first_called_at = 1, called
        task.agent = agent if outcome == Outcome.CALL_LATER else None
        task.next_try_at = min(max(at + later, first), last)
        task.save()
    for task in tasks[4:]:
        actions.claim_task(task=task, by=agents[1], at=at - timedelta(minutes=92))
        actions.record_outcome(
            task=task,
            outcome=Outcome.WRONG_NUMBER,
            by=agents[1],
            at=at - timedelta(minutes=90),
            note="接听人不认识车主。",
        )


def _ask(house: House, question, task: CallTask, agent, moment: datetime) -> Referral:
    text, department, person, answer, result = question
    asked = actions.refer(
        store=house.store, customer=task.customer, vehicle=task.vehicle, order=task.order, task=task, question=text,
        department=department, person=house.staff[person], answer_by=moment + timedelta(hours=2),
        promised_at=moment + timedelta(hours=26), by=agent, at=moment,
    )  # fmt: skip
    if answer:
        actions.answer_referral(referral=asked, answer=answer, by=asked.person, at=moment + timedelta(minutes=70))
    if result:
        actions.confirm_referral(referral=asked, result=result, by=agent, at=moment + timedelta(hours=3))
    return asked


def _judge(house: House, random: Random, at: datetime) -> None:
    """Every other call of last week's sample."""
    day = at.astimezone(house.store.tz).date() - timedelta(weeks=1)
    monday = day - timedelta(days=day.weekday())
    sample = quality_sample(house.store, monday, datetime.combine(monday, time.min, house.store.tz))
    for number, contact in enumerate(sample):
        if number % 2 == 0:
            marks = {point.value: random.randint(6, 10) for point in QualityPoint}
            score = actions.score_call(
                contact=contact, marks=marks, remark=random.choice(_REMARKS), seed=sample_seed(house.store, monday),
                by=house.staff["H09"], at=at - timedelta(hours=5),
            )  # fmt: skip
            if number == 0:
                actions.comment_score(score=score, comment="谢谢指正，下次注意。", by=contact.agent, at=at)


def _review(house: House, at: datetime) -> None:
    """Two hasty calls for the honesty ledger; one of its findings is reviewed."""
    hasty = Contact.objects.of_store(house.store).filter(outcome=Outcome.COMPLETED, task__isnull=False, at__lt=at)
    for contact in hasty.order_by("-at")[:2]:
        contact.started_at = contact.at - timedelta(seconds=9)
        contact.save(update_fields=["started_at"])
    begin, until = Period.of(at, house.store.tz).bounds(house.store.tz)
    rows = [one for found in findings(house.store, begin, until).values() for one in found]
    for one in rows[:1]:
        actions.review_finding(
            store=house.store, kind=HonestyKind(one.kind), key=one.key, verdict=Verdict.HARMLESS,
            note="已与客户核实，情况属实。", by=house.staff["H09"], at=at,
        )  # fmt: skip
