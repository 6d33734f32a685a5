"""Setting and signing targets. Source: spec `kpi.md`."""

from dealer_crm.kpi.actions.facts import count_month, forget_months
from dealer_crm.kpi.actions.meetings import (
    LinesRefused,
    Said,
    finish_line,
    hold_meeting,
    open_meeting,
    postpone_line,
    refresh_meeting,
    remind_of_lines,
    write_meeting,
)
from dealer_crm.kpi.actions.targets import (
    Aim,
    CellsRefused,
    CellsStale,
    Wish,
    remind_of_targets,
    set_target,
    set_targets,
    sign_target,
    sign_targets,
)

__all__ = [
    "Aim",
    "CellsRefused",
    "CellsStale",
    "LinesRefused",
    "Said",
    "Wish",
    "count_month",
    "finish_line",
    "forget_months",
    "hold_meeting",
    "open_meeting",
    "postpone_line",
    "refresh_meeting",
    "remind_of_lines",
    "remind_of_targets",
    "set_target",
    "set_targets",
    "sign_target",
    "sign_targets",
    "write_meeting",
]
