"""What the database counts of answers: how often each value was given, and the spread of the customers' own indexes.

Two statements, whatever the number of answers; the arithmetic over them is in `formulas`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, Count, F, Max, Q, QuerySet, Sum, Value, When
from django.db.models.fields import BooleanField, DecimalField, IntegerField

from satisfaction import formulas
from satisfaction.choices import QuestionKind
from satisfaction.formulas import Factor, Interval, Moments, Tally
from satisfaction.formulas.scores import LEVEL_COUNTS, NO_COUNTS, YES_COUNTS
from satisfaction.models import Question


class GivenCount(NamedTuple):
    """How often a value was given to a question, now or in the span before, for one key (an advisor, a step, …)."""

    is_now: bool
    key: object
    question: int
    score: Decimal
    times: int


@dataclass(frozen=True)
class OwnIndexes:
    """The customers' own indexes (scale 1–10) of a key and version; `dissatisfied` of them were so with any factor."""

    is_now: bool
    key: object
    version: int
    moments: Moments
    dissatisfied: int


def now_or_before(start: datetime) -> Case:
    """True for answers since `start`."""
    return Case(When(response__answered_at__gte=start, then=True), default=False, output_field=BooleanField())


def given_counts(answers: QuerySet, start: datetime, key) -> list[GivenCount]:
    """One GROUP BY over the answers of both spans; every tally is a sum of its rows. `key`: an expression on them."""
    rows = answers.order_by().values_list(now_or_before(start), key, "question", "score").annotate(times=Count("pk"))
    return [GivenCount(*row) for row in rows]


def own_indexes(answers: QuerySet, start: datetime, key, questions: Iterable[Question]) -> list[OwnIndexes]:
    """Each customer's own index Σ w·x ÷ Σ w over the factors of one response, summed up by key and version."""
    factors = weighted(questions)
    if not factors:
        return []
    # The case distinction costs half of the time of a million answers, and most houses ask for scores alone.
    counted = F("score") if all(one.kind == QuestionKind.SCORE for one in factors) else counted_score()
    own = (
        answers.filter(question__in=[one.pk for one in factors])
        .order_by()
        .values("response", is_now=now_or_before(start), key=key, version=F("response__version"))
        .annotate(
            own=Sum(F("question__weight") * counted) / Sum("question__weight"),
            is_dissatisfied=Max(Case(When(is_dissatisfied(factors), then=1), default=0, output_field=IntegerField())),
        )
    )
    columns = ("is_now", "key", "version")
    return [
        OwnIndexes(is_now, key, version, Moments(n, total, squares), dissatisfied)
        for is_now, key, version, n, total, squares, dissatisfied in summed(own, columns, "sum(is_dissatisfied)")
    ]


def summed(each: QuerySet, columns: Sequence[str], *more: str) -> list[tuple]:
    """n, Σ own, Σ own² over the column `own` of a query's rows, by some of its other columns, and what `more` sums.

    The query is itself grouped by response; Django's own aggregates can't be taken of aggregates by group.
    """
    sql, values = each.query.sql_with_params()
    named = ", ".join(connection.ops.quote_name(column) for column in columns)
    taken = ", ".join([named, "count(*)", "sum(own)", "sum(own * own)", *more])
    with connection.cursor() as cursor:
        # Every part is this module's own or made by the query itself; what a person typed is an argument.
        cursor.execute(f"SELECT {taken} FROM ({sql}) counted GROUP BY {named}", values)  # noqa: S608
        return cursor.fetchall()


def counted_score() -> Case:
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


def is_dissatisfied(questions: Iterable[Question]) -> Q:
    """Dissatisfied or very dissatisfied: the same levels as `formulas.level_of`, in SQL."""
    if all(one.kind == QuestionKind.SCORE for one in questions):
        return Q(score__lt=5)
    return (
        Q(question__kind=QuestionKind.LEVEL, score__lte=2)
        | Q(question__kind=QuestionKind.YES_NO, score=0)
        | (~Q(question__kind__in=[QuestionKind.LEVEL, QuestionKind.YES_NO]) & Q(score__lt=5))
    )


def questions_of(counts: Iterable[GivenCount]) -> QuerySet[Question]:
    """The questions counted, the newest version first, with all a figure says of them."""
    return (
        Question.objects.filter(pk__in={row.question for row in counts})
        .select_related("version__questionnaire", "section")
        .order_by("-version__number", "position")
    )


# ── arithmetic over them ─────────────────────────────────────────────────────────────────────────────────────────────
def weighted(questions: Iterable[Question], version: int | None = None) -> list[Question]:
    """The factors among them."""
    return [one for one in questions if one.weight is not None and version in (None, one.version_id)]


def tallies(counts: Iterable[GivenCount], is_now: bool) -> dict[int, Tally]:
    """Question → tally, over all keys."""
    found: dict[int, Counter] = defaultdict(Counter)
    for row in counts:
        if row.is_now == is_now:
            found[row.question][row.score] += row.times
    return dict(found)


def factor_of(question: Question, given: dict[int, Tally]) -> Factor:
    return Factor(question.code, question.kind, question.weight, given.get(question.pk, {}))


def index_of(questions: Iterable[Question], given: dict[int, Tally], sizes: dict[int, int]) -> Decimal | None:
    """The index over all versions, each scored by its own factors. `sizes`: version → responses."""
    questions = list(questions)
    pooled = formulas.pooled_csi(
        [
            (n, formulas.csi(factor_of(question, given) for question in weighted(questions, version)))
            for version, n in sizes.items()
        ]
    )
    return pooled.value if pooled else None


def index_interval(index: Decimal | None, own: Sequence[OwnIndexes]) -> Interval | None:
    """The interval of the index from the spread of the customers' own indexes; a customer, not an answer, is the
    sample. Spans with two versions get none: the spread of one is not that of the other."""
    if index is None or len({one.version for one in own}) != 1:
        return None
    moments = sum((one.moments for one in own), Moments())
    if moments.n < 2:
        return None
    return formulas.mean_interval(index, 100 * moments.deviation, moments.n, least=Decimal(100), most=Decimal(1000))


def sizes_of(own: Iterable[OwnIndexes]) -> Counter:
    """Version → responses with a score to a factor."""
    sizes: Counter = Counter()
    for one in own:
        sizes[one.version] += one.moments.n
    return sizes


def merged(given: dict[int, Tally], questions: Iterable[Question]) -> Tally:
    """Several questions' tallies as one."""
    found: Counter = Counter()
    for question in questions:
        found.update(given.get(question.pk, {}))
    return found


def pooled(questions: Iterable[Question], given: dict[int, Tally]) -> Tally:
    """The scores of all factors on the scale 1–10, for shares over all of them."""
    scores: Counter = Counter()
    for question in weighted(questions):
        for value, times in given.get(question.pk, {}).items():
            scores[formulas.counted(question.kind, value)] += times
    return scores
