"""The CSI workbook. Sheets and headers are laid down in spec `interfaces.md` (report workbooks)."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import registry
from dealer_crm.reporting.registry import Edition
from dealer_crm.reporting.report import Chart, Column, Drawing, Kind, Report, Sheet
from dealer_crm.values import fen
from satisfaction.choices import QuestionKind, QuestionnaireKind
from satisfaction.formulas import Interval, Point
from satisfaction.models import Question, QuestionnaireVersion, Response
from satisfaction.queries import (
    MonthFigures,
    Scope,
    index_trend,
    month_figures,
    plans_of_month,
    responses_of_month,
)

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_TREND_MONTHS = 12
_VERDICTS = {"strength": "优势", "weakness": "劣势", "": ""}


def csi_report(*, store, period, by, at) -> Report:
    """The month's index of a store with its factors, people, responses and improvement plans."""
    with translation.override(_LANGUAGE):
        month = month_figures(Scope(store, period))
        trend = index_trend(month.scope, months=_TREND_MONTHS)
        return Report(
            title="CSI 月报",
            file_stem=f"csi-{store.code}-{period}",
            notes=[
                ("门店", f"{store.code} {store.name}"),
                ("期间", str(period)),
                ("问卷版本", _versions(month)),
                ("口径", "店内自测指数（1000 分制），不含厂家调查结果；按答卷时间归月"),
                ("满意率", "所有因子得分中不低于 7 分的占比"),
                ("小样本", f"样本数少于 {month.smallest_sample} 的数据仅供参考，不参与排名和优劣势判定"),
                ("数据时间", at),
                ("制表人", str(by or "系统")),
            ],
            sheets=[
                _summary(month, trend),
                _factors(month),
                _people(month),
                _details(month),
                _plans(month),
            ],
        ).held()


def _versions(month: MonthFigures) -> str:
    """The versions answered in the month, the newest first."""
    return "、".join(dict.fromkeys(str(row.question.version) for row in month.factors)) or "本月没有答卷"


def _summary(month: MonthFigures, trend: list[Point]) -> Sheet:
    columns = [
        Column("样本数", Kind.INT),
        Column("CSI", Kind.NUMBER),
        Column("目标", Kind.NUMBER),
        Column("上期", Kind.NUMBER),
        Column("满意率", Kind.PERCENT),
        Column("NPS", Kind.PERCENT),
        Column("十项", Kind.NUMBER),
        Column("CSI下限", Kind.NUMBER),
        Column("CSI上限", Kind.NUMBER),
        Column("满意率下限", Kind.PERCENT),
        Column("满意率上限", Kind.PERCENT),
        Column("NPS样本数", Kind.INT),
        Column("十项样本数", Kind.INT),
        Column("NPS下限", Kind.PERCENT),
        Column("NPS上限", Kind.PERCENT),
    ]
    row = (
        month.n,
        _points(month.index),
        month.target,
        _points(month.previous_index),
        _share(month.satisfied),
        _share(month.promoters),
        _points(month.ten),
        *_ends(month.index_interval, _points),
        *_ends(month.satisfied_interval, _share),
        month.promoters_n,
        month.ten_n,
        *_ends(month.promoters_interval, _share),
    )
    return Sheet("汇总", columns, [row], charts=[_trend_chart(month, trend), *_steps_chart(month)])


def _trend_chart(month: MonthFigures, trend: list[Point]) -> Chart:
    values = [_points(point.value) for point in trend]
    return Chart(
        "CSI 走势",
        Drawing.LINE,
        [point.label for point in trend],
        [("CSI", values), ("目标", [month.target] * len(trend))],
        *_room_for([*values, month.target]),
    )


def _steps_chart(month: MonthFigures) -> list[Chart]:
    """The steps of the visit; none while nobody has answered."""
    steps = [("CSI", [_points(row.index) for row in month.steps])]
    return [Chart("环节 CSI", Drawing.RADAR, [row.name for row in month.steps], steps)] if month.steps else []


def _factors_chart(month: MonthFigures) -> list[Chart]:
    if not month.factors:
        return []
    series = [
        ("本期均值", [_points(row.now.mean) for row in month.factors]),
        ("上期均值", [_points(row.before.mean) if row.before else None for row in month.factors]),
        ("目标", [row.target for row in month.factors]),
    ]
    names = [row.question.name for row in month.factors]
    return [Chart("因子均值", Drawing.COLUMNS, names, series, least=1, most=10)]


def _room_for(values: list) -> tuple[int, int]:
    """The ends of an axis on which the index can be told apart: whole hundreds around what is drawn."""
    known = [value for value in values if value is not None]
    return 100 * (int(min(known)) // 100), min(1000, 100 * (int(max(known)) // 100 + 1))


def _factors(month: MonthFigures) -> Sheet:
    columns = [
        Column("代码"),
        Column("因子", width=16),
        Column("权重", Kind.NUMBER),
        Column("样本数", Kind.INT),
        Column("均值", Kind.NUMBER),
        Column("非常满意率", Kind.PERCENT),
        Column("不满意率", Kind.PERCENT),
        Column("上期", Kind.NUMBER),
        Column("判定"),
        Column("环节", width=16),
        Column("责任岗位", width=16),
        Column("均值下限", Kind.NUMBER),
        Column("均值上限", Kind.NUMBER),
        Column("非常满意率下限", Kind.PERCENT, width=14),
        Column("非常满意率上限", Kind.PERCENT, width=14),
        Column("不满意率下限", Kind.PERCENT, width=12),
        Column("不满意率上限", Kind.PERCENT, width=12),
    ]
    rows = [
        (
            row.question.code,
            row.question.name,
            row.question.weight.normalize(),
            row.now.n,
            _points(row.now.mean),
            _share(row.now.top_box),
            _share(row.now.dissatisfied),
            _points(row.before.mean) if row.before else None,
            _VERDICTS[row.verdict.value],
            row.question.section.name if row.question.section else "",
            row.question.get_responsible_post_display(),
            *_ends(row.now.mean_interval, _points),
            *_ends(row.now.top_box_interval, _share),
            *_ends(row.now.dissatisfied_interval, _share),
        )
        for row in month.factors
    ]
    return Sheet("因子", columns, rows, empty="本月没有答卷", charts=_factors_chart(month))


def _people(month: MonthFigures) -> Sheet:
    columns = [
        Column("工号"),
        Column("姓名"),
        Column("样本数", Kind.INT),
        Column("CSI", Kind.NUMBER),
        Column("名次", Kind.INT),
        Column("CSI下限", Kind.NUMBER),
        Column("CSI上限", Kind.NUMBER),
    ]
    rows = [
        (
            row.person.work_number,
            row.person.name,
            row.n,
            _points(row.index),
            row.place,
            *_ends(row.interval, _points),
        )
        for row in month.people
    ]
    return Sheet("人员", columns, rows, note=f"样本数少于 {month.smallest_sample} 的人员不排名次。")


def _details(month: MonthFigures) -> Sheet:
    questions = _questions(month)
    columns = [
        Column("答卷时间", Kind.DATETIME),
        Column("问卷", width=24),
        Column("来源"),
        Column("工单号", width=20),
        Column("车牌号"),
        Column("客户"),
        Column("服务顾问工号"),
        Column("服务顾问"),
        Column("回访员"),
        *(_column(question) for question in questions),
    ]
    return Sheet("明细", columns, _detail_rows(month, questions))


def _questions(month: MonthFigures) -> list[Question]:
    """One column for each code answered in the month: the service CSI first, then the other questionnaires as they are
    listed; of a code asked by several versions the newest wording."""
    answered = QuestionnaireVersion.objects.filter(responses__in=month.scope.responses())
    asked = Question.objects.filter(version__in=answered).select_related("version__questionnaire")
    order = list(QuestionnaireKind)
    by_code: dict[str, Question] = {}
    for question in sorted(
        asked,
        key=lambda one: (
            order.index(one.version.questionnaire.kind),
            one.version.questionnaire_id,
            -one.version.number,
            one.position,
        ),
    ):
        by_code.setdefault(question.code, question)
    return list(by_code.values())


def _column(question: Question) -> Column:
    is_text = question.kind in (QuestionKind.TEXT, QuestionKind.CHOICE)
    return Column(
        f"{question.code} {question.name}", Kind.TEXT if is_text else Kind.NUMBER, width=24 if is_text else 10
    )


def _detail_rows(month: MonthFigures, questions: list[Question]) -> Iterator[tuple]:
    for response in responses_of_month(month.scope):
        answers = {answer.question.code: answer for answer in response.answers.all()}
        yield (*_about(response), *(_value(answers.get(question.code)) for question in questions))


def _about(response: Response) -> tuple:
    order = response.order
    return (
        response.answered_at,
        str(response.version),
        response.get_source_display(),
        order.number if order else "",
        order.vehicle.plate if order else "",
        response.customer.name if response.customer else "",
        response.advisor.work_number if response.advisor else "",
        response.advisor.name if response.advisor else "",
        response.taken_by.name if response.taken_by else "",
    )


def _value(answer):
    if answer is None:
        return None
    return answer.text if answer.score is None else int(answer.score)


def _plans(month: MonthFigures) -> Sheet:
    columns = [
        Column("月份"),
        Column("代码"),
        Column("因子", width=16),
        Column("原因", width=30),
        Column("措施", width=30),
        Column("责任人"),
        Column("完成期限", Kind.DATE),
        Column("检查日期", Kind.DATE),
        Column("结果", width=30),
        Column("状态"),
    ]
    rows = [
        (
            plan.period,
            plan.factor_code,
            plan.factor_name,
            plan.cause,
            plan.measure,
            plan.owner.name,
            plan.due_on,
            plan.check_on,
            plan.result,
            "已完成" if plan.closed_at else "进行中",
        )
        for plan in plans_of_month(month.scope.store, month.scope.period)
    ]
    return Sheet("改进计划", columns, rows, empty="本月没有改进计划")


def _points(value):
    return None if value is None else fen(value)  # two places, half up


def _share(value):
    return None if value is None else value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _ends(interval: Interval | None, rounded) -> tuple:
    return (None, None) if interval is None else (rounded(interval.low), rounded(interval.high))


registry.register(
    code="csi",
    title=_("CSI monthly report"),
    permission=Permission.SATISFACTION_VIEW,
    build=csi_report,
    editions=(Edition("first", day=1, hour=2), Edition("final", day=5, hour=2)),
    order=30,
)
