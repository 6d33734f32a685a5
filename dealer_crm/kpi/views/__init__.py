"""Targets and the month's figures. Source: spec `kpi.md`."""

from dealer_crm.kpi.views.cards import follow_ups_card, own_targets_card, stores_card, unsigned_card
from dealer_crm.kpi.views.dashboards import dashboard, measure
from dealer_crm.kpi.views.grids import target_grid, target_grid_save
from dealer_crm.kpi.views.meetings import (
    follow_up_done,
    follow_up_postpone,
    follow_ups,
    meeting,
    meeting_open,
    meeting_print,
    meeting_refresh,
    meeting_save,
    meetings,
)
from dealer_crm.kpi.views.rows import rows, rows_workbook
from dealer_crm.kpi.views.stores import stores
from dealer_crm.kpi.views.targets import own_targets, target, target_new, target_sign, targets, targets_sign

__all__ = [
    "dashboard",
    "follow_up_done",
    "follow_up_postpone",
    "follow_ups",
    "follow_ups_card",
    "measure",
    "meeting",
    "meeting_open",
    "meeting_print",
    "meeting_refresh",
    "meeting_save",
    "meetings",
    "own_targets",
    "own_targets_card",
    "rows",
    "rows_workbook",
    "stores",
    "stores_card",
    "target",
    "target_grid",
    "target_grid_save",
    "target_new",
    "target_sign",
    "targets",
    "targets_sign",
    "unsigned_card",
]
