from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from reception.models import RepairOrder
from workshop import formulas
from workshop.choices import NOT_READY
from workshop.models import ClockEntry, Shift
from workshop.settings import PROMISE_WARNING_MINUTES

REMEMBERED = timedelta(weeks=4)
LONGEST_WARNING = timedelta(hours=4)
LATEST_WARNING = timedelta(days=1)
"""A promise missed longer ago stands on the overdue list; nobody needs a warning of it."""


def orders_at_risk(at: datetime, staff: Staff | None = None) -> QuerySet[RepairOrder]:
    """Cars that are not ready and whose promise is near or just past; the action decides by the store's own figure."""
    orders = RepairOrder.objects.visible_to(staff) if staff else RepairOrder.objects.all()
    return (
        orders.select_related("vehicle", "store")
        .filter(state__in=NOT_READY, promised_at__range=(at - LATEST_WARNING, at + LONGEST_WARNING))
        .order_by("promised_at")
    )


def warning_key(order: RepairOrder) -> str:
    """The occasion of a warning: this promise of this order."""
    return f"promise:{order.pk}:{order.promised_at.timestamp():.0f}"


def promises_near(
    at: datetime, staff: Staff | None = None, found: list[RepairOrder] | None = None
) -> list[RepairOrder]:
    """Cars that are not ready and whose promise is as near as their store's own figure says, or just past. `found`:
    those at risk, where they were asked already."""
    found = list(orders_at_risk(at, staff)) if found is None else found
    notice = {store: warning_time(store, at) for store in {order.store for order in found}}
    return [order for order in found if order.promised_at <= at + notice[order.store]]


def promises_to_warn_of(at: datetime) -> list[RepairOrder]:
    """Of these, the ones of whose promise nobody was told yet."""
    near = {warning_key(order): order for order in promises_near(at)}
    told = set(Notice.objects.filter(key__in=near).values_list("key", flat=True))
    return [order for key, order in near.items() if key not in told]


def warning_time(store: Store, at: datetime) -> timedelta:
    """How long before a promise the advisor is warned."""
    return timedelta(minutes=figure(PROMISE_WARNING_MINUTES, store=store, on=at.astimezone(store.tz).date()))


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
