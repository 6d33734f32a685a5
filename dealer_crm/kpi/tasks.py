"""What the clock wakes in targets and figures: each looks what is due now and may run twice, late or side by side."""

from celery import shared_task
from django.utils import timezone

from dealer_crm.kpi import actions
from dealer_crm.organization.models import Store


@shared_task(name="kpi.remind_of_targets")
def remind_of_targets():
    """Every hour: ask for the signatures of what begins soon, tell of those that are missing when it has begun; and
    remind of what was agreed in goal meetings."""
    at = timezone.now()
    for store in Store.objects.order_by("code"):
        actions.remind_of_targets(store=store, at=at)
        actions.remind_of_lines(store=store, at=at)
