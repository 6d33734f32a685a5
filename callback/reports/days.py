"""回访日报: how the day's calls went, made at 18:00 of the day. Source: spec `callback.md`, figures (daily report)."""

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callback import queries
from callback.choices import Direction
from callback.models import CallTask, Contact
from callback.reports.tables import by_agent, by_rule, notes_of, of_questions, of_showroom, of_wrong_entries
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.registry import Edition
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Day
from reception.queries import wrong_entries

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_MEANING = "应回访按最迟回访时间归日，不回访的除外；拨打按拨打时间归日；期内：首次拨打不晚于最迟时间"


def daily_calls(*, store, period: Day, by, at: datetime) -> Report:
    """The calls of one day by rule and agent, what customers said, what stayed undone, the showroom's visitors."""
    with translation.override(_LANGUAGE):
        day, (begin, until) = period.on, period.bounds(store.tz)
        return Report(
            title="回访日报",
            file_stem=f"daily_calls-{store.code}-{period}",
            notes=notes_of(store, period, by, at, _MEANING),
            sheets=[
                by_rule("回访规则", queries.figures_by_rule(store, day, day), empty="当日没有应回访的客户。"),
                by_agent(queries.figures_by_agent(store, day, day), empty="当日没有拨打电话。"),
                _said(store, begin, until),
                _undone(store, begin - timedelta(days=_LOOKED_BACK), min(until, at)),
                of_questions(queries.referral_figures(store, begin, until, at=at)),
                of_wrong_entries(wrong_entries(store, begin, until)),
                of_showroom(queries.showroom_figures(store, day, day)),
            ],
        ).held()


_LOOKED_BACK = 7


def _said(store, begin: datetime, until: datetime) -> Sheet:
    """What customers said that somebody should read: remarks, late deliveries, complaints."""
    contacts = (
        Contact.objects.of_store(store)
        .filter(at__gte=begin, at__lt=until)
        .exclude(note="", complaint=None, was_on_time=True)
        .exclude(note="", complaint=None, was_on_time=None)
        .select_related("customer", "vehicle", "agent", "complaint")
        .order_by("at", "pk")
    )
    return Sheet(
        "客户意见",
        [
            Column("时间", Kind.DATETIME), Column("方向", width=8), Column("客户", width=16),
            Column("车牌号", width=11), Column("客服专员", width=10), Column("客户意见", width=48),
            Column("准时交车", width=10), Column("投诉编号", width=20),
        ],
        [
            (
                one.at.astimezone(store.tz), "来电" if one.direction == Direction.IN else "去电", one.customer.name,
                one.vehicle.plate if one.vehicle else "", one.agent.name if one.agent else "", one.note,
                "否" if one.was_on_time is False else "", one.complaint.number if one.complaint else "",
            )
            for one in contacts
        ],
        empty="当日没有客户意见。",
    )  # fmt: skip


def _undone(store, since: datetime, until: datetime) -> Sheet:
    """Calls whose last moment has passed in the last days and that nobody has finished."""
    tasks = (
        CallTask.objects.of_store(store)
        .overdue(until)
        .filter(due_at__gte=since)
        .select_related("rule", "customer", "vehicle", "agent")
        .order_by("due_at", "pk")
    )
    return Sheet(
        "逾期未完成",
        [
            Column("最迟时间", Kind.DATETIME), Column("回访规则", width=18), Column("客户", width=16),
            Column("车牌号", width=11), Column("已拨打", Kind.INT), Column("约定专员", width=10),
        ],
        [
            (
                task.due_at.astimezone(store.tz), str(task.rule), task.customer.name,
                task.vehicle.plate if task.vehicle else "", task.attempts, task.agent.name if task.agent else "",
            )
            for task in tasks
        ],
        note=f"最近{_LOOKED_BACK}天内到期。",
        empty="没有逾期的回访。",
    )  # fmt: skip


registry.register(
    code="daily_calls",
    title=_("Daily call report"),
    permission=Permission.CALL_VIEW,
    build=daily_calls,
    description=_("How the day's calls went and what customers said; made every day at six in the evening."),
    kind=Day,
    editions=(Edition("evening", day=0, hour=18),),
    order=40,
)
