"""The tables the reports of a day and of a month share."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from callback.formulas import CallFigures
from callback.queries import Answering, ShowroomFigures
from dealer_crm.reporting.report import Column, Kind, Sheet
from reception.queries import WrongEntries

_COUNTS = [
    Column("应回访", Kind.INT, total=True), Column("已回访", Kind.INT, total=True), Column("回访率", Kind.PERCENT),
    Column("期内回访率", Kind.PERCENT), Column("成功", Kind.INT, total=True), Column("拒访", Kind.INT, total=True),
    Column("未接通", Kind.INT, total=True), Column("拨打次数", Kind.INT, total=True), Column("接通率", Kind.PERCENT),
    Column("错号空号", Kind.INT, total=True), Column("反映未准时", Kind.INT, total=True),
    Column("投诉", Kind.INT, total=True), Column("满意率", Kind.PERCENT),
]  # fmt: skip
_AGENT = [
    Column("客服专员", width=12), Column("拨打次数", Kind.INT, total=True), Column("接通", Kind.INT, total=True),
    Column("接通率", Kind.PERCENT), Column("成功", Kind.INT, total=True), Column("错号空号", Kind.INT, total=True),
    Column("投诉", Kind.INT, total=True), Column("满意率", Kind.PERCENT), Column("每小时拨打", Kind.NUMBER),
    Column("平均时长（分钟）", Kind.NUMBER),
]  # fmt: skip


def by_rule(title: str, rows: Iterable[tuple[str, CallFigures]], *, first: str = "回访规则", empty: str) -> Sheet:
    """One line for each rule (or day) with its call figures."""
    return Sheet(
        title, [Column(first, width=20), *_COUNTS],
        [
            (
                label, one.owed, one.called, one.coverage_rate, one.inside_rate, one.completed, one.refused,
                one.unreached, one.calls, one.connect_rate, one.wrong_numbers, one.said_late, one.complaints,
                one.satisfied_rate,
            )
            for label, one in rows
        ],
        empty=empty,
    )  # fmt: skip


def by_agent(rows: Iterable[dict], *, empty: str) -> Sheet:
    counted = [(row["name"], row["figures"]) for row in rows]
    return Sheet(
        "客服专员", _AGENT,
        [
            (name, one.calls, one.connected, one.connect_rate, one.completed, one.wrong_numbers, one.complaints,
             one.satisfied_rate, one.calls_per_hour, one.handling_minutes)
            for name, one in counted
        ],
        empty=empty,
    )  # fmt: skip


def of_questions(rows: Iterable[Answering]) -> Sheet:
    """Customers' questions by department, the store first."""
    return Sheet(
        "转单",
        [
            Column("部门", width=16), Column("应回复", Kind.INT), Column("已回复", Kind.INT),
            Column("按时", Kind.INT), Column("超时", Kind.INT), Column("按时率", Kind.PERCENT),
        ],
        [(one.label or "全店", one.due, one.answered, one.in_time, one.late, one.in_time_rate) for one in rows],
        empty="没有转单。",
    )  # fmt: skip


def of_wrong_entries(rows: Iterable[WrongEntries]) -> Sheet:
    """Data errors by who entered them."""
    return Sheet(
        "数据差错",
        [
            Column("工号", width=10), Column("姓名", width=12), Column("发现差错", Kind.INT, total=True),
            Column("已更正", Kind.INT, total=True), Column("结算冲销", Kind.INT, total=True),
        ],
        [(one.work_number, one.person, one.found, one.fixed, one.reversed) for one in rows],
        note="按录入人统计，发现时间归期。",
        empty="没有发现数据差错。",
    )  # fmt: skip


def of_showroom(figures: ShowroomFigures) -> Sheet:
    return Sheet(
        "展厅",
        [
            Column("来访批次", Kind.INT), Column("来访人数", Kind.INT), Column("再次到店", Kind.INT),
            Column("留档率", Kind.PERCENT), Column("新增潜客", Kind.INT), Column("试乘试驾", Kind.INT),
            Column("成交", Kind.INT), Column("战败", Kind.INT), Column("成交率", Kind.PERCENT),
        ],
        [
            (
                figures.arrivals, figures.people, figures.returns, figures.named_rate, figures.leads,
                figures.test_drives, figures.won, figures.lost, figures.won_rate,
            )
        ],
    )  # fmt: skip


def span_asked(staff, first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """The moments [from, until) of the days a list is narrowed to, either end open."""
    zone = staff.store.tz if staff.store else timezone.get_current_timezone()
    begin = datetime.combine(first, time.min, zone) if first else None
    return begin, datetime.combine(last + timedelta(days=1), time.min, zone) if last else None


def notes_of(store, period, by, at, meaning: str) -> list[tuple[str, object]]:
    return [
        ("门店", f"{store.code} {store.name}"),
        ("期间", str(period)),
        ("口径", meaning),
        ("数据时间", at),
        ("制表人", str(by or "系统")),
    ]
