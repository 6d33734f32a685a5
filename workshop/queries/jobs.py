from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from dealer_crm.organization.models import Position, Staff
from reception.models import RepairOrder
from workshop.choices import IN_HAND, JobState
from workshop.models import ClockEntry, Job
from workshop.queries.dispatch import undispatched_lines


def jobs_in_hand(technician: Staff) -> QuerySet[Job]:
    """What a technician has before them: the running job first, then by promise."""
    return (
        Job.objects.filter(technician=technician, state__in=IN_HAND)
        .select_related("order__vehicle", "order__store", "line", "team", "bay", "caused_by")
        .prefetch_related(Prefetch("clock_entries", ClockEntry.objects.filter(ended_at=None), to_attr="running"))
        .order_by("-state", "order__promised_at", "id")  # "running" sorts after "paused" and "assigned"
    )


def jobs_of_team(technician: Staff, at: datetime) -> QuerySet[Job]:
    """Jobs of the technician's team that are nobody's yet."""
    position = Position.objects.filter(
        staff=technician, starts_on__lte=at.astimezone(technician.store.tz).date()
    ).order_by("-starts_on")
    return (
        Job.objects.filter(team=position.values("team")[:1], technician=None, state=JobState.ASSIGNED)
        .select_related("order__vehicle", "line", "bay")
        .order_by("order__promised_at", "id")
    )


def jobs_under_way(staff: Staff) -> QuerySet[Job]:
    """Dispatched and unfinished work of the store, most urgent first."""
    return (
        Job.objects.visible_to(staff)
        .filter(state__in=[JobState.QUEUED, *IN_HAND])
        .select_related("order__vehicle", "team", "technician", "bay")
        .order_by("order__promised_at", "id")
    )


def jobs_of_order(order: RepairOrder) -> QuerySet[Job]:
    return order.jobs.select_related("team", "technician", "bay", "line", "caused_by").prefetch_related(
        "clock_entries__technician", "line__shares__technician"
    )


def worked_on(order: RepairOrder) -> QuerySet[Job]:
    """The finished jobs of an order."""
    return order.jobs.filter(state=JobState.FINISHED)


def has_open_work(order: RepairOrder) -> bool:
    """Whether something on the car is still to be done: an unfinished job, or labour nobody was given."""
    return order.jobs.unfinished().exists() or undispatched_lines(order).exists()


def running_entry(technician: Staff) -> ClockEntry | None:
    """The clock of a person that runs now."""
    return ClockEntry.objects.filter(technician=technician, ended_at=None).select_related("job__order__vehicle").first()


def clocked_minutes(job: Job, at: datetime) -> dict[Staff, Decimal]:
    """Minutes each person has worked on a job, in the order of their work numbers."""
    minutes = defaultdict(Decimal)
    for entry in sorted(job.clock_entries.all(), key=lambda one: one.technician.work_number):
        minutes[entry.technician] += Decimal(((entry.ended_at or at) - entry.started_at).total_seconds()) / 60
    return dict(minutes)
