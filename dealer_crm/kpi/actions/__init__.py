"""Setting and signing targets. Source: spec `kpi.md`."""

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
    "Wish",
    "remind_of_targets",
    "set_target",
    "set_targets",
    "sign_target",
    "sign_targets",
]
