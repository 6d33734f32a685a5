from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Max, Prefetch, QuerySet

from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.organization.queries import figure
from reception.choices import OrderKind, OrderState
from reception.models import RepairOrder
from workshop import formulas
from workshop.choices import InspectionLevel, InspectionResult, JobState
from workshop.models import Inspection, Job
from workshop.settings import CHECKLISTS, TEAM_CHECK_KINDS


@dataclass(frozen=True)
class InspectionTask:
    """A car that waits for a check, and the level whose turn it is."""

    order: RepairOrder
    level: InspectionLevel
    jobs: list[Job]


def levels_due_of(order: RepairOrder) -> tuple[str, ...]:
    """The checks an order has still to pass before it is ready, in their order."""
    day = order.arrived_at.astimezone(order.store.tz).date()
    kinds = figure(TEAM_CHECK_KINDS, store=order.store, on=day)
    passed = [
        formulas.CheckFact(level, at) for level, at in order.inspections.passed().values_list("level", "inspected_at")
    ]
    last = order.jobs.filter(state=JobState.FINISHED).aggregate(last=Max("finished_at"))["last"]
    return formulas.levels_due(formulas.demanded_levels(order.kind, kinds), passed, last)


def inspection_queue(staff: Staff) -> list[InspectionTask]:
    """Cars in inspection, most urgent first. The same number of queries however many there are."""
    orders = list(
        RepairOrder.objects.visible_to(staff)
        .filter(state=OrderState.INSPECTION)
        .select_related("vehicle", "advisor", "store")
        .prefetch_related(Prefetch("jobs", Job.objects.live().select_related("technician", "team")), "inspections")
        .order_by(F("promised_at").asc(nulls_last=True), "id")
    )
    kinds: dict[tuple, list[str]] = {}
    tasks = []
    for order in orders:
        day = order.arrived_at.astimezone(order.store.tz).date()
        if (order.store_id, day) not in kinds:
            kinds[order.store_id, day] = figure(TEAM_CHECK_KINDS, store=order.store, on=day)
        jobs = list(order.jobs.all())
        passed = [
            formulas.CheckFact(one.level, one.inspected_at)
            for one in order.inspections.all()
            if one.result == InspectionResult.PASSED
        ]
        last = max((job.finished_at for job in jobs if job.finished_at), default=None)
        due = formulas.levels_due(formulas.demanded_levels(order.kind, kinds[order.store_id, day]), passed, last)
        if due:
            tasks.append(InspectionTask(order, InspectionLevel(due[0]), jobs))
    return tasks


def team_checks(staff: Staff, at: datetime) -> list[InspectionTask]:
    """Cars that wait for this person's check as leader of a team that worked on them."""
    day = at.astimezone(staff.store.tz).date()
    position = Position.objects.filter(staff=staff, starts_on__lte=day).order_by("-starts_on").first()
    if position is None or position.post != Post.TEAM_LEADER:
        return []
    return [
        task
        for task in inspection_queue(staff)
        if task.level == InspectionLevel.TEAM and any(job.team_id == position.team_id for job in task.jobs)
    ]


def hands_on(order: RepairOrder) -> QuerySet[Staff]:
    """The people who worked on a car, who alone can answer for a defect."""
    return Staff.objects.filter(jobs__order=order, jobs__state=JobState.FINISHED).distinct().order_by("work_number")


def inspections_of(order: RepairOrder) -> QuerySet[Inspection]:
    """The checks of an order, newest first."""
    return order.inspections.select_related("inspected_by", "responsible", "job").order_by("-id")


def checklist_of(level: InspectionLevel, *, store: Store, on: date) -> list[str]:
    """The points a check goes through."""
    return figure(CHECKLISTS[level], store=store, on=on)


def leads_a_team_of(order: RepairOrder, staff: Staff, day: date) -> bool:
    """Whether a person leads, on that day, one of the teams that worked on the car."""
    position = Position.objects.filter(staff=staff, starts_on__lte=day).order_by("-starts_on").first()
    if position is None or position.post != Post.TEAM_LEADER or position.team_id is None:
        return False
    return order.jobs.live().filter(team=position.team_id).exists()


def comebacks(staff: Staff, *, decided: bool) -> QuerySet[RepairOrder]:
    """Comebacks (外返) of the store, newest first, those still to be decided or those that are."""
    return (
        RepairOrder.objects.visible_to(staff)
        .filter(kind=OrderKind.COMEBACK, comeback_decision__isnull=not decided)
        .exclude(state=OrderState.CANCELLED)
        .select_related(
            "vehicle", "store", "original__advisor", "comeback_decision__team", "comeback_decision__technician"
        )
        .order_by("-id")
    )
