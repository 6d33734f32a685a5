"""Calls gone by: every delivered car called about, with answers, and now and then a complaint."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from random import Random

from django.db.models.functions import TruncDate

from callback.actions import ship_rules
from callback.choices import Direction, Outcome, RuleCode, TaskState
from callback.formulas import call_window
from callback.models import CallTask, Contact, Rule
from callback.queries.plan import call_plan
from complaints.actions import mark_passed_silently
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity, StepKind
from complaints.models import Complaint, ComplaintStep, Responsibility
from dealer_crm.organization.models import Store
from dealer_crm.seeding import names
from dealer_crm.seeding.bulk import Ids, copy_all
from dealer_crm.seeding.people import House
from dealer_crm.values import WorkCalendar
from reception.choices import OrderKind
from reception.models import RepairOrder
from satisfaction.choices import QuestionKind, ResponseSource
from satisfaction.models import Answer, Response
from satisfaction.queries import csi_version

# Deliveries younger than this are called only in part: the rest is left to the generator, so that the queue has work.
LEFT_TO_CALL = timedelta(days=4)
_WEAK_SPOT = "F06"  # customers hear too little while they wait; something for an improvement plan
_UNEVEN = "F13"  # every sixth car is handed over unwashed: a weakness nobody has a plan for yet
_STORIES = {
    Category.ATTITUDE: "客户反映接待人员说话不耐烦，解释不清楚。",
    Category.WAITING: "客户反映等待时间过长，没有人告知进度。",
    Category.SKILL: "客户反映故障没有一次修好，回家后又出现。",
    Category.PRICE: "客户认为收费偏高，与报价不一致。",
    Category.PROMISE: "客户反映没有在承诺的时间交车。",
}


def by_day(moment: datetime, *, after: datetime, before: datetime, tz: tzinfo) -> datetime:
    """A moment of the same day or the days beside it when agents call, between nine and six but for the noon rest; the
    moment itself where none of them lies in the span."""
    local = moment.astimezone(tz)
    midnight = datetime.combine(local.date(), time.min, tz)
    worked = (local - midnight) * 7.5 / 24
    rested = timedelta(hours=1.5) if worked >= timedelta(hours=3) else timedelta()
    called = midnight + timedelta(hours=9) + worked + rested
    beside = (called + timedelta(days=days) for days in (0, -1, 1))
    return next((each for each in beside if after <= each <= before), moment)


class Diary:
    """The days on which customers of a store were called: nobody is called about two things on one day (spec
    `callback.md`, contact rules)."""

    def __init__(self, store: Store):
        made = Contact.objects.filter(store=store, direction=Direction.OUT).annotate(
            day=TruncDate("at", tzinfo=store.tz)
        )
        self.tz, self.days = store.tz, set(made.values_list("customer_id", "day"))

    def moment(
        self, customer_id: int, wanted: datetime, *, after: datetime, before: datetime, at: datetime
    ) -> datetime | None:
        """When the customer is called in the span, near the wanted moment, and written down as called that day. Where
        each of its days has its call: too late, but before `at`; None when there is no such day either."""
        in_time = self._free(customer_id, wanted, after, before)
        return in_time or self._free(customer_id, before, before, at)

    def _free(self, customer_id: int, wanted: datetime, after: datetime, before: datetime) -> datetime | None:
        first = by_day(wanted, after=after, before=before, tz=self.tz)
        for distance in range((before - after).days + 2):
            for called in (first + timedelta(days=distance), first - timedelta(days=distance)):
                day = (customer_id, called.astimezone(self.tz).date())
                if after <= called <= before and day not in self.days:
                    self.days.add(day)
                    return called
        return None


class Calls:
    """Writes tasks, contacts, responses and complaints for finished orders of one house."""

    def __init__(self, house: House, random: Random, calendar: WorkCalendar, at: datetime):
        self.house, self.random, self.calendar, self.at = house, random, calendar, at
        ship_rules(store=house.store, at=at)
        self.rule = Rule.objects.get(store=house.store, code=RuleCode.SERVICE_3D)
        self.hours = call_plan(house.store, at.date()).hours
        self.version = csi_version()
        self.questions = list(self.version.questions.order_by("position"))
        self.agents = [house.staff["H01"], house.staff["H02"]]
        models = (CallTask, Response, Contact, Answer, Complaint, ComplaintStep, Responsibility)
        self.ids = {model: Ids(model) for model in models}
        self.windows: dict[date, object] = {}
        self.diary = Diary(house.store)
        self._clear()

    def _clear(self):
        self.rows: dict[type, list] = {model: [] for model in self.ids}

    def _add(self, model, /, **fields):
        row = model(id=self.ids[model](), **fields)
        self.rows[model].append(row)
        return row

    def flush(self):
        copy_all(self.rows.values())
        closed = [complaint.id for complaint in self.rows[Complaint]]
        if closed:
            mark_passed_silently(complaint_ids=closed, by=None, at=self.at)
        self._clear()

    def make_calls(self, orders: Sequence[RepairOrder]) -> None:
        """A finished call for every order whose window has passed, and a complaint for about one in a hundred."""
        for order in orders:
            if order.kind != OrderKind.PDI and self._has_been_called(order):
                self._call(order)
            if self.random.random() < 0.012:
                self._complain(order)

    def _has_been_called(self, order: RepairOrder) -> bool:
        if order.delivered_at < self.at - LEFT_TO_CALL:
            return True
        due = self._window(order)
        share = 0.96 if due.due_at < self.at else 0.45
        return due.opens_at < self.at - timedelta(hours=2) and self.random.random() < share

    def _window(self, order: RepairOrder):
        day = order.delivered_at.astimezone(self.house.store.tz).date()
        if day not in self.windows:
            self.windows[day] = call_window(
                event_on=day, opens_after=self.rule.opens_after_days, closes_after=self.rule.closes_after_days,
                calendar=self.calendar, hours=self.hours,
            )  # fmt: skip
        return self.windows[day]

    def _call(self, order: RepairOrder) -> None:
        random, store = self.random, self.house.store
        due = self._window(order)
        outcome = random.choices([Outcome.COMPLETED, Outcome.NO_ANSWER, Outcome.REFUSED], [88, 9, 3])[0]
        called = due.opens_at + (min(due.due_at, self.at) - due.opens_at) * random.random()
        after, before = due.opens_at, min(due.due_at, self.at)
        if random.random() < 0.03 and due.due_at < self.at - timedelta(days=1):
            called = due.due_at + timedelta(hours=random.randint(1, 20))  # late
            after, before = called - timedelta(minutes=1), self.at
        called = self.diary.moment(order.customer_id, called, after=after, before=before, at=self.at)
        if called is None:
            return
        state = {Outcome.COMPLETED: TaskState.DONE, Outcome.REFUSED: TaskState.REFUSED}.get(
            outcome, TaskState.UNREACHED
        )
        agent = random.choice(self.agents)
        task = self._add(
            CallTask, store_id=store.id, rule_id=self.rule.id, source_key=f"order:{order.id}",
            customer_id=order.customer_id, vehicle_id=order.vehicle_id, order_id=order.id, priority=self.rule.priority,
            opens_at=due.opens_at, due_at=due.due_at, due_reason=due.why, was_shifted=due.was_shifted, state=state,
            attempts=1 if outcome == Outcome.COMPLETED else 3, first_called_at=called,
            done_at=called, created_at=due.opens_at,
        )  # fmt: skip
        is_talk = outcome == Outcome.COMPLETED
        on_time = random.random() > 0.04 if is_talk else None
        contact = self._add(
            Contact, store_id=store.id, task_id=task.id, customer_id=order.customer_id, vehicle_id=order.vehicle_id,
            order_id=order.id, agent_id=agent.id,
            started_at=called - timedelta(minutes=random.randint(2, 6)), at=called,
            outcome=outcome, was_on_time=on_time, note="",
        )  # fmt: skip
        if is_talk:
            contact.response_id = self._answer(order, contact).id
            contact.note = random.choice(names.COMMENTS) if random.random() < 0.3 else ""

    def _answer(self, order: RepairOrder, contact: Contact) -> Response:
        random = self.random
        response = self._add(
            Response, number=f"call:{contact.id}", version_id=self.version.id, store_id=self.house.store.id,
            order_id=order.id, customer_id=order.customer_id, advisor_id=order.advisor_id, source=ResponseSource.CALL,
            answered_at=contact.at, taken_by_id=contact.agent_id,
        )  # fmt: skip
        mood = random.choices([10, 9, 8, 7, 4], [34, 35, 20, 9, 2])[0]
        for question in self.questions:
            if question.kind in (QuestionKind.SCORE, QuestionKind.RECOMMEND) and random.random() > 0.04:
                weak_spot = 1 if question.code in (_WEAK_SPOT, _UNEVEN) else 0
                if question.code == _UNEVEN and order.id % 6 == 0:
                    weak_spot = 6
                score = min(10, max(2, mood + random.choice([-1, 0, 0, 0, 1]) - weak_spot))
                self._add(Answer, response_id=response.id, question_id=question.id, score=Decimal(score))
        return response

    def _complain(self, order: RepairOrder) -> None:
        random, store = self.random, self.house.store
        received = order.delivered_at + timedelta(hours=random.randint(2, 40))
        if received > self.at - timedelta(days=2):
            return
        category = random.choice(list(_STORIES))
        replied = received + timedelta(minutes=random.choice([15, 30, 45, 80, 150]))
        solved = received + timedelta(hours=random.choice([3, 6, 10, 20, 30]))
        closed = solved + timedelta(hours=20)
        is_verified = random.random() < 0.5
        number = f"TS-{store.code}-{received:%y%m%d}-{len(self.rows[Complaint]) + 1:03d}-{order.id}"
        crc, manager = self.house.staff["H09"], self.house.staff["M01"]
        complaint = self._add(
            Complaint, number=number, store_id=store.id, order_id=order.id, customer_id=order.customer_id,
            vehicle_id=order.vehicle_id, source=random.choice([ComplaintSource.CALL, ComplaintSource.PHONE]),
            severity=random.choices([Severity.GENERAL, Severity.IMPORTANT], [85, 15])[0], category=category,
            state=ComplaintState.CLOSED, received_at=received, description=_STORIES[category],
            wish="希望给出合理解释并改进",
            owner_id=self.house.staff["F01"].id, reply_due_at=received + timedelta(hours=2),
            solve_due_at=received + timedelta(hours=24), first_reply_at=replied, solved_at=solved, closed_at=closed,
            is_satisfied=random.random() < 0.93, is_verified=is_verified, verified_at=solved, verified_by_id=manager.id,
            created_by_id=self.agents[0].id, created_at=received,
        )  # fmt: skip
        for kind, who, when, text in (
            (StepKind.RECORD, self.agents[0], received, _STORIES[category]),
            (StepKind.REPLY, crc, replied, "已致歉并说明处理时限"),
            (StepKind.ADVICE, crc, replied, "建议由前台主管上门说明"),
            (StepKind.DECISION, manager, replied + timedelta(minutes=20), "由前台主管负责，赠送一次免费检测"),
            (StepKind.REMEDY, self.house.staff["F01"], solved, "已向客户当面说明并致歉"),
            (StepKind.CHECK, manager, solved, "核实属实，处理到位"),
            (StepKind.ASK, crc, closed, "客户表示接受"),
            (StepKind.CLOSE, crc, closed, ""),
        ):
            self._add(ComplaintStep, complaint_id=complaint.id, kind=kind, round=1, by_id=who.id, at=when, text=text)
        if is_verified:
            self._add(Responsibility, complaint_id=complaint.id, staff_id=order.advisor_id, share=Decimal(1))
