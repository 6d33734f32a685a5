"""What the workshop puts into the paper pack; its measures, its catalogue and its consumables as workbooks."""

from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.reporting import registry
from dealer_crm.reporting.exports import register_export
from dealer_crm.reporting.paper import register_paper
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.ui.fields import month_asked
from dealer_crm.values import Period
from reception.models import Operation, OperationHours
from workshop import queries
from workshop.choices import HOURS, Counted, InspectionLevel, MeasureUnit, Stay
from workshop.forms import ConsumablesFilter, OperationFilter
from workshop.models import ConsumableIssue
from workshop.queries import Counts, Shown, Span, Whose
from workshop.resources.catalogue import SKILLS


def levels(*, staff, at) -> dict:
    return {"levels": [level.label for level in InspectionLevel]}


register_paper(
    code="inspection", title=_("Job and inspection sheet (blank)"), permission=Permission.JOB_VIEW, order=60,
    is_blank=True, template="workshop/paper_inspection.html", build=levels,
)  # fmt: skip


# ── Operations catalogue: the sheet of the import workbook, so that what is taken out can be brought back ────────────
def operations_asked(staff: Staff, asked: QueryDict, at):
    found = OperationFilter(asked, Operation.objects.visible_to(staff)).qs
    rows = OperationHours.objects.filter(operation__in=found).select_related("operation__store")
    return rows.order_by("operation__store__code", "operation__code", "family")


def operation_cells(row: OperationHours, _phone) -> tuple:
    one = row.operation
    words = {value: word for word, value in SKILLS.items()}
    return (
        one.store.code, one.code, one.name, words[one.skill], row.family, row.standard_hours, one.price,
        one.duration_hours, "是" if one.is_active else "否",
    )  # fmt: skip


register_export(
    code="operations",
    title=_("Operations catalogue"),
    sheet="工时定额",
    permission=Permission.ORDER_VIEW,
    rows=operations_asked,
    cells=operation_cells,
    columns=[
        Column("门店代码", width=10),
        Column("工时代码", width=16),
        Column("名称", width=30),
        Column("技能", width=12),
        Column("车系", width=14),
        Column("标准工时", Kind.HOURS),
        Column("客户价", Kind.MONEY),
        Column("标准用时", Kind.HOURS),
        Column("是否启用", width=10),
    ],
)


# ── What was signed out in a month, as its page shows it; the first columns are those of the import workbook ──────────
def issues_asked(staff: Staff, asked: QueryDict, at):
    month, _form = month_asked(asked, Period.of(timezone.localdate(at)))
    rows, chosen = queries.consumable_issues(staff, month), ConsumablesFilter(asked, store=staff.store)
    if chosen.is_valid() and (team := chosen.cleaned_data["team"]):
        rows = rows.filter(team=team)
    return rows.select_related("store").order_by("issued_on", "pk")


def issue_cells(row: ConsumableIssue, _phone) -> tuple:
    person, wrong = row.issued_to, row.takes_back
    return (
        row.number, row.store.code, row.team.name, row.issued_on, row.name, row.amount, row.quantity,
        person.name if person else "", wrong.number if wrong else "",
    )  # fmt: skip


register_export(
    code="consumables",
    title=_("Consumables issued"),
    sheet="辅料领用",
    permission=Permission.CONSUMABLE_CHANGE,
    rows=issues_asked,
    cells=issue_cells,
    columns=[
        Column("领用单号", width=22),
        Column("门店代码", width=10),
        Column("班组", width=14),
        Column("领用日期", Kind.DATE),
        Column("名称", width=30),
        Column("金额", Kind.MONEY),
        Column("数量", Kind.NUMBER),
        Column("领用人", width=12),
        Column("冲回单号", width=22),
    ],
)


# ── The measures, of the store, a team or a technician; every number with what it is counted from ────────────────────
def month_of_workshop(*, store, period, by, at) -> Report:
    [span] = queries.spans_of(store, [(period.first_day, period.last_day)], at)
    return measures_report(span, by=by, file_stem=f"workshop-{store.code}-{period}")


def measures_report(span: Span, *, by, file_stem: str = "", whose: Whose | None = None, name: str = "") -> Report:
    """What the page of measures shows, and behind it every row that was counted; `whose` None: the whole store's."""
    counts, store, whose = queries.everybodys_counts(span), span.store, whose or Whose()
    with translation.override("zh-hans"):
        return Report(
            title="车间指标",
            file_stem=file_stem or f"workshop-{store.code}-{span.first:%Y%m%d}-{span.last:%Y%m%d}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                *([("统计对象", name)] if name else []),
                ("期间", f"{span.first} 至 {span.last}"),
                ("数据时间", span.at),
                ("导出人", str(by or "系统")),
            ],
            sheets=[
                _measures(queries.shown_measures(span, counts, whose)),
                _lines("班组", queries.team_lines(span, counts)),
                _lines("技师", queries.technician_lines(span, counts, whose.team)),
                _stages(span, whose),
                _counted(span, whose, counts),
            ],
        ).held()


def _measures(shown: list[Shown]) -> Sheet:
    columns = [
        Column("指标", width=18), Column("数值", Kind.NUMBER), Column("单位"), Column("分子", width=24),
        Column("分子数值", Kind.NUMBER), Column("分母", width=36), Column("分母数值", Kind.NUMBER),
        Column("目标值", Kind.NUMBER), Column("口径", width=60),
    ]  # fmt: skip
    rows = [
        (
            str(one.measure.label), _value(one), "比例" if one.is_share else "每日", str(one.above.count.label),
            round(one.above.number, 2), " × ".join(str(part.count.label) for part in one.below),
            round(one.measure.of(one.counts).denominator, 2), one.goal, str(one.measure.definition),
        )
        for one in shown
    ]  # fmt: skip
    return Sheet("指标", columns, rows)


def _lines(title: str, lines: list[queries.Line]) -> Sheet:
    measures = [one for one in queries.WORKSHOP_MEASURES.values() if one.is_of_people]
    kinds = {MeasureUnit.SHARE: Kind.PERCENT, MeasureUnit.PER_DAY: Kind.NUMBER}
    columns = [Column(title), *(Column(str(one.label), kinds[one.unit]) for one in measures)]
    return Sheet(title, columns, [(line.name, *map(_value, line.shown)) for line in lines])


def _stages(span: Span, whose: Whose) -> Sheet:
    stages, together = queries.stage_times(span, whose)
    columns = [
        Column("阶段", width=20), Column("台次", Kind.INT), Column("合计（小时）", Kind.HOURS),
        Column("均值（小时）", Kind.HOURS),
    ]  # fmt: skip
    named = [*((str(Stay(one.stage).label), one) for one in stages), ("从开单到交车", together)]
    rows = [(label, one.cars, one.minutes / 60, one.mean and one.mean / 60) for label, one in named]
    return Sheet("停留时间", columns, rows)


def _counted(span: Span, whose: Whose, counts: Counts) -> Sheet:
    columns = [
        Column("计数", width=24), Column("时间", Kind.DATETIME), Column("工单号", width=22), Column("车牌号"),
        Column("内容", width=40), Column("人员", width=20), Column("工时", Kind.HOURS),
    ]  # fmt: skip
    rows = [
        (
            str(count.label), row["at"], row["order_number"], row["plate"], row["works"], row["people"],
            row["hours"] if count in HOURS else None,
        )
        for count in map(Counted, queries.COUNTED_ROWS)
        if counts.of(whose).get(count)
        for row in queries.rows_of(count, span, whose).order_by("at", "thing")
    ]  # fmt: skip
    return Sheet("明细", columns, rows)


def _value(one: Shown):
    """Shares to the hundredth of a percent, all others to two places."""
    return None if one.value is None else round(one.value, 4 if one.is_share else 2)


registry.register(
    code="workshop",
    title=_("Workshop measures"),
    description=_("Utilisation, efficiency, rework and the time at each stage, with every row they are counted from."),
    permission=Permission.WORKSHOP_MEASURE_VIEW,
    build=month_of_workshop,
    order=25,
)
