"""Bringing workbooks, assigning the columns of strangers' files, writing, taking back. All names meet here."""

from dealer_crm.importing.actions.runs import (
    bring_workbook,
    claim_step,
    confirm_run,
    drop_run,
    go_on,
    import_workbook,
)
from dealer_crm.importing.actions.sources import assign_columns, remove_source, rename_source
from dealer_crm.importing.actions.undoing import forget_old_images, undo_run

__all__ = [
    "assign_columns",
    "bring_workbook",
    "claim_step",
    "confirm_run",
    "drop_run",
    "forget_old_images",
    "go_on",
    "import_workbook",
    "remove_source",
    "rename_source",
    "undo_run",
]
