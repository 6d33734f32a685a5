"""The figures of a span: one GROUP BY over its answers, one over its customers, the rest is arithmetic."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, Prefetch

from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Period
from satisfaction import formulas
from satisfaction.choices import QuestionKind, QuestionnaireKind, Verdict
from satisfaction.formulas import FactorFigures, Interval, Rules, Tally
from satisfaction.models import Answer, ImprovementPlan, Question, Response
from satisfaction.queries.counts import (
    GivenCount,
    OwnIndexes,
    factor_of,
    given_counts,
    index_interval,
    index_of,
    merged,
    own_indexes,
    pooled,
    questions_of,
    sizes_of,
    tallies,
    weighted,
)
from satisfaction.queries.scopes import Scope
from satisfaction.queries.targets import factor_targets
from satisfaction.settings import (
    CSI_TARGET,
    FACTOR_TARGET,
    SMALLEST_SAMPLE,
    STRONG_TOP_BOX,
    TEN_TARGET,
    WEAK_DISSATISFIED,
    WEAK_FALL,
    WEAK_TOP_BOX,
)


class Table(StrEnum):
    """What stands below the figures of a month; the plans beside their factors."""

    FACTORS = "factors"
    PLANS = "plans"
    STEPS = "steps"
    PEOPLE = "people"


@dataclass(frozen=True)
class FactorRow:
    """A factor of the month beside the month before."""

    question: Question
    now: FactorFigures
    before: FactorFigures | None
    verdict: Verdict
    is_small: bool
    target: Decimal
    plan: ImprovementPlan | None = None

    @property
    def is_under_target(self) -> bool:
        """The mean misses its target; nothing is said of a small sample."""
        return not self.is_small and self.now.mean < self.target


@dataclass(frozen=True)
class StepRow:
    """A section (环节): the index over its factors alone. `code` names it across versions."""

    code: str
    name: str
    n: int
    index: Decimal | None
    interval: Interval | None
    is_small: bool


@dataclass(frozen=True)
class PersonRow:
    person: Staff
    n: int
    index: Decimal | None
    interval: Interval | None
    place: int | None
    is_small: bool


@dataclass(frozen=True)
class MonthFigures:
    """Everything said of a month. Indexes on 1000 points, shares 0–1, the ten-question check on 100 points.

    `rules`: the figures of satisfaction as they hold at its end.
    """

    scope: Scope
    rules: dict[str, object]
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


def month_figures(scope: Scope, *, without: Collection[Table] = ()) -> MonthFigures:
    """The figures of a span with those of the one before; the same few queries, whatever the number of answers. The
    tables cost questions of their own: those in `without`, which the reader does not show, stay empty.

    Source: spec `satisfaction.md`, "Arithmetic", "Analysis".
    """
    rules = figures("satisfaction.", store=scope.store, on=scope.period.last_day)
    start, end = scope.bounds
    before_start, _start = scope.previous().bounds
    answers = scope.answers(before_start, end)
    counts = given_counts(answers, start, F("response__advisor"))
    given = {is_now: tallies(counts, is_now) for is_now in (True, False)}
    questions = list(questions_of(counts))
    asked = [one for one in questions if scope.asks(one)]
    ten = merged(given[True], (one for one in questions if _is_ten(one)))
    recommend = merged(given[True], (one for one in asked if one.kind == QuestionKind.RECOMMEND))
    all_own = own_indexes(answers, start, F("response__advisor"), asked)
    own = [one for one in all_own if one.is_now]
    n, sizes_before = sizes_of(own).total(), sizes_of(one for one in all_own if not one.is_now)
    index = index_of(asked, given[True], sizes_of(own))
    satisfied = formulas.satisfied_rate(QuestionKind.SCORE, pooled(asked, given[True]))
    plans = {} if Table.PLANS in without else {plan.factor_code: plan for plan in _plans_of(scope)}
    return MonthFigures(
        scope=scope,
        rules=rules,
        n=n,
        index=index,
        index_interval=index_interval(index, own),
        target=rules[CSI_TARGET.code],
        previous_n=sizes_before.total(),
        previous_index=index_of(asked, given[False], sizes_before),
        satisfied=satisfied,
        satisfied_interval=formulas.share_interval(satisfied, n),
        promoters_n=sum(recommend.values()),
        promoters=formulas.net_promoter(recommend),
        promoters_interval=formulas.net_promoter_interval(recommend),
        ten_n=sum(ten.values()),
        ten=formulas.ten_question_score(ten.get(Decimal(1), 0), ten.get(Decimal(0), 0)),
        ten_target=rules[TEN_TARGET.code],
        smallest_sample=rules[SMALLEST_SAMPLE.code],
        factors=[] if Table.FACTORS in without else _factor_rows(scope, asked, given, rules, plans),
        steps=[] if Table.STEPS in without else _step_rows(scope, asked, given[True], rules[SMALLEST_SAMPLE.code]),
        people=[]
        if Table.PEOPLE in without
        else _people_rows(asked, counts, own, smallest_sample=rules[SMALLEST_SAMPLE.code]),
    )


def factor_rows(scope: Scope, *, rules: dict | None = None) -> list[FactorRow]:
    """The factors of a span alone, without their plans. `rules`: the figures of satisfaction, where they are known."""
    rules = rules or figures("satisfaction.", store=scope.store, on=scope.period.last_day)
    start, end = scope.bounds
    before_start, _start = scope.previous().bounds
    answers = scope.answers(before_start, end).filter(question__weight__isnull=False)
    counts = given_counts(answers, start, F("question__code"))
    given = {is_now: tallies(counts, is_now) for is_now in (True, False)}
    return _factor_rows(scope, [one for one in questions_of(counts) if scope.asks(one)], given, rules, {})


def responses_of_month(scope: Scope):
    """The responses behind a month's figures, oldest first, as the details of the workbook need them."""
    return (
        scope.responses()
        .select_related("version__questionnaire", "order__vehicle", "customer", "advisor", "taken_by")
        .prefetch_related(Prefetch("answers", Answer.objects.select_related("question")))
        .order_by("answered_at", "pk")
    )


def periods_with_answers(store: Store) -> list[Period]:
    """The months in which this store was answered, newest first."""
    months = Response.objects.filter(store=store).dates("answered_at", "month", order="DESC")
    return [Period.of(month) for month in months]


def rules_of(rules: dict) -> Rules:
    """The thresholds of the verdicts from the figures in force."""
    return Rules(
        smallest_sample=rules[SMALLEST_SAMPLE.code],
        strong_top_box=rules[STRONG_TOP_BOX.code],
        weak_top_box=rules[WEAK_TOP_BOX.code],
        weak_dissatisfied=rules[WEAK_DISSATISFIED.code],
        weak_fall=rules[WEAK_FALL.code],
    )


def _is_ten(question: Question) -> bool:
    return question.version.questionnaire.kind == QuestionnaireKind.TEN_QUESTIONS


def _people_rows(
    questions: list[Question], counts: list[GivenCount], own: list[OwnIndexes], *, smallest_sample: int
) -> list[PersonRow]:
    """The index of every advisor with their place; those nobody ranks (too few answers) at the end."""
    by_advisor, own_of = defaultdict(list), defaultdict(list)
    for row in counts:
        by_advisor[row.key].append(row)
    for one in own:
        if one.key is not None:
            own_of[one.key].append(one)
    sizes = {who: sizes_of(rows) for who, rows in own_of.items()}
    index = {who: index_of(questions, tallies(by_advisor[who], True), sizes[who]) for who in sizes}
    numbers = {who: size.total() for who, size in sizes.items()}
    places = formulas.places({who: (numbers[who], index[who]) for who in index}, smallest_sample=smallest_sample)
    people = Staff.objects.in_bulk(index)
    rows = [
        PersonRow(
            person=people[who],
            n=numbers[who],
            index=index[who],
            interval=index_interval(index[who], own_of[who]),
            place=places.get(who),
            is_small=formulas.is_small(numbers[who], smallest_sample),
        )
        for who in index
    ]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.person.work_number))


def _factor_rows(
    scope: Scope,
    questions: list[Question],
    given: dict[bool, dict[int, Tally]],
    values: dict,
    plans: dict[str, ImprovementPlan],
) -> list[FactorRow]:
    """A row for each factor answered this month; the month before is that of the same code, whatever its version."""
    former, rules = {}, rules_of(values)
    for question in weighted(questions):
        if question.pk in given[False]:
            former.setdefault(question.code, formulas.factor_figures(factor_of(question, given[False])))
    targets = factor_targets(scope.store, on=scope.period.last_day, usual=values[FACTOR_TARGET.code])
    rows = []
    for question in weighted(questions):
        if question.pk in given[True]:
            now, before = formulas.factor_figures(factor_of(question, given[True])), former.get(question.code)
            rows.append(
                FactorRow(
                    question=question,
                    now=now,
                    before=before,
                    verdict=Verdict(formulas.verdict(now, before, rules)),
                    is_small=formulas.is_small(now.n, rules.smallest_sample),
                    target=targets[question.code],
                    plan=plans.get(question.code),
                )
            )
    return rows


def _plans_of(scope: Scope):
    return ImprovementPlan.objects.filter(store=scope.store, period=str(scope.period)).select_related("owner")


def _step_rows(scope: Scope, questions: list[Question], given: dict[int, Tally], smallest_sample: int) -> list[StepRow]:
    """The sections in the order of the newest version that has them; `n` customers, the interval from the spread of
    their own indexes of the section."""
    start, end = scope.bounds
    own_of = defaultdict(list)
    for one in own_indexes(scope.answers(start, end), start, F("question__section__code"), questions):
        own_of[one.key].append(one)
    rows = []
    for code, name in _sections_of(questions):
        if own := own_of.get(code):
            its, sizes = [one for one in questions if one.section and one.section.code == code], sizes_of(own)
            index = index_of(its, given, sizes)
            is_small = formulas.is_small(sizes.total(), smallest_sample)
            rows.append(StepRow(code, name, sizes.total(), index, index_interval(index, own), is_small))
    return rows


def _sections_of(questions: list[Question]) -> list[tuple[str, str]]:
    """Code and newest name of the sections that hold a factor."""
    found: dict[str, str] = {}
    for question in weighted(questions):
        if question.section:
            found.setdefault(question.section.code, question.section.name)
    return list(found.items())
