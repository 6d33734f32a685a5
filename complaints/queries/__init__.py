"""What the pages, reports and other apps ask of complaints."""

from complaints.queries.clocks import stores_to_watch, with_marks_to_tell
from complaints.queries.lists import (
    complaints_like,
    complaints_matching,
    complaints_of_order,
    late,
    open_complaint_orders,
    waiting_count,
    waiting_for,
    with_due,
)
from complaints.queries.months import (
    MonthStatistics,
    Rate,
    ageing,
    complaints_for_report,
    complaints_of_month,
    month_statistics,
)
from complaints.queries.steps import (
    LoopStep,
    leads_complaints,
    loop_of,
    may_open_order,
    next_step_of,
    steps_open_to,
    story_of,
)

__all__ = [
    "LoopStep",
    "MonthStatistics",
    "Rate",
    "ageing",
    "complaints_for_report",
    "complaints_like",
    "complaints_matching",
    "complaints_of_month",
    "complaints_of_order",
    "late",
    "leads_complaints",
    "loop_of",
    "may_open_order",
    "month_statistics",
    "next_step_of",
    "open_complaint_orders",
    "steps_open_to",
    "stores_to_watch",
    "story_of",
    "waiting_count",
    "waiting_for",
    "with_due",
    "with_marks_to_tell",
]
