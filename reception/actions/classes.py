"""Value classes of a month, kept for every customer: the last one stays beside the new one."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.formulas.classes import value_class
from reception.models import Customer, CustomerClass
from reception.queries.classes import class_limits, months_without_classes, worths_of


def compute_missing_classes(*, store: Store, at: datetime) -> list[Period]:
    """The classes of every finished month that lacks them, oldest first. Safe to repeat: a month is computed once."""
    return [period for period in months_without_classes(store, at) if _compute_month(store, period)]


@transaction.atomic
def _compute_month(store: Store, period: Period) -> bool:
    """Whole or not at all; a second beat waits at the store's row and finds the month done."""
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    if CustomerClass.objects.filter(store=store, period=str(period)).exists():
        return False
    limits = class_limits(store, period.last_day)
    CustomerClass.objects.bulk_create(
        [
            CustomerClass(
                customer_id=customer, store=store, period=str(period), value_class=value_class(worth, limits),
                recency_days=worth.recency_days, visits=worth.visits, spent_amount=worth.spent_amount,
            )
            for customer, worth in worths_of(store, period)
        ],
        batch_size=5000,
    )  # fmt: skip
    _show_on_customers(store, period)
    return True


def _show_on_customers(store: Store, period: Period) -> None:
    """The customer's own field repeats the newest class of the home store; only rows that differ are written."""
    newest = CustomerClass.objects.filter(customer=OuterRef("pk"), store=store, period=str(period))
    Customer.objects.filter(store=store).alias(now=Subquery(newest.values("value_class"))).filter(
        Q(now__isnull=False), ~Q(value_class=F("now"))
    ).update(value_class=Subquery(newest.values("value_class")))
