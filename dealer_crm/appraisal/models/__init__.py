"""Scorecards, the month's sheets, scores. Source: spec `commission.md` (Scorecards)."""

from dealer_crm.appraisal.models.cards import Indicator, Scorecard, ScorecardVersion
from dealer_crm.appraisal.models.scores import Score
from dealer_crm.appraisal.models.sheets import Sheet, SheetAppeal, SheetLine
from dealer_crm.appraisal.models.site import (
    SiteFinding,
    SiteItem,
    SiteList,
    SitePhoto,
    SitePlan,
    SiteResult,
    SiteRound,
)
from dealer_crm.appraisal.models.stars import Star
from dealer_crm.appraisal.models.training import Training, TrainingSeat

__all__ = [
    "Indicator",
    "Score",
    "Scorecard",
    "ScorecardVersion",
    "Sheet",
    "SheetAppeal",
    "SheetLine",
    "SiteFinding",
    "SiteItem",
    "SiteList",
    "SitePhoto",
    "SitePlan",
    "SiteResult",
    "SiteRound",
    "Star",
    "Training",
    "TrainingSeat",
]
