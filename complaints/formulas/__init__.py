"""The rules of a complaint as pure functions. Source: spec `complaints.md`."""

from complaints.formulas.clocks import Clocks, Mark, clocks_of, marks_passed, moved_by_stop
from complaints.formulas.goodwill import goodwill_limit
from complaints.formulas.severity import raised_severity
from complaints.formulas.shares import shares_add_up
from complaints.formulas.statistics import Pareto, pareto, rate

__all__ = [
    "Clocks",
    "Mark",
    "Pareto",
    "clocks_of",
    "goodwill_limit",
    "marks_passed",
    "moved_by_stop",
    "pareto",
    "raised_severity",
    "rate",
    "shares_add_up",
]
