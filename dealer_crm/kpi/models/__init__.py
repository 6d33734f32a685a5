"""Targets and what is agreed about them. Source: spec `kpi.md`."""

from dealer_crm.kpi.models.facts import Fact, FactMonth, TouchedMonth
from dealer_crm.kpi.models.meetings import GoalLine, GoalMeeting
from dealer_crm.kpi.models.targets import PERIOD_PATTERN, Target, TargetSignature

__all__ = [
    "PERIOD_PATTERN",
    "Fact",
    "FactMonth",
    "GoalLine",
    "GoalMeeting",
    "Target",
    "TargetSignature",
    "TouchedMonth",
]
