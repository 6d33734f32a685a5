"""The queue of work nobody was given, and who could do it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dealer_crm.organization.models import Staff, Store, Team
from reception.choices import LineKind, OrderState
from reception.models import OrderLine, RepairOrder
from workshop import formulas
from workshop.choices import IN_HAND, NOT_READY, TEAM_KINDS, WORKSHOP_TEAMS, JobState
from workshop.models import Bay, ClockEntry, Job
from workshop.queries.technicians import technicians_of


@dataclass(frozen=True)
class Work:
    """Something to be given to somebody: a labour line, or (without one) the whole order."""

    line: OrderLine | None
    name: str
    hours: Decimal
    proposal: formulas.Proposal | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.line.number) if self.line else "0"


@dataclass(frozen=True)
class QueuedOrder:
    order: RepairOrder
    works: list[Work] = field(default_factory=list)


@dataclass(frozen=True)
class TechnicianLoad:
    person: Staff
    open_hours: Decimal
    running: Job | None


@dataclass(frozen=True)
class TeamLoad:
    team: Team
    technicians: list[TechnicianLoad]
    unassigned_hours: Decimal

    @property
    def open_hours(self) -> Decimal:
        return self.unassigned_hours + sum((one.open_hours for one in self.technicians), Decimal(0))


def undispatched_lines(order: RepairOrder) -> QuerySet[OrderLine]:
    """The labour of an order that is no live job yet."""
    return _without_job(OrderLine.objects.filter(order=order)).order_by("number")


def queue_length(staff: Staff) -> int:
    """How many orders wait for the supervisor."""
    return _waiting_orders(staff).count()


def dispatch_queue(staff: Staff, at: datetime, *, order: RepairOrder | None = None) -> list[QueuedOrder]:
    """Orders with work nobody was given, most urgent first, each with a proposal that counts on those before it;
    only `order` when given.

    Seven queries whatever the number of cars. Source: workshop.md (dispatch).
    """
    waiting = _waiting_orders(staff)
    if order is not None:
        waiting = waiting.filter(pk=order.pk)
    orders = list(
        waiting.select_related("vehicle", "advisor", "store").order_by(F("promised_at").asc(nulls_last=True), "id")
    )
    lines = defaultdict(list)
    for line in _without_job(OrderLine.objects.filter(order__in=orders)).order_by("order", "number"):
        lines[line.order_id].append(line)
    stores = {one.store for one in orders}
    facts = {store.pk: team_facts(store, at.astimezone(store.tz).date()) for store in stores}
    bays = {store.pk: free_bays(store) for store in stores}
    queue = []
    for one in orders:
        queued = _queued(one, lines[one.pk], facts[one.store_id], bays[one.store_id])
        given = [(work.proposal, work.hours) for work in queued.works]
        facts[one.store_id] = formulas.loaded(facts[one.store_id], given)
        bays[one.store_id] = bays[one.store_id][1:]
        queue.append(queued)
    return queue


def team_facts(store: Store, day: date) -> list[formulas.TeamFact]:
    """Teams that repair cars, with their people of the day and what these have before them."""
    return [
        formulas.TeamFact(
            id=load.team.pk,
            kind=load.team.kind,
            technicians=tuple(
                formulas.TechnicianFact(one.person.pk, one.person.work_number, one.open_hours)
                for one in load.technicians
            ),
            unassigned_hours=load.unassigned_hours,
        )
        for load in team_loads(store, day)
    ]


def team_loads(store: Store, day: date) -> list[TeamLoad]:
    """Every workshop team with its people and their open standard hours. Four queries."""
    people = defaultdict(list)
    for person in technicians_of(store, day):
        people[person.team_id_now].append(person)
    by_person, by_team = defaultdict(Decimal), defaultdict(Decimal)
    open_jobs = Job.objects.filter(order__store=store, state__in=IN_HAND)
    for technician_id, team_id, hours in open_jobs.values_list("technician", "team", "standard_hours"):
        if technician_id:
            by_person[technician_id] += hours
        else:
            by_team[team_id] += hours
    running = {
        entry.technician_id: entry.job
        for entry in ClockEntry.objects.filter(job__order__store=store, ended_at=None).select_related(
            "job__order__vehicle"
        )
    }
    return [
        TeamLoad(
            team=team,
            technicians=[
                TechnicianLoad(person, by_person[person.pk], running.get(person.pk)) for person in people[team.pk]
            ],
            unassigned_hours=by_team[team.pk],
        )
        for team in Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS).order_by("kind", "name")
    ]


def bays_in_use(store: Store) -> QuerySet[Bay]:
    return Bay.objects.filter(store=store, is_active=True).order_by("name")


def free_bays(store: Store) -> list[int]:
    """Bays in use in which no job is open."""
    taken = Job.objects.filter(bay=OuterRef("pk"), state__in=IN_HAND)
    return list(
        Bay.objects.filter(~Exists(taken), store=store, is_active=True).order_by("name").values_list("pk", flat=True)
    )


def _without_job(lines: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    jobs = Job.objects.filter(line=OuterRef("pk")).exclude(state=JobState.CANCELLED)
    return lines.filter(~Exists(jobs), kind=LineKind.LABOUR)


def _waiting_orders(staff: Staff) -> QuerySet[RepairOrder]:
    open_labour = _without_job(OrderLine.objects.filter(order=OuterRef("pk")))
    return RepairOrder.objects.visible_to(staff).filter(
        Q(state=OrderState.OPEN) | Exists(open_labour), state__in=NOT_READY
    )


def _queued(order: RepairOrder, lines: list[OrderLine], facts, bays) -> QueuedOrder:
    works = [Work(line, line.name, line.quantity) for line in lines] or [
        Work(None, order.symptoms.strip()[:120] or order.get_kind_display(), Decimal(0))
    ]
    kind = TEAM_KINDS.get(order.kind, WORKSHOP_TEAMS[0])
    asked = [(str(kind), work.hours, work.line.team_id if work.line else None) for work in works]
    proposals = formulas.propose(asked, facts, bays)
    return QueuedOrder(
        order, [Work(work.line, work.name, work.hours, made) for work, made in zip(works, proposals, strict=True)]
    )
