"""What beat and the events wake. PostgreSQL knows what is due; each of these may run twice, late, or not at all."""

from celery import shared_task
from django.utils import timezone

from callback import actions
from callback.choices import RuleCode
from dealer_crm.organization.models import Store


@shared_task
def generate_callbacks(store: int | None = None, codes: list[str] | None = None) -> None:
    """Make the calls that are owed now."""
    actions.generate_callbacks(
        at=timezone.now(),
        store=Store.objects.get(pk=store) if store else None,
        codes=[RuleCode(code) for code in codes] if codes else None,
    )


@shared_task
def release_lapsed_claims() -> None:
    """Return the calls to the queue whose agents went away."""
    for store in Store.objects.order_by("code"):
        actions.release_lapsed(store=store, at=timezone.now())


@shared_task
def send_owed_texts() -> None:
    """Text what goes by text and not by telephone."""
    for store in Store.objects.order_by("code"):
        actions.send_owed_texts(store=store, at=timezone.now())


@shared_task
def remind_of_referrals() -> None:
    """Tell of answers that are late or soon will be, of times agreed with customers that have come, and of call-backs
    whose hour it is."""
    for store in Store.objects.order_by("code"):
        actions.remind_of_referrals(store=store, at=timezone.now())
        actions.watch_requests(store=store, at=timezone.now())
        actions.remind_of_call_backs(store=store, at=timezone.now())


@shared_task
def tell_of_campaigns() -> None:
    """Tell who made a campaign of its effect, on the day after it began and after its end."""
    for store in Store.objects.order_by("code"):
        actions.tell_of_campaigns(store=store, at=timezone.now())
