from django.dispatch import Signal

complaint_recorded = Signal()
"""A complaint came in. Sent with `complaint_id`, `at`."""

complaint_resolved = Signal()
"""The remedy is done and checked; the customer is to be asked. Sent with `complaint_id`, `at`."""

complaint_closed = Signal()
"""The customer was asked again and the case is closed. Sent with `complaint_id`, `at`."""

complaint_verified = Signal()
"""The manager decided whether the complaint is true and who answers. Sent with `complaint_id`, `at`."""

judgement_lifted = Signal()
"""An appeal was accepted: the judgement of a complaint holds no more. Sent with `complaint_id`, `at`."""
