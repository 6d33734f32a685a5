"""The workbook of a dry run (试算): months, people, rules, and every line behind them."""

from django.utils import translation
from django.utils.translation import gettext as _

from commission.models import DryRun
from commission.queries import Change, DryRunResult, result_of
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Refusal

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_CHANGE = [
    Column("现行方案", Kind.MONEY, total=True),
    Column("试算方案", Kind.MONEY, total=True),
    Column("差额", Kind.MONEY, total=True),
]


def dry_run_report(dry_run: DryRun, *, by, at) -> Report:
    """A dry run as it was kept. Raises Refusal while it is not made."""
    if dry_run.state != ReportState.MADE:
        raise Refusal(_("This dry run is not made yet."))
    version, result = dry_run.version, result_of(dry_run)
    with translation.override(_LANGUAGE):
        return Report(
            title="提成方案试算",
            file_stem=f"plan-dry-run-{version.plan.store.code}-v{version.number}-{dry_run.pk}",
            notes=[
                ("门店", f"{version.plan.store.code} {version.plan.store.name}"),
                ("方案版本", f"{version} {version.name}".strip()),
                ("生效月份", version.starts_period),
                ("试算月份", dry_run.months),
                ("试算时间", dry_run.made_at),
                ("试算人", str(dry_run.asked_by or "系统")),
                ("说明", "两种方案均按试算时的单据计算，仅方案不同。"),
                ("导出时间", at),
                ("导出人", str(by or "系统")),
            ],
            sheets=[_people(result), _months(result), _rules(result), _lines(dry_run)],
        ).held()


def _people(result: DryRunResult) -> Sheet:
    rows = [(one.subject.work_number, one.subject.name, *_amounts(one)) for one in result.people]
    return Sheet("人员", [Column("工号"), Column("姓名"), *_CHANGE], rows)


def _months(result: DryRunResult) -> Sheet:
    columns = [
        Column("月份"),
        Column("现行版本"),
        *_CHANGE,
        Column("已锁定实发", Kind.MONEY),
        Column("未试算原因", width=60),
    ]
    rows = [
        (
            month.part.period,
            str(month.part.against or ""),
            *_amounts(month.change),
            month.part.paid_amount,
            "；".join(month.problems),
        )
        for month in result.months
    ]
    return Sheet("月份", columns, rows)


def _rules(result: DryRunResult) -> Sheet:
    rows = [(one.subject[0], _(one.subject[1]), *_amounts(one)) for one in result.rules]
    return Sheet("项目", [Column("项目代码"), Column("项目", width=30), *_CHANGE], rows)


def _lines(dry_run: DryRun) -> Sheet:
    columns = [Column("月份"), Column("工号"), Column("姓名"), Column("项目代码"), Column("项目", width=30), *_CHANGE]
    lines = dry_run.lines.select_related("staff").order_by("period", "staff__work_number", "item")
    rows = [
        (
            line.period,
            line.staff.work_number,
            line.staff.name,
            line.item,
            _(line.name),
            *_amounts(Change(None, line.before_amount, line.after_amount)),
        )
        for line in lines
    ]
    return Sheet("明细", columns, rows)


def _amounts(change: Change) -> tuple:
    return change.before, change.after, change.gain
