"""What the callback centre puts into the paper pack: today's calls, and blank sheets for them."""

from django.utils.translation import gettext_lazy as _

from callback import actions, queries
from callback.choices import Outcome
from callback.forms.referrals import SheetFilter
from callback.reports.tables import span_asked
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import Column, Kind
from dealer_crm.reporting.exports import register_export
from dealer_crm.reporting.paper import register_catch_up, register_paper


def calls_today(*, staff, at) -> dict:
    """The calls that may begin now and are due until the end of the day, numbers masked."""
    calls = queries.calls_for_paper(staff, at=at)
    for call in calls:
        call.dialled = queries.dialled_phone(call.customer)
        call.shown_phone = str(call.dialled or "")
    return {"calls": calls, "outcomes": [outcome.label for outcome in Outcome], "with_phones": False}


def reveal_numbers(*, staff, context: dict, at) -> None:
    """Whoever dials from paper needs the whole numbers; the journal keeps whose were printed."""
    numbers = actions.reveal_on_paper(tasks=context["calls"], by=staff, at=at)
    for call in context["calls"]:
        call.shown_phone = numbers.get(call.pk, "")
    context["with_phones"] = True


def survey_questions(*, staff, at) -> dict:
    return {"questions": queries.survey_questions()}


def sheet_asked(staff, asked, at):
    """The lines of the call sheet as its page narrows them."""
    form = SheetFilter(asked)
    said = form.cleaned_data if form.is_valid() else {}
    begin, until = span_asked(staff, said.get("first"), said.get("last"))
    wanted = {"view": said.get("view", ""), "department": said.get("department", "")}
    return queries.sheet_matching(staff, at=at, begin=begin, until=until, **wanted).order_by("-asked_at", "-pk")


def sheet_cells(one, _phone) -> tuple:
    agreed = one.agreed
    return (
        one.asked_at, one.asked_by.name, one.customer.name, one.vehicle.plate if one.vehicle else "", one.question,
        str(one.get_department_display()), one.person.name, one.handed_at, one.answer_by, one.answer,
        one.answered_by.name if one.answered_by else "", one.answered_at, agreed.promised_at if agreed else None,
        one.result, str(one.get_state_display()),
    )  # fmt: skip


register_export(
    code="call_sheet", title=_("Call sheet"), sheet="一览表", permission=Permission.CALL_VIEW, rows=sheet_asked,
    cells=sheet_cells,
    columns=[
        Column("通话时间", Kind.DATETIME), Column("客服专员", width=10), Column("客户", width=16),
        Column("车牌号", width=11), Column("客户意见", width=40), Column("转交部门", width=12),
        Column("受理人", width=10), Column("转出时间", Kind.DATETIME), Column("要求回复时间", Kind.DATETIME),
        Column("处理结果", width=40), Column("回复人", width=10), Column("转回时间", Kind.DATETIME),
        Column("与客户约定", Kind.DATETIME), Column("客户确认结果", width=36), Column("状态", width=12),
    ],
)  # fmt: skip
register_paper(
    code="calls", title=_("Calls of the day"), permission=Permission.CALL_TAKE, order=30,
    template="callback/paper_calls.html", build=calls_today, reveals=reveal_numbers,
    reveal_permission=Permission.PHONE_REVEAL, is_wide=True,
)  # fmt: skip
register_paper(
    code="call_sheet", title=_("Call sheet (blank)"), permission=Permission.CALL_TAKE, order=70, is_blank=True,
    template="callback/paper_call_sheet.html", build=survey_questions,
)  # fmt: skip
register_catch_up(label=_("Key in calls"), url_name="callback:catch_up", permission=Permission.CALL_TAKE)
