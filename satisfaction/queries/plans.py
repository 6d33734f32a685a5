"""Improvement plans: the lists, what is owed, who has had a factor for too long. Source: spec `satisfaction.md`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure, figures
from dealer_crm.values import Period
from satisfaction.choices import PlanStage
from satisfaction.formulas import FactorFigures
from satisfaction.models import ImprovementPlan
from satisfaction.queries.effects import factor_months
from satisfaction.queries.months import FactorRow, month_figures
from satisfaction.queries.questionnaires import csi_version
from satisfaction.queries.scopes import Scope
from satisfaction.queries.targets import factor_targets
from satisfaction.settings import PERIODS_UNDER_TARGET, PLANS_OWED_DAY, SMALLEST_SAMPLE


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


# A month, what the factor reached in it, and its target.
MonthMissed = tuple[Period, FactorFigures, Decimal]


# ── What is owed ─────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Owed:
    """A weakness of a month that waits for its plan."""

    row: FactorRow
    last_plan: ImprovementPlan | None  # the plan before, if this factor had one


def plans_owed_by(store: Store, period: Period) -> date:
    """The day by which a month's weaknesses have their plans: the 10th of the month after."""
    following = period.next()
    day = figure(PLANS_OWED_DAY, store=store, on=following.first_day)
    return following.first_day.replace(day=min(day, following.days))


def weaknesses_without_plan(store: Store, period: Period) -> list[Owed]:
    """The weak factors of a month for which no plan was opened; one that is under way for an earlier month counts."""
    weak = [row for row in month_figures(Scope(store, period)).factors if row.verdict == "weakness"]
    plans = _last_plans(store, [row.question.code for row in weak])
    return [
        Owed(row, plans.get(row.question.code))
        for row in weak
        if row.plan is None and not _is_under_way(plans.get(row.question.code))
    ]


@dataclass(frozen=True)
class UnderTarget:
    """A factor that missed its target in every one of the last months, oldest first; and the plan for it."""

    code: str
    name: str
    months: list[MonthMissed]
    plan: ImprovementPlan | None

    @property
    def wants_owner(self) -> bool:
        """The one who has it now had it through those months."""
        return self.plan is not None and self.plan.closed_at is None and self.plan.period <= str(self.months[0][0])


def factors_under_target(store: Store, *, last: Period) -> list[UnderTarget]:
    """Factors under target for so many months running (three) up to `last`, each month with answers enough.

    The yardstick is the target in force at the end of `last`: one that was raised meanwhile asks more of all of them.

    Source: spec `satisfaction.md`, "a factor under target three periods running asks for a new owner".
    """
    missed = _months_missed(store, last)
    plans = _last_plans(store, list(missed)) if missed else {}
    names = {question.code: question.name for question in csi_version().questions.all()} if missed else {}
    return [UnderTarget(code, names.get(code, code), months, plans.get(code)) for code, months in missed.items()]


def wants_new_owner(plan: ImprovementPlan, *, last: Period) -> bool:
    """Whether an open plan's factor stayed under target through all the months its owner had it."""
    if plan.period > str(last):
        return False  # nothing has passed since
    months = _months_missed(plan.store, last, codes=[plan.factor_code], since=plan.period).get(plan.factor_code)
    return bool(months) and UnderTarget(plan.factor_code, plan.factor_name, months, plan).wants_owner


def _months_missed(
    store: Store, last: Period, codes: list[str] | None = None, *, since: str = ""
) -> dict[str, list[MonthMissed]]:
    """Factor code → the months running up to `last` in all of which it missed its target; none when they do not reach
    back to the month `since`."""
    rules = figures("satisfaction.", store=store, on=last.last_day)
    smallest = rules[SMALLEST_SAMPLE.code]
    periods = [last.shifted(months) for months in range(1 - rules[PERIODS_UNDER_TARGET.code], 1)]
    if since > str(periods[0]):
        return {}
    found = factor_months(store, periods, codes=codes)
    targets = factor_targets(store, on=last.last_day)
    return {
        code: [(period, found[code, period], targets[code]) for period in periods]
        for code in sorted({code for code, _period in found})
        if all(_missed(found.get((code, period)), targets[code], smallest) for period in periods)
    }


def _missed(found: FactorFigures | None, target: Decimal, smallest: int) -> bool:
    return found is not None and found.n >= smallest and found.mean < target


def _is_under_way(plan: ImprovementPlan | None) -> bool:
    return plan is not None and plan.closed_at is None


def _last_plans(store: Store, codes: list[str]) -> dict[str, ImprovementPlan]:
    """The newest plan of each factor, one that is open before one that is closed."""
    rows = ImprovementPlan.objects.filter(store=store, factor_code__in=codes).select_related("owner")
    found: dict[str, ImprovementPlan] = {}
    for plan in rows.order_by("pk"):
        known = found.get(plan.factor_code)
        if known is None or known.closed_at or not plan.closed_at:
            found[plan.factor_code] = plan
    return found
