"""Scorecards, the month's sheets, scores. Source: spec `commission.md` (Scorecards)."""

from dealer_crm.appraisal.models.cards import Indicator, Scorecard, ScorecardVersion
from dealer_crm.appraisal.models.scores import Score
from dealer_crm.appraisal.models.sheets import Sheet, SheetAppeal, SheetLine

__all__ = [
    "Indicator",
    "Score",
    "Scorecard",
    "ScorecardVersion",
    "Sheet",
    "SheetAppeal",
    "SheetLine",
]
