"""The last weeks of the workshop: who worked on the finished orders and for how long, who was there, what went wrong.

Written behind finished orders (`months`), in bulk, from the first day of last month up to yesterday.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from dealer_crm.journal import actions as journal
from dealer_crm.seeding.bulk import Ids, copy_in
from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from dealer_crm.workdays.queries import work_calendar
from reception.choices import LineKind, OrderKind, OrderState
from reception.models import LineShare, RepairOrder
from workshop.choices import InspectionLevel, InspectionResult, JobState, Responsibility
from workshop.models import Attendance, ClockEntry, ComebackDecision, Inspection, Job

MINUTE = timedelta(minutes=1)
COMEBACKS, SOON = 3, timedelta(days=25)
_DEFECTS = ("机油滤芯处渗油", "漏装挡泥板卡扣", "制动踏板偏软，需再次排气", "故障灯未清除", "漆面有流挂")


def work_of_the_past(house: House, random: Random, at: datetime) -> None:
    """Jobs, clocks, attendance, failed inspections and comebacks of one house."""
    today = at.astimezone(house.store.tz).date()
    first = Period.of(today).previous().first_day
    _make_comebacks(house, random, first)
    at_work = _Weeks(house, random).write(first)
    _attend(house, random, at_work, first, today - timedelta(days=1))


class _Weeks:
    """Writes the work on the finished orders of some weeks."""

    def __init__(self, house: House, random: Random):
        self.house, self.random = house, random
        self.ids = {model: Ids(model) for model in (Job, ClockEntry, Inspection)}
        self.rows = defaultdict(list)
        self.deeds = []

    def write(self, first: date) -> set[tuple[int, date]]:
        """Returns who worked on which days."""
        since = datetime.combine(first, time.min, self.house.store.tz)
        orders = RepairOrder.objects.filter(
            store=self.house.store, state=OrderState.DELIVERED, opened_at__gte=since, completed_at__isnull=False,
            jobs=None,
        )  # fmt: skip
        shares = defaultdict(list)
        labour = LineShare.objects.filter(line__order__in=orders.values("pk"), line__kind=LineKind.LABOUR)
        for share in labour.select_related("line", "technician").order_by("line__number"):
            shares[share.line.order_id].append(share)
        for order in orders.order_by("opened_at").select_related("advisor"):
            self._work_on(order, shares[order.pk])
        for model in (Job, Inspection, ClockEntry):
            copy_in(self.rows[model])
        journal.record_many(self.deeds)
        return {(row.technician_id, row.started_at.astimezone(since.tzinfo).date()) for row in self.rows[ClockEntry]}

    def _work_on(self, order: RepairOrder, shares: list[LineShare]) -> None:
        people, random = self.house.staff, self.random
        self._deed(order, order.advisor, "opened", order.opened_at)
        given = order.opened_at + random.randint(6, 25) * MINUTE
        until = order.completed_at - random.randint(8, 25) * MINUTE
        if not shares or until <= given + 10 * MINUTE:
            self._deed(order, order.advisor, "delivered", order.delivered_at)
            return
        self._deed(order, people["W01"], "dispatched", given)
        begun = given + random.randint(3, 20) * MINUTE
        for place, share in enumerate(shares):
            done = self._job(order, share, given, begun, until)
            if place == 0:
                self._deed(order, share.technician, "started", begun)
                if random.random() < 0.08 and done + 30 * MINUTE < until:
                    self._deed(order, share.technician, "waiting", done)
                    done += random.randint(10, 30) * MINUTE
                    self._deed(order, share.technician, "resumed", done)
            begun = min(done, until)
        self._deed(order, shares[-1].technician, "sent_to_inspection", begun)
        if random.random() < 0.04:
            self._fail(order, shares[-1], begun + MINUTE)
        self._deed(order, people["Q01"], "ready", order.completed_at)
        self._deed(order, order.advisor, "delivered", order.delivered_at)

    def _job(self, order, share: LineShare, given: datetime, begun: datetime, until: datetime) -> datetime:
        line = share.line
        hours = float(line.quantity) / self.random.uniform(0.75, 1.1)
        done = max(min(begun + timedelta(hours=min(hours, 8)), until), begun + MINUTE)
        job = self._add(
            Job, order_id=order.pk, line_id=line.pk, name=line.name, standard_hours=line.quantity,
            state=JobState.FINISHED, team_id=line.team_id, technician_id=share.technician_id,
            assigned_by_id=self.house.staff["W01"].pk, assigned_at=given, started_at=begun, finished_at=done,
        )  # fmt: skip
        self._clock(job, begun, done)
        return done

    def _fail(self, order: RepairOrder, share: LineShare, at: datetime) -> None:
        """The final inspection finds something; it is done again at nobody's cost."""
        failed = self._add(
            Inspection, order_id=order.pk, level=InspectionLevel.FINAL, result=InspectionResult.FAILED,
            inspected_by_id=self.house.staff["Q01"].pk, inspected_at=at, defects=self.random.choice(_DEFECTS),
            responsible_id=share.technician_id,
        )  # fmt: skip
        done = max(order.completed_at - 2 * MINUTE, at + 2 * MINUTE)
        redo = self._add(
            Job, order_id=order.pk, name=f"返工：{failed.defects}", state=JobState.FINISHED, is_rework=True,
            caused_by_id=failed.pk, team_id=share.line.team_id, technician_id=share.technician_id, assigned_at=at,
            started_at=at + MINUTE, finished_at=done, standard_hours=Decimal(0),
        )  # fmt: skip
        self._clock(redo, redo.started_at, done)
        self._deed(order, self.house.staff["Q01"], "returned_to_work", at)
        self._deed(order, share.technician, "sent_to_inspection", done)

    def _clock(self, job: Job, begun: datetime, done: datetime) -> None:
        self._add(ClockEntry, job_id=job.pk, technician_id=job.technician_id, started_at=begun, ended_at=done)

    def _add(self, model, **fields):
        row = model(id=self.ids[model](), **fields)
        self.rows[model].append(row)
        return row

    def _deed(self, order: RepairOrder, by, what: str, at: datetime) -> None:
        self.deeds.append(
            journal.entry(by=by, at=at, verb=f"repair_order.{what}", subject=order, store=self.house.store)
        )


def _attend(house: House, random: Random, at_work: set[tuple[int, date]], first: date, last: date) -> None:
    """Who worked was there; the others come on most working days."""
    calendar = work_calendar(house.store, first, last)
    ids, rows = Ids(Attendance), []
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        for person in house.of("T"):
            if (person.pk, day) in at_work or (calendar.is_working(day) and random.random() < 0.8):
                came = datetime.combine(day, time(8, 10), house.store.tz) + random.randint(0, 20) * MINUTE
                left = came + timedelta(hours=8) + random.randint(0, 60) * MINUTE
                rows.append(Attendance(id=ids(), staff_id=person.pk, day=day, came_at=came, left_at=left))
    copy_in(rows)


def _make_comebacks(house: House, random: Random, first: date) -> None:
    """Some repairs were none: the same car's next visit was for the same fault."""
    since = datetime.combine(first, time.min, house.store.tz)
    repairs = RepairOrder.objects.filter(
        store=house.store, state=OrderState.DELIVERED, kind=OrderKind.REPAIR, arrived_at__gte=since
    )
    last: dict[int, RepairOrder] = {}
    pairs = []
    for order in repairs.order_by("arrived_at"):
        before = last.get(order.vehicle_id)
        if before and timedelta(0) < order.arrived_at - before.delivered_at < SOON:
            pairs.append((before, order))
        last[order.vehicle_id] = order
    for before, order in random.sample(pairs, min(COMEBACKS, len(pairs))):
        order.kind, order.original = OrderKind.COMEBACK, before
        order.save(update_fields=["kind", "original"])
        ComebackDecision.objects.create(
            order=order, is_accepted=True, standard="三十日内同一故障再次进厂", decided_by=house.staff["Q01"],
            responsibility=random.choice([Responsibility.DIAGNOSIS, Responsibility.PARTS]), decided_at=order.opened_at,
        )  # fmt: skip
