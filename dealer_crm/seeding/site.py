"""Five weeks of site checks with their findings, training with test scores, and the stars of last month."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from dealer_crm.appraisal import actions
from dealer_crm.appraisal.actions import Attended, ItemDraft
from dealer_crm.appraisal.choices import (
    Area,
    CheckKind,
    FindingState,
    Presence,
    Rhythm,
    TrainingKind,
    Verdict,
    Weekday,
)
from dealer_crm.appraisal.models import SiteFinding, SiteList, SiteRound
from dealer_crm.appraisal.queries import items_of, rounds_to_walk
from dealer_crm.appraisal.queries.stars import candidates
from dealer_crm.seeding.people import House
from dealer_crm.values import Period, Quarter

WEEKS = 5
LISTS = (
    ("接待大厅现场检查", Area.RECEPTION, CheckKind.SITE, "F01", ("M01", Rhythm.WEEKLY, Weekday.MONDAY),
     (("接待台面整洁、无私人物品", 10), ("三件套齐全并按规定使用", 10), ("价格公示牌完整、为现行价格", 10),
      ("接待人员着装规范、佩戴工牌", 10), ("资料架宣传资料齐全", 5), ("预约看板当日内容已更新", 5))),
    ("客户休息区现场检查", Area.LOUNGE, CheckKind.SITE, "H09", ("F01", Rhythm.WEEKLY, Weekday.TUESDAY),
     (("桌面、地面清洁无垃圾", 10), ("饮品、点心供应充足", 10), ("电视、无线网络正常", 5), ("卫生间清洁、无异味", 10))),
    ("机电车间5S检查", Area.WORKSHOP, CheckKind.FIVE_S, "W01", ("Q01", Rhythm.WEEKLY, Weekday.WEDNESDAY),
     (("工位地面无油污、无积水", 10), ("工具车工具摆放整齐、数量相符", 10), ("废油废件分类存放、标识清楚", 10),
      ("举升机安全锁止、点检记录齐全", 15), ("灭火器在位、压力正常", 10), ("车辆防护用品使用到位", 10))),
    ("配件库单据检查", Area.PARTS, CheckKind.PAPERS, "P01", ("M01", Rhythm.WEEKLY, Weekday.FRIDAY),
     (("领料单签字齐全", 10), ("账、卡、物相符（抽查十项）", 20), ("旧件回收登记完整", 10))),
)  # fmt: skip
WRONG = {
    "接待台面整洁、无私人物品": "接待台上放有私人水杯和充电器",
    "预约看板当日内容已更新": "预约看板仍是昨日内容",
    "桌面、地面清洁无垃圾": "茶几上有未收的纸杯",
    "工位地面无油污、无积水": "三号工位地面有机油",
    "工具车工具摆放整齐、数量相符": "二组工具车缺少 14 号梅花扳手",
    "废油废件分类存放、标识清楚": "废机滤与生活垃圾混放",
    "领料单签字齐全": "两张领料单缺少领料人签字",
}
REMEDIES = ("已当场整改", "已清理并重新摆放", "已补齐并登记", "已对责任人进行提醒")


def check_the_site(house: House, random: Random, at: datetime) -> None:
    """Lists and plans of five weeks ago, every round since, a few findings still open."""
    begun = at - timedelta(weeks=WEEKS)
    for name, area, kind, answers, (checker, rhythm, weekday), items in LISTS:
        known = actions.keep_site_list(
            store=house.store, name=name, area=area, kind=kind, answers=house.staff[answers],
            items=[ItemDraft(text, points) for text, points in items], by=house.staff["M01"], at=begun,
        )  # fmt: skip
        actions.plan_rounds(
            site_list=known, checker=house.staff[checker], rhythm=rhythm, weekday=weekday,
            starts_on=begun.astimezone(house.store.tz).date(), by=house.staff["M01"], at=begun,
        )  # fmt: skip
    for number in range(WEEKS * 7):
        day = (begun + timedelta(days=number)).astimezone(house.store.tz).date()
        moment = datetime.combine(day, time(9, 30), house.store.tz)
        actions.make_rounds(store=house.store, at=moment)
        for checker in {plan[4][0] for plan in LISTS}:
            for walk in rounds_to_walk(house.staff[checker], day):
                if random.random() < 0.95:
                    _walk(house, walk, random, moment + timedelta(minutes=random.randint(0, 90)))
        _remedy(house, random, moment + timedelta(hours=6), is_last=number > WEEKS * 7 - 4)
    actions.make_rounds(store=house.store, at=at)
    _leave_open(house, at)


def _leave_open(house: House, at: datetime) -> None:
    """Yesterday's round out of turn left something to put right; today's is half walked."""
    hall, shop = (SiteList.objects.get(store=house.store, name=LISTS[place][0]) for place in (0, 2))
    yesterday = at - timedelta(days=1)
    for known, by, owner, wrong in ((shop, "Q01", "W01", 1), (hall, "M01", "A01", 0)):
        walk = actions.begin_round(site_list=known, by=house.staff[by], at=yesterday)
        for place, item in enumerate(items_of(known)):
            said = {"what": WRONG[item.text], "owner": house.staff[owner]} if place == wrong else {}
            verdict = Verdict.WRONG if said else Verdict.FINE
            actions.note_result(walk=walk, item=item, verdict=verdict, by=house.staff[by], at=yesterday, **said)
        actions.finish_round(walk=walk, by=house.staff[by], at=yesterday)
    walk = actions.begin_round(site_list=hall, by=house.staff["M01"], at=at)
    for item in items_of(hall)[:2]:
        actions.note_result(walk=walk, item=item, verdict=Verdict.FINE, by=house.staff["M01"], at=at)


def _walk(house: House, walk: SiteRound, random: Random, at: datetime) -> None:
    by = walk.checker
    for item in items_of(walk.list):
        is_wrong = item.text in WRONG and random.random() < 0.22
        said = {"what": WRONG[item.text], "given": Decimal(item.points // 2)} if is_wrong else {}
        verdict = Verdict.WRONG if is_wrong else Verdict.FINE
        actions.note_result(walk=walk, item=item, verdict=verdict, by=by, at=at, **said)
    actions.finish_round(walk=walk, by=by, at=at)


def _remedy(house: House, random: Random, at: datetime, *, is_last: bool) -> None:
    """What is due is put right and looked at; in the last days some stays open, some waits to be looked at."""
    findings = SiteFinding.objects.of_store(house.store).exclude(state=FindingState.CLOSED).order_by("pk")
    for one in findings.select_related("owner", "found_by"):
        if one.state == FindingState.OPEN and random.random() < (0.35 if is_last else 0.8):
            one = actions.remedy_finding(finding=one, remedy=random.choice(REMEDIES), by=one.owner, at=at)
        if one.state == FindingState.REMEDIED and random.random() < (0.3 if is_last else 0.9):
            actions.close_finding(finding=one, by=one.found_by, at=at + timedelta(hours=1))


# ── Training ─────────────────────────────────────────────────────────────────────────────────────────────────────────
SESSIONS = (
    (-40, "新款车型技术培训", TrainingKind.TECHNICAL, "厂家培训讲师", ("T01", "T02", "T03", "T04", "T05", "T06"), True),
    (-33, "接待标准流程与话术", TrainingKind.SERVICE, "服务经理", ("A01", "A02", "A03", "A04", "F01"), True),
    (-26, "回访话术与投诉受理", TrainingKind.SERVICE, "客服主管", ("H01", "H02"), True),
    (-12, "消防与用电安全", TrainingKind.SAFETY, "站长", ("T01", "T02", "T03", "W01", "P01"), False),
    (-1, "索赔单据规范", TrainingKind.SYSTEM, "服务经理", ("A01", "A02", "A03", "P01"), True),
    (5, "新能源车高压安全", TrainingKind.SAFETY, "厂家培训讲师", ("T01", "T02", "T04", "T05", "Q01", "A01"), True),
)


def train_the_house(house: House, random: Random, at: datetime) -> None:
    """Six weeks of sessions: held with scores, one of yesterday nobody has noted yet, one ahead."""
    for days, title, kind, trainer, people, has_test in SESSIONS:
        starts_at = datetime.combine((at + timedelta(days=days)).astimezone(house.store.tz), time(16), house.store.tz)
        planned_at = min(at, starts_at - timedelta(days=3))
        training = actions.plan_training(
            store=house.store, title=title, kind=kind, starts_at=starts_at, hours=Decimal("1.5"), trainer=trainer,
            place="二楼培训室", people=[house.staff[one] for one in people], has_test=has_test, by=house.staff["M01"],
            at=planned_at,
        )  # fmt: skip
        if days < -1:
            noted = {seat.pk: _attended(random, has_test) for seat in training.seats.all()}
            held_at = starts_at + timedelta(hours=2)
            actions.hold_training(training=training, noted=noted, by=house.staff["M01"], at=held_at)


def _attended(random: Random, has_test: bool) -> Attended:
    chance = random.random()
    if chance < 0.05:
        return Attended(Presence.ABSENT)
    if chance < 0.12:
        return Attended(Presence.EXCUSED, remark="轮休")
    return Attended(Presence.THERE, Decimal(random.randint(78, 100)) if has_test else None)


# ── Stars ────────────────────────────────────────────────────────────────────────────────────────────────────────────
REASONS = {
    "advisor": "准时交车率高，客户回访中多次点名表扬",
    "technician": "全月无内返、无外返，工时完成量居前",
    "agent": "回访及时，通话品质评分名列第一",
}


def choose_stars(house: House, at: datetime) -> None:
    """Last month's stars as the figures propose them, and the advisor of last quarter."""
    month = Period.of(at, house.store.tz).previous()
    quarter = Quarter.of(at, house.store.tz).previous()
    for span, trades in ((quarter, ("advisor",)), (month, tuple(REASONS))):
        for group in candidates(house.store, span, at=at):
            best = next((row for row in group.rows if row.is_proposed), None)
            if best and group.trade in trades and best.person != house.staff["M01"]:
                actions.choose_star(
                    store=house.store, span=span, staff=best.person, reason=REASONS[group.trade],
                    by=house.staff["M01"], at=at,
                )  # fmt: skip
