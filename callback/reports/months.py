"""客服月报, by the 3rd, and the monthly statistics of new-car calls and of service calls.

Source: spec `callback.md` (figures; nine standard sheets).
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callback import queries
from callback.choices import AFTER_HANDOVER, AFTER_SERVICE, LostReason
from callback.formulas import CallFigures
from callback.models import Rule
from callback.reports.tables import by_agent, by_rule, notes_of, of_questions, of_showroom, of_wrong_entries
from complaints.queries import month_counts
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.registry import Edition
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Period
from reception.queries import wrong_entries
from satisfaction.queries import Scope, Table, month_figures

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_MEANING = "应回访按最迟回访时间归月，不回访的除外；拨打按拨打时间归月；投诉按受理时间归月；满意度为店内自测数据"
_HUNDREDTH, _TEN_THOUSANDTH = Decimal("0.01"), Decimal("0.0001")


# ── The customer-relations report ────────────────────────────────────────────────────────────────────────────────────
def monthly_relations(*, store, period: Period, by, at: datetime) -> Report:
    """Calls, satisfaction, complaints, questions, call quality and showroom of one month beside the month before."""
    with translation.override(_LANGUAGE):
        first, last, (begin, until) = period.first_day, period.last_day, period.bounds(store.tz)
        before = period.previous()
        days = queries.daily_figures(store, before.first_day, last)
        now = queries.figures_of_span(one for one in days if one[0] >= first)
        earlier = queries.figures_of_span(one for one in days if one[0] < first)
        satisfied = month_figures(Scope(store, period), without=[Table.PLANS, Table.STEPS, Table.PEOPLE])
        complaints = month_counts(store, period)
        showroom = queries.showroom_figures(store, first, last)
        return Report(
            title="客户关系月报",
            file_stem=f"customer_relations-{store.code}-{period}",
            notes=notes_of(store, period, by, at, _MEANING),
            sheets=[
                _summary(now, earlier, satisfied, complaints),
                _rates(now, earlier),
                by_rule("回访规则", queries.figures_by_rule(store, first, last), empty="本月没有应回访的客户。"),
                by_agent(queries.figures_by_agent(store, first, last), empty="本月没有拨打电话。"),
                _factors("问题因子", [row for row in satisfied.factors if row.now.dissatisfied], _dissatisfied),
                _factors("满意因子", [row for row in satisfied.factors if row.now.top_box], _very_satisfied),
                _counted("投诉类别", "类别", [(one.label, one.count) for one in complaints.categories]),
                of_questions(queries.referral_figures(store, begin, until, at=at)),
                of_wrong_entries(wrong_entries(store, begin, until)),
                _quality(store, begin, until),
                of_showroom(showroom),
                _counted(
                    "未成交原因", "原因",
                    [(str(LostReason(why).label), times) for why, times in showroom.reasons],
                ),
            ],
        ).held()  # fmt: skip


def _summary(now: CallFigures, before: CallFigures, satisfied, complaints) -> Sheet:
    """What was counted, this month and the month before."""
    counts = [
        ("应回访（个）", now.owed, before.owed), ("已回访（个）", now.called, before.called),
        ("成功（个）", now.completed, before.completed), ("拒访（个）", now.refused, before.refused),
        ("未接通（个）", now.unreached, before.unreached),
        ("错号空号（个）", now.wrong_numbers, before.wrong_numbers),
        ("反映未准时交车（次）", now.said_late, before.said_late),
        ("每小时拨打（次）", now.calls_per_hour, before.calls_per_hour),
        ("平均通话时长（分钟）", now.handling_minutes, before.handling_minutes),
        ("满意度指数（CSI）", _rounded(satisfied.index, _HUNDREDTH), _rounded(satisfied.previous_index, _HUNDREDTH)),
        ("答卷（份）", satisfied.n, satisfied.previous_n),
        ("投诉（件）", complaints.complaints, complaints.previous),
    ]  # fmt: skip
    return Sheet("汇总", [Column("指标", width=22), Column("本月", Kind.NUMBER), Column("上月", Kind.NUMBER)], counts)


def _rates(now: CallFigures, before: CallFigures) -> Sheet:
    """The rates of the calls, this month and the month before."""
    rates = [
        ("回访率", now.coverage_rate, before.coverage_rate), ("期内回访率", now.inside_rate, before.inside_rate),
        ("接通率", now.connect_rate, before.connect_rate), ("成功率", now.completion_rate, before.completion_rate),
        ("回访满意率", now.satisfied_rate, before.satisfied_rate),
    ]  # fmt: skip
    return Sheet("比率", [Column("指标", width=22), Column("本月", Kind.PERCENT), Column("上月", Kind.PERCENT)], rates)


def _factors(title: str, rows: list, share) -> Sheet:
    """Factors of the questionnaire, the greatest share first."""
    ordered = sorted(rows, key=lambda row: (-share(row), row.question.code))
    return Sheet(
        title,
        [
            Column("代码", width=10), Column("因子", width=18), Column("样本数", Kind.INT), Column("均值", Kind.NUMBER),
            Column("上月均值", Kind.NUMBER), Column("占比", Kind.PERCENT),
        ],
        [
            (
                row.question.code, row.question.name, row.now.n, _rounded(row.now.mean, _HUNDREDTH),
                _rounded(row.before.mean if row.before else None, _HUNDREDTH), _rounded(share(row), _TEN_THOUSANDTH),
            )
            for row in ordered
        ],
        note="占比：问题因子为不满意率，满意因子为非常满意率。",
        empty="本月没有此类因子。",
    )  # fmt: skip


def _dissatisfied(row) -> Decimal:
    return row.now.dissatisfied


def _very_satisfied(row) -> Decimal:
    return row.now.top_box


def _counted(title: str, what: str, rows: list[tuple[str, int]]) -> Sheet:
    return Sheet(
        title, [Column(what, width=20), Column("次数", Kind.INT, total=True)], rows, empty="本月没有记录。"
    )  # fmt: skip


def _quality(store, begin: datetime, until: datetime) -> Sheet:
    """Judged calls and complete records of each agent."""
    judged = {row["name"]: row for row in queries.scores_by_agent(store, begin, until)}
    records = {row["name"]: row for row in queries.record_quality(store, begin, until)}
    return Sheet(
        "通话与记录质量",
        [
            Column("客服专员", width=12), Column("评分通话", Kind.INT), Column("通话均分", Kind.NUMBER),
            Column("最低分", Kind.NUMBER), Column("记录数", Kind.INT), Column("记录均分", Kind.NUMBER),
            Column("完整记录", Kind.INT),
        ],
        [
            (
                name or "", *_of(judged.get(name), "calls", "mean", "lowest"),
                *_of(records.get(name), "records", "points", "whole"),
            )
            for name in sorted({*judged, *records}, key=str)
        ],
        empty="本月没有评分的通话。",
    )  # fmt: skip


def _of(row: dict | None, *names: str) -> tuple:
    return tuple(_rounded(row[name], _HUNDREDTH) if row else None for name in names)


def _rounded(value, places: Decimal) -> Decimal | int | None:
    if value is None or isinstance(value, int):
        return value
    return Decimal(value).quantize(places, rounding=ROUND_HALF_UP)


# ── Statistics of one kind of calls ──────────────────────────────────────────────────────────────────────────────────
def sales_calls(*, store, period: Period, by, at: datetime) -> Report:
    """新车回访月统计: the calls after handovers, by rule and day by day."""
    return _statistics("新车回访月统计", "sales_calls", AFTER_HANDOVER, store, period, by, at)


def service_calls(*, store, period: Period, by, at: datetime) -> Report:
    """售后回访月统计: the calls after service and complaints, by rule and day by day."""
    return _statistics("售后回访月统计", "service_calls", AFTER_SERVICE, store, period, by, at)


def _statistics(title: str, code: str, rules, store, period: Period, by, at: datetime) -> Report:
    with translation.override(_LANGUAGE):
        first, last = period.first_day, period.last_day
        wanted = list(Rule.objects.of_store(store).filter(code__in=rules).order_by("priority", "code"))
        of_rule = [(rule, queries.daily_figures(store, first, last, rule.pk)) for rule in wanted]
        by_day = [
            (str(days[0][0]), queries.figures_of_span(days))
            for days in zip(*(figures for _rule, figures in of_rule), strict=True)
        ]
        return Report(
            title=title,
            file_stem=f"{code}-{store.code}-{period}",
            notes=notes_of(store, period, by, at, _MEANING),
            sheets=[
                by_rule(
                    "回访规则",
                    [(str(rule), queries.figures_of_span(figures)) for rule, figures in of_rule],
                    empty="本月没有应回访的客户。",
                ),
                by_rule("按日", by_day, first="日期", empty="本月没有应回访的客户。"),
            ],
        ).held()


registry.register(
    code="customer_relations",
    title=_("Customer-relations report"),
    permission=Permission.SATISFACTION_VIEW,
    build=monthly_relations,
    description=_("Calls, satisfaction, complaints, questions and showroom of a month; made by the 3rd."),
    editions=(Edition("third", day=3, hour=2),),
    order=41,
)
registry.register(
    code="service_calls",
    title=_("Statistics of service calls"),
    permission=Permission.CALL_VIEW,
    build=service_calls,
    description=_("The month's calls after service and complaints, by rule and day by day."),
    order=43,
)
registry.register(
    code="sales_calls",
    title=_("Statistics of new-car calls"),
    permission=Permission.CALL_VIEW,
    build=sales_calls,
    description=_("The month's calls after new-car handovers, by rule and day by day."),
    order=44,
)
