from django.dispatch import Signal

call_completed = Signal()
"""A call task was talked through. Sent with `task_id`, `contact_id`, `at`."""

customer_said_late = Signal()
"""The customer said the car was not delivered on time. Sent with `order_id`, `contact_id`, `at`."""

new_car_handed_over = Signal()
"""A new car was handed to its owner. Sent with `handover_id`, `store_id`, `at`."""

new_cars_imported = Signal()
"""Handovers of a store came in by a workbook. Sent with `store_id`, `at`."""

campaign_moved = Signal()
"""A campaign was started or called off. Sent with `campaign_id`, `store_id`, `at`."""

service_request_closed = Signal()
"""A service request was closed with its result. Sent with `request_id`, `store_id`, `at`."""
