"""What the pages, reports and other apps ask of complaints."""

from complaints.queries.clocks import stores_to_watch, with_marks_to_tell

__all__ = ["stores_to_watch", "with_marks_to_tell"]
