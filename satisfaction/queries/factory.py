"""What customers told the factory beside what they told us; the two are never pooled, every figure says whose it is.

Source: spec `satisfaction.md`, "Factory results are matched to ours by VIN and date", "Rank".
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Period
from reception.models import RepairOrder
from satisfaction import formulas
from satisfaction.choices import Aspect, QuestionnaireKind, ResponseSource
from satisfaction.formulas import Factor, FactorFigures
from satisfaction.models import Answer, FactoryRank, Question, Response
from satisfaction.settings import PAIR_FACTORY, PAIR_OURS, SMALLEST_SAMPLE

MONTHS = 12
OVERALL = "overall"


@dataclass(frozen=True)
class FactorPair:
    """A factor as the factory heard it and as we did of the same visits."""

    name: str
    factory: FactorFigures
    ours: FactorFigures | None
    is_small: bool

    @property
    def gap(self) -> Decimal | None:
        """Our mean less the factory's: what customers don't tell us."""
        return self.ours.mean - self.factory.mean if self.ours and self.ours.mean is not None else None


@dataclass(frozen=True)
class Contradiction:
    """One customer who told us one thing and the factory another."""

    order: RepairOrder
    ours: Response
    factory: Response
    factor: str
    our_score: Decimal
    factory_score: Decimal

    @property
    def gap(self) -> Decimal:
        return self.our_score - self.factory_score


@dataclass(frozen=True)
class FactoryMonth:
    """`unmatched`: interviews about cars of which we know no delivered visit before the day."""

    interviews: int
    unmatched: int
    factors: list[FactorPair]
    contradictions: list[Contradiction]
    ours_least: Decimal
    factory_most: Decimal


def factory_month(store: Store, period: Period) -> FactoryMonth:
    """The factory's interviews of a month, factor by factor beside our own answers about the same visits, and the
    customers whose two answers contradict each other. The same few queries, however many interviews there are."""
    rules = figures("satisfaction.", store=store, on=period.last_day)
    start, end = period.bounds(store.tz)
    heard = Response.objects.filter(
        store=store, source=ResponseSource.FACTORY, answered_at__gte=start, answered_at__lt=end
    )
    interviews = list(heard.values_list("order", flat=True))
    theirs = _answers(heard)
    own = Response.objects.filter(order__in=heard.exclude(order=None).values("order")).exclude(
        source=ResponseSource.FACTORY
    )
    ours = _answers(own.filter(version__questionnaire__kind=QuestionnaireKind.SERVICE_CSI))
    least, most = Decimal(rules[PAIR_OURS.code]), Decimal(rules[PAIR_FACTORY.code])
    return FactoryMonth(
        interviews=len(interviews),
        unmatched=interviews.count(None),
        factors=_factor_pairs(theirs, ours, rules[SMALLEST_SAMPLE.code]),
        contradictions=_contradictions(theirs, ours, least, most),
        ours_least=least,
        factory_most=most,
    )


def factory_places(store: Store, *, until: Period) -> list[FactoryRank]:
    """The store's places in its region of the last twelve months, newest first."""
    rows = FactoryRank.objects.filter(store=store, period__lte=str(until), period__gt=str(until.shifted(-MONTHS)))
    return list(rows.order_by("-period", "survey"))


@dataclass(frozen=True)
class _Given:
    """An answer on the scale 1–10; `factor` is the code of ours it is about."""

    response: Response
    factor: str
    name: str
    score: Decimal


def _answers(responses) -> list[_Given]:
    rows = (
        Answer.objects.filter(response__in=responses, score__isnull=False, question__aspect=Aspect.PERCEPTION)
        .select_related("question", "response__order__vehicle", "response__customer", "response__taken_by")
        .order_by("response__answered_at", "pk")
    )
    return [
        _Given(
            row.response, _factor_of(row.question), row.question.name, formulas.counted(row.question.kind, row.score)
        )
        for row in rows
        if row.question.weight is not None or row.question.is_overall
    ]


def _factor_of(question: Question) -> str:
    return OVERALL if question.is_overall else question.about or question.code


def _factor_pairs(theirs: list[_Given], ours: list[_Given], smallest: int) -> list[FactorPair]:
    names: dict[str, str] = {}
    tallies: dict[bool, dict[str, Counter]] = {True: defaultdict(Counter), False: defaultdict(Counter)}
    for is_ours, given in ((False, theirs), (True, ours)):
        for one in given:
            names.setdefault(one.factor, one.name)
            tallies[is_ours][one.factor][one.score] += 1

    def figures_of(is_ours: bool, code: str) -> FactorFigures:
        return formulas.factor_figures(Factor(code, "score", Decimal(1), dict(tallies[is_ours][code])))

    rows = []
    for code in sorted(tallies[False]):
        factory = figures_of(False, code)
        ours_of = figures_of(True, code) if tallies[True][code] else None
        rows.append(FactorPair(names[code], factory, ours_of, formulas.is_small(factory.n, smallest)))
    return rows


def _contradictions(theirs, ours, least: Decimal, most: Decimal) -> list[Contradiction]:
    """Pairs of the same visit and factor: ours at least `least`, the factory's at most `most`; the customer with the
    widest first, each customer's together."""
    praised: dict[tuple[int, str], _Given] = {}
    for one in ours:
        if one.score >= least:
            praised[one.response.order_id, one.factor] = one
    found = [
        Contradiction(
            one.response.order, mine.response, one.response, one.name, mine.score, one.score
        )
        for one in theirs
        if one.score <= most and (mine := praised.get((one.response.order_id, one.factor)))
    ]  # fmt: skip
    widest: dict[int, Decimal] = {}
    for one in found:
        widest[one.factory.pk] = max(widest.get(one.factory.pk, Decimal(0)), one.gap)
    return sorted(found, key=lambda one: (-widest[one.factory.pk], one.factory.pk, -one.gap))
