"""Plans, runs, statements. Source: spec `commission.md`."""

from commission.models.adjustments import Adjustment
from commission.models.coefficients import CoefficientChange
from commission.models.plans import Plan, PlanVersion
from commission.models.runs import CountedRow, Run, Statement, StatementLine
from commission.models.scores import Score

__all__ = [
    "Adjustment",
    "CoefficientChange",
    "CountedRow",
    "Plan",
    "PlanVersion",
    "Run",
    "Score",
    "Statement",
    "StatementLine",
]
