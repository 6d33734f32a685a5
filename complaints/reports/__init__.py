"""What leaves the complaints as workbooks and paper: the month, the sheets of its cases, the reports of major ones."""

from complaints.reports import sheets  # noqa: F401 - registers itself
from complaints.reports.month import complaint_report

__all__ = ["complaint_report"]
