"""Which computed months an event concerns. Source: spec `commission.md`, A month's run (what changes later)."""

from collections.abc import Iterable
from datetime import datetime

from commission.models import CountedRow, Run
from complaints.models import Complaint
from dealer_crm.journal.models import Entry
from dealer_crm.kpi.queries import touched_orders
from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.models import Receipt, RepairOrder


def months_of_order(order: RepairOrder) -> set[Period]:
    """Where an order was counted, and where what is known of it now would count."""
    tz = order.store.tz
    moments = [moment for moment in (order.completed_at, order.settled_at) if moment]
    counted = CountedRow.objects.filter(run__store=order.store_id, order_number=order.number)
    return {Period.of(moment, tz) for moment in moments} | _periods(counted)


def months_of_receipt(receipt: Receipt) -> set[Period]:
    """Money counts in its own month or, where that is later, in the month of the settlement."""
    order = receipt.order
    received = Period.of(receipt.received_on)
    settled = Period.of(order.settled_at, order.store.tz) if order.settled_at else received
    return {received, max(received, settled, key=str)}


def months_of_complaint(complaint: Complaint) -> set[Period]:
    """The month it came in, and those it was counted in."""
    counted = CountedRow.objects.filter(run__store=complaint.store_id, kind="complaint", number=complaint.number)
    return {Period.of(complaint.received_at, complaint.store.tz)} | _periods(counted)


def months_of_orders(store: Store, order_ids: Iterable[int]) -> set[Period]:
    """The computed months in which something of these orders happened: one question for each month there is."""
    months = [Period.parse(text) for text in Run.objects.filter(store=store).values_list("period", flat=True)]
    ids = list(order_ids)
    return {month for month in months if touched_orders(store, month).filter(pk__in=ids).exists()}


def who_did_it(store: Store, at: datetime) -> str:
    """Whom the journal names for the moment of an event; empty when it was the program or nobody is named."""
    named = Entry.objects.filter(store_code=store.code, at=at).exclude(by_name="").order_by("id")
    return named.values_list("by_name", flat=True).first() or ""


def _periods(counted) -> set[Period]:
    return {Period.parse(text) for text in counted.values_list("run__period", flat=True).distinct()}
