from django.dispatch import Signal

run_locked = Signal()
"""A month's pay is final. Sent with `run_id`, `at`."""
