"""The monthly complaint workbook (投诉). Source: spec `complaints.md` (reports), `interfaces.md` (report workbooks)."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from complaints.queries import MonthStatistics, ageing, complaints_for_report, month_statistics
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.registry import Edition
from dealer_crm.reporting.report import Column, Kind, Report, Sheet

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"


def complaint_report(*, store, period, by, at) -> Report:
    with translation.override(_LANGUAGE):
        month = month_statistics(store, period, at=at)
        return Report(
            title="投诉月报",
            file_stem=f"complaints-{store.code}-{period}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                ("期间", str(period)),
                ("口径", "按投诉受理时间归月；及时率扣除等待客户的时间；时钟仍在走的投诉不计入及时率"),
                ("数据时间", at),
                ("制表人", str(by or "系统")),
            ],
            sheets=[
                _summary(month),
                _counts("来源", "来源", month.sources),
                _counts("级别", "级别", month.severities),
                _causes(month),
                _people(month),
                _departments(month),
                _costs(month),
                _details(store, period),
                _open_ones(store, at),
            ],
        ).held()


def _summary(month: MonthStatistics) -> Sheet:
    columns = [
        Column("指标", width=22),
        Column("数值", Kind.NUMBER),
        Column("分子", Kind.INT),
        Column("分母", Kind.INT),
        Column("目标", Kind.NUMBER),
    ]
    rates = [
        ("首次回复及时率", month.replied),
        ("解决及时率", month.solved),
        ("处理结果满意率", month.satisfied),
        ("重复处理率", month.repeated),
        (f"{month.reply_hours:g}小时内回复率", month.replied_soon),
        (f"{month.solve_hours:g}小时内解决率", month.solved_soon),
        ("重复投诉率", month.same_matter),
    ]
    return Sheet(
        "汇总",
        columns,
        [
            ("投诉件数", month.complaints, None, None, None),
            ("上月件数", month.previous, None, None, None),
            ("已结案", month.closed, None, None, None),
            ("已判定", month.judged, None, None, None),
            ("属实", month.verified, None, None, None),
            ("补偿金额", month.goodwill_amount, None, None, None),
            *(
                (title, None if rate.value is None else round(rate.value, 4), rate.part, rate.whole, rate.target)
                for title, rate in rates
            ),
        ],
    )


def _counts(title: str, label: str, rows: list[tuple[str, int]]) -> Sheet:
    return Sheet(title, [Column(label, width=18), Column("件数", Kind.INT, total=True)], rows)


def _causes(month: MonthStatistics) -> Sheet:
    columns = [
        Column("类别", width=18),
        Column("件数", Kind.INT, total=True),
        Column("占比", Kind.PERCENT),
        Column("累计占比", Kind.PERCENT),
    ]
    return Sheet("类别", columns, [(one.label, one.count, one.share, one.cumulated) for one in month.categories])


def _people(month: MonthStatistics) -> Sheet:
    columns = [
        Column("工号"),
        Column("姓名"),
        Column("属实投诉", Kind.INT, total=True),
        Column("责任份额", Kind.NUMBER, total=True),
    ]
    rows = [(one.work_number, one.name, one.count, one.shares) for one in month.people]
    return Sheet("责任人", columns, rows, empty="本月没有属实投诉")


def _departments(month: MonthStatistics) -> Sheet:
    columns = [
        Column("部门", width=18),
        Column("属实投诉", Kind.INT, total=True),
        Column("责任份额", Kind.NUMBER, total=True),
    ]
    return Sheet("部门", columns, month.departments, empty="本月没有属实投诉")


def _costs(month: MonthStatistics) -> Sheet:
    columns = [
        Column("补偿方式", width=18),
        Column("笔数", Kind.INT, total=True),
        Column("金额", Kind.MONEY, total=True),
    ]
    return Sheet("补偿", columns, month.costs, note="本月受理的投诉已批准的补偿。", empty="没有补偿")


def _details(store, period) -> Sheet:
    columns = [
        Column("投诉编号", width=22),
        Column("受理时间", Kind.DATETIME),
        Column("来源"),
        Column("级别"),
        Column("类别"),
        Column("客户"),
        Column("车牌号"),
        Column("工单号", width=20),
        Column("投诉内容", width=40),
        Column("客户诉求", width=30),
        Column("责任处理人"),
        Column("首次回复时间", Kind.DATETIME),
        Column("解决时间", Kind.DATETIME),
        Column("结案时间", Kind.DATETIME),
        Column("状态", width=18),
        Column("轮次", Kind.INT),
        Column("客户满意"),
        Column("是否属实"),
        Column("责任人"),
        Column("补偿金额", Kind.MONEY, total=True),
    ]
    return Sheet("明细", columns, [_detail(one) for one in complaints_for_report(store, period)])


def _detail(one) -> tuple:
    people = "、".join(f"{row.staff.name} {row.share * 100:.0f}%" for row in one.responsibilities.all())
    return (
        one.number,
        one.received_at,
        one.get_source_display(),
        one.get_severity_display(),
        one.get_category_display(),
        one.customer.name if one.customer else "",
        one.vehicle.plate if one.vehicle else "",
        one.order.number if one.order else "",
        one.description,
        one.wish,
        one.owner.name if one.owner else "",
        one.first_reply_at,
        one.solved_at,
        one.closed_at,
        one.get_state_display(),
        one.round,
        _yes_no(one.is_satisfied),
        _yes_no(one.is_verified),
        people,
        one.goodwill_amount,
    )


def _open_ones(store, at) -> Sheet:
    columns = [
        Column("投诉编号", width=22),
        Column("受理时间", Kind.DATETIME),
        Column("级别"),
        Column("类别"),
        Column("客户"),
        Column("状态", width=18),
        Column("处理人"),
        Column("应解决时间", Kind.DATETIME),
        Column("已历时（天）", Kind.INT),
    ]
    rows = [
        (
            one.number,
            one.received_at,
            one.get_severity_display(),
            one.get_category_display(),
            one.customer.name if one.customer else "",
            one.get_state_display(),
            one.owner.name if one.owner else "",
            one.solve_due_at,
            (at - one.received_at).days,
        )
        for one in ageing(store)
    ]
    return Sheet("未结案", columns, rows, note="制表时仍未结案的投诉，最早的在前。", empty="没有未结案的投诉")


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"


registry.register(
    code="complaints",
    title=_("Complaint monthly report"),
    permission=Permission.COMPLAINT_VIEW,
    build=complaint_report,
    description=_("The month's complaints by source, severity, category and person, and what is still open."),
    editions=(Edition("first", day=1, hour=2), Edition("final", day=5, hour=2)),
    order=40,
)
