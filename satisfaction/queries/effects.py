"""Whether an improvement plan helped: the factor's figures of the months around it."""

from dataclasses import dataclass

from dealer_crm.values import Period
from satisfaction.formulas import FactorFigures
from satisfaction.models import ImprovementPlan
from satisfaction.queries.months import Scope, month_figures

MONTHS_AFTER = 3


@dataclass(frozen=True)
class Effect:
    """A factor's figures of one month; `is_own` marks the month the plan was born from."""

    period: Period
    figures: FactorFigures
    is_own: bool


def effect_of(plan: ImprovementPlan, *, until: Period) -> list[Effect]:
    """The plan's factor in the plan's month and up to three months after it, so that the effect stands beside it."""
    first = Period.parse(plan.period)
    found = []
    for months in range(MONTHS_AFTER + 1):
        period = first.shifted(months)
        if period > until:
            break
        rows = month_figures(Scope(plan.store, period)).factors
        row = next((row for row in rows if row.question.code == plan.factor_code), None)
        if row:
            found.append(Effect(period, row.now, months == 0))
    return found
