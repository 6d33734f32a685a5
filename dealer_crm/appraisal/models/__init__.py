"""Scores. Source: spec `commission.md` (Scorecards)."""

from dealer_crm.appraisal.models.scores import Score

__all__ = [
    "Score",
]
