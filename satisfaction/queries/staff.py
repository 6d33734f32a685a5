"""What the staff said, as a group: nothing of it is shown before enough of them have answered."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Period
from satisfaction import formulas
from satisfaction.choices import QuestionKind, QuestionnaireKind
from satisfaction.formulas import Factor, FactorFigures, Interval
from satisfaction.models import Answer, Ballot, Question, Response
from satisfaction.settings import SMALLEST_GROUP, SMALLEST_SAMPLE


@dataclass(frozen=True)
class StaffFactor:
    question: Question
    figures: FactorFigures
    satisfied_interval: Interval | None
    is_small: bool


@dataclass(frozen=True)
class StaffRound:
    """A round of the survey. `is_shown`: its month is over and enough have answered; else there is nothing but how many
    were asked, so that nobody learns one sheet by looking before and after it came."""

    period: Period
    asked: int
    answered: int
    smallest_group: int
    is_over: bool
    index: Decimal | None = None
    index_interval: Interval | None = None
    promoters: Decimal | None = None
    promoters_interval: Interval | None = None
    is_small: bool = True
    factors: list[StaffFactor] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        return self.is_over and self.answered >= self.smallest_group


def has_answered(staff: Staff, period: Period) -> bool:
    return Ballot.objects.filter(staff=staff, period=str(period)).exists()


def staff_round(store: Store, period: Period, *, on: date) -> StaffRound:
    """How the staff of a store answered in a month, as seen on a day; words stand in the order of their signs, not of
    the sheets."""
    rules = figures("satisfaction.", store=store, on=period.last_day)
    start, end = period.bounds(store.tz)
    sheets = Response.objects.filter(
        store=store, version__questionnaire__kind=QuestionnaireKind.STAFF, answered_at__gte=start, answered_at__lt=end
    )
    counted = sheets.count()
    asked = Staff.objects.filter(store=store, is_active=True).count()
    bare = StaffRound(period, asked, counted, rules[SMALLEST_GROUP.code], is_over=on > period.last_day)
    if not bare.is_shown:
        return bare
    tallies: dict[int, Counter] = defaultdict(Counter)
    words = []
    answers = list(Answer.objects.filter(response__in=sheets).select_related("question"))
    for one in answers:
        if one.score is None:
            words.append(one.text)
        else:
            tallies[one.question_id][one.score] += 1
    questions = Question.objects.filter(pk__in=tallies).select_related("section").order_by("version", "position")
    factors = [(one, Factor(one.code, one.kind, one.weight or Decimal(1), tallies[one.pk])) for one in questions]
    recommend = next((dict(tallies[one.pk]) for one in questions if one.kind == QuestionKind.RECOMMEND), {})
    index = formulas.csi(factor for one, factor in factors if one.weight is not None)
    return replace(
        bare,
        index=index,
        index_interval=_index_interval(index, answers),
        promoters=formulas.net_promoter(recommend),
        promoters_interval=formulas.net_promoter_interval(recommend),
        is_small=formulas.is_small(counted, rules[SMALLEST_SAMPLE.code]),
        factors=[
            _row(one, factor, rules[SMALLEST_SAMPLE.code])
            for one, factor in factors
            if one.kind != QuestionKind.RECOMMEND
        ],
        words=sorted(words),
    )


def _row(question: Question, factor: Factor, smallest: int) -> StaffFactor:
    found = formulas.factor_figures(factor)
    interval = formulas.share_interval(found.satisfied, found.n)
    return StaffFactor(question, found, interval, formulas.is_small(found.n, smallest))


def _index_interval(index: Decimal | None, answers: list[Answer]) -> Interval | None:
    """From the spread of the sheets' own indexes: a person, not an answer, is the sample."""
    own: dict[int, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for one in answers:
        if one.score is not None and one.question.weight is not None:
            own[one.response_id].append((one.question.weight, formulas.counted(one.question.kind, one.score)))
    indexes = [
        sum(weight * score for weight, score in given) / sum(weight for weight, _score in given)
        for given in own.values()
    ]
    moments = formulas.Moments(len(indexes), sum(indexes), sum(one * one for one in indexes))
    if index is None or moments.n < 2:
        return None
    return formulas.mean_interval(index, 100 * moments.deviation, moments.n, least=Decimal(100), most=Decimal(1000))
