"""What the clock wakes in satisfaction: each looks what is due now, and may run twice, late or at the same time."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period
from satisfaction import actions, queries
from satisfaction.settings import PLANS_TOLD_DAY


@shared_task(name="satisfaction.watch_flags")
def watch_flags():
    """Every ten minutes: remind of bad answers that are nearly due."""
    at = timezone.now()
    for store in Store.objects.order_by("code"):
        actions.remind_of_flags(store=store, at=at)


@shared_task(name="satisfaction.watch_plans")
def watch_plans():
    """Every hour: remind owners of their days; once last month's figures stand, ask for the plans it owes."""
    at = timezone.now()
    for store in Store.objects.order_by("code"):
        actions.remind_of_plans(store=store, at=at)
        ask_for_what_is_owed(store, at)


def ask_for_what_is_owed(store: Store, at) -> None:
    """From the 5th on: the weaknesses without a plan; after the 10th once more; and factors that need a new owner."""
    today = at.astimezone(store.tz).date()
    period = Period.of(today).previous()
    if today.day < figure(PLANS_TOLD_DAY, store=store, on=today):
        return
    owed = queries.PlansOwed(store, period)
    actions.ask_for_plans(
        store=store, period=period, factors=[one.row.question.name for one in owed.weaknesses], at=at,
        is_late=today > queries.plans_owed_by(store, period),
    )  # fmt: skip
    for one in owed.under_target:
        if one.wants_owner:
            actions.ask_for_new_owner(
                store=store, period=period, factor=one.name, months=len(one.months), at=at,
                url=f"{reverse('satisfaction:plan', args=[one.plan.pk])}#owner",
            )  # fmt: skip
