"""What the clock wakes in targets and figures: each looks what is due now and may run twice, late or side by side."""

from celery import shared_task
from django.utils import timezone

from dealer_crm.kpi import actions, queries
from dealer_crm.later import later
from dealer_crm.organization.models import Store
from dealer_crm.values import Period


@shared_task(name="kpi.remind_of_targets")
def remind_of_targets():
    """Every hour: ask for the signatures of what begins soon, tell of those that are missing when it has begun; and
    remind of what was agreed in goal meetings."""
    at = timezone.now()
    for store in Store.objects.order_by("code"):
        actions.remind_of_targets(store=store, at=at)
        actions.remind_of_lines(store=store, at=at)


MOST_MONTHS = 200
"""So many months are handed to the workers at a time; the next sweep hands out the rest."""


@shared_task(name="kpi.count_months")
def count_months():
    """Every five minutes: the months whose numbers are not kept, or were written to since, are counted anew."""
    at = timezone.now()
    actions.forget_months(at=at)
    for store, period in queries.months_to_count(at)[:MOST_MONTHS]:
        later(count_month, store.pk, str(period))


@shared_task(name="kpi.count_month")
def count_month(store: int, period: str):
    """One of them, if it is still owed: another worker may have been quicker."""
    at, place, month = timezone.now(), Store.objects.get(pk=store), Period.parse(period)
    if (place, month) in queries.months_to_count(at, store=place):
        actions.count_month(store=place, period=month, at=at)
