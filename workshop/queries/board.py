"""The progress board (维修进度看板): three queries, whether one car is in the shop or two hundred."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import md5

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, F, Prefetch, Value
from django.db.models.functions import Cast, Concat

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure
from reception.choices import IN_SHOP, OrderState
from reception.models import RepairOrder
from workshop import formulas
from workshop.choices import STAGES, JobState, Stage
from workshop.models import Job
from workshop.settings import PROMISE_WARNING_MINUTES


@dataclass(frozen=True)
class Car:
    """One car on the board. `left`: minutes to the promise, negative when late; `tone`: its colour."""

    order: RepairOrder
    promise: str
    left: int | None
    tone: str
    done: int
    jobs: int
    hands: list[str]
    bays: list[str]

    @property
    def plate(self) -> str:
        return self.order.vehicle.plate

    @property
    def promise_brief(self) -> str:
        """The time alone when it is today, else the day alone."""
        return self.promise.split(" ")[0]

    @property
    def countdown(self) -> str:
        return formulas.countdown(self.left)


@dataclass
class BoardColumn:
    stage: Stage
    cars: list[Car] = field(default_factory=list)
    span: int = 2

    @property
    def late(self) -> int:
        """Late in the shop (超时未竣工): the promise has passed and the car is not finished. One that is ready and not
        handed over is late for its customer, which the reception's board of the day counts (`RepairOrder.is_overdue`).
        """
        return sum(car.tone == "danger" for car in self.cars)

    @property
    def soon(self) -> int:
        return sum(car.tone == "warning" for car in self.cars)

    def only(self, tone: str) -> "BoardColumn":
        """The column with the cars of one colour: the rows behind a number."""
        return replace(self, cars=[car for car in self.cars if car.tone == tone])


def board_columns(store: Store, at: datetime) -> list[BoardColumn]:
    """The cars of a store by stage, most urgent first."""
    warning = figure(PROMISE_WARNING_MINUTES, store=store, on=_day(store, at))
    columns = {stage: BoardColumn(stage) for stage in Stage}
    orders = (
        RepairOrder.objects.of_store(store)
        .not_handed_over()
        .select_related("vehicle", "advisor")
        .prefetch_related(Prefetch("jobs", Job.objects.live().select_related("technician", "bay")))
        .order_by(F("promised_at").asc(nulls_last=True), "id")
    )
    for order in orders:
        stage = STAGES[OrderState(order.state)]
        columns[stage].cars.append(_car(order, stage, store, at, warning))
    counts = [len(column.cars) for column in columns.values()]
    is_roomy = formulas.density(sum(counts)) == "roomy"
    widths = [2] * len(columns) if is_roomy else formulas.spans(counts)
    for column, width in zip(columns.values(), widths, strict=True):
        column.span = width
    return list(columns.values())


def board_fingerprint(store: Store, at: datetime) -> str:
    """Changes when anything the board shows has changed; two small index queries and no rows.

    The minute is part of it, for remaining times and colours go by the minute.
    """
    marks = [
        rows.annotate(mark=Concat(Cast("pk", CharField()), Value(":"), Cast("version", CharField()))).aggregate(
            all=StringAgg("mark", delimiter=",", order_by="pk")
        )["all"]
        for rows in (
            RepairOrder.objects.of_store(store).not_handed_over(),
            Job.objects.filter(order__store=store, order__state__in=IN_SHOP),
        )
    ]
    return md5(f"{store.pk}|{marks[0]}|{marks[1]}|{at:%H:%M}".encode(), usedforsecurity=False).hexdigest()


def _car(order: RepairOrder, stage: Stage, store: Store, at: datetime, warning: int) -> Car:
    jobs = list(order.jobs.all())
    left = formulas.minutes_left(order.promised_at, at)
    return Car(
        order=order,
        promise=formulas.shown_promise(order.promised_at, at, store.tz),
        left=left,
        tone="success" if stage == Stage.READY else formulas.promise_tone(left, warning),
        done=sum(job.state == JobState.FINISHED for job in jobs),
        jobs=len(jobs),
        hands=list(dict.fromkeys(job.technician.name for job in jobs if job.technician)),
        bays=list(dict.fromkeys(job.bay.name for job in jobs if job.bay and job.state != JobState.FINISHED)),
    )


def _day(store: Store, at: datetime) -> date:
    return at.astimezone(store.tz).date()
