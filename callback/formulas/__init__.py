"""When a call is owed, when it is tried again, how the centre did. Pure functions. Source: spec `callback.md`."""

from callback.formulas.due import Due, Hours, call_window
from callback.formulas.quiet import QuietHours
from callback.formulas.rates import CallFigures, rate
from callback.formulas.retries import NextStep, RetryPlan, Step, after_unreached, propose_times
from dealer_crm.values.wording import fill_in, unknown_names

__all__ = [
    "CallFigures",
    "Due",
    "Hours",
    "NextStep",
    "QuietHours",
    "RetryPlan",
    "Step",
    "after_unreached",
    "call_window",
    "fill_in",
    "propose_times",
    "rate",
    "unknown_names",
]
