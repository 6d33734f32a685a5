"""What the customer says of the delivery time.

Source: spec `callback.md`: "no" makes the order late whatever the clock said.
"""

from django.db import transaction

from dealer_crm.journal import actions as journal
from reception.actions.locking import locked_order
from reception.models import RepairOrder


@transaction.atomic
def note_customer_lateness(*, order: RepairOrder, is_late: bool, by, at) -> RepairOrder:
    """Keep whether the customer says the car was late. Said again, the last word counts."""
    order = locked_order(order)
    before = order.late_by_customer
    if before == is_late:
        return order
    order.late_by_customer = is_late
    order.version += 1
    order.save(update_fields=["late_by_customer", "version"])
    changes = {"late_by_customer": [before, is_late]}
    journal.record(by=by, at=at, verb="repair_order.lateness_noted", subject=order, changes=changes)
    return order
