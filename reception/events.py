"""What the reception announces. Receivers get ids only and load what they need."""

from django.dispatch import Signal

repair_order_opened = Signal()
"""A car was taken in. Sent with `order_id`, `at`."""

repair_order_delivered = Signal()
"""A car was handed back to its owner. Sent with `order_id`, `at`."""

repair_orders_imported = Signal()
"""Many orders came in by workbook. Sent with `order_ids` (list), `at`."""

repair_order_cancelled = Signal()
"""An order was cancelled before work was done. Sent with `order_id`, `at`."""

promise_moved = Signal()
"""A new delivery time was promised. Sent with `order_id`, `at`."""

add_on_answered = Signal()
"""The customer agreed to an add-on or declined it. Sent with `add_on_id`, `order_id`, `at`."""

suggestion_ended = Signal()
"""A repair suggestion was done or declined. Sent with `suggestion_id`, `at`."""

settlement_created = Signal()
"""An order was settled. Sent with `settlement_id`, `order_id`, `at`."""

settlement_reversed = Signal()
"""A settlement was reversed (红冲). Sent with `settlement_id`, `order_id`, `at`."""

receipt_entered = Signal()
"""Money came in or was refunded. Sent with `receipt_id`, `order_id`, `at`."""

appointment_made = Signal()
"""A car was put down in the appointment book. Sent with `appointment_id`, `store_id`, `at`."""

appointment_moved = Signal()
"""An appointment was put to another time. Sent with `appointment_id`, `store_id`, `at`."""

appointment_confirmed = Signal()
"""The customer said once more that the car will come. Sent with `appointment_id`, `store_id`, `at`."""

appointment_cancelled = Signal()
"""An appointment was called off. Sent with `appointment_id`, `store_id`, `at`."""

appointment_missed = Signal()
"""A car did not come to its appointment (爽约). Sent with `appointment_id`, `store_id`, `at`."""

appointment_arrived = Signal()
"""A car came and its order is open. Sent with `appointment_id`, `store_id`, `at`."""

customers_merged = Signal()
"""Two customers became one. Sent with `kept_id`, `double_id`, `at`; what hangs on the double follows at once."""

customer_erased = Signal()
"""A customer asked to be forgotten. Sent with `customer_ids` (list), `phones` (their numbers, which stand nowhere here
any more: somebody may have noted one without knowing whose it is), `at`; names and numbers elsewhere go at once."""

vehicles_merged = Signal()
"""Two vehicles became one. Sent with `kept_id`, `double_id`, `at`; what hangs on the double follows at once."""
