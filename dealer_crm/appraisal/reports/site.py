"""A month's site checks and training as a workbook. Source: spec `commission.md` (Site checks)."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal.queries import site, training
from dealer_crm.organization.models import Store
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Period

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"


def site_report(*, store: Store, period: Period, by, at) -> Report:
    """The month by list, every round, every finding, and who was trained."""
    today = at.astimezone(store.tz).date()
    with translation.override(_LANGUAGE):
        sheets = [
            _lists(store, period, today),
            _rounds(store, period),
            _findings(store, period),
            _training(store, period),
        ]
    return Report(
        title="现场考核",
        file_stem=f"site-checks-{store.code}-{period}",
        notes=[
            ("门店", f"{store.code} {store.name}"),
            ("期间", str(period)),
            ("导出时间", at),
            ("导出人", str(by or "系统")),
            ("重复问题", "同一检查项目在规定天数内再次不合格"),
        ],
        sheets=sheets,
    )


def _lists(store: Store, period: Period, today) -> Sheet:
    columns = [
        Column("检查表", width=22),
        Column("区域", width=14),
        Column("类别", width=10),
        Column("责任人", width=10),
        Column("计划次数", Kind.INT, total=True),
        Column("已检查", Kind.INT, total=True),
        Column("漏检", Kind.INT, total=True),
        Column("满分", Kind.INT, total=True),
        Column("得分", Kind.NUMBER, total=True),
        Column("得分率", Kind.PERCENT),
        Column("问题数", Kind.INT, total=True),
        Column("重复问题", Kind.INT, total=True),
        Column("按期整改率", Kind.PERCENT),
    ]
    rows = [
        (
            one.list.name,
            str(one.list.get_area_display()),
            str(one.list.get_kind_display()),
            one.list.answers.name if one.list.answers else "",
            one.planned,
            one.walked,
            one.missed,
            one.full,
            one.given,
            one.rate,
            one.findings,
            one.repeats,
            one.in_time_rate,
        )
        for one in site.month_of_lists(store, period, today=today)
    ]
    return Sheet("汇总", columns, rows)


def _rounds(store: Store, period: Period) -> Sheet:
    columns = [
        Column("计划日期", Kind.DATE),
        Column("检查表", width=22),
        Column("检查人", width=10),
        Column("责任人", width=10),
        Column("检查时间", Kind.DATETIME),
        Column("满分", Kind.INT),
        Column("得分", Kind.NUMBER),
        Column("问题数", Kind.INT),
        Column("状态", width=10),
        Column("备注", width=30),
    ]
    rows = [
        (
            one.planned_on,
            one.list.name,
            one.checker.name,
            one.answers.name if one.answers else "",
            one.walked_at,
            one.full,
            one.given,
            one.found if one.walked_at else None,
            str(one.get_state_display()),
            one.remark,
        )
        for one in site.rounds_of_month(store, period)
    ]
    return Sheet("检查记录", columns, rows)


def _findings(store: Store, period: Period) -> Sheet:
    columns = [
        Column("发现时间", Kind.DATETIME),
        Column("检查表", width=22),
        Column("检查项目", width=26),
        Column("问题", width=34),
        Column("连续次数", Kind.INT),
        Column("发现人", width=10),
        Column("整改人", width=10),
        Column("整改期限", Kind.DATE),
        Column("整改措施", width=34),
        Column("整改时间", Kind.DATETIME),
        Column("复查人", width=10),
        Column("关闭时间", Kind.DATETIME),
        Column("状态", width=12),
    ]
    rows = [
        (
            one.found_at,
            one.result.round.list.name,
            one.result.text,
            one.what,
            one.times,
            one.found_by.name,
            one.owner.name,
            one.due_on,
            one.remedy,
            one.remedied_at,
            one.closed_by.name if one.closed_by else "",
            one.closed_at,
            str(one.get_state_display()),
        )
        for one in site.findings_of_month(store, period)
    ]
    return Sheet("问题整改", columns, rows)


def _training(store: Store, period: Period) -> Sheet:
    columns = [
        Column("工号"),
        Column("姓名"),
        Column("应参加", Kind.INT),
        Column("出席", Kind.INT),
        Column("请假", Kind.INT),
        Column("测试平均分", Kind.NUMBER),
    ]
    rows = [
        (one.person.work_number, one.person.name, one.invited, one.there, one.excused, one.mean)
        for one in training.trained_in_month(store, period)
    ]
    return Sheet("培训", columns, rows)


registry.register(
    code="site_checks",
    title=_("Site checks and training"),
    permission=Permission.REPORT_VIEW,
    build=site_report,
    order=46,
    description=_("The month's rounds by check-list, findings with their remedy, who was trained."),
)
