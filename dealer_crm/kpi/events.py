from django.dispatch import Signal

target_set = Signal()
"""A target of a month was set or changed. Sent with `target_id`, `at`."""
