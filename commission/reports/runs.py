"""The commission workbook (提成). Sheets and headers are laid down in spec `interfaces.md` (report workbooks)."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commission.choices import LineKind
from commission.models import CountedRow, Run, StatementLine
from commission.queries import (
    carry_over_of,
    corrected_months,
    explanation_of,
    notes_of_rows,
    statements_of,
    team_figures,
)
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.choices import POST_NAMES, TEAM_KIND_NAMES
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Refusal

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"


def commission_report(*, store, period, by, at) -> Report:
    """The workbook of a month's run as it was kept. Raises Refusal when the month has not been computed."""
    run = Run.objects.filter(store=store, period=str(period)).select_related("store", "plan_version__plan").first()
    if run is None:
        raise Refusal(_("The commission of %(month)s has not been computed yet.") % {"month": period})
    return run_report(run, by=by, at=at)


def run_report(run: Run, *, by, at) -> Report:
    with translation.override(_LANGUAGE):
        return Report(
            title="提成",
            file_stem=f"commission-{run.store.code}-{run.period}",
            notes=[
                ("门店", f"{run.store.code} {run.store.name}"),
                ("期间", run.period),
                ("状态", run.get_state_display()),
                ("提成方案", f"{run.plan_version.plan.name} v{run.plan_version.number}"),
                ("核算时间", run.computed_at),
                ("核算人", str(run.computed_by or "系统")),
                ("导出时间", at),
                ("导出人", str(by or "系统")),
            ],
            sheets=[
                _people(run),
                _items(run),
                _pool(run),
                _teams(run),
                _rows(run),
                _waiting(run),
                *_corrections(run),
            ],
        ).held()


def _people(run: Run) -> Sheet:
    """One row a person. 提成项目合计 is what sheet 项目 adds up to, corrections of locked months included."""
    columns = [
        Column("工号"),
        Column("姓名"),
        Column("岗位"),
        Column("班组"),
        Column("提成项目合计", Kind.MONEY, total=True),
        Column("投诉扣罚", Kind.MONEY, total=True),
        Column("考核扣罚", Kind.MONEY, total=True),
        Column("调整", Kind.MONEY, total=True),
        Column("实发提成", Kind.MONEY, total=True),
    ]
    rows = [
        (
            slip.staff.work_number,
            slip.staff.name,
            POST_NAMES.get(slip.post, slip.post),
            slip.team.name if slip.team else "",
            slip.gross_amount + slip.correction_amount,
            slip.complaint_amount,
            slip.appraisal_amount,
            slip.adjustment_amount,
            slip.net_amount,
        )
        for slip in statements_of(run)
    ]
    return Sheet("汇总", columns, rows)


def _items(run: Run) -> Sheet:
    """The commission items and the corrections of locked months, these with their month; they add up to 提成项目合计.
    Deductions and adjustments stand on 汇总."""
    columns = [
        Column("工号"),
        Column("项目代码"),
        Column("项目", width=26),
        Column("基数", Kind.NUMBER),
        Column("比例", Kind.NUMBER),
        Column("系数", Kind.NUMBER),
        Column("金额", Kind.MONEY, total=True),
    ]
    lines = StatementLine.objects.filter(run=run, kind__in=[LineKind.ITEM, LineKind.CORRECTION]).order_by("position")
    rows = [
        (number, item, f"{_(name)} {month}更正" if month else _(name), base, rate, factor, amount)
        for number, item, name, month, base, rate, factor, amount in lines.values_list(
            "statement__staff__work_number", "item", "name", "correction__corrected_run__period", "base", "rate",
            "factor", "amount",
        )
    ]  # fmt: skip
    return Sheet("项目", columns, rows)


def _pool(run: Run) -> Sheet:
    rows = [(figure["name"], Decimal(figure["explanation"]["amount"])) for figure in run.figures.get("pool", ())]
    return Sheet("业务接待", [Column("项目", width=20), Column("数值", Kind.NUMBER, width=18)], rows)


def _teams(run: Run) -> Sheet:
    columns = [
        Column("班组"),
        Column("类型"),
        Column("标准工时", Kind.HOURS),
        Column("工时单价", Kind.MONEY),
        Column("辅料", Kind.MONEY),
        Column("税率除数", Kind.NUMBER),
        Column("比例", Kind.NUMBER),
        Column("班组提成", Kind.MONEY, total=True),
    ]
    rows = [
        (
            team["team"] or team["title"],
            TEAM_KIND_NAMES.get(team["kind"], team["kind"]),
            *(team[name] for name in ("hours", "hour_price", "consumables", "divisor", "rate", "amount")),
        )
        for team in team_figures(run)
    ]
    return Sheet("班组", columns, rows)


def _rows(run: Run) -> Sheet:
    columns = [
        Column("项目代码"),
        Column("工号或班组"),
        Column("来源"),
        Column("单号", width=24),
        Column("日期", Kind.DATE),
        Column("数值", Kind.NUMBER),
        Column("计入金额", Kind.NUMBER),
        Column("工单号", width=24),
        Column("说明", width=28),
    ]
    return Sheet("明细", columns, _row_values(run))


def _row_values(run: Run) -> Iterator[tuple]:
    notes, sources = notes_of_rows(), _SOURCES
    rows = CountedRow.objects.filter(run=run).order_by("position")
    for item, receiver, kind, number, day, value, counted, order, note in rows.values_list(
        "item", "receiver", "kind", "number", "day", "value", "counted", "order_number", "note"
    ):
        yield item, receiver, sources.get(kind, kind), number, day, value, counted, order, notes.get(note, note)


# What a counted document is called on the sheet.
_SOURCES = {
    "receipt": "收款",
    "assessment": "事故定损",
    "settlement": "结算",
    "line": "工单项目",
    "labour": "工时",
    "accessory": "精品",
    "sale": "精品销售",
    "consumable": "辅料领用",
    "hour_deduction": "扣除工时",
    "complaint": "投诉",
    "score": "考核成绩",
    "adjustment": "调整",
    "order": "工单",
    "appointment": "预约",
    "incentive": "激励",
}


def _waiting(run: Run) -> Sheet:
    columns = [
        Column("工单号", width=24),
        Column("来源"),
        Column("日期", Kind.DATE),
        Column("金额", Kind.MONEY, total=True),
        Column("原因", width=44),
    ]
    rows = [
        (item["order"], _SOURCES.get(item["kind"], item["kind"]), item["day"], item["amount"], item["reason"])
        for item in carry_over_of(run)
    ]
    return Sheet("结转", columns, rows)


def _corrections(run: Run) -> list[Sheet]:
    """更正: what locked months lacked, why, and which documents count differently; only where there is something."""
    months = corrected_months(run)
    if not months:
        return []
    columns = [
        Column("原月份"),
        Column("工号"),
        Column("姓名"),
        Column("项目代码"),
        Column("项目", width=26),
        Column("更正金额", Kind.MONEY, total=True),
        Column("说明", width=60),
        Column("原因", width=44),
        Column("变动单据", width=44),
    ]
    rows = [
        (
            month.period, line.statement.staff.work_number, line.statement.staff.name, line.item, _(line.name),
            line.amount, explanation_of(line.explanation).sentence, "；".join(month.causes),
            "；".join(f"{row.number} {row.before.normalize():f}→{row.now.normalize():f}" for row in month.rows),
        )
        for month in months
        for line in month.lines
    ]  # fmt: skip
    return [Sheet("更正", columns, rows)]


registry.register(
    code="commission",
    title=gettext_lazy("Commission"),
    permission=Permission.RUN_VIEW,
    build=commission_report,
    order=10,
)
