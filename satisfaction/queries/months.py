"""The figures of a month: one GROUP BY over its answers, one over its customers, the rest is arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.fields import BooleanField, DecimalField

from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Period
from satisfaction import formulas
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource, Verdict
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

    def narrowing(self, response: str = "") -> Q:
        """The condition on responses; `response` is the way to them ("response__" from answers)."""
        narrow = Q(**{f"{response}store": self.store})
        if self.advisor_id:
            narrow &= Q(**{f"{response}advisor": self.advisor_id})
        if self.order_kind:
            narrow &= Q(**{f"{response}order__kind": self.order_kind})
        # Rates never mix internal and factory results.
        return narrow & ~Q(**{f"{response}source": ResponseSource.FACTORY})


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
    """A section (环节): the index over its factors alone. `code` names it across versions."""

    code: str
    name: str
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
class _Own:
    """One customer's own index (scale 1–10), of which version, for which advisor."""

    advisor: int | None
    version: int
    index: Decimal


def month_figures(scope: Scope) -> MonthFigures:
    """The figures of a month with those of the month before; the same few queries, whatever the number of answers.

    Source: spec `satisfaction.md`, "Arithmetic", "Analysis".
    """
    period, store = scope.period, scope.store
    rules = figures("satisfaction.", store=store, on=period.last_day)
    start, end = period.bounds(store.tz)
    before_start, _start = period.previous().bounds(store.tz)
    counts = _counts(_answers(scope, before_start, end), start)
    tallies = {is_now: _tallies(counts, is_now) for is_now in (True, False)}
    questions = (
        Question.objects.filter(pk__in={row.question for row in counts})
        .select_related("version__questionnaire", "section")
        .order_by("-version__number", "position")
    )
    service = [one for one in questions if _kind_of(one) == QuestionnaireKind.SERVICE_CSI]
    ten = _merged(tallies[True], (one for one in questions if _kind_of(one) == QuestionnaireKind.TEN_QUESTIONS))
    recommend = _merged(tallies[True], (one for one in service if one.kind == QuestionKind.RECOMMEND))
    own = _own_indexes(_answers(scope, start, end), service)
    sizes, sizes_before = Counter(one.version for one in own), _sizes(scope, before_start, start)
    index = _index(service, tallies[True], sizes)
    satisfied = formulas.satisfied_rate(QuestionKind.SCORE, _pooled(service, tallies[True]))
    return MonthFigures(
        scope=scope,
        n=len(own),
        index=index,
        index_interval=_index_interval(index, own),
        target=rules[CSI_TARGET.code],
        previous_n=sum(sizes_before.values()),
        previous_index=_index(service, tallies[False], sizes_before),
        satisfied=satisfied,
        satisfied_interval=formulas.share_interval(satisfied, len(own)),
        promoters_n=sum(recommend.values()),
        promoters=formulas.net_promoter(recommend),
        promoters_interval=formulas.net_promoter_interval(recommend),
        ten_n=sum(ten.values()),
        ten=formulas.ten_question_score(ten.get(Decimal(1), 0), ten.get(Decimal(0), 0)),
        ten_target=rules[TEN_TARGET.code],
        smallest_sample=rules[SMALLEST_SAMPLE.code],
        factors=_factor_rows(scope, service, tallies, _rules(rules)),
        steps=_step_rows(service, tallies[True]),
        people=_people_rows(service, counts, own, smallest_sample=rules[SMALLEST_SAMPLE.code]),
    )


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


# ── what the database counts ─────────────────────────────────────────────────────────────────────────────────────────
class _Count(NamedTuple):
    """How often a value was given to a question in one of the two months, for one advisor's customers."""

    is_now: bool
    advisor: int | None
    question: int
    score: Decimal
    times: int


def _answers(scope: Scope, start: datetime, end: datetime):
    return Answer.objects.filter(
        scope.narrowing("response__"),
        response__answered_at__gte=start,
        response__answered_at__lt=end,
        score__isnull=False,
    )


def _counts(answers, start: datetime) -> list[_Count]:
    """One GROUP BY over the answers of both months; every tally below is a sum of its rows."""
    is_now = Case(When(response__answered_at__gte=start, then=True), default=False, output_field=BooleanField())
    rows = (
        answers.annotate(is_now=is_now)
        .values_list("is_now", "response__advisor", "question", "score")
        .annotate(times=Count("pk"))
        .order_by()
    )
    return [_Count(*row) for row in rows]


def _tallies(counts: list[_Count], is_now: bool) -> dict[int, Tally]:
    """Question → tally, over all advisors."""
    found: dict[int, Counter] = defaultdict(Counter)
    for row in counts:
        if row.is_now == is_now:
            found[row.question][row.score] += row.times
    return dict(found)


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


def _own_indexes(answers, questions: list[Question]) -> list[_Own]:
    """Each customer's own index: Σ w·x ÷ Σ w over the factors of one response."""
    factors = _weighted(questions)
    # The case distinction costs half of the time of a million answers, and most houses ask for scores alone.
    counted = F("score") if all(one.kind == QuestionKind.SCORE for one in factors) else _counted_score()
    rows = (
        answers.filter(question__in=[one.pk for one in factors])
        .values_list("response", "response__advisor", "response__version")
        .annotate(own=Sum(F("question__weight") * counted) / Sum("question__weight"))
        .order_by()
    )
    return [_Own(advisor, version, own) for _response, advisor, version, own in rows]


def _sizes(scope: Scope, start: datetime, end: datetime) -> Counter:
    """Version → number of responses with a score to a factor."""
    scored = Answer.objects.filter(response=OuterRef("pk"), question__weight__isnull=False, score__isnull=False)
    rows = (
        Response.objects.filter(scope.narrowing(), answered_at__gte=start, answered_at__lt=end)
        .filter(version__questionnaire__kind=QuestionnaireKind.SERVICE_CSI)
        .filter(Exists(scored))
        .values_list("version")
        .annotate(times=Count("pk"))
        .order_by()
    )
    return Counter(dict(rows))


# ── arithmetic over them ─────────────────────────────────────────────────────────────────────────────────────────────
def _kind_of(question: Question) -> str:
    return question.version.questionnaire.kind


def _weighted(questions: Iterable[Question], version: int | None = None) -> list[Question]:
    return [one for one in questions if one.weight is not None and version in (None, one.version_id)]


def _factor(question: Question, tallies: dict[int, Tally]) -> Factor:
    return Factor(question.code, question.kind, question.weight, tallies.get(question.pk, {}))


def _index(questions, tallies: dict[int, Tally], sizes: Counter) -> Decimal | None:
    """The index over all versions, each scored by its own factors."""
    pooled = formulas.pooled_csi(
        [
            (n, formulas.csi(_factor(question, tallies) for question in _weighted(questions, version)))
            for version, n in sizes.items()
        ]
    )
    return pooled.value if pooled else None


def _index_interval(index: Decimal | None, own: list[_Own]) -> Interval | None:
    """The interval of the index from the spread of the customers' own indexes; a customer, not an answer, is the
    sample. Months with two versions get none: the spread of one is not that of the other."""
    if index is None or len({one.version for one in own}) != 1 or len(own) < 2:
        return None
    deviation = 100 * formulas.deviation([one.index for one in own])
    return formulas.mean_interval(index, deviation, len(own), least=Decimal(100), most=Decimal(1000))


def _people_rows(questions, counts: list[_Count], own: list[_Own], *, smallest_sample: int) -> list[PersonRow]:
    """The index of every advisor with their place; those nobody ranks (too few answers) at the end."""
    by_advisor = defaultdict(list)
    for row in counts:
        if row.advisor is not None:
            by_advisor[row.advisor].append(row)
    sizes = defaultdict(Counter)
    for one in own:
        if one.advisor is not None:
            sizes[one.advisor][one.version] += 1
    index = {who: _index(questions, _tallies(by_advisor[who], True), sizes[who]) for who in sizes}
    numbers = {who: sum(sizes[who].values()) for who in sizes}
    places = formulas.places({who: (numbers[who], index[who]) for who in index}, smallest_sample=smallest_sample)
    people = Staff.objects.in_bulk(index)
    rows = [
        PersonRow(
            person=people[who],
            n=numbers[who],
            index=index[who],
            place=places.get(who),
            is_small=formulas.is_small(numbers[who], smallest_sample),
        )
        for who in index
    ]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.person.work_number))


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
    """The sections in the order of the newest version that has them."""
    members: dict[str, list[Question]] = {}
    for question in _weighted(questions):
        if question.section:
            members.setdefault(question.section.code, []).append(question)
    rows = []
    for code, its in members.items():
        factors = [_factor(one, tallies) for one in its]
        index = formulas.csi(factors)
        if index is not None:
            rows.append(StepRow(code, its[0].section.name, max(sum(one.tally.values()) for one in factors), index))
    return rows
