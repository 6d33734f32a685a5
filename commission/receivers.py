"""What happens below may concern a month that is computed already: each event only wakes a task that looks."""

from django.dispatch import receiver

from commission import tasks
from commission.choices import LateCause
from commission.queries.late import COUNTED_SHEETS
from complaints.events import complaint_verified, judgement_lifted
from dealer_crm.importing.events import workbook_imported
from dealer_crm.later import later
from reception.events import receipt_entered, repair_orders_imported, settlement_created, settlement_reversed
from workshop.events import (
    comeback_decided,
    consumables_issued,
    hours_deducted,
    inspection_failed,
    labour_shared,
    repair_order_ready,
)


@receiver(receipt_entered)
def look_at_receipt(sender, receipt_id, at, **_facts):
    later(tasks.note_receipt, receipt_id, at.isoformat())


@receiver([settlement_created, settlement_reversed])
def look_at_settlement(sender, order_id, at, **_facts):
    later(tasks.note_order, order_id, LateCause.SETTLEMENT.value, at.isoformat())


@receiver([repair_order_ready, inspection_failed])
def look_at_inspection(sender, order_id, at, **_facts):
    later(tasks.note_order, order_id, LateCause.INSPECTION.value, at.isoformat())


@receiver(labour_shared)
def look_at_labour(sender, order_id, at, **_facts):
    later(tasks.note_order, order_id, LateCause.LABOUR.value, at.isoformat())


@receiver(comeback_decided)
def look_at_comeback(sender, order_id, at, **_facts):
    later(tasks.note_order, order_id, LateCause.COMEBACK.value, at.isoformat())


@receiver(consumables_issued)
def look_at_consumables(sender, issue_id, at, **_facts):
    later(tasks.note_consumables, issue_id, at.isoformat())


@receiver(hours_deducted)
def look_at_deduction(sender, deduction_id, at, **_facts):
    later(tasks.note_deduction, deduction_id, at.isoformat())


@receiver(workbook_imported)
def look_at_workbook(sender, sheets, at, **_facts):
    """Sheets whose rows count in pay by themselves; orders and their lines are announced as such."""
    concerned = {sheet: list(ids) for sheet, ids in sheets.items() if sheet in COUNTED_SHEETS}
    if concerned:
        later(tasks.note_workbook, concerned, at.isoformat())


@receiver(repair_orders_imported)
def look_at_import(sender, order_ids, at, **_facts):
    later(tasks.note_import, list(order_ids), at.isoformat())


@receiver(complaint_verified)
def look_at_judgement(sender, complaint_id, at, **_facts):
    later(tasks.note_complaint, complaint_id, LateCause.JUDGEMENT.value, at.isoformat())


@receiver(judgement_lifted)
def look_at_lifted_judgement(sender, complaint_id, at, **_facts):
    later(tasks.note_complaint, complaint_id, LateCause.LIFTED.value, at.isoformat())
