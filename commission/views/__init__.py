"""The pages of pay, one module for each thing in it."""

from commission.views.adjustments import adjustment_approve, adjustment_decline, adjustment_new, adjustments
from commission.views.cards import adjustments_card, coefficients_card, own_pay_card, runs_card
from commission.views.coefficients import (
    coefficient,
    coefficient_approve,
    coefficient_ask,
    coefficient_decline,
    coefficient_revoke,
    coefficient_withdraw,
    coefficients,
)
from commission.views.plans import plan_approve, plan_list, plan_version
from commission.views.runs import (
    figure_explanation,
    run_approve,
    run_compute,
    run_detail,
    run_list,
    run_lock,
    run_return,
    run_review,
)
from commission.views.statements import line, own_line, own_statement, own_statements, statement

__all__ = [
    "adjustment_approve",
    "adjustment_decline",
    "adjustment_new",
    "adjustments",
    "adjustments_card",
    "coefficient",
    "coefficient_approve",
    "coefficient_ask",
    "coefficient_decline",
    "coefficient_revoke",
    "coefficient_withdraw",
    "coefficients",
    "coefficients_card",
    "figure_explanation",
    "line",
    "own_line",
    "own_pay_card",
    "own_statement",
    "own_statements",
    "plan_approve",
    "plan_list",
    "plan_version",
    "run_approve",
    "run_compute",
    "run_detail",
    "run_list",
    "run_lock",
    "run_return",
    "run_review",
    "runs_card",
    "statement",
]
