"""The figures of a month: one GROUP BY over its answers, one over its responses, the rest is arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, Count, F, Q, StdDev, Sum, Value, When
from django.db.models.fields import BooleanField, DecimalField

from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Period
from satisfaction import formulas
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource, Step, Verdict
from satisfaction.formulas import Factor, FactorFigures, Interval, Rules, Tally
from satisfaction.formulas.scores import LEVEL_COUNTS, NO_COUNTS, YES_COUNTS
from satisfaction.models import Answer, ImprovementPlan, Question, Response
from satisfaction.settings import (
    CSI_TARGET,
    SMALLEST_SAMPLE,
    STRONG_TOP_BOX,
    TEN_TARGET,
    WEAK_DISSATISFIED,
    WEAK_FALL,
    WEAK_TOP_BOX,
)


@dataclass(frozen=True)
class Scope:
    """Whose answers of which month. Narrowed to one advisor or order type where given."""

    store: Store
    period: Period
    advisor_id: int | None = None
    order_kind: str = ""

    @property
    def narrowing(self) -> Q:
        narrow = Q(response__store=self.store)
        if self.advisor_id:
            narrow &= Q(response__advisor=self.advisor_id)
        if self.order_kind:
            narrow &= Q(response__order__kind=self.order_kind)
        # Rates never mix internal and factory results.
        return narrow & ~Q(response__source=ResponseSource.FACTORY)


@dataclass(frozen=True)
class FactorRow:
    """A factor of the month beside the month before."""

    question: Question
    now: FactorFigures
    before: FactorFigures | None
    verdict: Verdict
    is_small: bool
    plan: ImprovementPlan | None = None


@dataclass(frozen=True)
class StepRow:
    """A core step (环节): the index over its factors alone."""

    step: Step
    n: int
    index: Decimal | None


@dataclass(frozen=True)
class PersonRow:
    person: Staff
    n: int
    index: Decimal | None
    place: int | None
    is_small: bool


@dataclass(frozen=True)
class MonthFigures:
    """Everything said of a month. Indexes on 1000 points, shares 0–1, the ten-question check on 100 points."""

    scope: Scope
    n: int
    index: Decimal | None
    index_interval: Interval | None
    target: Decimal
    previous_n: int
    previous_index: Decimal | None
    satisfied: Decimal | None
    satisfied_interval: Interval | None
    promoters_n: int
    promoters: Decimal | None
    promoters_interval: Interval | None
    ten_n: int
    ten: Decimal | None
    ten_target: Decimal
    smallest_sample: int
    factors: list[FactorRow] = field(default_factory=list)
    steps: list[StepRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)

    @property
    def is_small(self) -> bool:
        return formulas.is_small(self.n, self.smallest_sample)

    @property
    def change(self) -> Decimal | None:
        """Points gained against the month before."""
        return None if self.index is None or self.previous_index is None else self.index - self.previous_index

    @property
    def is_on_target(self) -> bool | None:
        return None if self.index is None else self.index >= self.target


@dataclass(frozen=True)
class _Responses:
    """How many there are, and the spread of their own indexes on the scale 1–10."""

    n: int
    deviation: Decimal | None


def month_figures(scope: Scope) -> MonthFigures:
    """The figures of a month with those of the month before; the same few queries, whatever the number of answers.

    Source: spec `satisfaction.md`, "Arithmetic", "Analysis".
    """
    period, store = scope.period, scope.store
    rules = figures("satisfaction.", store=store, on=period.last_day)
    small = rules[SMALLEST_SAMPLE.code]
    start, end = period.bounds(store.tz)
    before_start, _start = period.previous().bounds(store.tz)
    tallies = _tallies(_answers(scope, before_start, end), start)
    questions = {
        question.pk: question
        for question in Question.objects.filter(pk__in={pk for tally in tallies.values() for pk in tally})
        .select_related("version__questionnaire")
        .order_by("-version__number", "position")
    }
    service = [one for one in questions.values() if _kind_of(one) == QuestionnaireKind.SERVICE_CSI]
    versions = {one.version_id for one in service}
    responses = {
        True: _responses(_answers(scope, start, end), versions),
        False: _responses(_answers(scope, before_start, start), versions),
    }
    index, previous = (_index(service, tallies[when], responses[when]) for when in (True, False))
    scores = _pooled(service, tallies[True])
    recommend = _merged(tallies[True], (one for one in service if one.kind == QuestionKind.RECOMMEND))
    ten = _merged(
        tallies[True], (one for one in questions.values() if _kind_of(one) == QuestionnaireKind.TEN_QUESTIONS)
    )
    n = sum(one.n for one in responses[True].values())
    satisfied = formulas.satisfied_rate(QuestionKind.SCORE, scores)
    return MonthFigures(
        scope=scope,
        n=n,
        index=index,
        index_interval=_index_interval(index, responses[True]),
        target=rules[CSI_TARGET.code],
        previous_n=sum(one.n for one in responses[False].values()),
        previous_index=previous,
        satisfied=satisfied,
        satisfied_interval=formulas.share_interval(satisfied, n),
        promoters_n=sum(recommend.values()),
        promoters=formulas.net_promoter(recommend),
        promoters_interval=formulas.net_promoter_interval(recommend),
        ten_n=sum(ten.values()),
        ten=formulas.ten_question_score(ten.get(Decimal(1), 0), ten.get(Decimal(0), 0)),
        ten_target=rules[TEN_TARGET.code],
        smallest_sample=small,
        factors=_factor_rows(scope, service, tallies, _rules(rules)),
        steps=_step_rows(service, tallies[True]),
        people=people_figures(scope, smallest_sample=small),
    )


def people_figures(scope: Scope, *, smallest_sample: int) -> list[PersonRow]:
    """The index of every advisor in the month with their place; those nobody ranks (too few answers) at the end."""
    start, end = scope.period.bounds(scope.store.tz)
    rows = (
        _answers(scope, start, end)
        .filter(question__weight__isnull=False, response__advisor__isnull=False)
        .filter(question__version__questionnaire__kind=QuestionnaireKind.SERVICE_CSI)
        .values("response__advisor", "question", "question__version", "question__kind", "question__weight", "score")
        .annotate(times=Count("pk"))
        .order_by()
    )
    factors: dict[int, dict[int, dict[int, tuple]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        by_question = factors[row["response__advisor"]][row["question__version"]]
        _kind, _weight, tally = by_question.setdefault(
            row["question"], (row["question__kind"], row["question__weight"], {})
        )
        tally[row["score"]] = row["times"]
    counts = _responses_by_advisor(scope, start, end)
    index = {
        advisor: formulas.pooled_csi(
            [
                (
                    counts[advisor, version],
                    formulas.csi(
                        Factor(str(pk), kind, weight, tally) for pk, (kind, weight, tally) in questions.items()
                    ),
                )
                for version, questions in versions.items()
            ]
        )
        for advisor, versions in factors.items()
    }
    places = formulas.places({who: (one.n, one.value) for who, one in index.items()}, smallest_sample=smallest_sample)
    people = Staff.objects.in_bulk(index)
    found = [
        PersonRow(
            person=people[who],
            n=one.n,
            index=one.value,
            place=places.get(who),
            is_small=formulas.is_small(one.n, smallest_sample),
        )
        for who, one in index.items()
    ]
    return sorted(found, key=lambda row: (row.place is None, row.place or 0, row.person.work_number))


def responses_of_month(scope: Scope):
    """The responses behind a month's figures, newest first, as the details of the workbook need them."""
    start, end = scope.period.bounds(scope.store.tz)
    rows = Response.objects.filter(store=scope.store, answered_at__gte=start, answered_at__lt=end)
    if scope.advisor_id:
        rows = rows.filter(advisor=scope.advisor_id)
    if scope.order_kind:
        rows = rows.filter(order__kind=scope.order_kind)
    return (
        rows.exclude(source=ResponseSource.FACTORY)
        .select_related("version__questionnaire", "order__vehicle", "customer", "advisor", "taken_by")
        .prefetch_related("answers__question")
        .order_by("answered_at", "pk")
    )


def periods_with_answers(store: Store) -> list[Period]:
    """The months in which this store was answered, newest first."""
    months = Response.objects.filter(store=store).dates("answered_at", "month", order="DESC")
    return [Period.of(month) for month in months]


# ── the two aggregates ───────────────────────────────────────────────────────────────────────────────────────────────
def _answers(scope: Scope, start: datetime, end: datetime):
    return Answer.objects.filter(
        scope.narrowing, response__answered_at__gte=start, response__answered_at__lt=end, score__isnull=False
    )


def _is_now(start: datetime):
    return Case(When(response__answered_at__gte=start, then=True), default=False, output_field=BooleanField())


def _tallies(answers, start: datetime) -> dict[bool, dict[int, dict[Decimal, int]]]:
    """is it this month → question → tally."""
    found: dict[bool, dict[int, dict[Decimal, int]]] = {True: defaultdict(dict), False: defaultdict(dict)}
    rows = (
        answers.annotate(is_now=_is_now(start)).values_list("is_now", "question", "score").annotate(times=Count("pk"))
    )
    for is_now, question, score, times in rows.order_by():
        found[is_now][question][score] = times
    return found


def _counted_score():
    """The score on the scale 1–10 in SQL: the same table as `formulas.counted`."""
    levels = [
        When(question__kind=QuestionKind.LEVEL, score=level, then=Value(counts))
        for level, counts in LEVEL_COUNTS.items()
    ]
    return Case(
        *levels,
        When(question__kind=QuestionKind.YES_NO, score=1, then=Value(YES_COUNTS)),
        When(question__kind=QuestionKind.YES_NO, score=0, then=Value(NO_COUNTS)),
        default=F("score"),
        output_field=DecimalField(max_digits=5, decimal_places=2),
    )


def _responses(answers, versions: Iterable[int]) -> dict[int, _Responses]:
    """Version → number of responses and the spread of their own indexes: one aggregate for each version of a month."""
    each = (
        answers.filter(question__weight__isnull=False)
        .values("response")
        .annotate(own=Sum(F("question__weight") * _counted_score()) / Sum("question__weight"))
        .order_by()
    )
    found = {}
    for version in versions:
        row = each.filter(question__version=version).aggregate(n=Count("own"), deviation=StdDev("own", sample=True))
        if row["n"]:
            found[version] = _Responses(row["n"], row["deviation"])
    return found


def _responses_by_advisor(scope: Scope, start, end) -> Counter:
    """(advisor, version) → number of responses with a score to a factor."""
    rows = (
        _answers(scope, start, end)
        .filter(question__weight__isnull=False, response__advisor__isnull=False)
        .values_list("response__advisor", "question__version")
        .annotate(times=Count("response", distinct=True))
        .order_by()
    )
    return Counter({(advisor, version): times for advisor, version, times in rows})


# ── arithmetic over them ─────────────────────────────────────────────────────────────────────────────────────────────
def _kind_of(question: Question) -> str:
    return question.version.questionnaire.kind


def _weighted(questions: Iterable[Question], version: int | None = None) -> list[Question]:
    return [one for one in questions if one.weight is not None and version in (None, one.version_id)]


def _factor(question: Question, tallies: dict[int, Tally]) -> Factor:
    return Factor(question.code, question.kind, question.weight, tallies.get(question.pk, {}))


def _index(questions, tallies: dict[int, Tally], responses: dict[int, _Responses]) -> Decimal | None:
    pooled = formulas.pooled_csi(
        [
            (one.n, formulas.csi(_factor(question, tallies) for question in _weighted(questions, version)))
            for version, one in responses.items()
        ]
    )
    return pooled.value if pooled else None


def _index_interval(index: Decimal | None, responses: dict[int, _Responses]) -> Interval | None:
    """The interval of the index from the spread of the customers' own indexes; a customer, not an answer, is the
    sample. Months with two versions get none: the spread of one is not that of the other."""
    if index is None or len(responses) != 1:
        return None
    (one,) = responses.values()
    deviation = None if one.deviation is None else 100 * Decimal(one.deviation)
    return formulas.mean_interval(index, deviation, one.n, least=Decimal(100), most=Decimal(1000))


def _merged(tallies: dict[int, Tally], questions: Iterable[Question]) -> Tally:
    """Several questions' tallies as one."""
    merged = Counter()
    for question in questions:
        merged.update(tallies.get(question.pk, {}))
    return merged


def _pooled(questions, tallies: dict[int, Tally]) -> Tally:
    """The scores of all factors on the scale 1–10, for the satisfied rate."""
    scores = Counter()
    for question in _weighted(questions):
        for value, times in tallies.get(question.pk, {}).items():
            scores[formulas.counted(question.kind, value)] += times
    return scores


def _rules(rules: dict) -> Rules:
    return Rules(
        smallest_sample=rules[SMALLEST_SAMPLE.code],
        strong_top_box=rules[STRONG_TOP_BOX.code],
        weak_top_box=rules[WEAK_TOP_BOX.code],
        weak_dissatisfied=rules[WEAK_DISSATISFIED.code],
        weak_fall=rules[WEAK_FALL.code],
    )


def _factor_rows(scope: Scope, questions, tallies, rules: Rules) -> list[FactorRow]:
    """A row for each factor answered this month; the month before is that of the same code, whatever its version."""
    former = {}
    for question in _weighted(questions):
        if question.pk in tallies[False]:
            former.setdefault(question.code, formulas.factor_figures(_factor(question, tallies[False])))
    plans = {plan.factor_code: plan for plan in _plans_of(scope)}
    rows = []
    for question in _weighted(questions):
        if question.pk in tallies[True]:
            now, before = formulas.factor_figures(_factor(question, tallies[True])), former.get(question.code)
            rows.append(
                FactorRow(
                    question=question,
                    now=now,
                    before=before,
                    verdict=Verdict(formulas.verdict(now, before, rules)),
                    is_small=formulas.is_small(now.n, rules.smallest_sample),
                    plan=plans.get(question.code),
                )
            )
    return rows


def _plans_of(scope: Scope):
    return ImprovementPlan.objects.filter(store=scope.store, period=str(scope.period)).select_related("owner")


def _step_rows(questions, tallies: dict[int, Tally]) -> list[StepRow]:
    rows = []
    for step in Step:
        factors = [_factor(one, tallies) for one in _weighted(questions) if one.step == step]
        index = formulas.csi(factors)
        if index is not None:
            rows.append(StepRow(step, max(sum(factor.tally.values()) for factor in factors), index))
    return rows
