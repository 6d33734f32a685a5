"""What happens below may concern a month that is computed already: each event only wakes a task that looks."""

from django.dispatch import receiver

from commission import tasks
from commission.choices import LateCause
from complaints.events import complaint_verified, judgement_lifted
from dealer_crm.later import later
from reception.events import receipt_entered, repair_orders_imported, settlement_created, settlement_reversed
from workshop.events import comeback_decided, inspection_failed, labour_shared, repair_order_ready


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


@receiver(repair_orders_imported)
def look_at_import(sender, order_ids, at, **_facts):
    later(tasks.note_import, list(order_ids), at.isoformat())


@receiver(complaint_verified)
def look_at_judgement(sender, complaint_id, at, **_facts):
    later(tasks.note_complaint, complaint_id, LateCause.JUDGEMENT.value, at.isoformat())


@receiver(judgement_lifted)
def look_at_lifted_judgement(sender, complaint_id, at, **_facts):
    later(tasks.note_complaint, complaint_id, LateCause.LIFTED.value, at.isoformat())
