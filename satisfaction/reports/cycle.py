"""What satisfaction makes by itself (spec `satisfaction.md`, "Cycle"): each Monday the factors of the week, by the 5th
the month's analysis by responsible post and factor, each quarter the review of the targets.

Registered like every report: pages, workbooks, kept and announced once, made up when the machine was off.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.choices import Post
from dealer_crm.reporting import registry
from dealer_crm.reporting.registry import Edition
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Period, Quarter, Week, fen
from satisfaction import formulas, queries
from satisfaction.choices import Verdict
from satisfaction.formulas.review import Proposal, proposal
from satisfaction.models import Flag
from satisfaction.queries import FactorRow, Scope, Table

_LANGUAGE = "zh-hans"
_VERDICTS = {Verdict.STRENGTH: "优势", Verdict.WEAKNESS: "劣势", Verdict.NONE: ""}
_PROPOSALS = {
    Proposal.RAISE: "建议提高",
    Proposal.KEEP: "保持",
    Proposal.PLAN: "未达标，列入改进",
    Proposal.WAIT: "样本不足，暂不调整",
}
_OWN = "店内自测数据，不含厂家调查结果"


# ── Every Monday: what pleased and what did not ──────────────────────────────────────────────────────────────────────
def weekly_factors(*, store, period: Week, by, at) -> Report:
    """满意因子与问题因子周报: agent → supervisor, manager."""
    with translation.override(_LANGUAGE):
        week = queries.month_figures(Scope(store, period), without=[Table.STEPS])
        flags = _flags_of(store, period)
        problems = sorted(
            (row for row in week.factors if row.now.dissatisfied), key=lambda row: (-_bad(row), row.question.code)
        )
        pleasing = sorted(
            (row for row in week.factors if row.now.top_box), key=lambda row: (-row.now.top_box, row.question.code)
        )
        return Report(
            title="满意与问题因子周报",
            file_stem=f"weekly_factors-{store.code}-{period}",
            notes=_notes(store, period, by, at, n=week.n, small=week.smallest_sample),
            sheets=[
                Sheet("问题因子", _PROBLEM_COLUMNS, _problem_rows(problems), empty="本周没有不满意的评价"),
                Sheet("满意因子", _PLEASING_COLUMNS, _pleasing_rows(pleasing), empty="本周没有答卷"),
                Sheet("回访员", _AGENT_COLUMNS, _agent_rows(store, period, flags), empty="本周没有电话答卷"),
                Sheet("不满意明细", _FLAG_COLUMNS, _flag_rows(flags), empty="本周没有不满意项"),
            ],
        ).held()


_PROBLEM_COLUMNS = [
    Column("代码"),
    Column("因子", width=16),
    Column("环节", width=14),
    Column("责任岗位", width=14),
    Column("样本数", Kind.INT),
    Column("不满意人次", Kind.INT),
    Column("不满意率", Kind.PERCENT),
    Column("均值", Kind.NUMBER),
    Column("均值下限", Kind.NUMBER),
    Column("均值上限", Kind.NUMBER),
    Column("上周均值", Kind.NUMBER),
    Column("累计占比", Kind.PERCENT),
    Column("不满意率下限", Kind.PERCENT, width=12),
    Column("不满意率上限", Kind.PERCENT, width=12),
]
_PLEASING_COLUMNS = [
    Column("代码"),
    Column("因子", width=16),
    Column("环节", width=14),
    Column("责任岗位", width=14),
    Column("样本数", Kind.INT),
    Column("非常满意率", Kind.PERCENT),
    Column("均值", Kind.NUMBER),
    Column("上周非常满意率", Kind.PERCENT),
    Column("判定"),
    Column("非常满意率下限", Kind.PERCENT, width=14),
    Column("非常满意率上限", Kind.PERCENT, width=14),
]
_AGENT_COLUMNS = [
    Column("工号"),
    Column("回访员"),
    Column("答卷数", Kind.INT, total=True),
    Column("不满意项", Kind.INT, total=True),
    Column("已处理", Kind.INT, total=True),
]
_FLAG_COLUMNS = [
    Column("时间", Kind.DATETIME),
    Column("因子", width=18),
    Column("得分", Kind.INT),
    Column("客户"),
    Column("车牌号"),
    Column("工单号", width=20),
    Column("服务顾问"),
    Column("回访员"),
    Column("处理人"),
    Column("处理结果", width=36),
]


def _bad(row: FactorRow) -> int:
    return int((row.now.dissatisfied * row.now.n).to_integral_value(ROUND_HALF_UP))


def _problem_rows(rows: list[FactorRow]) -> Iterable[tuple]:
    """With the running share of all dissatisfied answers: the first few make most of them."""
    total, running = sum(map(_bad, rows)), 0
    for row in rows:
        running += _bad(row)
        yield (
            *_about(row),
            row.now.n,
            _bad(row),
            _share(row.now.dissatisfied),
            _points(row.now.mean),
            *_ends(row.now.mean_interval),
            _points(row.before.mean) if row.before else None,
            _share(Decimal(running) / total),
            *_ends(row.now.dissatisfied_interval, _share),
        )


def _pleasing_rows(rows: list[FactorRow]) -> Iterable[tuple]:
    for row in rows:
        before = _share(row.before.top_box) if row.before else None
        yield (
            *_about(row),
            row.now.n,
            _share(row.now.top_box),
            _points(row.now.mean),
            before,
            _VERDICTS[row.verdict],
            *_ends(row.now.top_box_interval, _share),
        )


def _agent_rows(store, period: Week, flags: list[Flag]) -> Iterable[tuple]:
    found, dealt = defaultdict(int), defaultdict(int)
    for flag in flags:
        found[flag.answer.response.taken_by_id] += 1
        dealt[flag.answer.response.taken_by_id] += flag.dealt_at is not None
    for person, responses in queries.responses_by_agent(store, period):
        yield person.work_number, person.name, responses, found[person.pk], dealt[person.pk]


def _flags_of(store, period) -> list[Flag]:
    start, end = period.bounds(store.tz)
    rows = Flag.objects.filter(
        store=store, answer__response__answered_at__gte=start, answer__response__answered_at__lt=end
    )
    return list(
        rows.select_related(
            "answer__question",
            "answer__response__customer",
            "answer__response__order__vehicle",
            "answer__response__advisor",
            "answer__response__taken_by",
            "dealt_by",
        ).order_by("answer__response__answered_at", "pk")
    )


def _flag_rows(flags: list[Flag]) -> Iterable[tuple]:
    for flag in flags:
        response, order = flag.answer.response, flag.answer.response.order
        yield (
            response.answered_at,
            f"{flag.answer.question.code} {flag.answer.question.name}",
            int(flag.answer.score),
            str(response.customer or ""),
            order.vehicle.plate if order else "",
            order.number if order else "",
            str(response.advisor or ""),
            str(response.taken_by or ""),
            str(flag.dealt_by or ""),
            flag.result,
        )


# ── By the 5th: who answers for what ─────────────────────────────────────────────────────────────────────────────────
def monthly_analysis(*, store, period: Period, by, at) -> Report:
    """CSI 责任分析: the month's factors under the posts that answer for them."""
    with translation.override(_LANGUAGE):
        month = queries.month_figures(Scope(store, period), without=[Table.STEPS])
        owed = queries.PlansOwed(store, period, month=month)
        missed = {one.code for one in owed.under_target}
        unplanned = {one.row.question.pk for one in owed.weaknesses}
        by_post = defaultdict(list)
        for row in month.factors:
            by_post[row.question.responsible_post].append(row)
        order = [post for post in ["", *Post.values] if post in by_post]
        return Report(
            title="CSI 责任分析",
            file_stem=f"csi_analysis-{store.code}-{period}",
            notes=_notes(store, period, by, at, n=month.n, small=month.smallest_sample),
            sheets=[
                Sheet(
                    "责任岗位",
                    _POST_COLUMNS,
                    [_post_row(by_post[post], unplanned) for post in order],
                    empty="本月没有答卷",
                ),
                Sheet(
                    "责任因子",
                    _FACTOR_COLUMNS,
                    [_factor_row(row, missed) for post in order for row in by_post[post]],
                    empty="本月没有答卷",
                ),
                Sheet(
                    "服务顾问",
                    _PERSON_COLUMNS,
                    [
                        (
                            row.person.work_number,
                            row.person.name,
                            row.n,
                            _points(row.index),
                            row.place,
                            *_ends(row.interval),
                        )
                        for row in month.people
                    ],
                    note=f"样本数少于 {month.smallest_sample} 的人员不排名次。",
                ),
            ],
        ).held()


_POST_COLUMNS = [
    Column("责任岗位", width=16),
    Column("因子数", Kind.INT),
    Column("指数", Kind.NUMBER),
    Column("未达标", Kind.INT),
    Column("优势", Kind.INT),
    Column("劣势", Kind.INT),
    Column("劣势因子", width=40),
    Column("未开计划", Kind.INT),
]
_FACTOR_COLUMNS = [
    Column("责任岗位", width=16),
    Column("代码"),
    Column("因子", width=16),
    Column("样本数", Kind.INT),
    Column("均值", Kind.NUMBER),
    Column("均值下限", Kind.NUMBER),
    Column("均值上限", Kind.NUMBER),
    Column("目标", Kind.NUMBER),
    Column("上月", Kind.NUMBER),
    Column("非常满意率", Kind.PERCENT),
    Column("不满意率", Kind.PERCENT),
    Column("判定"),
    Column("连续未达标"),
    Column("改进计划", width=16),
    Column("非常满意率下限", Kind.PERCENT, width=14),
    Column("非常满意率上限", Kind.PERCENT, width=14),
    Column("不满意率下限", Kind.PERCENT, width=12),
    Column("不满意率上限", Kind.PERCENT, width=12),
]
_PERSON_COLUMNS = [
    Column("工号"),
    Column("姓名"),
    Column("样本数", Kind.INT),
    Column("CSI", Kind.NUMBER),
    Column("名次", Kind.INT),
    Column("CSI下限", Kind.NUMBER),
    Column("CSI上限", Kind.NUMBER),
]


def _post_row(rows: list[FactorRow], unplanned: set[int]) -> tuple:
    weak = [row for row in rows if row.verdict == Verdict.WEAKNESS]
    weights = sum(row.question.weight for row in rows)
    return (
        _post(rows[0]),
        len(rows),
        _points(100 * sum(row.question.weight * row.now.mean for row in rows) / weights),
        sum(row.is_under_target for row in rows),
        sum(row.verdict == Verdict.STRENGTH for row in rows),
        len(weak),
        "、".join(row.question.name for row in weak),
        sum(row.question.pk in unplanned for row in weak),
    )


def _factor_row(row: FactorRow, missed: set[str]) -> tuple:
    return (
        _post(row),
        row.question.code,
        row.question.name,
        row.now.n,
        _points(row.now.mean),
        *_ends(row.now.mean_interval),
        row.target,
        _points(row.before.mean) if row.before else None,
        _share(row.now.top_box),
        _share(row.now.dissatisfied),
        _VERDICTS[row.verdict],
        "是" if row.question.code in missed else "",
        row.plan.owner.name if row.plan else "",
        *_ends(row.now.top_box_interval, _share),
        *_ends(row.now.dissatisfied_interval, _share),
    )


# ── Each quarter: the targets ────────────────────────────────────────────────────────────────────────────────────────
def target_review(*, store, period: Quarter, by, at) -> Report:
    """目标季度回顾: targets against what was reached, with a proposal for each."""
    with translation.override(_LANGUAGE):
        quarter = queries.month_figures(Scope(store, period), without=[Table.STEPS])
        targets = queries.factor_targets(store, on=period.last_day)
        months = queries.factor_months(store, period.months)
        rows = [
            _review_row(row, targets[row.question.code], months, period, quarter.smallest_sample)
            for row in quarter.factors
        ]
        index = (
            "CSI",
            quarter.n,
            _points(quarter.index),
            *_ends(quarter.index_interval),
            quarter.target,
            _points(quarter.previous_index),
        )
        return Report(
            title="目标季度回顾",
            file_stem=f"target_review-{store.code}-{period}",
            notes=_notes(store, period, by, at, n=quarter.n, small=quarter.smallest_sample),
            sheets=[
                Sheet("总指数", _INDEX_COLUMNS, [index] if quarter.n else [], empty="本季度没有答卷"),
                Sheet("因子目标", _REVIEW_COLUMNS, rows, empty="本季度没有答卷"),
            ],
        ).held()


_INDEX_COLUMNS = [
    Column("指标"),
    Column("样本数", Kind.INT),
    Column("实际", Kind.NUMBER),
    Column("下限", Kind.NUMBER),
    Column("上限", Kind.NUMBER),
    Column("目标", Kind.NUMBER),
    Column("上季度", Kind.NUMBER),
]
_REVIEW_COLUMNS = [
    Column("代码"),
    Column("因子", width=16),
    Column("环节", width=14),
    Column("责任岗位", width=14),
    Column("样本数", Kind.INT),
    Column("目标", Kind.NUMBER),
    Column("实际", Kind.NUMBER),
    Column("下限", Kind.NUMBER),
    Column("上限", Kind.NUMBER),
    Column("达标月数", Kind.INT),
    Column("上季度", Kind.NUMBER),
    Column("建议目标", Kind.NUMBER),
    Column("建议", width=20),
]


def _review_row(row: FactorRow, target: Decimal, months: dict, period: Quarter, smallest: int) -> tuple:
    code = row.question.code
    reached = sum(months[code, one].mean >= target for one in period.months if (code, one) in months)
    said, proposed = proposal(row.now.mean, row.now.mean_interval, row.now.n, target=target, smallest_sample=smallest)
    return (
        *_about(row),
        row.now.n,
        target,
        _points(row.now.mean),
        *_ends(row.now.mean_interval),
        reached,
        _points(row.before.mean) if row.before else None,
        proposed,
        _PROPOSALS[said],
    )


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _notes(store, period, by, at, *, n: int, small: int) -> list[tuple[str, object]]:
    return [
        ("门店", f"{store.code} {store.name}"),
        ("期间", f"{period}（{period.first_day} 至 {period.last_day}）"),
        ("答卷数", n),
        ("口径", _OWN),
        ("小样本", f"样本数少于 {small} 的数据仅供参考，不参与判定"),
        ("数据时间", at),
        ("制表人", str(by or "系统")),
    ]


def _about(row: FactorRow) -> tuple:
    section = row.question.section
    return row.question.code, row.question.name, section.name if section else "", _post(row)


def _post(row: FactorRow) -> str:
    return str(row.question.get_responsible_post_display() or "未指定")


def _points(value):
    return None if value is None else fen(value)


def _share(value):
    return None if value is None else value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _ends(interval: formulas.Interval | None, rounded=_points) -> tuple:
    return (None, None) if interval is None else (rounded(interval.low), rounded(interval.high))


registry.register(
    code="weekly_factors",
    title=_("Factors of the week"),
    permission=Permission.SATISFACTION_VIEW,
    build=weekly_factors,
    description=_("What pleased and what did not, factor by factor; made every Monday."),
    kind=Week,
    editions=(Edition("monday", day=1, hour=2),),
    order=31,
)
registry.register(
    code="csi_analysis",
    title=_("CSI analysis by post"),
    permission=Permission.SATISFACTION_VIEW,
    build=monthly_analysis,
    description=_("The month's factors under the posts that answer for them; made by the 5th."),
    editions=(Edition("fifth", day=5, hour=2),),
    order=32,
)
registry.register(
    code="target_review",
    title=_("Quarterly review of targets"),
    permission=Permission.SATISFACTION_VIEW,
    build=target_review,
    description=_("Targets against what was reached, with a proposal for each factor."),
    kind=Quarter,
    editions=(Edition("fifth", day=5, hour=2),),
    order=33,
)
