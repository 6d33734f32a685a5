"""Value classes: which months lack theirs, what they are computed from, what a customer had."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure, figures
from dealer_crm.values import Period
from reception.choices import OrderKind, OrderState, Payer
from reception.formulas.classes import ClassLimits, Worth
from reception.models import Customer, CustomerClass
from reception.settings import CLASS_MONEY, CLASS_MONTHS, CLASS_RECENCY, CLASS_SUMS, CLASS_VISITS, DORMANT_MONTHS

# No further back than this is made up for after an outage, and nothing before the house knew anybody.
MOST_MONTHS = 24

# A visit is a car that was taken in; new cars prepared for handover are no visits. Money is what the customer owed by
# settlements that stood at the end of the month. One pass over the orders of the store, one row for each customer.
_WORTHS = """
SELECT o.customer_id,
       max(o.arrived_at),
       count(*) FILTER (WHERE o.arrived_at >= %(since)s),
       coalesce(sum(paid.amount) FILTER (WHERE o.arrived_at >= %(since)s), 0)
  FROM reception_repairorder o
  LEFT JOIN LATERAL (
       SELECT sum(a.amount) AS amount
         FROM reception_settlement s
         JOIN reception_settlementamount a ON a.settlement_id = s.id AND a.payer = %(customer)s
        WHERE s.order_id = o.id AND s.settled_at < %(until)s
          AND (s.reversed_at IS NULL OR s.reversed_at >= %(until)s)
       ) paid ON o.arrived_at >= %(since)s
 WHERE o.store_id = %(store)s AND o.arrived_at < %(until)s
   AND o.state <> ALL(%(no_visit)s) AND o.kind <> %(pdi)s
 GROUP BY o.customer_id
 ORDER BY o.customer_id
"""


def months_without_classes(store: Store, at: datetime) -> list[Period]:
    """The finished months whose classes are not there yet: after the last one kept, or last month when none is."""
    last = Period.of(at, store.tz).previous()
    kept = CustomerClass.objects.filter(store=store).order_by("-period").values_list("period", flat=True).first()
    period = max(Period.parse(kept).next(), last.shifted(1 - MOST_MONTHS)) if kept else last
    months = []
    while period <= last:
        months.append(period)
        period = period.next()
    return months


def class_limits(store: Store, on: date) -> ClassLimits:
    """The thresholds in force on a day."""
    held = figures("reception.class_", store=store, on=on)
    return ClassLimits(
        *(tuple(held[key.code] for key in keys) for keys in (CLASS_RECENCY, CLASS_VISITS, CLASS_MONEY, CLASS_SUMS))
    )


def worths_of(store: Store, period: Period) -> Iterator[tuple[int, Worth]]:
    """Every customer who was ever at the store by the end of a month, with what that month's class comes from."""
    months = figure(CLASS_MONTHS, store=store, on=period.last_day)
    since, until = period.shifted(1 - months).bounds(store.tz)[0], period.bounds(store.tz)[1]
    with connection.cursor() as cursor:
        cursor.execute(
            _WORTHS,
            {
                "store": store.pk, "since": since, "until": until, "customer": Payer.CUSTOMER.value,
                "no_visit": [OrderState.DRAFT.value, OrderState.CANCELLED.value], "pdi": OrderKind.PDI.value,
            },
        )  # fmt: skip
        for customer, last_visit, visits, spent in cursor.fetchall():
            days = (period.last_day - last_visit.astimezone(store.tz).date()).days
            yield customer, Worth(days, visits, Decimal(spent))


def classes_of(customer: Customer):
    """A customer's classes at the home store, the newest month first."""
    return CustomerClass.objects.filter(customer=customer, store=customer.store_id).order_by("-period")


def dormant_before(store: Store | None, at: datetime) -> datetime:
    """The moment before which a last visit makes a car dormant (流失) today."""
    months = figure(DORMANT_MONTHS, store=store, on=at.date())
    month = Period.of(at).shifted(-months)
    local = at.astimezone(store.tz) if store else at
    return local.replace(year=month.year, month=month.month, day=min(local.day, month.days))
