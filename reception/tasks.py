"""What the clock wakes in the reception: each looks what is due now, and may run twice, late or at the same time."""

from celery import shared_task
from django.utils import timezone

from reception import actions


@shared_task(name="reception.miss_late_appointments")
def miss_late_appointments():
    """Every minute: give up the cars that did not come to their appointment."""
    actions.miss_late_appointments(at=timezone.now())
