"""What events and the clock wake in pay. PostgreSQL knows what waits; each may run twice, late, or not at all."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from commission import actions, queries
from commission.choices import AppealState, LateCause
from complaints.models import Complaint
from dealer_crm.organization.models import Store
from dealer_crm.reporting.progress import telling
from reception.models import Receipt, RepairOrder
from workshop.models import ConsumableIssue, HourDeduction


@shared_task(name="commission.note_receipt")
def note_receipt(receipt: int, at: str) -> None:
    """Money came in or went back: was it booked into a month that is computed?"""
    found = Receipt.objects.select_related("order__store").get(pk=receipt)
    actions.note_changed_receipt(receipt=found, at=datetime.fromisoformat(at))


@shared_task(name="commission.note_order")
def note_order(order: int, cause: str, at: str) -> None:
    """Something of an order changed that a computed month may have counted."""
    found = RepairOrder.objects.select_related("store").get(pk=order)
    actions.note_changed_order(order=found, cause=LateCause(cause), at=datetime.fromisoformat(at))


@shared_task(name="commission.note_import")
def note_import(orders: list[int], at: str) -> None:
    """Orders came in by workbook, perhaps into months that are computed."""
    for store in Store.objects.filter(repair_orders__in=orders).distinct().order_by("code"):
        actions.note_imported_orders(store=store, orders=orders, at=datetime.fromisoformat(at))


@shared_task(name="commission.note_workbook")
def note_workbook(sheets: dict[str, list[int]], at: str) -> None:
    """Receipts, assessments, consumables, deductions or complaints came in by workbook, perhaps into such months."""
    actions.note_imported_rows(sheets=sheets, at=datetime.fromisoformat(at))


@shared_task(name="commission.note_consumables")
def note_consumables(issue: int, at: str) -> None:
    """Shop supplies were signed out, or an entry was taken back."""
    found = ConsumableIssue.objects.select_related("store").get(pk=issue)
    actions.note_issued_consumables(issue=found, at=datetime.fromisoformat(at))


@shared_task(name="commission.note_deduction")
def note_deduction(deduction: int, at: str) -> None:
    """Hours were taken off somebody's share."""
    found = HourDeduction.objects.select_related("staff__store").get(pk=deduction)
    actions.note_deducted_hours(deduction=found, at=datetime.fromisoformat(at))


@shared_task(name="commission.note_complaint")
def note_complaint(complaint: int, cause: str, at: str) -> None:
    """A complaint was judged, or the judgement fell."""
    found = Complaint.objects.select_related("store").get(pk=complaint)
    actions.note_judged_complaint(complaint=found, cause=LateCause(cause), at=datetime.fromisoformat(at))


@shared_task(name="commission.compare_locked_months")
def compare_locked_months() -> None:
    """Every night: do the paid months still come out as they were paid?"""
    for store in Store.objects.order_by("code"):
        actions.compare_locked_months(store=store, at=timezone.now())


@shared_task(name="commission.remind_committees")
def remind_committees() -> None:
    """Each minute: whose vote on an appeal is still missing?"""
    for store in Store.objects.filter(commission_runs__statements__appeals__state=AppealState.OPEN).distinct():
        actions.remind_committees(store=store, at=timezone.now())


@shared_task(name="commission.compute_month")
def compute_month(computation_id: int) -> None:
    """Compute a long month somebody waits for, unless somebody is at it."""
    with telling(queries.computation_key(computation_id)) as tell:
        actions.make_computation(computation_id=computation_id, at=timezone.now(), progress=tell)


@shared_task(name="commission.compute_owed_months")
def compute_owed_months() -> None:
    """Sweep: months asked for that nobody works on."""
    for computation_id in queries.claimable_computations(timezone.now()).values_list("pk", flat=True):
        compute_month(computation_id)


@shared_task(name="commission.make_dry_run")
def make_dry_run(dry_run_id: int) -> None:
    """Try a plan version over past months, unless somebody is at it."""
    with telling(queries.dry_run_key(dry_run_id)) as tell:
        actions.make_dry_run(dry_run_id=dry_run_id, at=timezone.now(), progress=tell)


@shared_task(name="commission.make_owed_dry_runs")
def make_owed_dry_runs() -> None:
    """Sweep: dry runs nobody works on."""
    for dry_run_id in queries.claimable_dry_runs(timezone.now()).values_list("pk", flat=True):
        make_dry_run(dry_run_id)
