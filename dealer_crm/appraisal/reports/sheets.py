"""The month's score sheets as a workbook. Source: spec `commission.md` (Scorecards)."""

from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal.models import Sheet as ScoreSheet
from dealer_crm.appraisal.models import SheetLine
from dealer_crm.appraisal.queries import explanation_of, points_of, sentence_of, sheets_for
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Refusal

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"


def appraisal_report(*, store, period, by, at) -> Report:
    """Everybody's sheet of a month, line by line, as far as `by` may see them. Raises Refusal when there is none."""
    rows = sheets_for(by) if by else ScoreSheet.objects.select_related("staff", "version_of_card__card", "reviewed_by")
    lines = SheetLine.objects.select_related("indicator", "given_by").order_by("indicator__place", "pk")
    sheets = list(
        rows.filter(store=store, period=str(period))
        .select_related("appeal")
        .prefetch_related(Prefetch("lines", lines))
        .order_by("staff__work_number")
    )
    if not sheets:
        raise Refusal(_("There are no score sheets of %(month)s yet.") % {"month": period})
    with translation.override(_LANGUAGE):
        return Report(
            title="考核表",
            file_stem=f"appraisal-{store.code}-{period}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                ("期间", str(period)),
                ("导出时间", at),
                ("导出人", str(by or "系统")),
            ],
            sheets=[_people(sheets), _lines(sheets), _events(sheets)],
        ).held()


def _people(sheets: list[ScoreSheet]) -> Sheet:
    columns = [
        Column("工号"), Column("姓名"), Column("考核表", width=20), Column("版本", Kind.INT), Column("状态"),
        Column("自评", Kind.NUMBER), Column("得分", Kind.NUMBER), Column("终审人"), Column("申诉"),
    ]  # fmt: skip
    rows = [
        (
            sheet.staff.work_number, sheet.staff.name, sheet.version_of_card.card.name, sheet.version_of_card.number,
            sheet.get_state_display(), _self_score(sheet), points_of(sheet.lines.all()),
            sheet.reviewed_by.name if sheet.reviewed_by else "", _appeal(sheet),
        )
        for sheet in sheets
    ]  # fmt: skip
    return Sheet("汇总", columns, rows, note="未评完的考核表按已有得分合计。")


def _self_score(sheet: ScoreSheet):
    """The sum of the person's own points; empty where none were given."""
    given = [line.self_points for line in sheet.lines.all() if line.self_points is not None]
    return sum(given) if given else None


def _appeal(sheet: ScoreSheet) -> str:
    appeal = getattr(sheet, "appeal", None)
    if appeal is None:
        return ""
    return {None: "待答复", True: "成立", False: "不成立"}[appeal.is_accepted]


def _lines(sheets: list[ScoreSheet]) -> Sheet:
    columns = [
        Column("工号"), Column("姓名"), Column("部分"), Column("项目", width=22), Column("满分", Kind.NUMBER),
        Column("系统计分", Kind.NUMBER), Column("自评", Kind.NUMBER), Column("主管评分", Kind.NUMBER),
        Column("评分人"), Column("得分", Kind.NUMBER), Column("说明", width=60),
    ]  # fmt: skip
    return Sheet("明细", columns, _line_values(sheets))


def _line_values(sheets: list[ScoreSheet]) -> Iterator[tuple]:
    for sheet in sheets:
        for line in sheet.lines.all():
            explained = explanation_of(line)
            said = sentence_of(explained) if explained else line.given_note
            yield (
                sheet.staff.work_number, sheet.staff.name, line.indicator.section, line.indicator.name,
                line.indicator.points, line.measured_points, line.self_points, line.given_points,
                line.given_by.name if line.given_by else "", line.holds,
                "；".join(part for part in (said, line.final_reason) if part),
            )  # fmt: skip


def _events(sheets: list[ScoreSheet]) -> Sheet:
    """What was counted behind the points of each person."""
    columns = [
        Column("工号"), Column("姓名"), Column("项目", width=22), Column("日期"), Column("单号", width=24),
        Column("内容", width=30),
    ]  # fmt: skip
    rows = (
        (sheet.staff.work_number, sheet.staff.name, line.indicator.name, row.day, row.number, row.text)
        for sheet in sheets
        for line in sheet.lines.all()
        if (explained := explanation_of(line))
        for fact in explained.facts
        for row in fact.rows
    )
    return Sheet("事件", columns, rows, empty="本月没有扣分事件。")


registry.register(
    code="appraisal",
    title=gettext_lazy("Score sheets"),
    permission=Permission.SHEET_VIEW,
    build=appraisal_report,
    order=15,
)
