"""The cards the program brings along; a store changes them by new versions. Source: spec `commission.md` (Scorecards).

Names are Chinese: they are what the house calls its items, not texts of the program. Where the page names no scale, an
item is in proportion to what was done; where it names no indicators (advisor, manager), those of the catalogue.
"""

from dataclasses import dataclass
from decimal import Decimal

from dealer_crm.access.roles import Role
from dealer_crm.appraisal.formulas import (
    AT_LEAST,
    AT_MOST,
    BONUS,
    DEDUCTION,
    EACH,
    EACH_OVER,
    GIVEN,
    INDICATOR,
    LINEAR,
    Item,
    Rule,
    Step,
    Tier,
)
from dealer_crm.organization.choices import Post


@dataclass(frozen=True)
class Card:
    """`items`: (item, how it is judged)."""

    code: str
    name: str
    posts: tuple[Post, ...]
    items: tuple[tuple[Item, str], ...]


def _number(value) -> Decimal:
    return Decimal(str(value))


def given(section: str, name: str, points, role: Role, note: str = "", kind: str = INDICATOR):
    return Item(section, name, Rule(kind, _number(points), GIVEN), role.value), note


def each(section: str, name: str, points, *steps: tuple[str, object], over: bool = False, note: str = ""):
    """So many points off for each event, or for each one over the target."""
    counted = tuple(Step(source, _number(step)) for source, step in steps)
    return Item(section, name, Rule(INDICATOR, _number(points), EACH_OVER if over else EACH, counted)), note


def tiered(
    section: str, name: str, points, source: str, *tiers: tuple[object, object], scale: str = AT_LEAST, rest=0,
    note: str = "", kind: str = INDICATOR,
):  # fmt: skip
    """Points by tiers: (limit, points), the best first; beyond the last one `rest`."""
    steps = tuple(Tier(_number(limit), _number(its)) for limit, its in tiers)
    rule = Rule(kind, _number(points), scale, (Step(source, Decimal(0)),), steps, _number(rest))
    return Item(section, name, rule), note


def share_of(section: str, name: str, points, source: str, *, full_at=1, zero_at=0, note: str = ""):
    """In proportion: at `zero_at` nothing, at `full_at` everything."""
    rule = Rule(
        INDICATOR, _number(points), LINEAR, (Step(source, Decimal(0)),),
        zero_at=_number(zero_at), full_at=_number(full_at),
    )  # fmt: skip
    return Item(section, name, rule), note


def breaches(role: Role, *names: tuple[str, int]):
    """Deduction items; the points are the most they take off."""
    return tuple(given("扣分项", name, points, role, "按次扣分，写明事由", DEDUCTION) for name, points in names)


ADVISOR = Card(
    "advisor", "业务接待考核表", (Post.ADVISOR, Post.ADVISOR_ASSISTANT),
    (
        each("交车", "准时交车", 20, ("advisor_on_time", 1), over=True, note="超出目标的延误车辆每台扣 1 分"),
        tiered("满意度", "本人客户满意度指数", 20, "own_satisfaction", (900, 20), (880, 15), (850, 10)),
        each("投诉", "本人责任投诉", 20, ("own_complaints", 10)),
        each("资料", "客户资料与结算差错", 10, ("wrong_entries", 1)),
        given("现场", "接待礼仪与六大件", 10, Role.FRONTDESK),
        share_of("现场", "现场 5S 与单据检查", 10, "workplace_points", full_at=100, note="接待区各次检查的得分率"),
        tiered("学习", "培训成绩", 10, "training_scores", (85, 10), note="85 分及以上得满分，低于 85 分不得分"),
        given("加分项", "客户书面表扬", 5, Role.FRONTDESK, "每次加 1 分", BONUS),
        *breaches(Role.FRONTDESK, ("违反接待流程", 10), ("私自承诺客户", 10)),
    ),
)  # fmt: skip

TECHNICIAN = Card(
    "technician", "技师考核表", (Post.TECHNICIAN, Post.TEAM_LEADER),
    (
        each("质量", "外返", 30, ("comebacks", 1), over=True, note="超出目标每台扣 1 分"),
        each("质量", "内返", 10, ("rework", 1)),
        each("时间", "准时交车", 30, ("technician_on_time", 1), over=True, note="超出目标每台扣 1 分"),
        given("现场", "工位 5S", 10, Role.WORKSHOP),
        given("现场", "工具与设备保养", 5, Role.WORKSHOP),
        share_of("现场", "车间现场检查", 5, "workplace_points", full_at=100, note="所在车间各次检查的得分率"),
        tiered("学习", "培训成绩", 10, "training_scores", (85, 10), note="85 分及以上得满分，低于 85 分不得分"),
        given("加分项", "客户书面表扬", 5, Role.WORKSHOP, "每次加 1 分", BONUS),
        *breaches(Role.WORKSHOP, ("违反安全操作规程", 10), ("违反劳动纪律", 5)),
    ),
)  # fmt: skip

AGENT = Card(
    "agent", "回访专员考核表", (Post.CALLBACK_AGENT,),
    (
        share_of("回访", "已解决问题次日跟踪回访", 5, "calls_complaint"),
        share_of("回访", "周一抽样回访", 3, "calls_weekly"),
        share_of("回访", "月度满意度调查", 6, "calls_monthly"),
        share_of("回访", "30% 抽查复核", 3, "calls_recheck"),
        share_of("信息", "错误客户资料上报", 3, "unreported_numbers"),
        each("信息", "日报及时", 3, ("daily_reports", 1), note="每迟一次扣 1 分"),
        tiered("信息", "信息反馈及时率", 5, "feedback_in_time", ("0.98", 5), ("0.95", 4), ("0.85", 3)),
        tiered("投诉", "投诉处理及时率", 5, "complaint_speed", ("0.98", 5), note="2 小时内回复且 24 小时内解决"),
        tiered("投诉", "投诉处理满意率", 5, "complaint_satisfied", ("0.98", 5), ("0.95", 4), ("0.90", 3)),
        each("投诉", "本人责任", 5, ("own_complaints", 2), ("wrong_numbers", 1),
             note="投诉每件扣 2 分，录错号码每个扣 1 分"),
        given("日常工作", "客户数据库与细分", 5, Role.CRC),
        given("日常工作", "资料归档", 4, Role.CRC),
        given("日常工作", "信函与邮件", 4, Role.CRC),
        given("日常工作", "关怀活动", 3, Role.CRC),
        given("日常工作", "进度跟踪", 4, Role.CRC),
        given("日常工作", "潜客跟进", 4, Role.CRC),
        share_of("学习与汇报", "工作日志", 5, "work_logs"),
        each("学习与汇报", "月报（3 日前）", 5, ("relations_report", 5), note="3 日前完成得满分，迟交不得分"),
        tiered("学习与汇报", "培训成绩", 5, "training_scores", (85, 5), note="85 分及以上得满分，低于 85 分不得分"),
        share_of("行为规范", "电话礼仪", 8, "call_quality", full_at=100),
        given("行为规范", "仪容仪表与工作环境", 5, Role.CRC),
        given("行为规范", "劳动纪律与协作", 5, Role.CRC),
        given("加分项", "客户表扬", 5, Role.CRC, "每次加 1 分", BONUS),
        tiered("加分项", "满意度提升", 5, "satisfaction_gain", (20, 5), (10, 3), (5, 1), kind=BONUS),
        *breaches(Role.CRC, ("泄露客户资料", 10), ("虚假回访记录", 10), ("顶撞客户", 5)),
    ),
)  # fmt: skip

RELATIONS = Card(
    "relations", "客户关系部考核表", (Post.CRC_SUPERVISOR,),
    (
        each("信息", "报表及时", 10, ("relations_report", 2), note="每迟一天扣 2 分"),
        tiered("满意度", "厂家满意度排名", 20, "factory_place",
               ("0.10", 20), ("0.25", 16), ("0.40", 12), ("0.50", 8), ("0.60", 4), scale=AT_MOST,
               note="区域排名前 10 / 25 / 40 / 50 / 60 %"),
        share_of("回访", "售后回访期内完成率", 20, "calls_service"),
        share_of("回访", "30% 抽查复核", 5, "calls_recheck"),
        tiered("投诉", "投诉处理及时率", 10, "complaint_speed", ("0.98", 10)),
        tiered("投诉", "投诉处理满意率", 10, "complaint_satisfied", ("0.98", 10), ("0.95", 8), ("0.90", 6)),
        given("管理", "团队培训与辅导", 10, Role.MANAGER),
        given("管理", "月度改进计划落实", 10, Role.MANAGER),
        given("管理", "部门协作", 5, Role.MANAGER),
        tiered("加分项", "满意度提升", 5, "satisfaction_gain", (20, 5), (10, 3), (5, 1), kind=BONUS),
        *breaches(Role.MANAGER, ("瞒报投诉", 10), ("泄露客户资料", 10)),
    ),
)  # fmt: skip

MANAGER = Card(
    "manager", "服务经理考核表", (Post.SERVICE_MANAGER,),
    (
        tiered("满意度", "服务满意度指数", 20, "kpi.csi", (900, 20), (880, 15), (850, 10)),
        tiered("交车", "准时交车率", 20, "kpi.on_time", ("0.96", 20), ("0.93", 15), ("0.90", 10)),
        tiered("质量", "外返率", 15, "kpi.external_comeback", ("0.005", 15), ("0.010", 10), ("0.020", 5),
               scale=AT_MOST),
        tiered("投诉", "投诉处理及时率", 10, "complaint_speed", ("0.98", 10)),
        tiered("投诉", "投诉处理满意率", 10, "complaint_satisfied", ("0.98", 10), ("0.95", 8), ("0.90", 6)),
        share_of("回访", "售后回访期内完成率", 10, "calls_service"),
        given("管理", "经营目标达成", 10, Role.DIRECTOR),
        given("管理", "团队管理与安全", 5, Role.DIRECTOR),
        tiered("加分项", "满意度提升", 5, "satisfaction_gain", (20, 5), (10, 3), (5, 1), kind=BONUS),
        *breaches(Role.DIRECTOR, ("重大投诉处理不当", 10), ("安全事故", 10)),
    ),
)  # fmt: skip

CARDS = (ADVISOR, TECHNICIAN, AGENT, RELATIONS, MANAGER)
