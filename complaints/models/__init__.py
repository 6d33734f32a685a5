"""The tables of complaints, a module for each noun. Source: spec `complaints.md`."""

from complaints.models.cases import Complaint, ComplaintQuerySet, ComplaintStep, Evidence, Topic
from complaints.models.clocks import Arrangement, ClockAlarm
from complaints.models.goodwill import Goodwill, GoodwillBudget
from complaints.models.judging import Appeal, Responsibility
from complaints.models.knowledge import Filing, IncidentReport, KnowledgeEntry, KnowledgeVersion

__all__ = [
    "Appeal",
    "Arrangement",
    "ClockAlarm",
    "Complaint",
    "ComplaintQuerySet",
    "ComplaintStep",
    "Evidence",
    "Filing",
    "Goodwill",
    "GoodwillBudget",
    "IncidentReport",
    "KnowledgeEntry",
    "KnowledgeVersion",
    "Responsibility",
    "Topic",
]
