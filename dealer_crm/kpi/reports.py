"""The monthly KPI workbook. Source: spec `kpi.md` (dashboards and reports), `interfaces.md` (report workbooks)."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.kpi.choices import Unit
from dealer_crm.kpi.models import GoalMeeting, Target
from dealer_crm.kpi.queries import (
    MEASURES,
    Part,
    all_rows,
    beside,
    carried_to,
    cuts_of_orders,
    month_targets,
    parts_in,
    tiles,
    words_of,
)
from dealer_crm.kpi.resources import MEASURES as MEASURE_WORDS
from dealer_crm.kpi.resources import ORDER_KINDS
from dealer_crm.reporting import registry
from dealer_crm.reporting.exports import register_export
from dealer_crm.reporting.registry import Edition
from dealer_crm.reporting.report import Column, Kind, Report, Sheet, Told

_UNITS = {
    Unit.MONEY: "元",
    Unit.COUNT: "台",
    Unit.SHARE: "%",
    Unit.MINUTES: "分钟",
    Unit.POINTS: "分",
    Unit.PLACE: "名",
    Unit.PER_DAY: "每日",
    Unit.PER_PERSON: "每人",
}


def kpi_report(*, store, period, by, at) -> Report:
    with translation.override("zh-hans"):
        measures, cuts = tiles(store, period, at), cuts_of_orders(store, period, at)
        whole = {tile.entry.code: tile.now for tile in measures}
        targets = beside(store, period, month_targets(store, period), at, whole, parts_in(cuts))
        return Report(
            title="KPI 月报",
            file_stem=f"kpi-{store.code}-{period}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                ("期间", str(period)),
                ("数据时间", at),
                ("导出人", str(by or "系统")),
            ],
            sheets=[_measures(measures), _cuts(cuts), _targets(targets)],
        ).held()


def _measures(found) -> Sheet:
    columns = [
        Column("指标代码"),
        Column("指标", width=22),
        Column("单位"),
        Column("分子", Kind.NUMBER),
        Column("分母", Kind.NUMBER),
        Column("本月", Kind.NUMBER),
        Column("目标", Kind.NUMBER),
        Column("底线", Kind.NUMBER),
        Column("结论", width=10),
        Column("上月", Kind.NUMBER),
        Column("去年同期", Kind.NUMBER),
        Column("口径", width=60),
        Column("备注", width=40),
    ]
    rows = [
        (
            tile.entry.code,
            str(tile.entry.label),
            _UNITS[tile.entry.unit],
            _counted(tile.now.numerator),
            _counted(tile.now.denominator),
            *(_told(tile.entry.unit, value) for value in (tile.now.value, tile.goal, tile.floor)),
            _verdict(tile),
            *(_told(tile.entry.unit, value) for value in (tile.before, tile.last_year)),
            str(tile.entry.definition),
            tile.now.remark,
        )
        for tile in found
    ]
    return Sheet("指标", columns, rows)


_BY = {"kind": "维修类型", "brand": "品牌", "advisor": "服务顾问", "seller": "销售人", "team": "班组"}


def _cuts(found) -> Sheet:
    """Money and cars by repair type, brand, person and team."""
    columns = [
        Column("指标", width=18), Column("分项依据", width=12), Column("分项", width=18), Column("分子", Kind.NUMBER),
        Column("分母", Kind.NUMBER), Column("本月", Kind.NUMBER), Column("目标", Kind.NUMBER),
        Column("上月", Kind.NUMBER), Column("去年同期", Kind.NUMBER),
    ]  # fmt: skip
    rows = [
        (
            str(MEASURES[code].label), _BY[by], cut.label, _counted(cut.now.numerator), _counted(cut.now.denominator),
            *(_told(MEASURES[code].unit, value) for value in (cut.now.value, cut.goal, cut.before, cut.last_year)),
        )
        for code, told in found.items()
        for by, cuts in told
        for cut in cuts
    ]  # fmt: skip
    return Sheet("分项", columns, rows, empty="本月没有产值和台次。")


def _targets(found) -> Sheet:
    columns = [
        Column("指标"),
        Column("维修类型"),
        Column("班组"),
        Column("工号"),
        Column("姓名"),
        Column("目标值", Kind.NUMBER),
        Column("底线", Kind.NUMBER),
        Column("实绩", Kind.NUMBER),
        Column("达成率", Kind.PERCENT),
        Column("结论", width=10),
        Column("已签认"),
    ]
    rows = [
        (
            target.get_measure_display(),
            target.get_order_kind_display() if target.order_kind else "",
            target.team.name if target.team else "",
            target.staff.work_number if target.staff else "",
            target.staff.name if target.staff else "" if target.team else "门店",
            *(_told(target.unit, value) for value in (target.goal, target.floor, one.now.value)),
            _rounded(one.achieved),
            _verdict(one),
            "是" if target.is_signed else "否",
        )
        for one in found
        for target in [one.target]
    ]
    return Sheet("目标", columns, rows)


def _verdict(one) -> str:
    return str(one.verdict.label) if one.verdict else ""


def _rounded(value):
    return None if value is None else round(value, 4)


_KINDS = {Unit.MONEY: Kind.MONEY, Unit.SHARE: Kind.PERCENT}


def _told(unit, value):
    """A figure as its unit is written: money, percent, whole numbers, else two places."""
    return Told(_rounded(value), _KINDS[unit]) if value is not None and unit in _KINDS else _counted(value)


def _counted(value):
    if value is None:
        return None
    return Told(_rounded(value), Kind.INT if value == int(value) else Kind.HOURS)


registry.register(
    code="kpi",
    title=_("KPI monthly report"),
    permission=Permission.KPI_VIEW,
    build=kpi_report,
    editions=(Edition("first", day=1, hour=2), Edition("final", day=5, hour=2)),
    order=20,
)


# ── The grid as a workbook that goes in again ────────────────────────────────────────────────────────────────────────
_WORD_OF = {value: word for word, value in reversed(MEASURE_WORDS.items())}  # the first of several words
_KIND_OF = {value: word for word, value in ORDER_KINDS.items()}


def targets_asked(staff, asked, at):
    """The targets of the year (and of the measure) the page shows."""
    rows = Target.objects.visible_to(staff).select_related("store", "team", "staff")
    if store := asked.get("store"):
        rows = rows.filter(store__code=store)
    rows = rows.filter(period__startswith=f"{asked.get('year') or at.astimezone().year}-")
    if measure := asked.get("measure"):
        rows = rows.filter(measure=measure)
    return rows.order_by("store", "period", "measure", "order_kind", "team", "staff__work_number")


def target_cells(target, _phone) -> tuple:
    return (
        target.store.code, target.period, _WORD_OF[target.measure],
        target.staff.work_number if target.staff else "", target.team.name if target.team else "",
        _KIND_OF[target.order_kind] if target.order_kind else "", target.goal, target.floor,
        "是" if target.is_signed else "否",
    )  # fmt: skip


register_export(
    code="targets",
    title=_("Targets"),
    sheet="月度目标",
    permission=Permission.TARGET_VIEW,
    rows=targets_asked,
    cells=target_cells,
    columns=[
        Column("门店代码", width=10),
        Column("月份", width=10),
        Column("指标", width=18),
        Column("工号", width=10),
        Column("班组", width=14),
        Column("维修类型", width=12),
        Column("目标值", Kind.NUMBER),
        Column("底线", Kind.NUMBER),
        Column("已签认", width=8),
    ],
)


# ── The goal meeting as a workbook ───────────────────────────────────────────────────────────────────────────────────
def goal_meeting_report(*, store, period, by, at) -> Report:
    """目标会: the sheet of the month's meeting and what earlier ones left; empty while none was prepared."""
    with translation.override("zh-hans"):
        meeting = GoalMeeting.objects.filter(store=store, period=str(period)).select_related("held_by").first()
        lines = meeting.lines.select_related("owner").order_by("pk") if meeting else ()
        return Report(
            title="目标会",
            file_stem=f"goal_meeting-{store.code}-{period}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                ("期间", str(period)),
                ("数据时间", meeting.figures_at if meeting else at),
                ("召开时间", (meeting.held_at if meeting else None) or "未召开"),
                ("参会人员", meeting.present if meeting else ""),
                ("备注", meeting.note if meeting else ""),
                ("导出人", str(by or "系统")),
            ],
            sheets=[_sheet_of(lines), _left(carried_to(meeting) if meeting else ())],
        ).held()


def _sheet_of(lines) -> Sheet:
    columns = [
        Column("指标", width=20), Column("单位", width=8), Column("目标", Kind.NUMBER), Column("实绩", Kind.NUMBER),
        Column("差距", Kind.NUMBER), Column("达成", width=8), Column("原因", width=30), Column("措施", width=30),
        Column("责任人", width=10), Column("完成期限", Kind.DATE), Column("结果", width=24), Column("备注", width=24),
    ]  # fmt: skip
    reached = {True: "是", False: "否"}
    rows = [
        (
            line.get_measure_display(), _UNITS[line.unit],
            *(_told(line.unit, value) for value in (line.goal, line.actual, line.gap)),
            reached.get(line.is_met, "无数据" if line.actual is None else "月未结束"),
            line.cause, line.remedy, line.owner.name if line.owner else "", line.due_on, line.result, line.remark,
        )
        for line in lines
    ]  # fmt: skip
    return Sheet("目标会", columns, rows, empty="本月尚未准备目标会。")


def _left(lines) -> Sheet:
    columns = [
        Column("月份", width=10), Column("指标", width=20), Column("措施", width=30), Column("责任人", width=10),
        Column("完成期限", Kind.DATE), Column("完成时间", Kind.DATETIME), Column("结果", width=24),
    ]  # fmt: skip
    rows = [
        (
            line.meeting.period, line.get_measure_display(), line.remedy, line.owner.name, line.due_on, line.done_at,
            line.result,
        )
        for line in lines
    ]  # fmt: skip
    return Sheet("遗留事项", columns, rows, empty="没有遗留事项。")


registry.register(
    code="goal_meeting",
    title=_("Goal meeting"),
    permission=Permission.MEETING_VIEW,
    build=goal_meeting_report,
    description=_("Goal, actual, gap, cause, countermeasure, who and until when; what earlier meetings left."),
    order=21,
)


# ── The rows behind a number ─────────────────────────────────────────────────────────────────────────────────────────
def rows_report(part: Part, span, only, *, by) -> Report:
    """Every row a number of the dashboard was counted from; their sum is the number."""
    with translation.override("zh-hans"):
        columns = [
            Column("时间", Kind.DATETIME), Column("工单号", width=22), Column("车牌号"), Column("维修类型"),
            Column("服务顾问", width=12), Column("内容", width=40), Column("人员", width=16),
            Column("数值", Kind.MONEY if part.is_money else Kind.NUMBER, total=True),
        ]  # fmt: skip
        rows = [
            (
                row.at, row.order_number, row.plate, row.kind, row.advisor, row.what, row.who,
                1 if row.amount is None else round(row.amount, 8),
            )
            for row in all_rows(part, span, only)
        ]  # fmt: skip
        return Report(
            title=str(part.label),
            file_stem=f"{part.code}-{span.store.code}-{span.first:%Y%m%d}-{span.last:%Y%m%d}",
            notes=[
                ("门店", f"{span.store.code} {span.store.name}"),
                ("期间", f"{span.first} 至 {span.last}"),
                ("数据时间", span.at),
                *([("分项", "、".join(words))] if (words := words_of(only)) else []),
                ("导出人", str(by or "系统")),
            ],
            sheets=[Sheet("明细", columns, rows)],
        ).held()
