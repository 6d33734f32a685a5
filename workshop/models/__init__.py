"""The workshop's tables, a module for each noun. Source: spec `workshop.md`."""

from workshop.models.checks import (
    CheckList,
    ComebackDecision,
    DefectPhoto,
    Inspection,
    InspectionQuerySet,
)
from workshop.models.floor import (
    Attendance,
    Bay,
    Shift,
    TechnicianSkills,
    Tool,
    ToolReport,
)
from workshop.models.jobs import (
    ClockEntry,
    Job,
    JobQuerySet,
)
from workshop.models.supplies import (
    ConsumableIssue,
    HourDeduction,
    HourDeductionQuerySet,
)

__all__ = [
    "Attendance",
    "Bay",
    "CheckList",
    "ClockEntry",
    "ComebackDecision",
    "ConsumableIssue",
    "DefectPhoto",
    "HourDeduction",
    "HourDeductionQuerySet",
    "Inspection",
    "InspectionQuerySet",
    "Job",
    "JobQuerySet",
    "Shift",
    "TechnicianSkills",
    "Tool",
    "ToolReport",
]
