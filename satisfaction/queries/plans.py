"""Improvement plans: the lists, what is owed, who has had a factor for too long. Source: spec `satisfaction.md`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from dealer_crm.journal.models import Entry
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure, figures
from dealer_crm.values import Period
from satisfaction.choices import PlanStage, Verdict
from satisfaction.formulas import FactorFigures
from satisfaction.models import ImprovementPlan
from satisfaction.queries.effects import factor_months
from satisfaction.queries.months import FactorRow, MonthFigures, factor_rows
from satisfaction.queries.scopes import Scope
from satisfaction.queries.targets import factor_targets
from satisfaction.settings import FACTOR_TARGET, PERIODS_UNDER_TARGET, PLANS_OWED_DAY, SMALLEST_SAMPLE


def plans_for(staff, *, is_open: bool | None = None):
    """Improvement plans a person may see, newest month first."""
    rows = ImprovementPlan.objects.visible_to(staff).select_related("store", "owner", "created_by", "closed_by")
    if is_open is None:
        return rows
    return rows.filter(closed_at__isnull=is_open)


def plans_matching(staff, *, on: date, stage: str = "", is_late: bool = False, period: Period | None = None,
                   factor: str = "", owner=None):  # fmt: skip
    """The list of plans with its filter; without a stage those that are not closed."""
    rows = plans_for(staff)
    rows = rows.at_stage(stage) if stage else rows.unfinished()
    if is_late:
        rows = rows.late(on)
    if period:
        rows = rows.filter(period=str(period))
    if factor:
        rows = rows.filter(Q(factor_code__iexact=factor) | Q(factor_name__icontains=factor))
    return rows.filter(owner=owner) if owner else rows


def plan_counts(staff, *, on: date) -> dict[str, int]:
    """How many plans stand at each stage, and how many are late: one query."""
    rows = ImprovementPlan.objects.visible_to(staff)
    counts = {str(stage): Count("pk", filter=Q(pk__in=rows.at_stage(stage).values("pk"))) for stage in PlanStage}
    return rows.aggregate(**counts, late=Count("pk", filter=Q(pk__in=rows.late(on).values("pk"))))


def plans_of_month(store, period: Period):
    return ImprovementPlan.objects.filter(store=store, period=str(period)).select_related("owner", "closed_by")


def overdue_plans(staff, *, on: date):
    """Open plans whose day has passed."""
    return plans_for(staff, is_open=True).late(on)


_OURS = "satisfaction."
# A month, what the factor reached in it, and its target.
MonthMissed = tuple[Period, FactorFigures, Decimal]


# ── What is owed ─────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Owed:
    """A weakness of a month that waits for its plan."""

    row: FactorRow
    last_plan: ImprovementPlan | None  # the plan before, if this factor had one


@dataclass(frozen=True)
class UnderTarget:
    """A factor that missed its target in every one of the last months, oldest first; and the plan `with_takeover`."""

    code: str
    name: str
    months: list[MonthMissed]
    plan: ImprovementPlan | None

    @property
    def wants_owner(self) -> bool:
        """The one who has it now had it through those months."""
        return _is_under_way(self.plan) and _held_since(self.plan) <= self.months[0][0]


def plans_owed_by(store: Store, period: Period) -> date:
    """The day by which a month's weaknesses have their plans: the 10th of the month after."""
    following = period.next()
    day = figure(PLANS_OWED_DAY, store=store, on=following.first_day)
    return following.first_day.replace(day=min(day, following.days))


class PlansOwed:
    """What a month's figures ask for: plans for its weaknesses, new owners for what stays under target.

    What both need is read once. `month`: its figures, where they are known already.
    """

    def __init__(self, store: Store, period: Period, *, month: MonthFigures | None = None):
        self.store, self.period, self._month = store, period, month

    @cached_property
    def weaknesses(self) -> list[Owed]:
        """The weak factors for which no plan was opened; one that is under way for an earlier month counts."""
        weak = [row for row in self._factors if row.verdict == Verdict.WEAKNESS]
        plans = self._plans if weak else {}
        return [
            Owed(row, _last(its))
            for row, its in ((row, plans.get(row.question.code, [])) for row in weak)
            if not any(_is_under_way(plan) or plan.period == str(self.period) for plan in its)
        ]

    @cached_property
    def under_target(self) -> list[UnderTarget]:
        """Factors under target for so many months running (three) up to this one, each month with answers enough.

        The yardstick is the target in force at the end of this month: one that was raised meanwhile asks more of all
        of them. Source: spec `satisfaction.md`, "a factor under target three periods running asks for a new owner".
        """
        rows = {row.question.code: row for row in reversed(self._factors)}  # the newest version's word
        targets = {code: row.target for code, row in rows.items()}
        missed = _months_missed(self.store, self.period, self._rules, targets)
        plans = self._plans if missed else {}
        return [
            UnderTarget(code, rows[code].question.name, months, _last(plans.get(code, [])))
            for code, months in missed.items()
        ]

    @cached_property
    def _rules(self) -> dict:
        return self._month.rules if self._month else figures(_OURS, store=self.store, on=self.period.last_day)

    @cached_property
    def _factors(self) -> list[FactorRow]:
        if self._month:
            return self._month.factors
        return factor_rows(Scope(self.store, self.period), rules=self._rules)

    @cached_property
    def _plans(self) -> dict[str, list[ImprovementPlan]]:
        """Code of a factor → its plans, the newest last."""
        codes = [row.question.code for row in self._factors]
        rows = with_takeover(ImprovementPlan.objects.filter(store=self.store, factor_code__in=codes))
        found: dict[str, list[ImprovementPlan]] = {}
        for plan in rows.select_related("owner", "store").order_by("pk"):
            found.setdefault(plan.factor_code, []).append(plan)
        return found


def wants_new_owner(plan: ImprovementPlan, *, last: Period) -> bool:
    """Whether the factor of an open plan (`with_takeover`) stayed under target as long as its owner had it."""
    if _held_since(plan) > last:
        return False  # nothing has passed since
    rules = figures(_OURS, store=plan.store, on=last.last_day)
    if _held_since(plan) > last.shifted(1 - rules[PERIODS_UNDER_TARGET.code]):
        return False  # too young for so many months
    targets = factor_targets(plan.store, on=last.last_day, usual=rules[FACTOR_TARGET.code])
    months = _months_missed(plan.store, last, rules, targets, codes=[plan.factor_code]).get(plan.factor_code)
    return bool(months) and UnderTarget(plan.factor_code, plan.factor_name, months, plan).wants_owner


def _months_missed(
    store: Store, last: Period, rules: Mapping, targets: Mapping[str, Decimal], *, codes: list[str] | None = None
) -> dict[str, list[MonthMissed]]:
    """Factor code → the months running up to `last` in all of which it missed its target."""
    smallest = rules[SMALLEST_SAMPLE.code]
    periods = [last.shifted(months) for months in range(1 - rules[PERIODS_UNDER_TARGET.code], 1)]
    found = factor_months(store, periods, codes=codes)
    return {
        code: [(period, found[code, period], targets[code]) for period in periods]
        for code in sorted({code for code, period in found if period == last})
        if all(_missed(found.get((code, period)), targets[code], smallest) for period in periods)
    }


def _missed(found: FactorFigures | None, target: Decimal, smallest: int) -> bool:
    return found is not None and found.n >= smallest and found.mean < target


def _last(plans: list[ImprovementPlan]) -> ImprovementPlan | None:
    """The newest plan, one that is open before one that is closed."""
    return max(plans, key=lambda plan: (plan.closed_at is None, plan.pk), default=None)


def _is_under_way(plan: ImprovementPlan | None) -> bool:
    return plan is not None and plan.closed_at is None


def with_takeover(plans: QuerySet[ImprovementPlan]) -> QuerySet[ImprovementPlan]:
    """Annotate `taken_over_at`: when the one who has a plan took it over from somebody; None for its first owner."""
    handed_over = Entry.objects.filter(
        subject_type=ImprovementPlan._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField()),
        verb="improvement_plan.owner_changed",
    )  # fmt: skip
    return plans.annotate(taken_over_at=Subquery(handed_over.order_by("-at").values("at")[:1]))


def _held_since(plan: ImprovementPlan) -> Period:
    """The month whose figures its owner was given a plan (`with_takeover`) for: the plan's own, or for one who took it
    over the month before. Who took over is given as many months as the first one was."""
    first = Period.parse(plan.period)
    if plan.taken_over_at is None:
        return first
    return max(first, Period.of(plan.taken_over_at, plan.store.tz).previous())
