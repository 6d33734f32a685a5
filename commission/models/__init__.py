"""Plans, runs, statements. Source: spec `commission.md`."""

from commission.models.adjustments import Adjustment
from commission.models.coefficients import CoefficientChange
from commission.models.corrections import Correction, LateChange
from commission.models.dry_runs import DryRun, DryRunLine, DryRunMonth
from commission.models.computations import Computation
from commission.models.pay import Incentive, PayItem, PayLine, PaySlip
from commission.models.plans import Plan, PlanVersion
from commission.models.runs import CountedRow, Run, Statement, StatementLine

__all__ = [
    "Adjustment",
    "CoefficientChange",
    "Correction",
    "CountedRow",
    "DryRun",
    "Computation",
    "DryRunLine",
    "DryRunMonth",
    "Incentive",
    "LateChange",
    "PayItem",
    "PayLine",
    "PaySlip",
    "Plan",
    "PlanVersion",
    "Run",
    "Statement",
    "StatementLine",
]
