"""满意度分析: the figures of a span told apart by who served, what was asked, which visit; what matters to customers.

Source: spec `satisfaction.md`, "Arithmetic", "Analysis".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet

from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.organization.queries import figures
from reception.choices import LineKind, OrderKind
from reception.models import LineShare, OrderLine
from satisfaction import formulas
from satisfaction.choices import CUSTOMER_KINDS, Dimension, QuestionKind, QuestionnaireKind, Verdict
from satisfaction.formulas import Correlation, FactorFigures, Interval, Problem, Quadrant, Tally
from satisfaction.models import Answer, Question, Questionnaire, Response
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
from satisfaction.queries.months import rules_of
from satisfaction.queries.scopes import Scope
from satisfaction.queries.targets import factor_targets
from satisfaction.settings import CSI_TARGET, FACTOR_TARGET, SMALLEST_SAMPLE, VITAL_FEW

_WAYS = {
    Dimension.FACTOR: "question__code",
    Dimension.STEP: "question__section__code",
    Dimension.ADVISOR: "response__advisor",
    Dimension.TECHNICIAN: "response__order__lines__shares__technician",
    Dimension.TEAM: "response__order__lines__team",
    Dimension.AGENT: "response__taken_by",
    Dimension.ORDER_KIND: "response__order__kind",
    Dimension.BRAND: "response__order__vehicle__brand",
    Dimension.STORE: "response__store",
}


@dataclass(frozen=True)
class AnalysisRow:
    """One advisor, technician, step, … Index on 1000 points, shares 0–1; `n` customers, `before` the span before."""

    key: object
    name: str
    code: str
    n: int
    index: Decimal | None
    index_interval: Interval | None
    shares: FactorFigures
    promoters_n: int
    promoters: Decimal | None
    promoters_interval: Interval | None
    previous_n: int
    previous_index: Decimal | None
    place: int | None
    is_small: bool
    verdict: Verdict
    target: Decimal

    @property
    def is_under_target(self) -> bool:
        return not self.is_small and self.index is not None and self.index < self.target


@dataclass(frozen=True)
class Analysis:
    scope: Scope
    dimension: Dimension
    rows: list[AnalysisRow]
    unnamed_n: int
    """Customers whose response says nothing of the dimension (no order, no advisor)."""
    target: Decimal
    smallest_sample: int


def questionnaires_with_factors() -> list[Questionnaire]:
    """What customers answer that has an index, the service CSI first."""
    kinds = CUSTOMER_KINDS - {QuestionnaireKind.EXPECTATION}
    has_factors = Question.objects.filter(version__questionnaire=OuterRef("pk"), weight__isnull=False)
    found = Questionnaire.objects.filter(Exists(has_factors), kind__in=kinds)
    return sorted(found, key=lambda one: (one.kind != QuestionnaireKind.SERVICE_CSI, one.pk))


def analysis(scope: Scope, dimension: Dimension) -> Analysis:
    """A row for each key of the dimension, ranked; the same few queries, whatever the number of answers or rows.

    A response counts once for each technician and each team whose labour lines its order has.
    """
    rules = figures("satisfaction.", store=scope.store, on=scope.period.last_day)
    start, end = scope.bounds
    before_start, _start = scope.previous().bounds
    answers, key = _keyed(scope, dimension, scope.answers(before_start, end), before_start, end), F(_WAYS[dimension])
    counts = given_counts(answers, start, key)
    questions = [one for one in questions_of(counts) if scope.asks(one)]
    own = own_indexes(answers, start, key, questions)
    parts = _parts(counts, own, questions)
    smallest = rules[SMALLEST_SAMPLE.code]
    places = formulas.places({key: (part.n, part.index) for key, part in parts.items()}, smallest_sample=smallest)
    names = _names(dimension, parts, questions)
    target_of = _targets(scope, dimension, rules)
    rows = [
        _row(key, part, names[key], places.get(key), Verdict(formulas.verdict(*part.figures, rules_of(rules))),
             smallest, target_of(key))
        for key, part in parts.items()
        if key in names
    ]  # fmt: skip
    return Analysis(
        scope=scope,
        dimension=dimension,
        rows=sorted(rows, key=lambda row: (row.place is None, row.place or 0, row.code, row.name)),
        unnamed_n=sum(part.n for key, part in parts.items() if key not in names),
        target=rules[CSI_TARGET.code],
        smallest_sample=smallest,
    )


def _keyed(
    scope: Scope, dimension: Dimension, answers: QuerySet[Answer], start: datetime, end: datetime
) -> QuerySet[Answer]:
    """The answers joined to the labour lines of their orders, to one line for each team, one share for each technician.

    An order may have many lines of one technician; the first stands for all, so that nobody counts twice.
    """
    answered = Response.objects.filter(scope.narrowing(), answered_at__gte=start, answered_at__lt=end)
    labour = OrderLine.objects.filter(kind=LineKind.LABOUR, order__in=answered.values("order"))
    if dimension == Dimension.TEAM:
        first = labour.filter(team__isnull=False).order_by().values("order", "team").annotate(first=Min("pk"))
        return answers.filter(response__order__lines__in=first.values("first"))
    if dimension == Dimension.TECHNICIAN:
        shares = LineShare.objects.filter(line__in=labour).order_by().values("line__order", "technician")
        return answers.filter(response__order__lines__shares__in=shares.annotate(first=Min("pk")).values("first"))
    return answers


@dataclass(frozen=True)
class _Part:
    """What is known of one key before it has a name and a place."""

    n: int
    index: Decimal | None
    interval: Interval | None
    recommend: Tally
    previous_n: int
    previous_index: Decimal | None
    figures: tuple[FactorFigures, FactorFigures | None]


def _parts(counts: list[GivenCount], own: list[OwnIndexes], questions: list[Question]) -> dict[object, _Part]:
    counted, summed = defaultdict(list), defaultdict(list)
    for row in counts:
        counted[row.key].append(row)
    for one in own:
        summed[one.key].append(one)
    return {
        key: _part(counted[key], rows, questions) for key, rows in summed.items() if any(one.is_now for one in rows)
    }


def _part(counts: list[GivenCount], own: list[OwnIndexes], questions: list[Question]) -> _Part:
    now, before = (tallies(counts, is_now) for is_now in (True, False))
    own_now, own_before = ([one for one in own if one.is_now is is_now] for is_now in (True, False))
    sizes, sizes_before = sizes_of(own_now), sizes_of(own_before)
    index = index_of(questions, now, sizes)
    return _Part(
        n=sizes.total(),
        index=index,
        interval=index_interval(index, own_now),
        recommend=merged(now, (one for one in questions if one.kind == QuestionKind.RECOMMEND)),
        previous_n=sizes_before.total(),
        previous_index=index_of(questions, before, sizes_before),
        figures=(
            _shares(questions, now, sizes.total()),
            _shares(questions, before, sizes_before.total()) if sizes_before else None,
        ),
    )


def _shares(questions: list[Question], given: dict[int, Tally], n: int) -> FactorFigures:
    """Shares over all factors of a key. `n` is the customers, not the answers: those of one sheet go together."""
    tally = pooled(questions, given)
    top = formulas.top_box(QuestionKind.SCORE, tally)
    satisfied = formulas.satisfied_rate(QuestionKind.SCORE, tally)
    dissatisfied = formulas.share_of(QuestionKind.SCORE, tally, formulas.DISSATISFIED)
    return FactorFigures(
        code="",
        n=n,
        mean=formulas.mean(QuestionKind.SCORE, tally),
        mean_interval=None,
        top_box=top,
        top_box_interval=formulas.share_interval(top, n),
        satisfied=satisfied,
        dissatisfied=dissatisfied,
        satisfied_interval=formulas.share_interval(satisfied, n),
        dissatisfied_interval=formulas.share_interval(dissatisfied, n),
    )


def _row(key, part: _Part, name: tuple[str, str], place, verdict: Verdict, smallest: int, target: Decimal):
    shares = part.figures[0]
    return AnalysisRow(
        key=key,
        name=name[1],
        code=name[0],
        n=part.n,
        index=part.index,
        index_interval=part.interval,
        shares=shares,
        promoters_n=sum(part.recommend.values()),
        promoters=formulas.net_promoter(part.recommend),
        promoters_interval=formulas.net_promoter_interval(part.recommend),
        previous_n=part.previous_n,
        previous_index=part.previous_index,
        place=place,
        is_small=formulas.is_small(part.n, smallest),
        verdict=verdict,
        target=target,
    )


def _names(dimension: Dimension, keys: Iterable, questions: list[Question]) -> dict[object, tuple[str, str]]:
    """Key → (code, name); keys that name nobody are missing."""
    keys = [key for key in keys if key not in (None, "")]
    match dimension:
        case Dimension.FACTOR:
            found = {one.code: (one.code, one.name) for one in reversed(questions)}  # the newest version's word
        case Dimension.STEP:
            found = {one.section.code: ("", one.section.name) for one in reversed(questions) if one.section}
        case Dimension.STORE:
            found = {pk: (store.code, store.name) for pk, store in Store.objects.in_bulk(keys).items()}
        case Dimension.TEAM:
            found = {pk: ("", team.name) for pk, team in Team.objects.in_bulk(keys).items()}
        case Dimension.ORDER_KIND:
            found = {kind: ("", str(label)) for kind, label in OrderKind.choices}
        case Dimension.BRAND:
            found = {brand: ("", brand) for brand in keys}
        case _:
            found = {pk: (one.work_number, one.name) for pk, one in Staff.objects.in_bulk(keys).items()}
    return {key: found[key] for key in keys if key in found}


def _targets(scope: Scope, dimension: Dimension, rules: dict) -> Callable[[object], Decimal]:
    """Target of a key's index: of a factor its own (its mean × 100), of everything else that of the index."""
    if dimension != Dimension.FACTOR:
        return lambda _key: rules[CSI_TARGET.code]
    means = factor_targets(scope.store, on=scope.period.last_day, usual=rules[FACTOR_TARGET.code])
    return lambda code: 100 * means[code]


# ── what matters ─────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Driver:
    """A factor's importance (its correlation with the overall satisfaction) and performance (its mean)."""

    question: Question
    importance: Correlation
    performance: FactorFigures
    is_small: bool
    quadrant: Quadrant | None


@dataclass(frozen=True)
class Drivers:
    """The middles are the means over the factors that are judged; the chart's quadrants meet there."""

    scope: Scope
    rows: list[Driver]
    middle_importance: Decimal | None
    middle_performance: Decimal | None
    problems: list[tuple[Question, Problem]]
    answers_n: int
    smallest_sample: int


def drivers(scope: Scope) -> Drivers:
    """Importance × performance and the Pareto of problem factors of a span."""
    rules = figures("satisfaction.", store=scope.store, on=scope.period.last_day)
    smallest = rules[SMALLEST_SAMPLE.code]
    start, end = scope.bounds
    counts = given_counts(scope.answers(start, end), start, F("question__section"))
    given = tallies(counts, True)
    factors = {}
    for question in weighted(one for one in questions_of(counts) if scope.asks(one)):
        factors.setdefault(question.code, []).append(question)
    pairs = _pairs(scope, factors)
    known = [_driver(its, given, pairs, smallest) for its in factors.values()]
    judged = [one for one in known if not one.is_small and one.importance.r is not None]
    importance = formulas.mean_of([one.importance.r for one in judged])
    performance = formulas.mean_of([one.performance.mean for one in judged])
    bad = {code: sum(_dissatisfied(one, given) for one in its) for code, its in factors.items()}
    return Drivers(
        scope=scope,
        rows=[_placed(one, importance, performance) if one in judged else one for one in known],
        middle_importance=importance,
        middle_performance=performance,
        problems=[(factors[one.code][0], one) for one in formulas.pareto(bad, vital_few=rules[VITAL_FEW.code])],
        answers_n=sum(one.performance.n for one in known),
        smallest_sample=smallest,
    )


def _pairs(scope: Scope, factors: dict[str, list[Question]]) -> dict[str, dict[tuple[Decimal, Decimal], int]]:
    """Factor code → (its score, the overall satisfaction of the same customer) → how often, both on the scale 1–10.

    The questions are named by their ids: the join of answers with answers is then by their own key alone, a plan the
    database finds without knowing how many there are.
    """
    start, end = scope.bounds
    asked = {one.pk: one for its in factors.values() for one in its}
    versions = {one.version_id for one in asked.values()}
    overall = {one.pk: one for one in Question.objects.filter(version__in=versions, is_overall=True)}
    rows = (
        scope.answers(start, end)
        .filter(
            question__in=list(asked),
            response__answers__question__in=list(overall),
            response__answers__score__isnull=False,
        )
        .order_by()
        .values_list("question", "score", "response__answers__question", "response__answers__score")
        .annotate(times=Count("pk"))
    )
    found: dict = defaultdict(lambda: defaultdict(int))
    for factor, score, question, said, times in rows:
        pair = formulas.counted(asked[factor].kind, score), formulas.counted(overall[question].kind, said)
        found[asked[factor].code][pair] += times
    return found


def narrowed_to(scope: Scope) -> list[tuple[str, str]]:
    """What a scope is narrowed to, in words: name in the address → the name of the person, team, factor or step."""
    people = {"advisor": scope.advisor_id, "technician": scope.technician_id, "agent": scope.agent_id}
    named = Staff.objects.in_bulk({pk for pk in people.values() if pk}) if any(people.values()) else {}
    found = [(name, named[pk].name) for name, pk in people.items() if pk in named]
    if scope.team_id:
        found += [("team", team.name) for team in Team.objects.filter(pk=scope.team_id)]
    if scope.factor or scope.step:
        asked = Question.objects.filter(weight__isnull=False).select_related("section").order_by("-pk")
        if scope.factor:
            found += [("factor", one.name) for one in asked.filter(code=scope.factor)[:1]]
        if scope.step:
            found += [("step", one.section.name) for one in asked.filter(section__code=scope.step)[:1]]
    return found + ([("brand", scope.brand)] if scope.brand else [])


def _driver(its: list[Question], given: dict[int, Tally], pairs: dict, smallest: int) -> Driver:
    """A factor over all versions of the span that ask it."""
    factor = factor_of(its[0], given)
    if len(its) > 1:
        factor = formulas.Factor(factor.code, QuestionKind.SCORE, factor.weight, pooled(its, given))
    importance = formulas.correlation(pairs.get(factor.code, {}))
    performance = formulas.factor_figures(factor)
    is_small = formulas.is_small(min(importance.n, performance.n), smallest)
    return Driver(its[0], importance, performance, is_small, None)


def _placed(driver: Driver, importance: Decimal, performance: Decimal) -> Driver:
    quadrant = formulas.quadrant(
        driver.importance.r,
        driver.performance.mean,
        middle_importance=importance,
        middle_performance=performance,
    )
    return Driver(driver.question, driver.importance, driver.performance, driver.is_small, quadrant)


def _dissatisfied(question: Question, given: dict[int, Tally]) -> int:
    tally = given.get(question.pk, {})
    return sum(
        times for value, times in tally.items() if formulas.level_of(question.kind, value) in formulas.DISSATISFIED
    )
