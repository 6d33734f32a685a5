"""The last weeks of the workshop: who worked on the finished orders and for how long, who was there, what went wrong.

Written behind finished orders (`months`), in bulk, from the first day of last month up to yesterday.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from dealer_crm.journal import actions as journal
from dealer_crm.seeding.bulk import Ids, copy_in
from dealer_crm.seeding.floor import is_day_off, shift_of
from dealer_crm.seeding.people import House
from dealer_crm.values import Period
from reception.choices import LineKind, OrderKind, OrderState
from reception.models import LineShare, OrderLine, RepairOrder
from workshop.choices import InspectionLevel, InspectionResult, JobState, Responsibility
from workshop.models import Attendance, ClockEntry, ComebackDecision, Inspection, Job
from workshop.queries import technicians_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
COMEBACKS, SOON = 3, timedelta(days=25)
PACE = 0.55, 0.78
"""Standard hours done in an hour, from the slowest to the fastest hand."""
SHORTEST, LONG = 5 * MINUTE, 90 * MINUTE
"""A gap worth beginning in; a wait worth telling of."""
EARLIER = 2 * HOUR
"""What somebody without a car comes later and goes earlier, at most."""
Piece = tuple[datetime, datetime]
_DEFECTS = ("机油滤芯处渗油", "漏装挡泥板卡扣", "制动踏板偏软，需再次排气", "故障灯未清除", "漆面有流挂")


def work_of_the_past(house: House, random: Random, at: datetime) -> None:
    """Jobs, clocks, attendance, failed inspections and comebacks of one house."""
    today = at.astimezone(house.store.tz).date()
    first = Period.of(today).previous().first_day
    _make_comebacks(house, random, first)
    diary = _Diary(house, today)
    _Weeks(house, random, diary).write(first)
    _attend(house, random, diary, first, today - timedelta(days=1))


class _Diary:
    """When each technician is at work, and what of it is taken: nobody works on two cars at once."""

    def __init__(self, house: House, day: date):
        self.tz = house.store.tz
        self.kinds = {team.pk: team.kind for team in house.teams.values()}
        self.teams: dict[int, int] = {}
        self.places: dict[int, int] = {}
        for place, person in enumerate(technicians_of(house.store, day)):
            self.teams[person.pk], self.places[person.pk] = person.team_id_now, place
        self.taken: dict[tuple[int, date], list[Piece]] = defaultdict(list)

    def pieces(self, person: int, hours: float, since: datetime, until: datetime) -> list[Piece]:
        """The free time of a person between two moments, as much as the work takes, day after day."""
        left, found = timedelta(hours=hours), []
        day = since.astimezone(self.tz).date()
        while left > timedelta(0) and datetime.combine(day, time.min, self.tz) < until:
            for begin, end in self._gaps(person, day, since, until):
                end = min(end, begin + left)
                left -= end - begin
                found.append((begin, end))
                if left <= timedelta(0):
                    break
            day += timedelta(days=1)
        return found

    def take(self, person: int, pieces: list[Piece]) -> None:
        for piece in pieces:
            self.taken[person, piece[0].astimezone(self.tz).date()].append(piece)

    def soonest(self, team: int, hours: float, since: datetime, until: datetime) -> tuple[int, list[Piece]] | None:
        """Who of the teams of a kind gets most of a work done, and of those the first to be through."""
        fitting = [person for person, own in self.teams.items() if self.kinds[own] == self.kinds[team]]
        tried = [(person, self.pieces(person, hours, since, until)) for person in fitting]
        tried = [(person, pieces) for person, pieces in tried if pieces]
        return min(tried, key=lambda one: (-_minutes(one[1]), one[1][-1][1]), default=None)

    def shift(self, person: int, day: date) -> Piece:
        opens, closes = shift_of(self.places[person], day)
        return datetime.combine(day, opens, self.tz), datetime.combine(day, closes, self.tz)

    def _gaps(self, person: int, day: date, since: datetime, until: datetime) -> Iterator[Piece]:
        if is_day_off(self.places[person], day):
            return
        opens, closes = self.shift(person, day)
        begin, last = max(opens, since), min(closes, until)
        for taken, free in sorted(self.taken[person, day]):
            if taken - begin >= SHORTEST and begin < last:
                yield begin, min(taken, last)
            begin = max(begin, free)
        if last - begin >= SHORTEST:
            yield begin, last


class _Weeks:
    """Writes the work on the finished orders of some weeks."""

    def __init__(self, house: House, random: Random, diary: _Diary):
        self.house, self.random, self.diary = house, random, diary
        self.hands = {person.pk: person for person in house.of("T")}
        self.ids = {model: Ids(model) for model in (Job, ClockEntry, Inspection)}
        self.rows = defaultdict(list)
        self.deeds = []

    def write(self, first: date) -> None:
        since = datetime.combine(first, time.min, self.house.store.tz)
        orders = RepairOrder.objects.filter(
            store=self.house.store, state=OrderState.DELIVERED, opened_at__gte=since, completed_at__isnull=False,
            jobs=None,
        )  # fmt: skip
        shares = defaultdict(list)
        labour = LineShare.objects.filter(line__order__in=orders.values("pk"), line__kind=LineKind.LABOUR)
        for share in labour.select_related("line").order_by("line__number"):
            shares[share.line.order_id].append(share)
        for order in orders.order_by("opened_at").select_related("advisor"):
            self._work_on(order, shares[order.pk])
        done = [share for some in shares.values() for share in some]
        LineShare.objects.bulk_update(done, ["technician"], batch_size=500)
        OrderLine.objects.bulk_update([share.line for share in done], ["team"], batch_size=500)
        for model in (Job, Inspection, ClockEntry):
            copy_in(self.rows[model])
        journal.record_many(self.deeds)

    def _work_on(self, order: RepairOrder, shares: list[LineShare]) -> None:
        people, random = self.house.staff, self.random
        self._deed(order, order.advisor, "opened", order.opened_at)
        room = order.completed_at - order.opened_at
        given = order.opened_at + min(random.randint(3, 15) * MINUTE, room / 10)
        until = order.completed_at - min(random.randint(4, 12) * MINUTE, room / 10)
        jobs = [job for share in shares if (job := self._job(order, share, given, until))]
        if jobs:
            begun, done = min(job.started_at for job in jobs), max(job.finished_at for job in jobs)
            last = max(jobs, key=lambda job: job.finished_at)
            self._deed(order, people["W01"], "dispatched", given)
            self._deed(order, self._hand(last), "started", begun)
            done = self._wait(order, last, done, until)
            self._deed(order, self._hand(last), "sent_to_inspection", done)
            if random.random() < 0.04:
                self._fail(order, shares[-1], done + MINUTE)
            self._deed(order, people["Q01"], "ready", order.completed_at)
        self._deed(order, order.advisor, "delivered", order.delivered_at)

    def _job(self, order: RepairOrder, share: LineShare, given: datetime, until: datetime) -> Job | None:
        """One work, by whoever of the team has time for it."""
        line, hours = share.line, float(share.line.quantity) / self.random.uniform(*PACE)
        found = self.diary.soonest(line.team_id, hours, given + 2 * MINUTE, until)
        if found is None:
            return None
        share.technician_id, pieces = found
        line.team_id = self.diary.teams[share.technician_id]
        self.diary.take(share.technician_id, pieces)
        job = self._add(
            Job, order_id=order.pk, line_id=line.pk, name=line.name, standard_hours=line.quantity,
            state=JobState.FINISHED, team_id=line.team_id, technician_id=share.technician_id,
            assigned_by_id=self.house.staff["W01"].pk, assigned_at=given, started_at=pieces[0][0],
            finished_at=pieces[-1][1],
        )  # fmt: skip
        for begin, end in pieces:
            self._clock(job, begin, end)
        return job

    def _wait(self, order: RepairOrder, job: Job, done: datetime, until: datetime) -> datetime:
        """A car that is not called for yet waits for a part, and the last touch is done when it has come."""
        if until - done < LONG:
            return done
        touch = self.diary.pieces(job.technician_id, 0.25, until - timedelta(minutes=50), until)
        if not touch or touch[0][0] <= done:
            return done
        self.diary.take(job.technician_id, touch)
        for begin, end in touch:
            self._clock(job, begin, end)
        self._deed(order, self._hand(job), "waiting", done)
        self._deed(order, self._hand(job), "resumed", touch[0][0])
        job.finished_at = touch[-1][1]
        return job.finished_at

    def _hand(self, job: Job):
        return self.hands[job.technician_id]

    def _fail(self, order: RepairOrder, share: LineShare, at: datetime) -> None:
        """The final inspection finds something; it is done again at nobody's cost."""
        failed = self._add(
            Inspection, order_id=order.pk, level=InspectionLevel.FINAL, result=InspectionResult.FAILED,
            inspected_by_id=self.house.staff["Q01"].pk, inspected_at=at, defects=self.random.choice(_DEFECTS),
            responsible_id=share.technician_id,
        )  # fmt: skip
        pieces = self.diary.pieces(share.technician_id, self.random.uniform(0.15, 0.7), at, order.completed_at - MINUTE)
        pieces = pieces or [(at, at + MINUTE)]
        self.diary.take(share.technician_id, pieces)
        redo = self._add(
            Job, order_id=order.pk, name=f"返工：{failed.defects}", state=JobState.FINISHED, is_rework=True,
            caused_by_id=failed.pk, team_id=share.line.team_id, technician_id=share.technician_id, assigned_at=at,
            started_at=pieces[0][0], finished_at=pieces[-1][1], standard_hours=Decimal(0),
        )  # fmt: skip
        for begin, end in pieces:
            self._clock(redo, begin, end)
        self._deed(order, self.house.staff["Q01"], "returned_to_work", at)
        self._deed(order, self._hand(redo), "sent_to_inspection", redo.finished_at)

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


def _attend(house: House, random: Random, diary: _Diary, first: date, last: date) -> None:
    """Who has work is there: near the begin of the shift at the latest, and at most some hours after the last car."""
    ids, rows = Ids(Attendance), []
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        for person in house.of("T"):
            if not (pieces := diary.taken.get((person.pk, day))):
                continue
            opens, closes = diary.shift(person.pk, day)
            came = min(min(pieces)[0], opens + EARLIER) - random.randint(2, 12) * MINUTE
            left = max(max(end for _begin, end in pieces), closes - EARLIER) + random.randint(2, 12) * MINUTE
            rows.append(Attendance(id=ids(), staff_id=person.pk, day=day, came_at=came, left_at=left))
    copy_in(rows)


def _minutes(pieces: list[Piece]) -> float:
    return sum((end - begin for begin, end in pieces), timedelta()) / MINUTE


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
