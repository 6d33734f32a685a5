"""The tables of complaints, a module for each noun. Source: spec `complaints.md`."""

from complaints.models.cases import Complaint, ComplaintQuerySet, ComplaintStep
from complaints.models.clocks import ClockAlarm
from complaints.models.judging import Responsibility

__all__ = [
    "ClockAlarm",
    "Complaint",
    "ComplaintQuerySet",
    "ComplaintStep",
    "Responsibility",
]
