"""Value classes of a month, kept for every customer: the last one stays beside the new one."""

from datetime import datetime

from django.db import connection, transaction

from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.formulas.classes import value_class
from reception.models import CustomerClass
from reception.queries.classes import class_limits, months_without_classes, worths_of

# A hundred thousand rows at once: as arrays in one statement, instead of as many objects.
_KEEP = """
INSERT INTO reception_customerclass (store_id, period, customer_id, value_class, recency_days, visits, spent_amount)
SELECT %s, %s, * FROM unnest(%s::bigint[], %s::varchar[], %s::integer[], %s::integer[], %s::numeric[])
"""
# The customer's own field repeats the newest class of the home store; only rows that differ are written.
_SHOW = """
UPDATE reception_customer customer SET value_class = newest.value_class
  FROM reception_customerclass newest
 WHERE newest.customer_id = customer.id AND newest.store_id = %s AND newest.period = %s
   AND customer.store_id = newest.store_id AND customer.value_class <> newest.value_class
"""


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
    found = [
        (customer, value_class(worth, limits), worth.recency_days, worth.visits, worth.spent_amount)
        for customer, worth in worths_of(store, period)
    ]
    if found:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [store.pk, str(period), *map(list, zip(*found, strict=True))])
            cursor.execute(_SHOW, [store.pk, str(period)])
    return True
