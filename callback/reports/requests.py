"""服务请求月统计 as page and workbook, and the list taken out. Source: spec `callback.md` (service requests)."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callback import queries
from callback.forms.requests import RequestFilter
from callback.models import RequestPart
from callback.queries import RequestFigures
from callback.reports.tables import notes_of, span_asked
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.reporting import registry
from dealer_crm.reporting.exports import register_export
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Period

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_MEANING = "按受理时间归月，已撤销的除外；及时：首次答复不晚于应答复时间；应答复包括已答复和已到期未答复的"
_COLUMNS = [
    Column("件数", Kind.INT, total=True), Column("应答复", Kind.INT, total=True), Column("及时", Kind.INT, total=True),
    Column("及时率", Kind.PERCENT), Column("超时", Kind.INT, total=True), Column("平均答复时长（分钟）", Kind.NUMBER),
    Column("已办结", Kind.INT, total=True), Column("已解决", Kind.INT, total=True), Column("解决率", Kind.PERCENT),
    Column("费用", Kind.MONEY, total=True),
]  # fmt: skip


def service_requests(*, store, period: Period, by, at: datetime) -> Report:
    """The month's requests by kind, problem, agreement, person and part."""
    with translation.override(_LANGUAGE):
        begin, until = period.bounds(store.tz)

        def counted(title: str, what: str, name: str) -> Sheet:
            return _counted(title, what, queries.request_figures(store, begin, until, at=at, by=name))

        return Report(
            title="服务请求月统计",
            file_stem=f"service_requests-{store.code}-{period}",
            notes=notes_of(store, period, by, at, _MEANING),
            sheets=[
                counted("请求类型", "请求类型", "kind"),
                counted("问题类型", "问题类型", "problem"),
                counted("服务协议", "服务协议", "agreement"),
                counted("受理人", "受理人", "person"),
                _parts(queries.parts_asked_for(store, begin, until)),
            ],
        ).held()


def _counted(title: str, what: str, rows: list[RequestFigures]) -> Sheet:
    return Sheet(
        title, [Column(what, width=26), *_COLUMNS],
        [
            (
                one.label or "（无）", one.received, one.due, one.in_time, one.in_time_rate, one.late, one.mean_minutes,
                one.closed, one.solved, one.solved_rate, one.cost,
            )
            for one in rows
        ],
        empty="本月没有服务请求。",
    )  # fmt: skip


def _parts(rows: list[dict]) -> Sheet:
    return Sheet(
        "配件",
        [
            Column("配件", width=24), Column("配件号", width=18), Column("请求件数", Kind.INT, total=True),
            Column("数量", Kind.NUMBER),
        ],
        [(row["name"], row["code"], row["times"], row["sum"]) for row in rows],
        empty="本月没有客户订购配件。",
    )  # fmt: skip


registry.register(
    code="service_requests",
    title=_("Statistics of service requests"),
    permission=Permission.SERVICE_REQUEST_VIEW,
    build=service_requests,
    description=_("The month's service requests by kind, problem, agreement, person and part."),
    order=46,
)


# ── The list taken out ───────────────────────────────────────────────────────────────────────────────────────────────
def requests_asked(staff, asked, at):
    """The requests as the list page narrows them, parts beside each."""
    people = Staff.objects.visible_to(staff).filter(is_active=True)
    form = RequestFilter(asked, people=people, agreements=queries.agreements_asked_under(staff))
    said = dict(form.cleaned_data) if form.is_valid() else {}
    begin, until = span_asked(staff, said.pop("first", None), said.pop("last", None))
    rows = queries.requests_matching(staff, at=at, begin=begin, until=until, **said)
    return rows.prefetch_related("parts").order_by("-received_at", "-pk")


def request_cells(one, phone) -> tuple:
    return (
        one.number, one.received_at, str(one.get_source_display()), str(one.get_kind_display()),
        str(one.get_problem_display()), one.who, phone(one.caller_phone), one.vehicle.plate if one.vehicle else "",
        one.place, one.description, "、".join(_part(part) for part in one.parts.all()),
        str(one.get_department_display()), one.person.name if one.person else "",
        one.agreement.number if one.agreement else "", one.answer_by, one.answered_at,
        one.answered_by.name if one.answered_by else "", str(one.get_state_display()), one.result, one.cost_amount,
        one.ended_at,
    )  # fmt: skip


def _part(part: RequestPart) -> str:
    return f"{part.code} {part.name} ×{part.quantity.normalize():f}".strip()


register_export(
    code="service_requests", title=_("Service requests"), sheet="服务请求", permission=Permission.SERVICE_REQUEST_VIEW,
    rows=requests_asked, cells=request_cells, has_phones=True,
    columns=[
        Column("请求编号", width=20), Column("受理时间", Kind.DATETIME), Column("来源", width=12),
        Column("请求类型", width=12), Column("问题类型", width=16), Column("客户", width=16),
        Column("来电号码", width=14), Column("车牌号", width=11),
        Column("地点", width=24), Column("请求内容", width=40), Column("配件", width=30),
        Column("部门", width=12), Column("受理人", width=10), Column("服务协议", width=18),
        Column("应答复时间", Kind.DATETIME), Column("首次答复时间", Kind.DATETIME), Column("答复人", width=10),
        Column("状态", width=10), Column("结果", width=40), Column("费用", Kind.MONEY, total=True),
        Column("办结时间", Kind.DATETIME),
    ],
)  # fmt: skip
