"""What the clock wakes in the reception: each looks what is due now, and may run twice, late or at the same time."""

from celery import shared_task
from django.utils import timezone

from dealer_crm.organization.models import Store
from reception import actions


@shared_task(name="reception.miss_late_appointments")
def miss_late_appointments():
    """Every minute: give up the cars that did not come to their appointment."""
    actions.miss_late_appointments(at=timezone.now())


@shared_task(name="reception.compute_classes")
def compute_classes():
    """Every hour: the value classes of a month that is over and has none yet."""
    for store in Store.objects.order_by("code"):
        actions.compute_missing_classes(store=store, at=timezone.now())


@shared_task(name="reception.watch_agreements")
def watch_agreements():
    """Every hour: end what is over, tell of what runs out."""
    for store in Store.objects.order_by("code"):
        actions.end_expired(store=store, at=timezone.now())
        actions.warn_of_running_out(store=store, at=timezone.now())


@shared_task(name="reception.find_flaws")
def find_flaws():
    """Every night, and after a workbook of customers or cars: compare the data quality list with the archive."""
    actions.find_flaws(at=timezone.now())
