"""The showroom of the last week: visitors, leads of every level, talks, some lost, checked days."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from callback import actions
from callback.choices import LeadLevel, LostReason, TalkKind, VisitSource
from callback.models import Handover, Lead
from dealer_crm.seeding.owed import SALESPEOPLE
from dealer_crm.seeding.people import House

_NAMES = (
    "孙浩",
    "李静",
    "周强",
    "吴敏",
    "郑凯",
    "王雪",
    "冯磊",
    "陈洁",
    "褚亮",
    "卫华",
    "蒋薇",
    "沈涛",
    "韩冰",
    "杨帆",
)
_MODELS = ("逸风 1.5T 豪华", "逸风 混动", "远山 2.0T 四驱", "远山 七座", "晨星 纯电")
_FEATURES = ("三十岁左右，教师，看重安全", "带孩子来，关注空间", "企业主，旧车置换", "年轻夫妻，首购", "")
_SAID = ("介绍配置和金融方案，客户要求再优惠。", "已报价，客户回家商量。", "对比竞品后倾向本店，关注交车时间。")
_GIFTS = ("送装潢礼包", "送两次保养", "", "")
_HOURS = (9, 10, 10, 11, 13, 14, 15, 15, 16, 17)
_DAYS = 7


def keep_showroom(house: House, random: Random, at: datetime) -> None:
    """A week of visitors and leads up to `at`, entered by the agents."""
    agents = [house.staff["H01"], house.staff["H02"]]
    today = at.astimezone(house.store.tz).date()
    leads: list[Lead] = []
    for back in range(_DAYS - 1, -1, -1):
        day = today - timedelta(days=back)
        for hour in _HOURS:
            moment = datetime.combine(day, time(hour, random.randint(0, 59)), house.store.tz)
            if moment >= at:
                continue
            if random.random() < 0.6 or len(leads) == len(_NAMES):
                actions.note_visit(
                    store=house.store, source=_source(random), people=random.randint(1, 3), came_at=moment,
                    is_return=random.random() < 0.2, by=random.choice(agents), at=at,
                )  # fmt: skip
            else:
                leads.append(_enter(house, random, len(leads), moment, random.choice(agents)))
        if back:
            evening = datetime.combine(day, time(18, 10), house.store.tz)
            actions.check_showroom_day(
                store=house.store,
                day=day,
                remark=random.choice(("", "缺项请当日补齐。")),
                by=house.staff["H09"],
                at=evening,
            )
    for number, lead in enumerate(leads[: len(leads) // 2]):
        _follow(lead, random, number, agents[number % 2], at)
    for lead, reason in zip(leads[1::5], (LostReason.PRICE, LostReason.DEALER, LostReason.BRAND), strict=False):
        actions.lose_lead(lead=lead, reason=reason, by=agents[0], at=at)
    handovers = Handover.objects.filter(store=house.store, leads=None).order_by("-handed_over_at")
    for lead, handover in zip(leads[2::5], handovers[:2], strict=False):
        actions.win_lead(
            lead=lead, vehicle=handover.vehicle, handed_over_at=handover.handed_over_at, by=agents[1], at=at
        )


def _enter(house: House, random: Random, number: int, moment: datetime, agent) -> Lead:
    is_whole = number % 4 != 3
    return actions.enter_lead(
        store=house.store, source=_source(random), level=random.choice(list(LeadLevel)), name=_NAMES[number],
        phone=f"1391666{random.randint(1000, 9999)}" if is_whole else "", gender=random.choice(("male", "female")),
        features=random.choice(_FEATURES), model=random.choice(_MODELS), consultant=random.choice(SALESPEOPLE),
        first_quote=Decimal(random.randrange(98_800, 258_800, 1000)) if is_whole else None,
        said=random.choice(_SAID) if is_whole else "", gifts=random.choice(_GIFTS), came_at=moment, people=2, by=agent,
        at=moment,
    )  # fmt: skip


def _follow(lead: Lead, random: Random, number: int, agent, at: datetime) -> None:
    kind = (TalkKind.PHONE, TalkKind.TEST_DRIVE, TalkKind.MESSAGE)[number % 3]
    actions.note_talk(
        lead=lead, kind=kind, said=random.choice(_SAID), level=lead.level, price=lead.first_quote,
        gifts=random.choice(_GIFTS), reason=LostReason.PRICE if number % 4 == 0 else "",
        car=f"{lead.model} 试驾车" if kind == TalkKind.TEST_DRIVE else "", by=agent,
        at=at - timedelta(hours=number + 1),
    )  # fmt: skip


def _source(random: Random) -> VisitSource:
    return random.choices(list(VisitSource), weights=(6, 2, 2))[0]
