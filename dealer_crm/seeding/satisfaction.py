"""What the pages of satisfaction show besides the calls: other questionnaires, targets, guesses, the factory's list,
bad answers in hands, improvement plans at every stage.

Answers and plans go through the actions; what was entered in months gone by (targets, guesses, ranks) is rows.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from reception.choices import OrderState
from reception.models import RepairOrder
from satisfaction import actions
from satisfaction.actions import KeptAnswers
from satisfaction.choices import Aspect, PlanOutcome, QuestionKind, QuestionnaireKind, ResponseSource
from satisfaction.models import (
    Answer,
    FactorTarget,
    FactoryRank,
    Flag,
    Guess,
    ImprovementPlan,
    QuestionnaireVersion,
    Response,
)
from satisfaction.queries import csi_version, questionnaire_of_kind, version_in_force

MONTHS = 3
# So many months before that, whose answers were taken down on paper and brought in: their customers a month.
OLD_MONTHS, ON_PAPER = 9, 24
DAY = timedelta(days=1)
_TARGETS = {"F02": "9.2", "F06": "8.8", "F07": "9.1", "F08": "9.3", "F10": "8.6"}
# Source by questionnaire; so many of the month's visitors answered.
_ASKED = (
    (QuestionnaireKind.EXPECTATION, ResponseSource.LINK, 24),
    (QuestionnaireKind.MONTHLY_SURVEY, ResponseSource.CALL, 30),
    (QuestionnaireKind.TEN_QUESTIONS, ResponseSource.TABLET, 26),
    (QuestionnaireKind.SALES_SSI, ResponseSource.CALL, 14),
    (QuestionnaireKind.FACTORY, ResponseSource.FACTORY, 18),
)
_STORIES = (
    # factor, months ago, stage reached, cause, measure, what was carried out, outcome, result
    ("F06", 3, "check", "高峰时段顾问顾不上告知进度", "看板变色前 30 分钟系统提醒顾问，致电客户",
     "已上线提醒，晨会通报", "", ""),
    ("F05", 2, "act", "周末休息区座位不足", "增加座位，错峰预约", "已添置 8 个座位", PlanOutcome.PARTLY,
     "座位够用，周末上午仍偏挤，转入下期计划"),
    ("F10", 2, "act", "报价未逐项说明", "结算前逐项讲解并请客户签字", "结算单增加签字栏", PlanOutcome.HELPED,
     "写入接待标准流程"),
    ("F12", 1, "check", "交车高峰时说明从简", "交车说明做成一页图卡，逐项讲解", "已执行两周，抽查 20 单", "", ""),
    ("F07", 1, "do", "上午集中到店，下午交车积压", "预约分流到下午时段，洗车错峰", "", "", ""),
    ("F02", 0, "plan", "午间接待岗位无人", "午间轮岗，前台主管顶岗", "", "", ""),
)  # fmt: skip


def fill_satisfaction(house: House, random: Random, at: datetime) -> None:
    """The last months of one house."""
    this_month = Period.of(at, house.store.tz)
    months = [this_month.shifted(-back) for back in reversed(range(MONTHS))]
    visits = {month: _visits(house, month) for month in months}
    for kind, source, count in _ASKED:
        version = version_in_force(questionnaire_of_kind(kind))
        for month in months:
            asked = random.sample(visits[month], min(count, len(visits[month])))
            _answer(house, random, version, source, asked, min(at, month.bounds(house.store.tz)[1]))
    _bring_old_answers(house, random, months[0])
    _set_targets(house, months[0])
    _guess(house, random, months, at)
    _rank(house, random, this_month)
    actions.flag_bad_answers(store=house.store, since=months[0].bounds(house.store.tz)[0], by=None, at=at)
    _hand_out_flags(house, random, at)
    for story in _STORIES:
        _tell(house, story, this_month, at)


def _visits(house: House, month: Period) -> list[RepairOrder]:
    start, end = month.bounds(house.store.tz)
    orders = RepairOrder.objects.filter(
        store=house.store, state=OrderState.DELIVERED, delivered_at__gte=start, delivered_at__lt=end
    )
    return list(orders.order_by("pk"))


def _answer(house: House, random: Random, version: QuestionnaireVersion, source, orders: Iterable[RepairOrder], at):
    """Answers of some visitors, two days after they left; nobody answers tomorrow."""
    questions = list(version.questions.all())
    kept = [
        KeptAnswers(
            number=f"{version.questionnaire.code}:{order.number}",
            store_id=house.store.pk,
            order_id=order.pk,
            customer_id=order.customer_id,
            vehicle_id=order.vehicle_id,
            advisor_id=order.advisor_id,
            answered_at=min(order.delivered_at + 2 * DAY, at),
            taken_by_id=house.staff["H01"].pk if source == ResponseSource.CALL else None,
            answers={one.code: given for one in questions if (given := _given(random, one)) is not None},
        )
        for order in orders
    ]
    actions.record_responses(version=version, source=source, kept=kept, by=None, at=at)


def _given(random: Random, question):
    if question.kind == QuestionKind.YES_NO:
        return random.random() < 0.93
    if question.kind == QuestionKind.LEVEL:
        return random.choices([5, 4, 3, 2], [50, 35, 12, 3])[0]
    if question.kind not in (QuestionKind.SCORE, QuestionKind.RECOMMEND) or random.random() < 0.05:
        return None
    # Customers expect a little more than they get; what they pay and how long they wait matters most to them.
    spread = {Aspect.EXPECTATION: [10, 9, 9, 8], Aspect.IMPORTANCE: [10, 10, 9, 8, 7]}
    usual = [10, 10, 9, 9, 8, 8, 7, 6]
    return random.choice(spread.get(Aspect(question.aspect), usual))


def _bring_old_answers(house: House, random: Random, first: Period) -> None:
    """The months before the program, a little better than now, so that there is a year to look back on. What was bad
    in them was dealt with on paper."""
    version = csi_version()
    questions = [one for one in version.questions.all() if one.kind in (QuestionKind.SCORE, QuestionKind.RECOMMEND)]
    responses, answers = [], []
    for back in range(1, OLD_MONTHS + 1):
        start, end = first.shifted(-back).bounds(house.store.tz)
        for number in range(ON_PAPER):
            responses.append(
                Response(
                    number=f"paper:{house.store.code}:{first.shifted(-back)}:{number}", version=version,
                    store=house.store, source=ResponseSource.IMPORT,
                    answered_at=start + (end - start) * random.random(),
                )
            )  # fmt: skip
            mood, is_unwashed = random.choices([10, 9, 8, 4], [52, 34, 11, 3])[0], random.random() < 0.12
            for one in questions:
                less = {"F06": 2, "F13": 6 if is_unwashed else 1}.get(one.code, 0)
                score = min(10, max(2, mood + random.choice([-1, 0, 0, 0, 1]) - less))
                answers.append(Answer(response=responses[-1], question=one, score=Decimal(score)))
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(answers)


def _set_targets(house: House, first: Period) -> None:
    FactorTarget.objects.bulk_create(
        [FactorTarget(store=house.store, factor_code=code, starts_on=first.first_day, mean=Decimal(mean))
         for code, mean in _TARGETS.items()],
        ignore_conflicts=True,
    )  # fmt: skip


def _guess(house: House, random: Random, months: list[Period], at: datetime) -> None:
    """What the manager believed, a week into each month; this month's form is still to be filled in."""
    factors = csi_version().questions.filter(weight__isnull=False)
    Guess.objects.bulk_create(
        [
            Guess(
                store=house.store, period=str(month), staff=house.staff["M01"], factor_code=factor.code,
                mean=Decimal(random.choice(["8.5", "9.0", "9.2", "9.5", "9.8"])),
                guessed_at=month.bounds(house.store.tz)[0] + 7 * DAY,
            )
            for month in months[:-1] for factor in factors
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _rank(house: House, random: Random, this_month: Period) -> None:
    """The factory's list of the region, each month in arrears."""
    FactoryRank.objects.bulk_create(
        [
            FactoryRank(
                store=house.store, period=str(this_month.shifted(-back)), survey="CSS", region="华北区",
                place=random.randint(4, 15), of=32, score=Decimal(random.randint(8350, 9150)) / 10,
            )
            for back in range(1, 7)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _hand_out_flags(house: House, random: Random, at: datetime) -> None:
    """Old bad answers were dealt with, most of them in time; of the fresh ones some are in hands."""
    people = house.staff
    for flag in Flag.objects.filter(store=house.store, dealt_at=None, raised_at__lt=at - 3 * DAY).order_by("pk"):
        actions.deal_with_flag(
            flag=flag, result=random.choice(["已致电道歉，客户表示理解", "赠送一次检测，客户接受", "已向客户说明原因"]),
            by=random.choice([people["H09"], people["M01"]]),
            at=min(at, flag.raised_at + timedelta(hours=random.choice([2, 5, 9, 20, 40]))),
        )  # fmt: skip
    for flag in Flag.objects.filter(store=house.store, dealt_at=None).order_by("pk")[:4]:
        actions.assign_flag(flag=flag, owner=random.choice([people["A01"], people["F01"]]), by=people["H09"], at=at)


def _tell(house: House, story: tuple, this_month: Period, at: datetime) -> None:
    """One improvement plan from its opening up to the stage it has reached."""
    code, back, stage, cause, measure, done, outcome, result = story
    people, store, period = house.staff, house.store, this_month.shifted(-back)
    if ImprovementPlan.objects.filter(store=store, period=str(period), factor_code=code).exists():
        return
    owner = people["W01"] if code == "F07" else people["F01"]
    opened = min(at - DAY, datetime.combine(_sixth_after(period), datetime.min.time(), store.tz) + timedelta(hours=9))
    due_on = (opened + 14 * DAY).date()
    plan = actions.open_plan(
        store=store, period=period, factor=csi_version().questions.get(code=code), cause=cause, measure=measure,
        owner=owner, due_on=due_on, by=people["M01"], at=opened,
    )  # fmt: skip
    if stage == "plan":
        return
    plan = actions.begin_plan(plan=plan, by=owner, at=min(at, opened + DAY))
    if stage == "do":
        return
    plan = actions.carry_out_plan(plan=plan, note=done, by=owner, at=min(at, opened + 10 * DAY))
    if stage == "act":
        actions.close_plan(plan=plan, outcome=outcome, result=result, by=people["M01"], at=min(at, opened + 33 * DAY))


def _sixth_after(period: Period) -> date:
    return period.next().first_day + 5 * DAY
