from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Staff, Store
from dealer_crm.organization.queries import figure
from reception.choices import OrderKind, OrderState
from reception.models import RepairOrder
from workshop import formulas
from workshop.choices import NOT_READY, InspectionLevel, InspectionResult, JobState
from workshop.models import CheckList, DefectPhoto, Inspection, Job
from workshop.queries.dispatch import undispatched_lines
from workshop.queries.jobs import clocked_minutes, worked_on
from workshop.settings import TEAM_CHECK_KINDS
from workshop.shipped import POINTS


@dataclass(frozen=True)
class InspectionTask:
    """A car that waits for a check, and the level whose turn it is."""

    order: RepairOrder
    level: InspectionLevel
    jobs: list[Job]

    @property
    def hands(self) -> list[str]:
        return list(dict.fromkeys(job.technician.name for job in self.jobs if job.technician))


def levels_due_of(order: RepairOrder) -> tuple[str, ...]:
    """The checks an order has still to pass before it is ready, in their order."""
    day = order.arrived_at.astimezone(order.store.tz).date()
    kinds = figure(TEAM_CHECK_KINDS, store=order.store, on=day)
    passed = [
        formulas.CheckFact(level, at) for level, at in order.inspections.passed().values_list("level", "inspected_at")
    ]
    last = order.jobs.filter(state=JobState.FINISHED).aggregate(last=Max("finished_at"))["last"]
    return formulas.levels_due(formulas.demanded_levels(order.kind, kinds), passed, last)


def what_is_missing(order: RepairOrder) -> list[str]:
    """What an order lacks before it is ready: works that are not finished, checks its type demands."""
    if order.state not in NOT_READY:
        return []
    works = [*undispatched_lines(order).values_list("name", flat=True)]
    works += order.jobs.unfinished().values_list("name", flat=True)
    checks = [str(InspectionLevel(level).label) for level in levels_due_of(order)]
    return [
        sentence % {"names": "、".join(names)}
        for sentence, names in ((_("Not finished: %(names)s."), works), (_("Still to be passed: %(names)s."), checks))
        if names
    ]


def orders_in_inspection(staff: Staff) -> QuerySet[RepairOrder]:
    return RepairOrder.objects.visible_to(staff).filter(state=OrderState.INSPECTION)


def inspection_queue(staff: Staff) -> list[InspectionTask]:
    """Cars in inspection, most urgent first. The same number of queries however many there are."""
    orders = list(
        orders_in_inspection(staff)
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
    """The people who worked on a car, helpers too, who alone can answer for a defect."""
    done = worked_on(order)
    return Staff.objects.filter(Q(jobs__in=done) | Q(clock_entries__job__in=done)).distinct().order_by("work_number")


def did_work_on(order: RepairOrder, staff: Staff) -> bool:
    """Whether a person did any work on a car or helped with it."""
    return hands_on(order).filter(pk=staff.pk).exists() or order.jobs.filter(clock_entries__technician=staff).exists()


def inspections_of(order: RepairOrder) -> QuerySet[Inspection]:
    """The checks of an order with the pictures of what they found, newest first."""
    return (
        order.inspections.select_related("inspected_by", "responsible", "job")
        .prefetch_related("photos")
        .order_by("-id")
    )


def failed_inspections(staff: Staff) -> QuerySet[Inspection]:
    """The internal reworks (内返) of the store: what failed, who answers, what redoing it took."""
    redone = Prefetch("reworks", Job.objects.prefetch_related("clock_entries__technician"))
    return (
        Inspection.objects.visible_to(staff)
        .filter(result=InspectionResult.FAILED)
        .select_related("order__vehicle", "order__store", "inspected_by", "responsible")
        .prefetch_related("photos", redone)
    )


def minutes_of_redo(failed: Inspection, at: datetime) -> Decimal:
    """What doing it again has taken so far."""
    jobs = failed.reworks.all()
    return sum((sum(clocked_minutes(job, at).values(), Decimal(0)) for job in jobs), Decimal(0))


def defect_photos_visible_to(staff: Staff) -> QuerySet[DefectPhoto]:
    orders = RepairOrder.objects.visible_to(staff)
    return DefectPhoto.objects.filter(inspection__order__in=orders).select_related("file")


def checklist_of(level: InspectionLevel, *, order: RepairOrder, on: date) -> list[str]:
    """The points a check of this car goes through on a day."""
    return points_of(level, store=order.store, on=on)[order.kind]


def points_of(level: InspectionLevel, *, store: Store, on: date) -> dict[str, list[str]]:
    """Order type → the check-list in force: the store's own for the type, for every type (""), or the shipped."""
    rows = CheckList.objects.filter(store=store, level=level, starts_on__lte=on)
    latest = dict(rows.order_by("starts_on").values_list("order_kind", "points"))  # the later one replaces
    general = latest.get("") or list(POINTS[InspectionLevel(level)])
    return {"": general} | {kind: latest.get(kind) or general for kind in OrderKind}


@dataclass(frozen=True)
class ListInForce:
    """A check-list as it holds on a day. `row` None: the shipped one. `upcoming`: the next change, if any."""

    level: InspectionLevel
    order_kind: str
    points: list[str]
    row: CheckList | None
    upcoming: CheckList | None

    @property
    def kind_label(self) -> str:
        return OrderKind(self.order_kind).label if self.order_kind else _("Every type")


def check_lists(store: Store, on: date) -> list[ListInForce]:
    """Every check-list of a store: for each level that of every type, and those written for a type. One query."""
    rows: dict[tuple[str, str], list[CheckList]] = {(level, ""): [] for level in InspectionLevel}
    for row in CheckList.objects.filter(store=store).select_related("changed_by").order_by("order_kind", "starts_on"):
        rows.setdefault((row.level, row.order_kind), []).append(row)
    found = []
    for (level, kind), decided in rows.items():
        begun = [row for row in decided if row.starts_on <= on]
        coming = [row for row in decided if row.starts_on > on]
        now = begun[-1] if begun else None
        points = now.points if now else [] if kind else list(POINTS[InspectionLevel(level)])
        if points or coming:
            found.append(ListInForce(InspectionLevel(level), kind, points, now, coming[0] if coming else None))
    return sorted(found, key=lambda one: (list(InspectionLevel).index(one.level), one.order_kind))


def leads_a_team_of(order: RepairOrder, staff: Staff, day: date) -> bool:
    """Whether a person leads, on that day, one of the teams that worked on the car."""
    position = Position.objects.filter(staff=staff, starts_on__lte=day).order_by("-starts_on").first()
    if position is None or position.post != Post.TEAM_LEADER or position.team_id is None:
        return False
    return order.jobs.live().filter(team=position.team_id).exists()
