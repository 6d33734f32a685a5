from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from dealer_crm.organization.models import Position, Staff
from reception.choices import AddOnState
from reception.models import AddOn, OrderLine, OrderPhoto, RepairOrder
from workshop import formulas
from workshop.choices import IN_HAND, JobState
from workshop.models import ClockEntry, Job
from workshop.queries.dispatch import undispatched_lines
from workshop.queries.technicians import technicians_of


@dataclass(frozen=True)
class JobAtCar:
    """A job as it is shown: everybody's minutes, and the clock of the person who looks (`own`), if it runs on it."""

    job: Job
    minutes: dict[Staff, Decimal]
    own: ClockEntry | None = None
    points: tuple[str, ...] = ()

    @property
    def clocked(self) -> Decimal:
        return sum(self.minutes.values(), Decimal(0))

    @property
    def seconds(self) -> int:
        """For a clock that goes on counting on the screen."""
        return int(self.clocked * 60)

    @property
    def efficiency(self) -> Decimal | None:
        return formulas.efficiency_rate(self.job.standard_hours, self.clocked)

    @property
    def running(self) -> list[ClockEntry]:
        return _running(self.job)

    @property
    def hands(self) -> list[Staff]:
        """Whose clocks run on it."""
        return [entry.technician for entry in self.running]


def _running(job: Job) -> list[ClockEntry]:
    return [entry for entry in job.clock_entries.all() if entry.ended_at is None]


def shown_jobs(jobs: Iterable[Job], staff: Staff, at: datetime, points: Mapping[str, list[str]]) -> list[JobAtCar]:
    """Jobs for their cards. `points`: order type → the self-check's points."""
    return [
        JobAtCar(
            job,
            clocked_minutes(job, at),
            next(
                (one for one in job.clock_entries.all() if one.ended_at is None and one.technician_id == staff.pk), None
            ),
            tuple(points.get(job.order.kind, ())),
        )
        for job in jobs
    ]


def jobs_in_hand(technician: Staff) -> QuerySet[Job]:
    """What a technician has before them: the running job first, then by promise."""
    # "running" sorts after "paused" and "assigned"
    return at_the_car(Job.objects.filter(technician=technician, state__in=IN_HAND)).order_by(
        "-state", "order__promised_at", "id"
    )


def jobs_helped(technician: Staff) -> QuerySet[Job]:
    """Jobs of others on which the person's own clock runs."""
    running = ClockEntry.objects.filter(technician=technician, ended_at=None)
    return at_the_car(Job.objects.filter(pk__in=running.values("job")).exclude(technician=technician)).order_by("id")


def jobs_to_help(technician: Staff, at: datetime) -> QuerySet[Job]:
    """Jobs of colleagues in the person's team that run now: where one may lend a hand."""
    return (
        Job.objects.filter(team=_team_of(technician, at), state=JobState.RUNNING)
        .exclude(technician=technician)
        .exclude(pk__in=ClockEntry.objects.filter(technician=technician, ended_at=None).values("job"))
        .select_related("order__vehicle", "technician", "bay")
        .order_by("order__promised_at", "id")
    )


def at_the_car(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Jobs with what is shown at the car: the order, what was found and answered, everybody's time."""
    add_ons = AddOn.objects.exclude(state=AddOnState.WITHDRAWN).order_by("number")
    return jobs.select_related(
        "order__vehicle", "order__store", "line", "team", "bay", "technician", "caused_by__inspected_by"
    ).prefetch_related(
        Prefetch("clock_entries", ClockEntry.objects.select_related("technician").order_by("started_at")),
        Prefetch("order__add_ons", add_ons.select_related("proposed_by").prefetch_related("photos")),
        "caused_by__photos",
    )


def jobs_of_team(technician: Staff, at: datetime) -> QuerySet[Job]:
    """Jobs of the technician's team that are nobody's yet."""
    return (
        Job.objects.filter(team=_team_of(technician, at), technician=None, state=JobState.ASSIGNED)
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


def findings_visible_to(staff: Staff) -> QuerySet[OrderPhoto]:
    """Pictures of what was found on cars of the store."""
    orders = RepairOrder.objects.visible_to(staff)
    return OrderPhoto.objects.filter(order__in=orders, add_on__isnull=False).select_related("file")


def may_share(line: OrderLine, at: datetime) -> QuerySet[Staff]:
    """Who can have done part of a labour line: the technicians of today, and whoever has a clock or a share on it."""
    store = line.order.store
    now = technicians_of(store, at.astimezone(store.tz).date()).values("pk")
    did_it = Q(clock_entries__job__line=line) | Q(line_shares__line=line)
    return Staff.objects.filter(Q(pk__in=now) | did_it).distinct()


def _team_of(technician: Staff, at: datetime):
    """The team of a person on a day, as a subquery."""
    day = at.astimezone(technician.store.tz).date()
    return Position.objects.filter(staff=technician, starts_on__lte=day).order_by("-starts_on").values("team")[:1]


def clocked_minutes(job: Job, at: datetime) -> dict[Staff, Decimal]:
    """Minutes each person has worked on a job, in the order of their work numbers."""
    minutes = defaultdict(Decimal)
    for entry in sorted(job.clock_entries.all(), key=lambda one: one.technician.work_number):
        minutes[entry.technician] += Decimal(((entry.ended_at or at) - entry.started_at).total_seconds()) / 60
    return dict(minutes)


def shares_of_clock(job: Job, at: datetime) -> dict[Staff, Decimal]:
    """The technicians of a job with their shares by the minutes clocked."""
    minutes = clocked_minutes(job, at) or {job.technician: Decimal(0)}
    people = {person.pk: person for person in minutes}
    shares = formulas.shares_by_clock({person.pk: value for person, value in minutes.items()})
    return {people[pk]: share for pk, share in shares.items()}


def hands_of_line(line: OrderLine, at: datetime) -> tuple[dict[Staff, Decimal], dict[Staff, Decimal]]:
    """The minutes clocked on a labour line, and its shares: as they stand, else as the clock gives them."""
    shares = {share.technician: share.share for share in line.shares.select_related("technician").order_by("-share")}
    job = line.jobs.live().select_related("technician").first()
    if job is None:
        return {}, shares
    minutes = clocked_minutes(job, at)
    return minutes, shares or (shares_of_clock(job, at) if minutes or job.technician else {})
