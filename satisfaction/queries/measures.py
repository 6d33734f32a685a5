"""The figures of satisfaction in the catalogue of measures: CSI, SSI, ten-question check, NPS, the factory's rank.

Some months at once, counted in one statement by the arithmetic of `month_figures`: a figure never differs between two
pages. Source: spec `kpi.md` (definitions), `satisfaction.md`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Case, CharField, Count, DecimalField, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Store
from dealer_crm.values import Figure, Period
from satisfaction import formulas
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource
from satisfaction.formulas import Factor, Tally
from satisfaction.models import Answer, FactoryRank, Response
from satisfaction.settings import CSI_TARGET, TEN_TARGET

_KINDS = (QuestionnaireKind.SERVICE_CSI, QuestionnaireKind.SALES_SSI, QuestionnaireKind.TEN_QUESTIONS)


@dataclass(frozen=True)
class SatisfactionMeasure:
    """`unit`: points, share or place. `goal`: at least."""

    code: str
    label: str
    unit: str
    definition: str
    goal: Figure | None = None


SATISFACTION_MEASURES: dict[str, SatisfactionMeasure] = {
    one.code: one
    for one in (
        SatisfactionMeasure(
            "csi", _("Service index (CSI)"), "points",
            _("Internal index of the service questionnaire on 1000 points, without the factory's answers."), CSI_TARGET,
        ),
        SatisfactionMeasure(
            "ssi", _("Sales index (SSI)"), "points",
            _("Internal index of the sales questionnaire on 1000 points."),
        ),
        SatisfactionMeasure(
            "ten_questions", _("Ten-question check"), "points", _("100 × yes ÷ (yes + no)."), TEN_TARGET,
        ),
        SatisfactionMeasure(
            "nps", _("Recommendation (NPS)"), "share",
            _("Customers who would recommend us (9–10) less those who would not (0–6) ÷ customers asked."),
        ),
        SatisfactionMeasure(
            "factory_rank", _("Place in the factory's list"), "place",
            _("Place in the region by the factory's list of the month; of several lists the worst."),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class MeasureOfMonth:
    """`n`: customers of an index, answers of a share, stores of the region; `value` None where nobody said anything."""

    numerator: int | None
    n: int
    value: Decimal | None


class _Row(NamedTuple):
    """How often a value was given to a question; or, without a question, how many customers answered a version."""

    month: int
    questionnaire: str
    version: int
    question: int | None
    kind: str
    weight: Decimal | None
    score: Decimal | None
    times: int


def monthly_measures(store: Store, periods: Sequence[Period]) -> dict[Period, dict[str, MeasureOfMonth]]:
    """The measures of some months, in the order of the catalogue; two statements, whatever the number of answers."""
    told: dict[int, list[_Row]] = defaultdict(list)
    for row in _counted(store, periods):
        told[row.month].append(row)
    placed = {str(period): [] for period in periods}
    for period, place, of in FactoryRank.objects.filter(store=store, period__in=placed).values_list(
        "period", "place", "of"
    ):
        placed[period].append((place, of))
    return {
        period: {
            "csi": _index(told[month], QuestionnaireKind.SERVICE_CSI),
            "ssi": _index(told[month], QuestionnaireKind.SALES_SSI),
            "ten_questions": _ten(_tally(told[month], QuestionnaireKind.TEN_QUESTIONS)),
            "nps": _promoters(_tally(told[month], QuestionnaireKind.SERVICE_CSI, QuestionKind.RECOMMEND)),
            "factory_rank": _place(placed[str(period)]),
        }
        for month, period in enumerate(periods)
    }


def _counted(store: Store, periods: Sequence[Period]) -> Iterable[_Row]:
    """What was given, and below it how many customers gave it."""
    of_store = {"store": store, "version__questionnaire__kind__in": _KINDS}
    answers = Answer.objects.filter(
        _within("response__", store, periods), **{f"response__{way}": value for way, value in of_store.items()},
        score__isnull=False,
    ).exclude(response__source=ResponseSource.FACTORY)  # fmt: skip
    given = (
        answers.order_by()
        .values_list(
            _month("response__", store, periods), "response__version__questionnaire__kind", "response__version",
            "question", "question__kind", "question__weight", "score",
        )
        .annotate(times=Count("pk"))
    )  # fmt: skip
    factor = Answer.objects.filter(response=OuterRef("pk"), question__weight__isnull=False, score__isnull=False)
    number, words = DecimalField(max_digits=5, decimal_places=2), CharField()
    customers = (
        Response.objects.filter(_within("", store, periods), Exists(factor), **of_store)
        .exclude(source=ResponseSource.FACTORY)
        .order_by()
        .values_list(
            _month("", store, periods), "version__questionnaire__kind", "version",
            Value(None, IntegerField()), Value("", words), Value(None, number), Value(None, number),
        )
        .annotate(times=Count("pk"))
    )  # fmt: skip
    return [_Row(*row) for row in given.union(customers, all=True)]


def _bounds(response: str, store: Store, period: Period) -> Q:
    start, end = period.bounds(store.tz)
    return Q(**{f"{response}answered_at__gte": start, f"{response}answered_at__lt": end})


def _within(response: str, store: Store, periods: Sequence[Period]) -> Q:
    return reduce(or_, (_bounds(response, store, period) for period in periods))


def _month(response: str, store: Store, periods: Sequence[Period]) -> Case:
    """Which of the months it was."""
    inside = (When(_bounds(response, store, period), then=number) for number, period in enumerate(periods))
    return Case(*inside, output_field=IntegerField())


# ── arithmetic over them ─────────────────────────────────────────────────────────────────────────────────────────────
def _index(rows: list[_Row], questionnaire: str) -> MeasureOfMonth:
    """Each version by its own factors, pooled by customers."""
    sizes = {row.version: row.times for row in rows if row.questionnaire == questionnaire and row.question is None}
    factors: dict[int, dict[int, Factor]] = defaultdict(dict)
    for row in rows:
        if row.questionnaire == questionnaire and row.weight is not None:
            factor = factors[row.version].setdefault(row.question, Factor("", row.kind, row.weight, Counter()))
            factor.tally[row.score] += row.times
    pooled = formulas.pooled_csi([(n, formulas.csi(factors[version].values())) for version, n in sizes.items()])
    return MeasureOfMonth(None, pooled.n, pooled.value) if pooled else MeasureOfMonth(None, 0, None)


def _tally(rows: list[_Row], questionnaire: str, kind: str = "") -> Tally:
    found: Counter = Counter()
    for row in rows:
        if row.questionnaire == questionnaire and row.question is not None and kind in ("", row.kind):
            found[row.score] += row.times
    return found


def _ten(tally: Tally) -> MeasureOfMonth:
    yes, no = tally.get(Decimal(1), 0), tally.get(Decimal(0), 0)
    return MeasureOfMonth(yes, yes + no, formulas.ten_question_score(yes, no))


def _promoters(tally: Tally) -> MeasureOfMonth:
    n, score = sum(tally.values()), formulas.net_promoter(tally)
    return MeasureOfMonth(None if score is None else int(score * n), n, score)


def _place(places: list[tuple[int, int]]) -> MeasureOfMonth:
    place, of = max(places, default=(None, 0))
    return MeasureOfMonth(place, of, None if place is None else Decimal(place))
