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

    `gap.difference` = after − before, on the scale 1–10, with its 95 % interval.
    """

    since: datetime
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


@dataclass(frozen=True)
class PlanEffect:
    """Month by month, and before against after."""

    months: list[Effect]
    change: Change


def effect_of(plan: ImprovementPlan, *, at: datetime) -> PlanEffect:
    """The plan's factor in its month and up to three months after, and whether the change is real: three queries."""
    store, first = plan.store, Period.parse(plan.period)
    last = min(first.shifted(MONTHS_AFTER), Period.of(at, store.tz))
    tallies = _tallies(store, first.bounds(store.tz)[0], last.bounds(store.tz)[1], [plan.factor_code])
    end = first.bounds(store.tz)[1]
    since = max(plan.done_at, end) if plan.done_at else end
    after = _tallies(store, since, min(since + WATCHED, at), [plan.factor_code])
    smallest = figure(SMALLEST_SAMPLE, store=store, on=at.astimezone(store.tz).date())
    said = [
        formulas.moments_of(QuestionKind.SCORE, tally)
        for tally in (sum(after.values(), Counter()), tallies.get((plan.factor_code, first), {}))
    ]
    months = []
    for (code, period), tally in sorted(tallies.items()):
        figures = _figures(code, tally)
        months.append(Effect(period, figures, period == first, formulas.is_small(figures.n, smallest)))
    return PlanEffect(months, Change(since, formulas.gap(*said), smallest))


def factor_months(
    store: Store, periods: list[Period], *, codes: list[str] | None = None
) -> dict[tuple[str, Period], FactorFigures]:
    """The factors' figures of some months, all versions of a factor together: one GROUP BY."""
    if not periods:
        return {}
    start, end = min(periods).bounds(store.tz)[0], max(periods).bounds(store.tz)[1]
    tallies = _tallies(store, start, end, codes)
    return {(code, period): _figures(code, tally) for (code, period), tally in tallies.items() if period in periods}


def _figures(code: str, tally: Tally) -> FactorFigures:
    """A tally on the scale 1–10 is one of scores, whatever kind its questions had."""
    return formulas.factor_figures(Factor(code, QuestionKind.SCORE, Decimal(1), tally))


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
