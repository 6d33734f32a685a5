"""Which computed months an event concerns. Source: spec `commission.md`, A month's run (what changes later)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models.functions import TruncMonth

from commission.models import CountedRow, Run
from complaints.models import Complaint
from dealer_crm.journal.models import Entry
from dealer_crm.kpi.queries import touched_orders
from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.models import AccidentAssessment, Receipt, RepairOrder
from workshop.models import ConsumableIssue, HourDeduction


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


COUNTED_SHEETS = frozenset({"收款", "事故定损", "辅料领用", "工时扣除", "投诉"})
"""Sheets of the import workbook whose rows count in pay by themselves; orders and lines are announced as orders."""


def orders_of_rows(sheets: Mapping[str, Collection[int]]) -> dict[int, set[int]]:
    """Store id → orders that imported receipts and assessments belong to."""
    found: dict[int, set[int]] = defaultdict(set)
    for sheet, model in (("收款", Receipt), ("事故定损", AccidentAssessment)):
        rows = model.objects.filter(pk__in=sheets.get(sheet, ())) if sheet in sheets else model.objects.none()
        for store, order in rows.values_list("order__store", "order"):
            found[store].add(order)
    return found


def months_of_rows(sheets: Mapping[str, Collection[int]]) -> dict[int, set[Period]]:
    """Store id → months that imported consumables, deductions and complaints count in."""
    found: dict[int, set[Period]] = defaultdict(set)
    for sheet, model, store, day in (
        ("辅料领用", ConsumableIssue, "store", "issued_on"),
        ("工时扣除", HourDeduction, "staff__store", "deducted_on"),
        ("投诉", Complaint, "store", "received_at"),
    ):
        if sheet in sheets:
            rows = model.objects.filter(pk__in=sheets[sheet]).order_by()
            for of, moment in rows.values_list(store, TruncMonth(day)).distinct():
                found[of].add(Period.of(moment))
    return found


def who_did_it(store: Store, at: datetime) -> str:
    """Whom the journal names for the moment of an event; empty when it was the program or nobody is named."""
    named = Entry.objects.filter(store_code=store.code, at=at).exclude(by_name="").order_by("id")
    return named.values_list("by_name", flat=True).first() or ""


def reason_given(store: Store, at: datetime) -> str:
    """What the journal's writer of the moment of an event gave as the reason; empty when nothing was said."""
    said = Entry.objects.filter(store_code=store.code, at=at).exclude(note="").order_by("id")
    return said.values_list("note", flat=True).first() or ""


def _periods(counted) -> set[Period]:
    return {Period.parse(text) for text in counted.values_list("run__period", flat=True).distinct()}
