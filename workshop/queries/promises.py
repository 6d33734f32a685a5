from datetime import datetime, timedelta

from django.db.models import QuerySet

from dealer_crm.organization.models import Store
from reception.models import RepairOrder
from workshop.choices import NOT_READY
from workshop.models import ClockEntry

LONGEST_WARNING = timedelta(hours=4)
LATEST_WARNING = timedelta(days=1)
"""A promise missed longer ago stands on the overdue list; nobody needs a warning of it."""


def orders_at_risk(at: datetime) -> QuerySet[RepairOrder]:
    """Cars that are not ready and whose promise is near or just past; the action decides by the store's own figure."""
    return RepairOrder.objects.filter(
        state__in=NOT_READY, promised_at__range=(at - LATEST_WARNING, at + LONGEST_WARNING)
    ).order_by("promised_at")


def stores_with_running_clocks() -> QuerySet[Store]:
    return Store.objects.filter(pk__in=ClockEntry.objects.filter(ended_at=None).values("job__order__store"))
