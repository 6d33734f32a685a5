"""新车回访话术及记录表 and 售后回访记录表: the script, and every owed call of the month with what the customer said.

Source: spec `callback.md` (nine standard sheets).
"""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callback import queries
from callback.choices import AFTER_HANDOVER, AFTER_SERVICE, ScriptStage
from callback.queries import Recorded
from callback.reports.tables import notes_of
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Period

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_MEANING = "按最迟回访时间归月；结果、意见取最近一次拨打；评分为该次答卷各项均值"
_CALL = [
    Column("最迟时间", Kind.DATETIME), Column("回访时间", Kind.DATETIME), Column("客服专员", width=10),
    Column("次数", Kind.INT), Column("结果", width=12),
]  # fmt: skip
_SAID = [Column("评分", Kind.NUMBER), Column("客户意见", width=40), Column("投诉编号", width=20)]


def sales_record(*, store, period: Period, by, at: datetime) -> Report:
    """The calls after new-car handovers: what is said in them, and what came of each."""
    with translation.override(_LANGUAGE):
        rows = queries.recorded_calls(store, period, AFTER_HANDOVER)
        columns = [
            Column("交车时间", Kind.DATETIME), Column("客户", width=14), Column("车牌号", width=11),
            Column("车型", width=16), Column("销售顾问", width=10), Column("回访", width=12), *_CALL, *_SAID,
        ]  # fmt: skip
        return Report(
            title="新车回访话术及记录表",
            file_stem=f"sales_record-{store.code}-{period}",
            notes=notes_of(store, period, by, at, _MEANING),
            sheets=[
                Sheet("记录", columns, [_sold(one, store) for one in rows], empty="本月没有应回访的新车客户。"),
                _script(store, AFTER_HANDOVER),
            ],
        ).held()


def service_record(*, store, period: Period, by, at: datetime) -> Report:
    """The calls after service: which visit, by whom, on time or not, and what the customer said."""
    with translation.override(_LANGUAGE):
        rows = queries.recorded_calls(store, period, AFTER_SERVICE)
        columns = [
            Column("交车时间", Kind.DATETIME), Column("工单号", width=20), Column("客户", width=14),
            Column("车牌号", width=11), Column("维修类型", width=10), Column("服务顾问", width=10),
            Column("回访", width=14), *_CALL, Column("准时交车", width=9), *_SAID,
        ]  # fmt: skip
        return Report(
            title="售后回访记录表",
            file_stem=f"service_record-{store.code}-{period}",
            notes=notes_of(store, period, by, at, _MEANING),
            sheets=[
                Sheet("记录", columns, [_served(one, store) for one in rows], empty="本月没有应回访的客户。"),
                _script(store, AFTER_SERVICE),
            ],
        ).held()


def _sold(one: Recorded, store) -> tuple:
    car = one.task.vehicle
    handover = getattr(car, "handover", None) if car else None
    return (
        handover.handed_over_at.astimezone(store.tz) if handover else None, one.task.customer.name,
        car.plate if car else "", f"{car.brand} {car.series}".strip() if car else "",
        handover.salesperson if handover else "", str(one.task.rule), *_call(one, store), *_said(one),
    )  # fmt: skip


def _served(one: Recorded, store) -> tuple:
    task, order = one.task, one.task.order
    on_time = one.contact.was_on_time if one.contact else None
    return (
        order.delivered_at.astimezone(store.tz) if order and order.delivered_at else None,
        order.number if order else "", task.customer.name, task.vehicle.plate if task.vehicle else "",
        str(order.get_kind_display()) if order else "", order.advisor.name if order and order.advisor else "",
        str(task.rule), *_call(one, store), {True: "是", False: "否", None: ""}[on_time], *_said(one),
    )  # fmt: skip


def _call(one: Recorded, store) -> tuple:
    task, contact = one.task, one.contact
    return (
        task.due_at.astimezone(store.tz), contact.at.astimezone(store.tz) if contact else None,
        contact.agent.name if contact and contact.agent else "", task.attempts,
        str(contact.get_outcome_display()) if contact else str(task.get_state_display()),
    )  # fmt: skip


def _said(one: Recorded) -> tuple:
    contact = one.contact
    if contact is None:
        return (None, one.task.closing_reason, "")
    score = None if contact.mean_score is None else round(contact.mean_score, 2)
    return (score, contact.note, contact.complaint.number if contact.complaint else "")


def _script(store, codes) -> Sheet:
    """The words of each rule, stage by stage."""
    order = {stage: place for place, stage in enumerate(ScriptStage)}
    return Sheet(
        "话术",
        [Column("回访", width=16), Column("环节", width=14), Column("话术", width=90)],
        [
            (str(rule), str(text.get_stage_display()), text.text)
            for rule in queries.scripts_of(store, codes)
            for text in sorted(rule.script.all(), key=lambda text: order[ScriptStage(text.stage)])
        ],
        empty="还没有话术。",
    )


registry.register(
    code="sales_record",
    title=_("Sales call-back script and record"),
    permission=Permission.CALL_VIEW,
    build=sales_record,
    description=_("The month's calls after new-car handovers with what came of each, and the words spoken in them."),
    order=49,
)
registry.register(
    code="service_record",
    title=_("Service call-back record"),
    permission=Permission.CALL_VIEW,
    build=service_record,
    description=_("The month's calls after service and complaints with what the customer said."),
    order=50,
)
