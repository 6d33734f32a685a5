from django.dispatch import Signal

repair_order_dispatched = Signal()
"""The jobs of an order were given to teams. Sent with `order_id`, `at`."""

job_finished = Signal()
"""A job is done. Sent with `job_id`, `order_id`, `at`."""

inspection_failed = Signal()
"""A car failed an inspection (内返). Sent with `inspection_id`, `order_id`, `at`."""

repair_order_ready = Signal()
"""A car passed its final inspection (竣工). Sent with `order_id`, `at`."""

labour_shared = Signal()
"""Somebody said who did how much of a labour line. Sent with `line_id`, `order_id`, `at`."""

comeback_decided = Signal()
"""The inspector decided whether a comeback counts and who answers. Sent with `order_id`, `at`."""

promise_at_risk = Signal()
"""Half an hour is left before a promise that will be missed. Sent with `order_id`, `at`."""

consumables_issued = Signal()
"""Shop supplies were signed out to a team, or a wrong entry was taken back. Sent with `issue_id`, `at`."""

hours_deducted = Signal()
"""A deduction of hours was approved. Sent with `deduction_id`, `at`."""
