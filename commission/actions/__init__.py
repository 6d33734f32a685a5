"""Plans, runs, adjustments, temporary coefficients, pay items and statements. Source: spec `commission.md`."""

from commission.actions.adjustments import add_adjustment, approve_adjustment, decline_adjustment
from commission.actions.coefficients import (
    approve_change,
    ask_for_change,
    decline_change,
    revoke_change,
    withdraw_change,
)
from commission.actions.corrections import (
    compare_locked_months,
from commission.actions.computations import make_computation, order_computation
    note_changed_order,
    note_changed_receipt,
    note_imported_orders,
    note_judged_complaint,
    note_late_change,
)
from commission.actions.pay import add_incentive, approve_incentive, decline_incentive, keep_pay_slips, set_pay_item
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
from commission.actions.runs import approve_run, compute_run, lock_run, return_run, review_run

__all__ = [
    "PlanRefused",
    "add_adjustment",
    "add_incentive",
    "approve_adjustment",
    "approve_change",
    "approve_incentive",
    "approve_run",
    "approve_version",
    "ask_for_approval",
    "ask_for_change",
    "change_version",
    "compare_locked_months",
    "compute_run",
    "decline_adjustment",
    "decline_change",
    "decline_incentive",
    "discard_version",
    "draft_version",
    "install_plan",
    "keep_pay_slips",
    "lock_run",
    "make_dry_run",
    "note_changed_order",
    "note_changed_receipt",
    "note_imported_orders",
    "note_judged_complaint",
    "note_late_change",
    "order_dry_run",
    "return_run",
    "make_computation",
    "review_run",
    "revoke_change",
    "set_pay_item",
    "withdraw_change",
]
    "order_computation",
