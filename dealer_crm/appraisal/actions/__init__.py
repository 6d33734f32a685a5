"""Entering scores. Source: spec `commission.md` (Scorecards)."""

from dealer_crm.appraisal.actions.scores import set_score

__all__ = [
    "set_score",
]
