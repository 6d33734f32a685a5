"""投诉处理单 and 重大投诉报告: the forms of a month's cases, one below the other, a worksheet for each.

Source: spec `callback.md` (nine standard sheets: complaint sheet, major-incident report).
"""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from complaints.queries import complaints_for_report, incident_versions
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Report, Sheet
from dealer_crm.values import Period
from dealer_crm.values.phone import masked_phone

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_FORM = [Column("项目", width=16), Column("内容", width=90)]


def complaint_sheets(*, store, period: Period, by, at: datetime) -> Report:
    """Every complaint received in the month on a sheet of its own, with what was done about it."""
    with translation.override(_LANGUAGE):
        cases = complaints_for_report(store, period).prefetch_related("steps__by", "concerned")
        sheets = [Sheet(one.number, _FORM, _facts(one) + _steps(one)) for one in cases]
        return _report("投诉处理单", "complaint_sheets", sheets, store, period, by, at)


def incident_reports(*, store, period: Period, by, at: datetime) -> Report:
    """The newest report of every major complaint received in the month."""
    with translation.override(_LANGUAGE):
        cases = complaints_for_report(store, period).filter(incidents__isnull=False).distinct()
        sheets = []
        for one in cases:
            written = incident_versions(one)[0]
            rows = [
                ("经过", written.course), ("原因", written.cause), ("措施", written.measures),
                ("教训", written.lessons),
                ("报告人", f"{written.written_by.name} {_moment(written.written_at, one)} 第{written.number}版"),
            ]  # fmt: skip
            sheets.append(Sheet(one.number, _FORM, _facts(one) + rows))
        return _report("重大投诉报告", "incident_reports", sheets, store, period, by, at)


def _report(title: str, code: str, sheets: list[Sheet], store, period: Period, by, at: datetime) -> Report:
    return Report(
        title=title,
        file_stem=f"{code}-{store.code}-{period}",
        notes=[
            ("门店", f"{store.code} {store.name}"),
            ("期间", str(period)),
            ("口径", "按投诉受理时间归月"),
            ("数据时间", at),
            ("制表人", str(by or "系统")),
        ],
        sheets=sheets or [Sheet(title, _FORM, [], empty="本月没有。")],
    ).held()


def _facts(one: Complaint) -> list[tuple[str, str]]:
    caller = f"{one.caller_name} {masked_phone(one.caller_phone) if one.caller_phone else ''}".strip()
    judged = {True: "属实", False: "不属实", None: ""}[one.is_verified]
    people = "、".join(f"{row.staff.name} {row.share * 100:.0f}%" for row in one.responsibilities.all())
    satisfied = {True: "满意", False: "不满意", None: ""}[one.is_satisfied]
    return [
        ("受理时间", _moment(one.received_at, one)),
        ("来源、级别", f"{one.get_source_display()} {one.get_severity_display()}"),
        ("类别", str(one.get_category_display())),
        ("客户", one.customer.name if one.customer else ""),
        ("投诉人", caller),
        ("车牌号", one.vehicle.plate if one.vehicle else ""),
        ("工单号", one.order.number if one.order else ""),
        ("发生时间、地点", f"{_moment(one.happened_at, one)} {one.place}".strip()),
        ("涉及人员", "、".join(person.name for person in one.concerned.all())),
        ("投诉内容", one.description),
        ("客户诉求", one.wish),
        ("首次回复", _moment(one.first_reply_at, one)),
        ("解决时间", _moment(one.solved_at, one)),
        ("结案时间", _moment(one.closed_at, one)),
        ("处理人", one.owner.name if one.owner else ""),
        ("客户对结果", satisfied),
        ("判定、责任人", f"{judged} {people}".strip()),
        ("补偿金额", f"{one.goodwill_amount:,.2f}"),
    ]


def _steps(one: Complaint) -> list[tuple[str, str]]:
    """What was done, a line for each step."""
    return [
        (
            str(step.get_kind_display()),
            f"{_moment(step.at, one)} {step.by.name if step.by else ''} {step.text}".strip(),
        )
        for step in one.steps.all()
    ]


def _moment(moment: datetime | None, one: Complaint) -> str:
    return f"{moment.astimezone(one.store.tz):%F %H:%M}" if moment else ""


registry.register(
    code="complaint_sheets",
    title=_("Complaint sheets"),
    permission=Permission.COMPLAINT_VIEW,
    build=complaint_sheets,
    description=_("Every complaint of the month on a sheet of its own, with what was done about it."),
    order=47,
)
registry.register(
    code="incident_reports",
    title=_("Major-incident reports"),
    permission=Permission.COMPLAINT_VIEW,
    build=incident_reports,
    description=_("The reports of the month's major complaints: course, cause, measures, lessons."),
    order=48,
)
