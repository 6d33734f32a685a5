"""Bays, jobs in any state with the clock that belongs to it, inspections, consumables, deductions."""

from datetime import date, timedelta
from decimal import Decimal

import factory

from dealer_crm.organization.choices import TeamKind
from reception.choices import LineKind, OrderKind, OrderState, Skill
from reception.models import Operation, OperationHours
from tests.factories.organization import StaffFactory, StoreFactory, TeamFactory
from tests.factories.reception import RepairOrderFactory
from workshop.choices import InspectionLevel, InspectionResult, JobState, PauseReason, Responsibility, ToolKind
from workshop.models import Bay, ClockEntry, ComebackDecision, ConsumableIssue, HourDeduction, Inspection, Job, Tool

ORDER_OF_JOB = {
    JobState.QUEUED: OrderState.OPEN,
    JobState.ASSIGNED: OrderState.DISPATCHED,
    JobState.RUNNING: OrderState.IN_PROGRESS,
    JobState.PAUSED: OrderState.IN_PROGRESS,
    JobState.FINISHED: OrderState.INSPECTION,
    JobState.CANCELLED: OrderState.OPEN,
}


class BayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Bay

    store = factory.SubFactory(StoreFactory)
    name = factory.Sequence(lambda n: f"{n + 1} 号工位")


class JobFactory(factory.django.DjangoModelFactory):
    """A job in `state` on an order in the state that follows; started an hour, finished two hours after its arrival.

    It stands for the order's first labour line that has no job yet. `technician=None` leaves it to the team.
    """

    class Meta:
        model = Job

    state = JobState.ASSIGNED
    order = factory.SubFactory(
        RepairOrderFactory,
        state=factory.LazyAttribute(lambda made: ORDER_OF_JOB[JobState(made.factory_parent.state)]),
    )
    team = factory.SubFactory(TeamFactory, store=factory.SelfAttribute("..order.store"), kind=TeamKind.MECHANICAL)
    technician = factory.SubFactory(StaffFactory, role="technician", team=factory.SelfAttribute("..team"))

    @classmethod
    def _create(cls, model, *args, **fields):
        order, state = fields["order"], JobState(fields["state"])
        if "line" not in fields and not fields.get("is_rework"):
            fields["line"] = order.lines.filter(kind=LineKind.LABOUR, jobs=None).order_by("number").first()
        line = fields.get("line")
        fields.setdefault("name", line.name if line else "检查")
        fields.setdefault("standard_hours", line.quantity if line else Decimal(0))
        if state in (JobState.RUNNING, JobState.PAUSED, JobState.FINISHED):
            fields.setdefault("started_at", order.arrived_at + timedelta(hours=1))
        if state == JobState.FINISHED:
            fields.setdefault("finished_at", order.arrived_at + timedelta(hours=2))
        if state != JobState.QUEUED:
            fields.setdefault("assigned_at", order.arrived_at + timedelta(minutes=10))
        job = super()._create(model, *args, **fields)
        if job.started_at and job.technician:
            running = state == JobState.RUNNING
            ClockEntryFactory(
                job=job,
                technician=job.technician,
                started_at=job.started_at,
                ended_at=None if running else job.finished_at or job.started_at + timedelta(minutes=30),
                pause_reason=PauseReason.PARTS if state == JobState.PAUSED else "",
            )
        return job


class ClockEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClockEntry

    job = factory.SubFactory(JobFactory)
    technician = factory.SelfAttribute("job.technician")
    started_at = factory.LazyAttribute(lambda made: made.job.order.arrived_at + timedelta(hours=1))


class InspectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Inspection

    order = factory.SubFactory(RepairOrderFactory, state=OrderState.INSPECTION)
    level = InspectionLevel.FINAL
    result = InspectionResult.PASSED
    inspected_by = factory.SubFactory(StaffFactory, role="inspector", store=factory.SelfAttribute("..order.store"))
    inspected_at = factory.LazyAttribute(lambda made: made.order.arrived_at + timedelta(hours=3))


class ComebackFactory(RepairOrderFactory):
    """A comeback of a delivered order of the same car."""

    kind = OrderKind.COMEBACK
    original = factory.SubFactory(
        RepairOrderFactory,
        state=OrderState.DELIVERED,
        vehicle=factory.SelfAttribute("..vehicle"),
        advisor=factory.SelfAttribute("..advisor"),
    )


class ComebackDecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ComebackDecision

    order = factory.SubFactory(ComebackFactory)
    is_accepted = True
    responsibility = Responsibility.DIAGNOSIS
    standard = "三十日内同一故障再次进厂"
    decided_by = factory.SubFactory(StaffFactory, role="inspector", store=factory.SelfAttribute("..order.store"))
    decided_at = factory.SelfAttribute("order.arrived_at")


class ConsumableIssueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConsumableIssue

    team = factory.SubFactory(TeamFactory)
    store = factory.SelfAttribute("team.store")
    number = factory.Sequence(lambda n: f"FLT01-261012-{n + 1:04d}")
    issued_on = date(2026, 10, 12)
    name = "砂纸"
    quantity = Decimal("10.00")
    amount = Decimal("50.00")


class HourDeductionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HourDeduction

    staff = factory.SubFactory(StaffFactory, role="technician")
    number = factory.Sequence(lambda n: f"KGT01-261012-{n + 1:04d}")
    deducted_on = date(2026, 10, 12)
    hours = Decimal("1.00")
    reason = "终检发现漏装卡扣"


class OperationFactory(factory.django.DjangoModelFactory):
    """An operation of the catalogue; `hours`: model family → standard hours, "" for every other."""

    class Meta:
        model = Operation

    store = factory.SubFactory(StoreFactory)
    code = factory.Sequence(lambda n: f"GS{n + 1:03d}")
    name = factory.Sequence(lambda n: f"检查项目{n + 1}")
    skill = Skill.MAINTENANCE

    @classmethod
    def _create(cls, model, *args, **fields):
        hours = fields.pop("hours", {"": "1.0"})
        operation = super()._create(model, *args, **fields)
        OperationHours.objects.bulk_create(
            OperationHours(operation=operation, family=family, standard_hours=Decimal(value))
            for family, value in hours.items()
        )
        return operation


class ToolFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tool

    store = factory.SubFactory(StoreFactory)
    number = factory.Sequence(lambda n: f"GJ-{n + 1:03d}")
    name = "扭力扳手"
    kind = ToolKind.GAUGE
    place = "工具间"
