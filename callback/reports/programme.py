"""回访计划: what is owed to whom by which rule in a month, made and to come, as page and workbook.

Source: spec `callback.md` (nine standard sheets: call-back programme).
"""

from collections import Counter
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callback.choices import TaskState
from callback.queries.preview import calls_of_month, calls_to_come
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Period

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
TO_COME = "to_come"
_COUNTED = (TaskState.DONE, TaskState.UNREACHED, TaskState.REFUSED, TaskState.OPEN, TaskState.DROPPED)


def programme(*, store, period: Period, by, at: datetime) -> Report:
    """The calls whose last moment lies in the month, and those the rest of the month will bring."""
    with translation.override(_LANGUAGE):
        made = list(calls_of_month(store, period))
        to_come = calls_to_come(store, period, at=at)
        return Report(
            title="回访计划",
            file_stem=f"call_programme-{store.code}-{period}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                ("期间", str(period)),
                (
                    "口径",
                    "按最迟回访时间归月；“待生成”为按预测和到期日本月内还将产生的回访，规则或车辆信息变化后会随之变化",
                ),
                ("数据时间", at),
                ("制表人", str(by or "系统")),
            ],
            sheets=[_by_rule(made, to_come, at), _calls(made, store), _coming(to_come, store)],
        ).held()


def _by_rule(made, to_come, at: datetime) -> Sheet:
    counts: dict[str, Counter] = {}
    for task in made:
        counter = counts.setdefault(str(task.rule), Counter(place=task.rule.priority))
        counter[task.state] += 1
        counter["overdue"] += task.state == TaskState.OPEN and task.due_at < at
    for planned in to_come:
        counts.setdefault(str(planned.rule), Counter(place=planned.rule.priority))[TO_COME] += 1
    return Sheet(
        "汇总",
        [
            Column("回访规则", width=20), Column("应回访", Kind.INT, total=True),
            Column("已回访", Kind.INT, total=True),
            Column("未接通", Kind.INT, total=True), Column("拒访", Kind.INT, total=True),
            Column("待回访", Kind.INT, total=True), Column("其中逾期", Kind.INT, total=True),
            Column("不回访", Kind.INT, total=True), Column("待生成", Kind.INT, total=True),
        ],
        [
            (
                rule, sum(counter[state] for state in _COUNTED if state != TaskState.DROPPED),
                counter[TaskState.DONE], counter[TaskState.UNREACHED], counter[TaskState.REFUSED],
                counter[TaskState.OPEN], counter["overdue"], counter[TaskState.DROPPED], counter[TO_COME],
            )
            for rule, counter in sorted(counts.items(), key=lambda each: (each[1]["place"], each[0]))
        ],
        empty="本月没有应回访的客户。",
    )  # fmt: skip


_WHO = [
    Column("最迟时间", Kind.DATETIME), Column("回访规则", width=18), Column("客户", width=16),
    Column("车牌号", width=11), Column("车型", width=18),
]  # fmt: skip


def _calls(made, store) -> Sheet:
    return Sheet(
        "应回访明细",
        [*_WHO, Column("工单号", width=20), Column("状态", width=10), Column("说明", width=48)],
        [
            (
                task.due_at.astimezone(store.tz), str(task.rule), task.customer.name, *_car(task.vehicle),
                task.order.number if task.order else "", str(task.get_state_display()),
                task.closing_reason or task.due_sentence,
            )
            for task in made
        ],
        empty="本月没有应回访的客户。",
    )  # fmt: skip


def _coming(to_come, store) -> Sheet:
    return Sheet(
        "待生成明细",
        [*_WHO, Column("最早时间", Kind.DATETIME)],
        [
            (
                planned.due.due_at.astimezone(store.tz), str(planned.rule), planned.customer.name,
                *_car(planned.vehicle), planned.due.opens_at.astimezone(store.tz),
            )
            for planned in to_come
        ],
        empty="本月没有还将产生的回访。",
    )  # fmt: skip


def _car(vehicle) -> tuple[str, str]:
    return (vehicle.plate, " ".join(filter(None, (vehicle.brand, vehicle.series)))) if vehicle else ("", "")


registry.register(
    code="call_programme",
    title=_("Call programme"),
    permission=Permission.CALL_VIEW,
    build=programme,
    description=_("What is owed to whom by which rule this month, made and to come."),
    order=45,
)
