"""The five gaps and the six composite scores of a span. Source: spec `satisfaction.md`, "Five gaps", "Index model"."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    Count,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dealer_crm.organization.queries import figures
from dealer_crm.values import Period
from reception.choices import OrderState, Payer
from reception.models import OrderLine, Promise, RepairOrder, Settlement, SettlementAmount, WalkRound
from reception.queries.punctuality import ON_TIME
from satisfaction import formulas
from satisfaction.choices import Aspect, Construct, QuestionKind, QuestionnaireKind
from satisfaction.formulas import Composite, Gap, Interval, Moments
from satisfaction.models import Guess, Question
from satisfaction.queries.counts import counted_score, given_counts, questions_of, summed, tallies
from satisfaction.queries.scopes import Scope
from satisfaction.queries.targets import csi_factors, factor_targets
from satisfaction.settings import (
    FACTOR_TARGET,
    GREETED_MINUTES,
    PRICE_TOLERANCE,
    SMALLEST_SAMPLE,
    STANDARD_EXPLAINED,
    STANDARD_GREETED,
    STANDARD_ON_TIME,
    STANDARD_WALK_ROUND,
)

_PERCEIVED = Q(question__weight__isnull=False, question__version__questionnaire__kind=QuestionnaireKind.SERVICE_CSI)
_ASKED_OTHERWISE = Q(question__aspect__in=[Aspect.EXPECTATION, Aspect.IMPORTANCE])


@dataclass(frozen=True)
class FactorGaps:
    """A factor seen from four sides: what customers got, expected and hold important, what managers guessed.

    `expected`: gap 5, perception − expectation, its ratio the CS ratio. `important`: gap 2, our target − importance.
    `guessed`: gap 1, perception − guess.
    """

    code: str
    name: str
    expected: Gap
    importance: Moments
    importance_interval: Interval | None
    importance_place: int | None
    target: Decimal
    target_place: int
    important: Decimal | None
    guessed: Gap
    is_small: bool
    """Too few customers on a side of gap 5."""
    is_importance_small: bool


@dataclass(frozen=True)
class TimeGap:
    """Gap 4/3, time: cars handed over in the span against the first promise (by the clock alone) and the last (as
    defined for every figure: `reception.queries.punctuality`)."""

    n: int
    kept_first: Decimal | None
    kept_first_interval: Interval | None
    kept_last: Decimal | None
    kept_last_interval: Interval | None
    moved_n: int
    late: timedelta | None
    """The median of handed over − first promised; below zero is early."""
    is_small: bool

    @property
    def is_early(self) -> bool:
        return self.late is not None and self.late < timedelta(0)

    @property
    def distance(self) -> timedelta | None:
        return None if self.late is None else abs(self.late)


@dataclass(frozen=True)
class PriceGap:
    """Gap 4/3, price: customers' bills settled in the span against what was agreed: the estimate and agreed add-ons."""

    n: int
    kept: Decimal | None
    kept_interval: Interval | None
    agreed_amount: Decimal
    settled_amount: Decimal
    deviation: Decimal | None
    tolerance: Decimal
    is_small: bool


@dataclass(frozen=True)
class StandardGap:
    """Gap 3: a standard of the house against what was measured; shares 0–1 of `n` visits."""

    label: str
    standard: Decimal
    n: int
    measured: Decimal | None
    interval: Interval | None
    is_small: bool

    @property
    def difference(self) -> Decimal | None:
        return None if self.measured is None else self.measured - self.standard

    @property
    def is_met(self) -> bool | None:
        return None if self.measured is None else self.measured >= self.standard


@dataclass(frozen=True)
class FiveGaps:
    scope: Scope
    factors: list[FactorGaps]
    experience: Decimal | None
    expectation: Decimal | None
    ratio: Decimal | None
    """CS ratio over the factors that have both sides, each counting the same."""
    time: TimeGap
    price: PriceGap
    standards: list[StandardGap]
    guesses_n: int
    smallest_sample: int


def five_gaps(scope: Scope) -> FiveGaps:
    """All five gaps of a store's span; the same few queries, whatever the number of answers and orders."""
    rules = figures("satisfaction.", store=scope.store, on=scope.period.last_day)
    smallest = rules[SMALLEST_SAMPLE.code]
    factors = _factors(scope, rules)
    both = [one for one in factors if one.expected.ratio is not None]
    experience = formulas.mean_of([one.expected.left.mean for one in both])
    expectation = formulas.mean_of([one.expected.right.mean for one in both])
    visits = _visits(scope, minutes=rules[GREETED_MINUTES.code])
    return FiveGaps(
        scope=scope,
        factors=factors,
        experience=experience,
        expectation=expectation,
        ratio=formulas.cs_ratio(experience, expectation),
        time=_time(visits, smallest),
        price=_price(scope, rules[PRICE_TOLERANCE.code], smallest),
        standards=_standards(visits, rules, smallest),
        guesses_n=max((one.guessed.right.n for one in factors), default=0),
        smallest_sample=smallest,
    )


# ── gaps 5, 2 and 1: what was said ───────────────────────────────────────────────────────────────────────────────────
def _factors(scope: Scope, rules: dict) -> list[FactorGaps]:
    """A row for each factor of the service CSI in force."""
    sides, asked = (
        _sides(scope),
        csi_factors(),
    )
    guesses, smallest = _guesses(scope), rules[SMALLEST_SAMPLE.code]
    targets = factor_targets(scope.store, on=scope.period.last_day, usual=rules[FACTOR_TARGET.code])
    said = {one.code: sides[Aspect.IMPORTANCE, one.code] for one in asked}
    places = formulas.ranks({code: moments.mean for code, moments in said.items() if moments.n})
    target_places = formulas.ranks({one.code: targets[one.code] for one in asked})
    rows = []
    for question in asked:
        code, importance = question.code, said[question.code]
        perception, expectation = sides[Aspect.PERCEPTION, code], sides[Aspect.EXPECTATION, code]
        rows.append(
            FactorGaps(
                code=code,
                name=question.name,
                expected=formulas.gap(perception, expectation),
                importance=importance,
                importance_interval=formulas.mean_interval(importance.mean, importance.deviation, importance.n),
                importance_place=places.get(code),
                target=targets[code],
                target_place=target_places[code],
                important=targets[code] - importance.mean if importance.n else None,
                guessed=formulas.gap(perception, guesses.get(code, Moments())),
                is_small=formulas.is_small(min(perception.n, expectation.n or perception.n), smallest),
                is_importance_small=formulas.is_small(importance.n, smallest),
            )
        )
    return rows


def _sides(scope: Scope) -> defaultdict[tuple[str, str], Moments]:
    """(aspect, factor code) → what was said of it."""
    start, end = scope.bounds
    counts = given_counts(scope.answers(start, end).filter(_PERCEIVED | _ASKED_OTHERWISE), start, F("question__aspect"))
    given = tallies(counts, True)
    found: defaultdict = defaultdict(Moments)
    for question in questions_of(counts):
        about = question.code if question.aspect == Aspect.PERCEPTION else question.about
        found[question.aspect, about] += formulas.moments_of(question.kind, given[question.pk])
    return found


def _guesses(scope: Scope) -> dict[str, Moments]:
    """Factor code → the managers' guesses of the span's months."""
    rows = (
        Guess.objects.filter(store=scope.store, period__in=[str(month) for month in _months(scope)])
        .order_by()
        .values_list("factor_code")
        .annotate(n=Count("pk"), total=Sum("mean"), squares=Sum(F("mean") * F("mean")))
    )
    return {code: Moments(n, total, squares) for code, n, total, squares in rows}


def _months(scope: Scope) -> list[Period]:
    """The calendar months a span touches."""
    first, last = Period.of(scope.period.first_day), Period.of(scope.period.last_day)
    months = [first]
    while months[-1] != last:
        months.append(months[-1].next())
    return months


# ── gaps 4 and 3: what was done ──────────────────────────────────────────────────────────────────────────────────────
class Middle(Aggregate):
    """The median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def _visits(scope: Scope, *, minutes: int) -> dict:
    """The numbers of the span's visits, in one statement: `…_n` of how many, and how many of them so."""
    start, end = scope.bounds
    arrived = Q(arrived_at__gte=start, arrived_at__lt=end)
    delivered = Q(delivered_at__gte=start, delivered_at__lt=end)
    promises = Promise.objects.filter(order=OuterRef("pk")).order_by("pk")
    promised = delivered & Q(first_promise__isnull=False)
    orders = (
        RepairOrder.objects.filter(arrived | delivered, store=scope.store)
        .exclude(state=OrderState.CANCELLED)
        .alias(on_time=ON_TIME)
        .annotate(
            first_promise=Subquery(promises.values("promised_at")[:1]),
            is_walked=Exists(WalkRound.objects.filter(order=OuterRef("pk"))),
        )
    )
    return orders.aggregate(
        greeted_n=Count("pk", filter=arrived & Q(greeted_at__isnull=False)),
        greeted=Count("pk", filter=arrived & Q(greeted_at__lte=F("arrived_at") + timedelta(minutes=minutes))),
        walked_n=Count("pk", filter=arrived & ~Q(state=OrderState.DRAFT)),
        walked=Count("pk", filter=arrived & ~Q(state=OrderState.DRAFT) & Q(is_walked=True)),
        explained_n=Count("pk", filter=delivered & Q(was_explained__isnull=False)),
        explained=Count("pk", filter=delivered & Q(was_explained=True)),
        promised_n=Count("pk", filter=promised),
        kept_first=Count("pk", filter=promised & Q(delivered_at__lte=F("first_promise"))),
        kept_last=Count("pk", filter=promised & Q(on_time=True)),
        moved=Count("pk", filter=promised & ~Q(promised_at=F("first_promise"))),
        median_late=Middle(
            ExpressionWrapper(F("delivered_at") - F("first_promise"), output_field=DurationField()), filter=promised
        ),
    )


def _share(count: int, n: int) -> tuple[Decimal | None, Interval | None]:
    share = Decimal(count) / n if n else None
    return share, formulas.share_interval(share, n)


def _time(visits: dict, smallest: int) -> TimeGap:
    n = visits["promised_n"]
    first, first_interval = _share(visits["kept_first"], n)
    last, last_interval = _share(visits["kept_last"], n)
    return TimeGap(
        n=n,
        kept_first=first,
        kept_first_interval=first_interval,
        kept_last=last,
        kept_last_interval=last_interval,
        moved_n=visits["moved"],
        late=visits["median_late"],
        is_small=formulas.is_small(n, smallest),
    )


def _price(scope: Scope, tolerance: Decimal, smallest: int) -> PriceGap:
    start, end = scope.bounds
    money = DecimalField(max_digits=16, decimal_places=4)
    add_ons = OrderLine.objects.filter(order=OuterRef("order"), payer=Payer.CUSTOMER, add_on__isnull=False)
    bill = SettlementAmount.objects.filter(settlement=OuterRef("pk"), payer=Payer.CUSTOMER)
    summed_up = add_ons.order_by().values("order").annotate(total=Sum("payable_amount")).values("total")
    settlements = (
        Settlement.objects.live()
        .filter(order__store=scope.store, settled_at__gte=start, settled_at__lt=end)
        .filter(order__estimated_amount__isnull=False)
        .annotate(
            agreed=F("order__estimated_amount") + Coalesce(Subquery(summed_up), Value(Decimal(0)), output_field=money),
            billed=Coalesce(Subquery(bill.values("amount")[:1]), Value(Decimal(0)), output_field=money),
        )
    )
    found = settlements.aggregate(
        n=Count("pk"),
        kept=Count("pk", filter=Q(billed__lte=F("agreed") * Value(1 + tolerance, output_field=money))),
        agreed_total=Sum("agreed", output_field=money),
        billed_total=Sum("billed", output_field=money),
    )
    kept, interval = _share(found["kept"], found["n"])
    agreed, billed = found["agreed_total"] or Decimal(0), found["billed_total"] or Decimal(0)
    return PriceGap(
        n=found["n"],
        kept=kept,
        kept_interval=interval,
        agreed_amount=agreed,
        settled_amount=billed,
        deviation=(billed - agreed) / agreed if agreed else None,
        tolerance=tolerance,
        is_small=formulas.is_small(found["n"], smallest),
    )


def _standards(visits: dict, rules: dict, smallest: int) -> list[StandardGap]:
    minutes = rules[GREETED_MINUTES.code]
    rows = [
        (_("Greeted within %(minutes)s minutes") % {"minutes": minutes}, STANDARD_GREETED, "greeted", "greeted_n"),
        (_("Walked round the car with the customer"), STANDARD_WALK_ROUND, "walked", "walked_n"),
        (_("Handed over by the last promise"), STANDARD_ON_TIME, "kept_last", "promised_n"),
        (_("Work and bill explained at hand-over"), STANDARD_EXPLAINED, "explained", "explained_n"),
    ]
    found = []
    for label, standard, count, of in rows:
        share, interval = _share(visits[count], visits[of])
        is_small = formulas.is_small(visits[of], smallest)
        found.append(StandardGap(label, rules[standard.code], visits[of], share, interval, is_small))
    return found


# ── the index model ──────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class QuestionPoints:
    """A question of a composite score: its mean on 0–100."""

    question: Question
    n: int
    mean: Decimal
    interval: Interval | None


@dataclass(frozen=True)
class CompositeRow:
    construct: Construct
    figures: Composite
    questions: list[QuestionPoints]
    is_small: bool


def composites(scope: Scope) -> list[CompositeRow]:
    """The six composite scores of a span in the order of the model, those nobody answered too."""
    rules = figures("satisfaction.", store=scope.store, on=scope.period.last_day)
    start, end = scope.bounds
    answers = scope.answers(start, end).exclude(question__construct="")
    counts = given_counts(answers, start, F("question__construct"))
    given, questions = tallies(counts, True), defaultdict(list)
    for question in questions_of(counts):
        said = formulas.composite(formulas.points_of(question.kind, given[question.pk]))
        questions[question.construct].append(QuestionPoints(question, said.n, said.score, said.interval))
    own = _own_composites(answers)
    rows = []
    for construct in Construct:
        its = formulas.composite(own.get(construct, Moments()))
        is_small = formulas.is_small(its.n, rules[SMALLEST_SAMPLE.code])
        rows.append(CompositeRow(construct, its, questions[construct], is_small))
    return rows


def _own_composites(answers) -> dict[str, Moments]:
    """Composite → the customers' own scores, each the mean of their answers on 0–100."""
    point = Case(
        When(question__kind=QuestionKind.RECOMMEND, then=F("score") * 10),
        default=(counted_score() - 1) * Value(100) / Value(9, output_field=DecimalField()),
        output_field=DecimalField(max_digits=24, decimal_places=16),
    )
    each = answers.order_by().values("response", construct=F("question__construct")).annotate(own=Avg(point))
    return {construct: Moments(n, total, squares) for construct, n, total, squares in summed(each, ["construct"])}


def guesses_of(staff, *, store, periods: Iterable[Period]):
    """What a person guessed for these months, in the order of the factors."""
    return Guess.objects.filter(staff=staff, store=store, period__in=[str(period) for period in periods]).order_by(
        "factor_code"
    )
