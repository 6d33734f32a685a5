"""The queue of work nobody was given, and who could do it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.organization.queries import figures
from reception.choices import LineKind, OrderState, Skill
from reception.models import OrderLine, RepairOrder
from reception.queries import skills_of_codes
from workshop import formulas
from workshop.choices import (
    BAY_OF_SKILL,
    IN_HAND,
    NOT_READY,
    SKILL_OF_KIND,
    TEAM_OF_SKILL,
    WORKSHOP_TEAMS,
    BayKind,
    JobState,
)
from workshop.models import Attendance, Bay, ClockEntry, Job, TechnicianSkills
from workshop.queries.bays import UsedBay, used_bays
from workshop.queries.shifts import day_plan
from workshop.queries.technicians import technicians_of
from workshop.settings import APPOINTMENT_AHEAD_MINUTES, PRIORITY_AHEAD_MINUTES


@dataclass(frozen=True)
class Work:
    """Something to be given to somebody: a labour line, or (without one) the whole order."""

    line: OrderLine | None
    name: str
    hours: Decimal
    skill: Skill
    proposal: formulas.Proposal | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.line.number) if self.line else "0"


@dataclass(frozen=True)
class QueuedOrder:
    order: RepairOrder
    works: list[Work] = field(default_factory=list)

    @property
    def has_priority(self) -> bool:
        return bool(self.order.agreement and self.order.agreement.has_priority)

    @property
    def is_appointed(self) -> bool:
        return hasattr(self.order, "appointment")


@dataclass(frozen=True)
class TechnicianLoad:
    """`skills` None: nobody has said what they may do. `span`: the day's shift; `has_time`: there, or yet to come."""

    person: Staff
    open_hours: Decimal
    running: Job | None
    skills: frozenset[str] | None = None
    span: tuple[datetime, datetime] | None = None
    has_time: bool = True

    @property
    def skill_labels(self) -> list[str]:
        return [skill.label for skill in Skill if skill in (self.skills or ())]


@dataclass(frozen=True)
class TeamLoad:
    team: Team
    technicians: list[TechnicianLoad]
    unassigned_hours: Decimal

    @property
    def open_hours(self) -> Decimal:
        return self.unassigned_hours + sum((one.open_hours for one in self.technicians), Decimal(0))


@dataclass(frozen=True)
class Floor:
    """What a store has to work with at a moment: teams with their people, bays in use, dispatched and unfinished jobs
    with the most urgent first, the plan of the day."""

    store: Store
    loads: list[TeamLoad]
    bays: list[UsedBay]
    jobs: list[Job]
    plan: formulas.DayPlan

    def facts(self) -> list[formulas.TeamFact]:
        return [
            formulas.TeamFact(
                id=load.team.pk,
                kind=load.team.kind,
                technicians=tuple(
                    formulas.TechnicianFact(
                        one.person.pk, one.person.work_number, one.open_hours, one.skills, one.has_time
                    )
                    for one in load.technicians
                ),
                unassigned_hours=load.unassigned_hours,
            )
            for load in self.loads
        ]

    def free_bays(self) -> list[formulas.BayFact]:
        """Bays into which nothing was given."""
        return [formulas.BayFact(used.bay.pk, used.bay.kind) for used in self.bays if not used.jobs]

    def bay_kind(self, skill: Skill) -> BayKind:
        """Where a work is done: in the kind of bay it asks for, in a mechanical one where the store has none of it."""
        wanted = BAY_OF_SKILL.get(skill, BayKind.MECHANICAL)
        return wanted if any(used.bay.kind == wanted for used in self.bays) else BayKind.MECHANICAL


def floor_of(store: Store, at: datetime) -> Floor:
    """Five queries, however large the workshop is."""
    day = at.astimezone(store.tz).date()
    skills = TechnicianSkills.objects.filter(technician=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
    there = Attendance.objects.filter(staff=OuterRef("pk"), left_at=None)
    clocks = ClockEntry.objects.filter(technician=OuterRef("pk"), ended_at=None)
    people = list(
        technicians_of(store, day).annotate(
            skills_now=Subquery(skills.values("skills")[:1]),
            is_present=Exists(there),
            clock_runs_on=Subquery(clocks.values("job")[:1]),
        )
    )
    plan = day_plan(store, at, present=[person.pk for person in people if person.is_present])
    jobs = list(
        Job.objects.filter(order__store=store, state__in=[JobState.QUEUED, *IN_HAND])
        .select_related("order__vehicle", "team", "technician", "bay")
        .order_by("order__promised_at", "id")
    )
    by_person, by_team = defaultdict(Decimal), defaultdict(Decimal)
    for job in jobs:
        if job.state != JobState.QUEUED and job.technician_id:
            by_person[job.technician_id] += job.standard_hours
        elif job.state != JobState.QUEUED:
            by_team[job.team_id] += job.standard_hours
    by_id = {job.pk: job for job in jobs}
    of_team = defaultdict(list)
    for person in people:
        skills_now = None if person.skills_now is None else frozenset(person.skills_now)
        of_team[person.team_id_now].append(
            TechnicianLoad(
                person, by_person[person.pk], by_id.get(person.clock_runs_on), skills_now, plan.span_of(person.pk),
                plan.may_be_given_work(person.pk, at),
            )
        )  # fmt: skip
    teams = Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS).order_by("kind", "name")
    return Floor(
        store=store,
        loads=[TeamLoad(team, of_team[team.pk], by_team[team.pk]) for team in teams],
        bays=used_bays(Bay.objects.filter(store=store, is_active=True), jobs),
        jobs=jobs,
        plan=plan,
    )


def undispatched_lines(order: RepairOrder) -> QuerySet[OrderLine]:
    """The labour of an order that is no live job yet."""
    return _without_job(OrderLine.objects.filter(order=order)).order_by("number")


def queue_length(staff: Staff) -> int:
    """How many orders wait for the supervisor."""
    return _waiting_orders(staff).count()


def orders_to_dispatch(staff: Staff) -> QuerySet[RepairOrder]:
    """Cars with work nobody was given, by their promise."""
    return _waiting_orders(staff).select_related("vehicle").order_by(F("promised_at").asc(nulls_last=True), "id")


def dispatch_queue(
    staff: Staff, at: datetime, *, order: RepairOrder | None = None, floor: Floor | None = None
) -> list[QueuedOrder]:
    """Orders with work nobody was given, most urgent first, each with a proposal that counts on those before it;
    only `order` when given. `floor`: the store's, where it was asked already.

    Four queries and those of the floor, whatever the number of cars. Source: workshop.md (dispatch).
    """
    waiting = _waiting_orders(staff)
    if order is not None:
        waiting = waiting.filter(pk=order.pk)
    orders = list(waiting.select_related("vehicle", "advisor", "store", "agreement", "appointment"))
    lines = defaultdict(list)
    for line in _without_job(OrderLine.objects.filter(order__in=orders)).order_by("order", "number"):
        lines[line.order_id].append(line)
    queue = []
    for store in sorted({one.store for one in orders}, key=lambda one: one.pk):
        here = floor if floor and floor.store == store else floor_of(store, at)
        queue += _queue_of_store(here, [one for one in orders if one.store_id == store.pk], lines, at)
    return queue


def skill_asked(order: RepairOrder, line: OrderLine | None, known: Mapping[str, Skill]) -> Skill:
    """What a work asks of a technician: what the catalogue says of its code, else what its order's type asks for."""
    code = line.code.strip().upper() if line else ""
    return known.get(code, SKILL_OF_KIND.get(order.kind, Skill.MECHANICAL))


def _queue_of_store(floor: Floor, orders: list[RepairOrder], lines, at: datetime) -> list[QueuedOrder]:
    store = floor.store
    held = figures("workshop.", store=store, on=at.astimezone(store.tz).date())
    ahead, appointed = (
        timedelta(minutes=held[key.code]) for key in (PRIORITY_AHEAD_MINUTES, APPOINTMENT_AHEAD_MINUTES)
    )
    known = skills_of_codes(store, {line.code for one in orders for line in lines[one.pk]})

    def place(queued: QueuedOrder):
        said = {"has_priority": queued.has_priority, "is_appointed": queued.is_appointed}
        return *formulas.urgency(queued.order.promised_at, **said, ahead=ahead, appointed=appointed), queued.order.pk

    facts, bays, queue = floor.facts(), floor.free_bays(), []
    for queued in sorted((QueuedOrder(one, _works(one, lines[one.pk], known)) for one in orders), key=place):
        asked = [
            formulas.WorkFact(
                kind=str(TEAM_OF_SKILL.get(work.skill, WORKSHOP_TEAMS[0])),
                hours=work.hours,
                skill=str(work.skill),
                team=work.line.team_id if work.line else None,
                bay=str(floor.bay_kind(work.skill)),
            )
            for work in queued.works
        ]
        proposals = formulas.propose(asked, facts, bays)
        facts = formulas.loaded(facts, [(made, work.hours) for made, work in zip(proposals, asked, strict=True)])
        taken = {made.bay for made in proposals if made}
        bays = [bay for bay in bays if bay.id not in taken]
        proposed = [
            Work(work.line, work.name, work.hours, work.skill, made)
            for work, made in zip(queued.works, proposals, strict=True)
        ]
        queue.append(QueuedOrder(queued.order, proposed))
    return queue


def _works(order: RepairOrder, lines: list[OrderLine], known: Mapping[str, Skill]) -> list[Work]:
    if not lines:
        name = order.symptoms.strip()[:120] or order.get_kind_display()
        return [Work(None, name, Decimal(0), skill_asked(order, None, known))]
    return [Work(line, line.name, line.quantity, skill_asked(order, line, known)) for line in lines]


def _without_job(lines: QuerySet[OrderLine]) -> QuerySet[OrderLine]:
    jobs = Job.objects.filter(line=OuterRef("pk")).exclude(state=JobState.CANCELLED)
    return lines.filter(~Exists(jobs), kind=LineKind.LABOUR)


def _waiting_orders(staff: Staff) -> QuerySet[RepairOrder]:
    open_labour = _without_job(OrderLine.objects.filter(order=OuterRef("pk")))
    return RepairOrder.objects.visible_to(staff).filter(
        Q(state=OrderState.OPEN) | Exists(open_labour), state__in=NOT_READY
    )
