"""What one screen, rule or task of the workshop asks."""

from workshop.queries.board import BoardColumn, Car, board_columns, board_fingerprint
from workshop.queries.dispatch import (
    QueuedOrder,
    TeamLoad,
    Work,
    dispatch_queue,
    queue_length,
    team_facts,
    team_loads,
    technicians_of,
    undispatched_lines,
)
from workshop.queries.inspections import (
    InspectionTask,
    checklist_of,
    comebacks,
    inspection_queue,
    inspections_of,
    leads_a_team_of,
    levels_due_of,
)
from workshop.queries.jobs import (
    clocked_minutes,
    has_open_work,
    jobs_in_hand,
    jobs_of_order,
    jobs_of_team,
    jobs_under_way,
    running_entry,
    worked_on,
)
from workshop.queries.promises import orders_at_risk, stores_with_running_clocks

__all__ = [
    "BoardColumn",
    "Car",
    "InspectionTask",
    "QueuedOrder",
    "TeamLoad",
    "Work",
    "board_columns",
    "board_fingerprint",
    "checklist_of",
    "clocked_minutes",
    "comebacks",
    "dispatch_queue",
    "has_open_work",
    "inspection_queue",
    "inspections_of",
    "jobs_in_hand",
    "jobs_of_order",
    "jobs_of_team",
    "jobs_under_way",
    "leads_a_team_of",
    "levels_due_of",
    "orders_at_risk",
    "queue_length",
    "running_entry",
    "stores_with_running_clocks",
    "team_facts",
    "team_loads",
    "technicians_of",
    "undispatched_lines",
    "worked_on",
]
