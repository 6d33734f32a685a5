from django.dispatch import Signal

workbook_imported = Signal()
"""A workbook was written. Sent with `run_id` (None for a command), `sheets` (sheet → list of primary keys of new and
changed rows), `at`; inside the transaction of the import."""

import_undone = Signal()
"""An import was taken back. Sent with `run_id`, `at`; inside the transaction, after its rows are gone or set back."""
