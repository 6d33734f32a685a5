from django.dispatch import Signal

response_recorded = Signal()
"""A customer's answers were taken down. Sent with `response_id`, `at`."""

bad_answer_flagged = Signal()
"""An answer must be dealt with. Sent with `flag_id`, `response_id`, `at`."""
