"""Plans, runs, adjustments, temporary coefficients, pay items and statements. Source: spec `commission.md`."""

from commission.actions.appeals import add_member, appeal_against_pay, remind_committees, vote_on_appeal
from commission.actions.checks import check_statement, remind_unchecked
from commission.actions.coefficients import (
    approve_change,
    ask_for_change,
    decline_change,
    revoke_change,
    withdraw_change,
)
from commission.actions.computations import make_computation, order_computation
from commission.actions.corrections import (
    compare_locked_months,
    note_changed_order,
    note_changed_receipt,
    note_deducted_hours,
    note_imported_orders,
    note_imported_rows,
    note_issued_consumables,
    note_judged_complaint,
    note_late_change,
)
from commission.actions.disputes import answer_dispute, dispute_line
from commission.actions.pay import keep_pay_slips, set_pay_item
from commission.actions.plans import (
    PlanRefused,
    approve_version,
    ask_for_approval,
    change_version,
    discard_version,
    draft_version,
    install_plan,
)
from commission.actions.plans_dry_runs import make_dry_run, order_dry_run
from commission.actions.proposals import add_adjustment, add_incentive, approve_proposal, decline_proposal
from commission.actions.runs import approve_run, compute_run, lock_run, return_run, review_run

__all__ = [
    "PlanRefused",
    "add_adjustment",
    "add_incentive",
    "add_member",
    "answer_dispute",
    "appeal_against_pay",
    "approve_change",
    "approve_proposal",
    "approve_run",
    "approve_version",
    "ask_for_approval",
    "ask_for_change",
    "change_version",
    "check_statement",
    "compare_locked_months",
    "compute_run",
    "decline_change",
    "decline_proposal",
    "discard_version",
    "dispute_line",
    "draft_version",
    "install_plan",
    "keep_pay_slips",
    "lock_run",
    "make_computation",
    "make_dry_run",
    "note_changed_order",
    "note_changed_receipt",
    "note_deducted_hours",
    "note_imported_orders",
    "note_imported_rows",
    "note_issued_consumables",
    "note_judged_complaint",
    "note_late_change",
    "order_computation",
    "order_dry_run",
    "remind_committees",
    "remind_unchecked",
    "return_run",
    "review_run",
    "revoke_change",
    "set_pay_item",
    "vote_on_appeal",
    "withdraw_change",
]
