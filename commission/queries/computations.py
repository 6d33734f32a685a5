"""Long months in the making. Source: spec `commission.md` (A month's run: progress)."""

from datetime import datetime

from django.db.models import QuerySet

from commission.models import Computation
from dealer_crm.organization.models import Store
from dealer_crm.reporting.queries import claimable
from dealer_crm.values import Period
from reception.models import RepairOrder

SHORT = 2000
"""Orders of a month that are computed in a second or two, while the page waits."""


def is_short(store: Store, period: Period) -> bool:
    start, end = period.bounds(store.tz)
    rows = RepairOrder.objects.filter(store=store, arrived_at__gte=start, arrived_at__lt=end)
    return rows[: SHORT + 1].count() <= SHORT


def claimable_computations(at: datetime) -> QuerySet[Computation]:
    return claimable(Computation.objects.all(), at).order_by("asked_at", "pk")


def computation_key(computation_id: int) -> str:
    """Under which its progress is told."""
    return f"pay {computation_id}"
