from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from dealer_crm.organization.models import Staff, Store
from reception.models import RepairOrder
from workshop import formulas
from workshop.choices import NOT_READY
from workshop.models import ClockEntry, Shift

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
    """Clocks the program had to close in the last four weeks: those nobody has looked at first."""
    return (
        _clocks_of_store(staff)
        .filter(was_forgotten=True, ended_at__gte=at - REMEMBERED)
        .select_related("technician", "corrected_by", "job__order__vehicle", "job__order__store")
        .order_by(F("corrected_at").desc(nulls_first=True), "-ended_at", "-id")
    )


def own_forgotten_clocks(staff: Staff, at: datetime) -> QuerySet[ClockEntry]:
    """A technician's own, until the supervisor has looked at them."""
    rows = ClockEntry.objects.filter(technician=staff, was_forgotten=True, corrected_at=None)
    return rows.filter(ended_at__gte=at - REMEMBERED).select_related("job__order__vehicle").order_by("-ended_at")


def stopped_clocks(staff: Staff) -> QuerySet[ClockEntry]:
    """Clocks of the store that may be corrected."""
    return (
        _clocks_of_store(staff)
        .filter(ended_at__isnull=False)
        .select_related("technician", "corrected_by", "job__order__vehicle", "job__order__store")
    )


def shift_end_of(entry: ClockEntry, store: Store) -> datetime:
    """When the shift ended in which a clock was started: the person's own, else the store's closing time."""
    day = entry.started_at.astimezone(store.tz).date()
    shift = Shift.objects.filter(staff=entry.technician_id, day=day, ends_at__gt=entry.started_at).first()
    return shift.ends_at if shift else formulas.shift_end(entry.started_at, store.closes_at, store.tz)


def _clocks_of_store(staff: Staff) -> QuerySet[ClockEntry]:
    return ClockEntry.objects.filter(**({} if staff.sees_all_stores else {"job__order__store": staff.store_id}))
