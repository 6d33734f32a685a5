"""The rules of a complaint as pure functions. Source: spec `complaints.md`."""

from complaints.formulas.appeals import appeal_until
from complaints.formulas.clocks import Clocks, Mark, clocks_of, marks_passed, moved_by_stop
from complaints.formulas.goodwill import goodwill_limit, may_grant
from complaints.formulas.likeness import likeness, pairs
from complaints.formulas.severity import raised_severity
from complaints.formulas.shares import shares_add_up
from complaints.formulas.statistics import AGES, Pareto, age_of, pareto, rate

__all__ = [
    "AGES",
    "Clocks",
    "Mark",
    "Pareto",
    "age_of",
    "appeal_until",
    "clocks_of",
    "goodwill_limit",
    "likeness",
    "marks_passed",
    "may_grant",
    "moved_by_stop",
    "pairs",
    "pareto",
    "raised_severity",
    "rate",
    "shares_add_up",
]
