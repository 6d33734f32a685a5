"""What the clock wakes: each looks what is due now, and may run twice, late or at the same time."""

from celery import shared_task
from django.utils import timezone

from dealer_crm.appraisal import actions
from dealer_crm.organization.models import Store
from dealer_crm.values import Period


@shared_task(name="appraisal.watch_sheets")
def watch_sheets() -> None:
    """Every hour: open the sheets of the month that is over, hand on those whose self-score is overdue."""
    at = timezone.now()
    for store in Store.objects.order_by("code"):
        period = Period.of(at, store.tz).previous()
        actions.open_sheets(store=store, period=period, at=at)
        actions.go_on_without_self_score(store=store, at=at)


@shared_task(name="appraisal.count_sheets")
def count_sheets() -> None:
    """Every night: count the measured lines of last month's open sheets again."""
    at = timezone.now()
    for store in Store.objects.order_by("code"):
        actions.count_sheets(store=store, period=Period.of(at, store.tz).previous(), at=at)


@shared_task(name="appraisal.watch_site")
def watch_site():
    """Morning and noon: make the rounds of the days ahead, tell of findings that are late."""
    for store in Store.objects.order_by("code"):
        actions.watch_site(store=store, at=timezone.now())
