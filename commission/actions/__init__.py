"""Plans, runs, adjustments, temporary coefficients. Source: spec `commission.md`."""

from commission.actions.adjustments import add_adjustment, approve_adjustment, decline_adjustment
from commission.actions.coefficients import (
    approve_change,
    ask_for_change,
    decline_change,
    revoke_change,
    withdraw_change,
)
from commission.actions.plans import approve_version, install_plan, propose_version
from commission.actions.runs import approve_run, compute_run, lock_run, return_run, review_run

__all__ = [
    "add_adjustment",
    "approve_adjustment",
    "approve_change",
    "approve_run",
    "approve_version",
    "ask_for_change",
    "compute_run",
    "decline_adjustment",
    "decline_change",
    "install_plan",
    "lock_run",
    "propose_version",
    "return_run",
    "review_run",
    "revoke_change",
    "withdraw_change",
]
