"""Plans, runs, statements. Source: spec `commission.md`."""

from commission.models.adjustments import Adjustment
from commission.models.appeals import AppealVote, PayAppeal
from commission.models.checks import Dispute, StatementCheck
from commission.models.coefficients import CoefficientChange
from commission.models.computations import Computation
from commission.models.corrections import Correction, LateChange
from commission.models.dry_runs import DryRun, DryRunLine, DryRunMonth
from commission.models.pay import Incentive, PayItem, PayLine, PaySlip
from commission.models.plans import Plan, PlanVersion
from commission.models.runs import CountedRow, Run, Statement, StatementLine

__all__ = [
    "Adjustment",
    "AppealVote",
    "CoefficientChange",
    "Computation",
    "Correction",
    "CountedRow",
    "Dispute",
    "DryRun",
    "DryRunLine",
    "DryRunMonth",
    "Incentive",
    "LateChange",
    "PayAppeal",
    "PayItem",
    "PayLine",
    "PaySlip",
    "Plan",
    "PlanVersion",
    "Run",
    "Statement",
    "StatementCheck",
    "StatementLine",
]
