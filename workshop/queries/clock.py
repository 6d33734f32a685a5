from datetime import datetime, timedelta

from django.db.models import QuerySet

from dealer_crm.organization.models import Staff, Store
from reception.models import RepairOrder
from workshop.choices import NOT_READY
from workshop.models import ClockEntry

REMEMBERED = timedelta(weeks=4)
LONGEST_WARNING = timedelta(hours=4)
LATEST_WARNING = timedelta(days=1)
"""A promise missed longer ago stands on the overdue list; nobody needs a warning of it."""


def orders_at_risk(at: datetime, staff: Staff | None = None) -> QuerySet[RepairOrder]:
    """Cars that are not ready and whose promise is near or just past; the action decides by the store's own figure."""
    orders = RepairOrder.objects.visible_to(staff) if staff else RepairOrder.objects.all()
    return (
        orders.select_related("vehicle")
        .filter(state__in=NOT_READY, promised_at__range=(at - LATEST_WARNING, at + LONGEST_WARNING))
        .order_by("promised_at")
    )


def stores_with_running_clocks() -> QuerySet[Store]:
    return Store.objects.filter(pk__in=ClockEntry.objects.filter(ended_at=None).values("job__order__store"))


def forgotten_clocks(staff: Staff, at: datetime) -> QuerySet[ClockEntry]:
    """Clocks the program had to close in the last four weeks, newest first."""
    store = {} if staff.sees_all_stores else {"job__order__store": staff.store_id}
    return (
        ClockEntry.objects.filter(was_forgotten=True, ended_at__gte=at - REMEMBERED, **store)
        .select_related("technician", "job__order__vehicle")
        .order_by("-ended_at", "-id")
    )
