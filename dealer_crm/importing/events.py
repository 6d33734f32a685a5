from django.dispatch import Signal

workbook_imported = Signal()
"""A workbook was written. Sent with `run_id` (None for a command), `sheets` (sheet → list of primary keys of new and
changed rows), `at`; inside the transaction of the import."""
