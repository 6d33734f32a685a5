"""Complaints under way in the demo: one at every step of the loop, one stopped, one in round two, one from outside.

Everything goes through the actions the pages use.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from complaints import actions
from complaints.actions import Sheet
from complaints.choices import Category, ComplaintSource, PauseReason, Severity
from complaints.models import Complaint, Topic
from dealer_crm.seeding.at_the_car import made_up_photo
from dealer_crm.seeding.people import House
from reception.choices import OrderState
from reception.models import RepairOrder

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def complain(house: House, random: Random, at: datetime) -> None:
    """The complaints of today's scene, each brought as far as its story goes."""
    orders = list(
        RepairOrder.objects.filter(
            store=house.store, state=OrderState.DELIVERED, delivered_at__lt=at - timedelta(days=2)
        )
        .select_related("customer", "vehicle")
        .order_by("-delivered_at")[:20]
    )
    if len(orders) < len(_STORIES):
        return
    for order, story in zip(random.sample(orders, len(_STORIES)), _STORIES, strict=True):
        story(house, random, order, at)
    _from_outside(house, at)


def _recorded(house, order, *, begun, source, category, topic, description, wish="", by="H01", sheet=None, **more):
    return actions.record_complaint(
        store=house.store, order=order, customer=None, vehicle=None, source=source,
        severity=more.pop("severity", Severity.GENERAL), category=category,
        topic=Topic.objects.filter(category=category, name=topic).first(), received_at=begun,
        description=description, wish=wish, sheet=sheet or Sheet(concerned=[order.advisor]),
        by=house.staff[by], at=begun, **more,
    )  # fmt: skip


def _replied(house: House, complaint: Complaint, begun: datetime, text: str) -> None:
    actions.reply_to_customer(complaint=complaint, text=text, by=house.staff["H09"], at=begun + 40 * MINUTE)


def _advised(house: House, complaint: Complaint, begun: datetime, text: str) -> None:
    actions.advise(complaint=complaint, text=text, by=house.staff["H09"], at=begun + 55 * MINUTE)


def _decided(house: House, complaint: Complaint, begun: datetime, text: str, deadline_at: datetime) -> None:
    actions.decide(
        complaint=complaint, owner=house.staff["F01"], deadline_at=deadline_at, text=text, by=house.staff["M01"],
        at=begun + 80 * MINUTE,
    )  # fmt: skip


def _waiting_too_long(house, random, order, at):
    """Fresh, its first reply owed in less than an hour."""
    _recorded(
        house, order, begun=at - 70 * MINUTE, source=ComplaintSource.PHONE, category=Category.WAITING,
        topic="维修等待", description="客户来电：等了三个多小时才修好，期间没人告诉进度。", wish="要求说明原因",
    )  # fmt: skip


def _still_warm(house, random, order, at):
    """Advised; waits for the manager."""
    begun = at - 7 * HOUR
    complaint = _recorded(
        house, order, begun=begun, source=ComplaintSource.FRONT_DESK, category=Category.SKILL, topic="一次未修好",
        description="空调修过以后还是不制冷，这已经是第二次了。", wish="要求免费返修并道歉", by="F01",
        severity=Severity.IMPORTANT,
    )  # fmt: skip
    _replied(house, complaint, begun, "已致电致歉，约定今天回复处理方案。")
    _advised(house, complaint, begun, "建议安排技术主管复检，费用由本店承担。")


def _scratched(house, random, order, at):
    """Decided for another day: a time is agreed, and there are pictures."""
    begun = at - 5 * HOUR
    complaint = _recorded(
        house, order, begun=begun, source=ComplaintSource.FRONT_DESK, category=Category.SKILL, topic="车辆弄脏弄伤",
        description="提车时发现右后门有一道划痕，进厂照片上没有。", wish="要求喷漆修复", by="A01",
        sheet=Sheet(happened_at=begun - 2 * HOUR, place="洗车区", concerned=[house.staff["T02"]]),
        evidence=[made_up_photo("右后门划痕.jpg", random), made_up_photo("进厂照片.jpg", random)],
    )  # fmt: skip
    _replied(house, complaint, begun, "已当面致歉，承诺负责修复。")
    _advised(house, complaint, begun, "比对进厂照片属实，建议免费喷漆并提供代步车。")
    _decided(house, complaint, begun, "钣喷组免费修复，当天无法完成，与客户约定时间。", at + 48 * HOUR)
    actions.arrange(
        complaint=complaint, promised_at=(at + 24 * HOUR).replace(minute=0, second=0, microsecond=0),
        text="客户送车，右后门喷漆，提供代步车", by=house.staff["F01"], at=begun + 100 * MINUTE,
    )  # fmt: skip


def _price_explained(house, random, order, at):
    """Put right; waits for the check."""
    begun = at - 9 * HOUR
    complaint = _recorded(
        house, order, begun=begun, source=ComplaintSource.CALL, category=Category.PRICE, topic="与报价不符",
        description="结算时比报价多了两百多元，没有提前告知。",
    )  # fmt: skip
    _replied(house, complaint, begun, "已致歉，正在核对工单。")
    _advised(house, complaint, begun, "增项未经客户确认，建议退差价。")
    _decided(house, complaint, begun, "退还差价，由前台主管当面说明。", at + 2 * HOUR)
    actions.remedy(
        complaint=complaint, text="已退差价并逐项说明，客户接受。", by=house.staff["F01"], at=at - 50 * MINUTE
    )


def _promise_broken(house, random, order, at):
    """Checked; the customer is to be asked again."""
    begun = at - 11 * HOUR
    complaint = _recorded(
        house, order, begun=begun, source=ComplaintSource.MANUFACTURER, category=Category.PROMISE,
        topic="未按时交车", description="厂家热线转来：承诺下午三点交车，晚上七点才交。",
    )  # fmt: skip
    _replied(house, complaint, begun, "已联系客户致歉并说明原因。")
    _advised(house, complaint, begun, "建议赠送洗车券，检讨派工。")
    _decided(house, complaint, begun, "前台主管上门致歉。", at + HOUR)
    actions.remedy(complaint=complaint, text="已致歉，客户接受解释。", by=house.staff["F01"], at=at - 3 * HOUR)
    actions.check_remedy(complaint=complaint, is_good=True, text="属实", by=house.staff["M01"], at=at - 2 * HOUR)


def _part_awaited(house, random, order, at):
    """The clock stands: the customer must bring the car."""
    begun = at - 6 * HOUR
    complaint = _recorded(
        house, order, begun=begun, source=ComplaintSource.PHONE, category=Category.PRODUCT, topic="异响",
        description="更换减震后过减速带仍有异响。", wish="要求彻底解决",
    )  # fmt: skip
    _replied(house, complaint, begun, "已致歉，请客户方便时送车复检。")
    actions.pause_clock(
        complaint=complaint, kind=PauseReason.CAR, reason="客户周末送车", by=house.staff["H09"], at=begun + HOUR
    )


def _second_round(house, random, order, at):
    """The customer was not satisfied: round two, and a first reply that came too late."""
    begun = at - 20 * HOUR
    complaint = _recorded(
        house, order, begun=begun, source=ComplaintSource.CALL, category=Category.ATTITUDE, topic="推诿不理",
        description="多次询问进度，接待人员互相推诿。", severity=Severity.IMPORTANT,
    )  # fmt: skip
    actions.reply_to_customer(
        complaint=complaint, text="已致歉。", by=house.staff["H09"], at=begun + timedelta(hours=2, minutes=30)
    )
    _advised(house, complaint, begun + 2 * HOUR, "建议当面致歉，明确责任人。")
    _decided(house, complaint, begun + 2 * HOUR, "前台主管当面致歉。", at + HOUR)
    actions.remedy(complaint=complaint, text="已电话致歉。", by=house.staff["F01"], at=begun + 8 * HOUR)
    actions.check_remedy(complaint=complaint, is_good=True, by=house.staff["M01"], at=begun + 9 * HOUR)
    actions.ask_customer(
        complaint=complaint, is_satisfied=False, text="客户要求当事人当面致歉，电话致歉不接受。",
        by=house.staff["H01"], at=begun + 12 * HOUR,
    )  # fmt: skip


def _from_outside(house: House, at: datetime) -> None:
    """By the code on the wall, of somebody whose number the archive may know."""
    actions.take_from_public(
        store=house.store, caller_name="周女士", caller_phone="13916020304", plate="",
        description="客休区的咖啡机坏了好几天，洗手间也没人打扫，等的时候很难受。", wish="希望改善",
        form_key=UUID(int=house.store.pk), at=at - 25 * MINUTE,
    )  # fmt: skip


_STORIES: tuple[Callable, ...] = (
    _waiting_too_long, _still_warm, _scratched, _price_explained, _promise_broken, _part_awaited, _second_round,
)  # fmt: skip
