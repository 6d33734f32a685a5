"""What complaints leave behind: judgements with an appeal, goodwill on the month's budget, knowledge, a major incident.

Everything goes through the actions the pages use.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from complaints import actions
from complaints.choices import Category, ComplaintSource, GoodwillKind, Severity
from complaints.models import Complaint
from dealer_crm.seeding.people import House
from reception.choices import OrderState
from reception.models import RepairOrder

# Category, phenomenon, cause, remedy, what to say.
_KNOWN = (
    (
        Category.SKILL,
        "空调维修后仍不制冷",
        "冷媒充注不足或膨胀阀卡滞，交车前未做出风口温度检测。",
        "免费复检：测高低压、查漏，按标准量重新充注；交车前记录出风口温度。",
        "非常抱歉让您再跑一趟，这次我们由技术主管亲自检测，费用由本店承担。",
    ),
    (
        Category.SKILL,
        "更换刹车片后有异响",
        "未涂抹消音膏或制动盘边缘起台。",
        "拆检清洁、涂消音膏，必要时光盘；路试后交车。",
        "异响影响您的用车感受，我们马上安排路试确认，请您放心。",
    ),
    (
        Category.WAITING,
        "保养等待时间超过承诺",
        "预约集中、派工不均，延时未提前告知。",
        "超时前十分钟主动告知原因与新时间；赠送洗车券一张。",
        "让您久等了，非常抱歉。我现在去车间确认，五分钟内给您准确时间。",
    ),
    (
        Category.PRICE,
        "结算金额高于报价",
        "增项未经客户确认或报价未含税费。",
        "逐项核对工单与增项确认记录；未经确认的增项不收费。",
        "我陪您逐项核对，没有您签字确认的项目我们不会收费。",
    ),
    (
        Category.PARTS,
        "配件缺货导致多次进厂",
        "常用件安全库存不足。",
        "登记缺件、承诺到货日并每两天主动告知；到货优先预约并提供代步车。",
        "配件到货后我第一时间联系您，为您预留工位，不用再等。",
    ),
    (
        Category.ATTITUDE,
        "接待态度冷淡",
        "高峰期接待人手不足。",
        "主管当面致歉，三日内回访；组织接待礼仪复训。",
        "对不起，给您带来了不好的感受，我代表本店向您道歉。",
    ),
)


def judge_and_learn(house: House, at: datetime) -> None:
    """Fill the pages of judging, goodwill and knowledge for one house."""
    people = house.staff
    orders = list(
        RepairOrder.objects.filter(store=house.store, state=OrderState.DELIVERED, advisor=people["A01"])
        .filter(delivered_at__lt=at - timedelta(days=4))
        .select_related("customer", "vehicle")
        .order_by("-delivered_at")[:4]
    )
    if len(orders) < 4:
        return
    _teach(house, at)
    appealed, granted, waiting, major = orders
    _appealed(house, appealed, at)
    _granted(house, granted, at)
    _waiting(house, waiting, at)
    _major(house, major, at)


def _teach(house: House, at: datetime) -> None:
    people = house.staff
    for place, (category, phenomenon, cause, remedy, wording) in enumerate(_KNOWN):
        by = people["H09"] if place else people["H01"]
        entry = actions.write_knowledge(
            store=house.store, category=category, phenomenon=phenomenon, cause=cause, remedy=remedy, wording=wording,
            by=by, at=at - timedelta(days=40 - place),
        )  # fmt: skip
        if not place:
            actions.approve_knowledge(entry=entry, by=people["H09"], at=at - timedelta(days=39))
        for _n in range(7 - place):
            actions.use_knowledge(entry=entry, by=people["H01"], at=at - timedelta(days=place + 1))
    actions.write_knowledge(
        store=house.store, category=Category.PROMISE, phenomenon="承诺交车时间后又推迟",
        cause="派工时未核对配件到货时间。", remedy="承诺前先查配件与工位；变更须在原承诺时间前一小时告知。", wording="",
        by=people["H01"], at=at - timedelta(hours=5),
    )  # fmt: skip


def _walked(house: House, order: RepairOrder, category: str, words: str, goodwill: str, at: datetime) -> Complaint:
    """A complaint of two days ago, walked round the loop to closing."""
    people, begun = house.staff, at - timedelta(days=2, hours=4)
    complaint = actions.record_complaint(
        store=house.store, order=order, customer=None, vehicle=None, source=ComplaintSource.PHONE,
        severity=Severity.GENERAL, category=category, received_at=begun, description=words, wish="要求合理解释",
        by=people["H01"], at=begun,
    )  # fmt: skip
    facts = {"complaint": complaint}
    actions.reply_to_customer(
        **facts, text="已致歉，当天给出方案。", by=people["H09"], at=begun + timedelta(minutes=25)
    )
    actions.advise(**facts, text="建议前台主管当面说明。", by=people["H09"], at=begun + timedelta(minutes=40))
    actions.decide(
        **facts, owner=people["F01"], deadline_at=begun + timedelta(hours=8), goodwill_amount=Decimal(goodwill),
        text="前台主管当日上门致歉。", by=people["M01"], at=begun + timedelta(hours=1),
    )  # fmt: skip
    actions.remedy(**facts, text="已当面致歉，客户接受解释。", by=people["F01"], at=begun + timedelta(hours=5))
    actions.check_remedy(**facts, is_good=True, text="处理到位", by=people["M01"], at=begun + timedelta(hours=6))
    actions.ask_customer(**facts, is_satisfied=True, text="客户表示接受", by=people["H09"], at=at - timedelta(days=1))
    return Complaint.objects.get(pk=complaint.pk)


def _appealed(house: House, order: RepairOrder, at: datetime) -> None:
    """Judged to be the advisor's fault; the advisor appeals, the station manager has not answered yet."""
    people = house.staff
    complaint = _walked(house, order, Category.WAITING, "说好两小时，等了四个小时也没人来说一声。", "0", at)
    judged = at - timedelta(hours=20)
    actions.verify_complaint(
        complaint=complaint, is_verified=True, shares={people["A01"]: Decimal("0.7"), people["W01"]: Decimal("0.3")},
        text="延时未提前告知客户。", by=people["M01"], at=judged,
    )  # fmt: skip
    actions.make_appeal(
        complaint=complaint, text="当天 14:20 已电话告知客户配件晚到，有通话记录，请复核。", by=people["A01"],
        at=judged + timedelta(hours=15),
    )  # fmt: skip


def _granted(house: House, order: RepairOrder, at: datetime) -> None:
    """Closed with money from the manager's decision, filed and drawn into the knowledge base."""
    people = house.staff
    complaint = _walked(house, order, Category.PRICE, "结账多出一项没有跟我确认的清洗费用。", "180", at)
    actions.verify_complaint(
        complaint=complaint, is_verified=True, shares={people["A01"]: Decimal(1)}, text="增项未经客户确认。",
        by=people["M01"], at=at - timedelta(hours=18),
    )  # fmt: skip
    actions.file_case(complaint=complaint, place="客服档案柜 2 层", by=people["H09"], at=at - timedelta(hours=3))
    actions.draft_from_case(complaint=complaint, by=people["H01"], at=at - timedelta(hours=2))


def _waiting(house: House, order: RepairOrder, at: datetime) -> None:
    """Open, with a voucher the supervisor may grant and labour only the station manager may."""
    people, begun = house.staff, at - timedelta(hours=5)
    complaint = actions.record_complaint(
        store=house.store, order=order, customer=None, vehicle=None, source=ComplaintSource.FRONT_DESK,
        severity=Severity.GENERAL, category=Category.SKILL, received_at=begun,
        description="换完减振器还是有异响，来了两次都没解决。", wish="免费修好并补偿误工", by=people["F01"], at=begun,
    )  # fmt: skip
    actions.reply_to_customer(complaint=complaint, text="已致歉。", by=people["H09"], at=begun + timedelta(minutes=30))
    for kind, amount, reason in (
        (GoodwillKind.VOUCHER, "150", "补偿客户误工，赠送代金券"),
        (GoodwillKind.LABOUR, "2600", "免除本次全部工时费"),
    ):
        actions.request_goodwill(
            complaint=complaint, kind=kind, amount=Decimal(amount), reason=reason, by=people["H01"],
            at=begun + timedelta(hours=1),
        )  # fmt: skip


def _major(house: House, order: RepairOrder, at: datetime) -> None:
    """A major one, with the first version of its report."""
    people, begun = house.staff, at - timedelta(hours=9)
    complaint = actions.record_complaint(
        store=house.store, order=order, customer=None, vehicle=None, source=ComplaintSource.PHONE,
        severity=Severity.GENERAL, category=Category.SKILL, received_at=begun,
        description="高速上刹车踏板变软，险些追尾，要求立即处理，否则找媒体曝光。", wish="查明原因并书面答复",
        by=people["H01"], at=begun,
    )  # fmt: skip
    facts = {"complaint": complaint}
    actions.reply_to_customer(
        **facts, text="站长已致电致歉，安排拖车。", by=people["H09"], at=begun + timedelta(minutes=12)
    )
    actions.advise(**facts, text="建议停驶检测，提供代步车。", by=people["H09"], at=begun + timedelta(minutes=20))
    actions.write_incident_report(
        **facts,
        course="客户在高速行驶中刹车踏板变软，靠边停车后致电本店；本店派拖车将车拉回。",
        cause="初步判断制动管路排气不彻底，待拆检确认。",
        measures="提供代步车；拆检制动系统并换新制动液；技术主管复检签字。",
        lessons="制动系统作业后增加路试与二次检验签字。",
        by=people["H09"],
        at=begun + timedelta(hours=3),
    )
