"""控制图: the weeks or months up to a span with limits that follow from them. Source: `satisfaction.md`, "Analysis"."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, F, Func, IntegerField, Value

from dealer_crm.organization.queries import figures
from dealer_crm.values import Period, Week
from satisfaction import formulas
from satisfaction.choices import Rhythm
from satisfaction.formulas import ControlChart, ControlRules, Point, Subgroup
from satisfaction.queries.counts import (
    given_counts,
    index_of,
    own_indexes,
    questions_of,
    sizes_of,
    tallies,
)
from satisfaction.queries.scopes import Scope, Span
from satisfaction.settings import CONTROL_POINTS, CSI_TARGET, SHIFT_RUN, SMALLEST_SAMPLE

POINTS = {Rhythm.WEEK: 26, Rhythm.MONTH: 24}
"""How far back a chart looks: half a year of weeks, two years of months."""


@dataclass(frozen=True)
class Control:
    """`dissatisfied`: share of customers who were dissatisfied with any factor asked for; `index`: the CSI."""

    scope: Scope
    rhythm: Rhythm
    dissatisfied: ControlChart
    index: ControlChart
    target: Decimal
    rules: ControlRules


def control(scope: Scope, rhythm: Rhythm) -> Control:
    """The control charts of the weeks or months up to the end of the scope's span: two statements for all points.

    The p-chart counts customers, not answers: the answers of one sheet go together, and limits from answers would be
    too narrow. The running week or month is among the points with what has been said so far.
    """
    spans = _spans(scope, rhythm)
    values = figures("satisfaction.", store=scope.store, on=scope.period.last_day)
    rules = ControlRules(values[SMALLEST_SAMPLE.code], values[CONTROL_POINTS.code], values[SHIFT_RUN.code])
    starts, end = [span.bounds(scope.tz)[0] for span in spans], spans[-1].bounds(scope.tz)[1]
    answers, place = scope.answers(starts[0], end), _place_among(starts)
    counts = given_counts(answers, starts[0], place)
    questions = [one for one in questions_of(counts) if scope.asks(one)]
    counted, summed = defaultdict(list), defaultdict(list)
    for row in counts:
        counted[row.key].append(row)
    for one in own_indexes(answers, starts[0], place, questions):
        summed[one.key].append(one)
    groups, points = [], []
    for number, span in enumerate(spans, start=1):
        own, sizes = summed[number], sizes_of(summed[number])
        index = index_of(questions, tallies(counted[number], True), sizes)
        groups.append(Subgroup(str(span), sizes.total(), sum(one.dissatisfied for one in own)))
        points.append(Point(str(span), sizes.total(), index))
    answered = [place for place, one in enumerate(groups) if one.n]
    # A young store has no empty half year, and nobody has answered tomorrow.
    shown = slice(answered[0], answered[-1] + 1) if answered else slice(0)
    return Control(
        scope=scope,
        rhythm=rhythm,
        dissatisfied=formulas.p_chart(groups[shown], rules),
        index=formulas.individuals_chart(points[shown], rules, least=Decimal(100), most=Decimal(1000)),
        target=values[CSI_TARGET.code],
        rules=rules,
    )


def index_trend(scope: Scope, *, months: int) -> list[Point]:
    """The index of the months up to the scope's own, oldest first, those without an answer too."""
    chart = control(scope, Rhythm.MONTH).index
    known = {point.label: replace(point, low=None, high=None) for point in chart.points}
    spans = [Period.of(scope.period.last_day).shifted(back - months + 1) for back in range(months)]
    return [known.get(str(span), Point(str(span), 0, None)) for span in spans]


def _spans(scope: Scope, rhythm: Rhythm) -> list[Span]:
    last = (Week if rhythm == Rhythm.WEEK else Period).of(scope.period.last_day)
    return [last.shifted(back - POINTS[rhythm] + 1) for back in range(POINTS[rhythm])]


def _place_among(starts: Sequence[datetime]) -> Func:
    """The number of the span an answer fell into, counted from 1. PostgreSQL searches the starts by halves, which costs
    a fraction of telling the week or month of a million moments on the store's clock."""
    moments = Value(list(starts), output_field=ArrayField(DateTimeField()))
    return Func(F("response__answered_at"), moments, function="width_bucket", output_field=IntegerField())
