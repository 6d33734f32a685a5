"""Whether an improvement plan helped: its factor before and after, and whether the change is more than chance.

Source: spec `satisfaction.md`, "Improvement plan": the next period's figure is put beside it by itself.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count
from django.db.models.functions import TruncMonth

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period
from satisfaction import formulas
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource
from satisfaction.formulas import Factor, FactorFigures, Gap, Tally
from satisfaction.models import Answer, ImprovementPlan
from satisfaction.settings import SMALLEST_SAMPLE

MONTHS_AFTER = 3
WATCHED = timedelta(days=92)


@dataclass(frozen=True)
class Effect:
    """A factor's figures of one month; `is_own` marks the month the plan was born from."""

    period: Period
    figures: FactorFigures
    is_own: bool
    is_small: bool


@dataclass(frozen=True)
class Change:
    """The plan's month against what customers said from `since` on (carried out; before that: the months after).

    `gap.difference` = after − before, on the scale 1–10.
    """

    since: datetime
    is_carried_out: bool
    gap: Gap
    smallest_sample: int

    @property
    def is_small(self) -> bool:
        return min(self.gap.left.n, self.gap.right.n) < self.smallest_sample

    @property
    def tone(self) -> str:
        if self.is_small or not self.gap.is_real:
            return "neutral"
        return "success" if self.gap.difference > 0 else "danger"


def effect_of(plan: ImprovementPlan, *, until: Period) -> list[Effect]:
    """The plan's factor in the plan's month and up to three months after it, so that the effect stands beside it."""
    first = Period.parse(plan.period)
    periods = [first.shifted(months) for months in range(MONTHS_AFTER + 1) if first.shifted(months) <= until]
    figures = factor_months(plan.store, periods, codes=[plan.factor_code])
    smallest = figure(SMALLEST_SAMPLE, store=plan.store, on=first.last_day)
    return [
        Effect(period, found, period == first, formulas.is_small(found.n, smallest))
        for period in periods
        if (found := figures.get((plan.factor_code, period)))
    ]


def change_by(plan: ImprovementPlan, *, at: datetime) -> Change:
    """Before and after, with the 95 % interval of the difference: two queries."""
    start, end = Period.parse(plan.period).bounds(plan.store.tz)
    since = max(plan.done_at, end) if plan.done_at else end
    before = _tallies(plan.store, start, end, [plan.factor_code])
    after = _tallies(plan.store, since, min(since + WATCHED, at), [plan.factor_code])
    smallest = figure(SMALLEST_SAMPLE, store=plan.store, on=at.astimezone(plan.store.tz).date())
    said = [
        formulas.moments_of(QuestionKind.SCORE, sum(tallies.values(), Counter())) for tallies in (after, before)
    ]  # of every month of the span together
    return Change(since, plan.done_at is not None, formulas.gap(*said), smallest)


def factor_months(
    store: Store, periods: list[Period], *, codes: list[str] | None = None
) -> dict[tuple[str, Period], FactorFigures]:
    """The factors' figures of some months, all versions of a factor together: one GROUP BY."""
    if not periods:
        return {}
    start, end = min(periods).bounds(store.tz)[0], max(periods).bounds(store.tz)[1]
    return {
        (code, period): formulas.factor_figures(Factor(code, QuestionKind.SCORE, Decimal(1), tally))
        for (code, period), tally in _tallies(store, start, end, codes).items()
        if period in periods
    }


def _tallies(store: Store, start: datetime, end: datetime, codes: list[str] | None) -> dict[tuple[str, Period], Tally]:
    """Factor and month → what its answers count for, on the scale 1–10, and how often. Never the factory's answers."""
    answers = Answer.objects.filter(
        response__store=store, response__answered_at__gte=start, response__answered_at__lt=end, score__isnull=False,
        question__weight__isnull=False, question__version__questionnaire__kind=QuestionnaireKind.SERVICE_CSI,
    ).exclude(response__source=ResponseSource.FACTORY)  # fmt: skip
    if codes is not None:
        answers = answers.filter(question__code__in=codes)
    rows = (
        answers.annotate(month=TruncMonth("response__answered_at", tzinfo=store.tz))
        .values_list("question__code", "month", "question__kind", "score")
        .annotate(times=Count("pk"))
        .order_by()
    )
    found: dict[tuple[str, Period], Counter] = defaultdict(Counter)
    for code, month, kind, score, times in rows:
        found[code, Period.of(month, store.tz)][formulas.counted(kind, score)] += times
    return dict(found)
