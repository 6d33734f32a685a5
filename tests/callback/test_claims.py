"""The queue hands every call to one agent, in the order that was laid down."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event

import pytest
from django.db import IntegrityError, connection, transaction

from callback import actions, queries
from callback.actions import PaperCall, claims
from callback.choices import RuleCode, TaskState
from callback.models import CallTask
from complaints.choices import ComplaintState
from complaints.models import Complaint
from dealer_crm.access.roles import Role
from dealer_crm.journal.queries import entries_about
from dealer_crm.reporting.paper import RowsRefused
from dealer_crm.values import Refusal
from reception.choices import OrderState
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory, shipped_rule
from tests.factories.complaints import ComplaintFactory
from tests.factories.organization import StaffFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory


def hour(clock: int, minute: int = 0, days: int = 0):
    return TEN.replace(hour=clock, minute=minute) + timedelta(days=days)


def claim(agent, at=TEN):
    return actions.claim_next(by=agent, at=at)


def finish(task):
    CallTask.objects.filter(pk=task.pk).update(state=TaskState.DONE, done_at=TEN, claimed_by=None, claimed_at=None)


def change(task, **fields):
    CallTask.objects.filter(pk=task.pk).update(**fields)


def claimed_in_order(agent, count, at=TEN):
    """The calls the agent is handed one after another."""
    handed = []
    for _number in range(count):
        task = claim(agent, at)
        handed.append(task)
        finish(task)
    return handed


def test_an_agent_is_handed_a_call_and_it_is_theirs(people):
    task = CallTaskFactory(store=people.store)
    taken = claim(people.agent)
    assert (taken, taken.claimed_by, taken.claimed_at, taken.version) == (task, people.agent, TEN, 2)
    assert claim(people.crc) is None


def test_asking_again_gives_the_call_one_is_on(people):
    CallTaskFactory.create_batch(2, store=people.store)
    first = claim(people.agent)
    assert claim(people.agent, TEN + timedelta(minutes=2)) == first
    assert CallTask.objects.taken().count() == 1


def test_overdue_calls_come_first_then_priority_then_due_time(people):
    store = people.store
    due_tomorrow = CallTaskFactory(store=store, due_at=hour(18, days=1))
    due_tonight = CallTaskFactory(store=store)
    urgent = CallTaskFactory(store=store, code=RuleCode.COMPLAINT_NEXT_DAY, due_at=hour(18, days=1))
    overdue = CallTaskFactory(store=store, due_at=hour(18, days=-1), opens_at=hour(9, days=-3))
    reminder_overdue = CallTaskFactory(
        store=store, code=RuleCode.MAINTENANCE, due_at=hour(18, days=-2), opens_at=hour(9, days=-5)
    )
    assert claimed_in_order(people.agent, 5) == [overdue, reminder_overdue, urgent, due_tonight, due_tomorrow]


def test_among_equals_who_prefers_this_hour_or_knows_the_agent_comes_first(people):
    store = people.store
    plain = CallTaskFactory(store=store)
    prefers_now = CallTaskFactory(store=store, customer=CustomerFactory(store=store, contact_hour=10))
    prefers_later = CallTaskFactory(store=store, customer=CustomerFactory(store=store, contact_hour=16))
    knows = CallTaskFactory(store=store)
    ContactFactory(store=store, customer=knows.customer, agent=people.agent, at=TEN - timedelta(days=40))
    assert claimed_in_order(people.agent, 4) == [prefers_now, knows, plain, prefers_later]


def test_calls_whose_window_is_not_open_or_whose_next_try_lies_ahead_wait(people):
    CallTaskFactory(store=people.store, opens_at=hour(14))
    waits = CallTaskFactory(store=people.store, next_try_at=hour(13, 30))
    assert claim(people.agent) is None
    assert claim(people.agent, hour(13, 30)) == waits


def test_calls_of_another_store_stay_there(people, others):
    CallTaskFactory(store=others.store)
    assert claim(people.agent) is None


def test_someone_without_a_store_takes_no_calls(people):
    people.group.store = None
    with pytest.raises(Refusal) as refusal:
        claim(people.group)
    assert refusal.value.code == "no_store"


def test_an_agreed_call_back_is_its_agents_until_it_is_half_an_hour_late(people):
    agreed = CallTaskFactory(store=people.store, agent=people.agent, next_try_at=TEN)
    assert claim(people.crc, TEN + timedelta(minutes=29)) is None
    assert claim(people.crc, TEN + timedelta(minutes=30)) == agreed


def test_an_agreed_call_back_goes_before_everything_else(people):
    CallTaskFactory(store=people.store, due_at=hour(18, days=-1), opens_at=hour(9, days=-3))
    agreed = CallTaskFactory(store=people.store, agent=people.agent, next_try_at=TEN, code=RuleCode.MAINTENANCE)
    assert claim(people.agent) == agreed


def test_orders_under_an_open_complaint_are_held_back_from_surveys(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED)
    survey = CallTaskFactory(order=order)
    complaint = Complaint.objects.create(
        number="TS-1", store=people.store, order=order, customer=order.customer, source="call", category="skill",
        received_at=TEN, reply_due_at=TEN, solve_due_at=TEN, created_at=TEN,
    )  # fmt: skip
    assert claim(people.agent) is None
    with pytest.raises(Refusal) as refusal:
        actions.claim_task(task=survey, by=people.agent, at=TEN)
    assert refusal.value.code == "held"
    asks = CallTaskFactory(
        order=order, complaint=complaint, code=RuleCode.COMPLAINT_NEXT_DAY, source_key="complaint:1:1"
    )
    assert claim(people.agent) == asks
    finish(asks)
    Complaint.objects.update(state=ComplaintState.CLOSED, closed_at=TEN)
    assert claim(people.agent) == survey


def test_a_person_with_any_open_complaint_is_asked_for_no_opinion_but_reminded(people):
    customer = CustomerFactory(store=people.store)
    ComplaintFactory(store=people.store, customer=customer)
    survey = CallTaskFactory(store=people.store, customer=customer)
    assert claim(people.agent) is None
    with pytest.raises(Refusal) as refusal:
        actions.claim_task(task=survey, by=people.agent, at=TEN)
    counts = queries.queue_counts(people.crc, at=TEN, day_ends_at=hour(23))
    listed = queries.tasks_in_list(people.crc).get()
    assert (refusal.value.code, counts.held, counts.today, listed.is_held) == ("held", 1, 0, True)
    held_by = Complaint.objects.get()
    assert (listed.held_by, queries.complaints_holding(survey, people.crc).get()) == (held_by.number, held_by)
    reminder = CallTaskFactory(store=people.store, customer=customer, code=RuleCode.MAINTENANCE)
    assert claim(people.agent) == reminder


def test_one_person_is_on_the_phone_with_one_agent(people):
    customer = CustomerFactory(store=people.store)
    first, second = (CallTaskFactory(store=people.store, customer=customer) for _car in range(2))
    assert (claim(people.agent), claim(people.crc)) == (first, None)
    with pytest.raises(Refusal) as refusal:
        actions.claim_task(task=second, by=people.crc, at=TEN)
    assert refusal.value.code == "person_on_call"
    with pytest.raises(IntegrityError), transaction.atomic():
        CallTask.objects.filter(pk=second.pk).update(claimed_by=people.crc, claimed_at=TEN)


@pytest.mark.parametrize(
    ("outcome", "agent", "minutes", "given"),
    [
        ("no_answer", "crc", 30, False),  # nobody there: not again in this half-day
        ("no_answer", "crc", 240, True),
        ("sms", "agent", 30, False),
        ("completed", "agent", 5, True),  # still on the line
        ("completed", "agent", 30, False),  # once a day
        ("completed", "crc", 5, False),
        ("completed", "crc", 24 * 60, True),
        ("wrong_number", "agent", 5, True),  # the next number is another matter
    ],
)
def test_whose_household_was_called_is_not_called_for_the_other_car_again(people, outcome, agent, minutes, given):
    customer = CustomerFactory(store=people.store)
    done = CallTaskFactory(store=people.store, customer=customer, state=TaskState.DONE)
    ContactFactory(task=done, agent=getattr(people, agent), at=TEN, outcome=outcome)
    other = CallTaskFactory(store=people.store, customer=customer, due_at=hour(18, days=1))
    urgent = CallTaskFactory(store=people.store, due_at=hour(9), opens_at=hour(8))
    at = TEN + timedelta(minutes=minutes)
    on_line = (outcome, agent, minutes) == ("completed", "agent", 5)
    assert claim(people.agent, at) == (other if on_line else urgent)
    finish(other if on_line else urgent)
    assert claim(people.agent, at) == (urgent if on_line else other if given else None)
    if on_line:
        assert queries.desk(other, people.agent, at=TEN).was_just_spoken_to(people.agent, at)


@pytest.mark.parametrize("outcome", ["completed", "refused"])
def test_reminders_keep_a_week_after_another_talk_but_the_service_call_does_not(people, outcome):
    customer = CustomerFactory(store=people.store)
    ContactFactory(store=people.store, customer=customer, at=TEN - timedelta(days=6), outcome=outcome)
    reminder = CallTaskFactory(store=people.store, customer=customer, code=RuleCode.MAINTENANCE)
    service = CallTaskFactory(store=people.store, customer=customer)
    assert claim(people.agent) == service
    finish(service)
    assert claim(people.agent) is None
    assert claim(people.agent, TEN + timedelta(days=1, minutes=1)) == reminder


def test_a_claim_lapses_after_a_quarter_of_an_hour_without_activity(people):
    task = CallTaskFactory(store=people.store)
    claim(people.agent)
    assert claim(people.crc, TEN + timedelta(minutes=14)) is None
    assert claim(people.crc, TEN + timedelta(minutes=15)) == task
    assert actions.keep_claim(task=task, by=people.agent, at=TEN + timedelta(minutes=16)) is False


def test_activity_keeps_a_claim(people):
    task = CallTaskFactory(store=people.store)
    claim(people.agent)
    assert actions.keep_claim(task=task, by=people.agent, at=TEN + timedelta(minutes=10)) is True
    assert claim(people.crc, TEN + timedelta(minutes=20)) is None


def test_lapsed_claims_are_swept_back_and_noted(people):
    task = CallTaskFactory(store=people.store)
    claim(people.agent)
    sweep = lambda minutes: actions.release_lapsed(store=people.store, at=TEN + timedelta(minutes=minutes))  # noqa: E731
    assert [sweep(14), sweep(15), sweep(16)] == [0, 1, 0]
    task.refresh_from_db()
    assert (task.claimed_by, task.claimed_at) == (None, None)
    assert [entry.verb for entry in entries_about(task)] == ["call_task.lapsed"]
    # Who types on has it again, but for who is on another call by now.
    other = CallTaskFactory(store=people.store)
    for expected in (True, False):
        assert actions.keep_claim(task=task, by=people.agent, at=TEN + timedelta(minutes=17)) is expected
        CallTask.objects.filter(pk=task.pk).update(claimed_by=None, claimed_at=None, lapsed_by=people.agent)
        CallTask.objects.filter(pk=other.pk).update(claimed_by=people.agent, claimed_at=TEN)


def test_a_supervisor_gives_a_call_to_another_agent(people):
    task = CallTaskFactory(store=people.store)
    claim(people.crc)
    actions.assign_task(task=task, agent=people.agent, by=people.crc, at=TEN)
    assert claim(people.crc) is None
    assert claim(people.agent) == task


def test_a_call_is_not_given_to_another_stores_agent_nor_a_re_check_to_an_agent(people, others):
    for code, agent in ((RuleCode.SERVICE_3D, others.agent), (RuleCode.SPOT_CHECK, people.agent)):
        with pytest.raises(Refusal) as refusal:
            actions.assign_task(task=CallTaskFactory(store=people.store, code=code), agent=agent, by=people.crc, at=TEN)
        assert refusal.value.field == "agent"


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda task, people: finish(task), "finished"),
        (lambda task, people: actions.claim_task(task=task, by=people.crc, at=TEN), "taken"),
        (lambda task, people: type(task.customer).objects.update(no_call_since=date(2026, 1, 1)), "do_not_call"),
        (
            lambda task, people: actions.claim_task(task=CallTaskFactory(store=people.store), by=people.agent, at=TEN),
            "busy",
        ),
        (lambda task, people: change(task, opens_at=hour(11)), "too_early"),
        (lambda task, people: change(task, agent=people.crc, next_try_at=hour(15)), "reserved"),
        (lambda task, people: change(task, agent=people.crc, next_try_at=hour(9, 45)), "reserved"),
        (lambda task, people: change(task, rule=shipped_rule(people.store, RuleCode.SPOT_CHECK)), "supervised"),
    ],
)
def test_a_certain_call_can_not_be_taken(people, prepare, code):
    task = CallTaskFactory(store=people.store)
    prepare(task, people)
    with pytest.raises(Refusal) as refusal:
        actions.claim_task(task=task, by=people.agent, at=TEN)
    assert refusal.value.code == code


def test_a_call_back_missed_too_long_is_anybodys_and_the_supervisor_may_step_in_before(people):
    missed, agreed = (CallTaskFactory(store=people.store, agent=people.crc, next_try_at=hour(9)) for _call in range(2))
    assert actions.claim_task(task=missed, by=people.agent, at=TEN).claimed_by == people.agent
    change(agreed, agent=people.agent, next_try_at=hour(15))
    assert actions.claim_task(task=agreed, by=people.crc, at=TEN).claimed_by == people.crc


def test_the_printed_list_names_nobody_who_refuses_calls_and_no_re_check_but_the_supervisors(people):
    plain, check = (
        CallTaskFactory(store=people.store, code=code) for code in (RuleCode.SERVICE_3D, RuleCode.SPOT_CHECK)
    )
    refusing = CustomerFactory(store=people.store, no_call_since=TEN.date(), no_call_reason="不愿接电话")
    CallTaskFactory(store=people.store, customer=refusing)
    listed = [set(queries.calls_for_paper(person, at=TEN)) for person in (people.agent, people.crc)]
    assert listed == [{plain}, {plain, check}]
    with pytest.raises(RowsRefused) as refused:
        actions.catch_up_calls(calls=[PaperCall(check, "busy", TEN)], by=people.agent, at=TEN)
    assert refused.value.refusals[0].code == "supervised"


AGENTS, CALLS = 12, 240
FINISHED = "a call that was finished already, stopped by the database"


def _race(store) -> Counter:
    """How often each call was handed out when all agents empty the queue at the same time, or until one was handed a
    finished call."""
    agents = [StaffFactory(role=Role.AGENT, store=store) for _number in range(AGENTS)]
    rule = shipped_rule(store)
    customers = CustomerFactory.create_batch(10, store=store)
    CallTask.objects.bulk_create(
        CallTask(
            store=store, rule=rule, priority=rule.priority, source_key=f"race:{number}",
            customer=customers[number % 10], opens_at=TEN - timedelta(hours=1), due_at=hour(18), created_at=TEN,
        )
        for number in range(CALLS)
    )  # fmt: skip
    start, is_lost = Barrier(AGENTS), Event()

    def work(agent):
        handed = []
        start.wait()
        try:
            while not is_lost.is_set() and (task := claims.claim_next(by=agent, at=TEN)):
                handed.append(task.pk)
                finish(task)
        except IntegrityError:
            handed.append(FINISHED)
            is_lost.set()
        finally:
            connection.close()
        return handed

    with ThreadPoolExecutor(AGENTS) as pool:
        return Counter(pk for handed in pool.map(work, agents) for pk in handed)


@pytest.mark.django_db(transaction=True)
def test_with_many_agents_at_once_every_call_is_handed_out_once(people):
    handed = _race(people.store)
    assert len(handed) == CALLS
    assert set(handed.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_without_the_row_lock_the_same_race_hands_calls_out_twice(people, monkeypatch):
    """The control: the same race without the lock must fail, or the test above shows nothing."""
    monkeypatch.setattr(claims, "CLAIM", claims.CLAIM.replace("FOR UPDATE OF t SKIP LOCKED", ""))
    handed = _race(people.store)
    assert FINISHED in handed or max(handed.values()) > 1


@pytest.mark.django_db(transaction=True)
def test_two_windows_of_one_agent_at_once_hold_one_call(people):
    CallTaskFactory.create_batch(8, store=people.store)
    start = Barrier(6)

    def press(_number):
        start.wait()
        try:
            return claims.claim_next(by=people.agent, at=TEN).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(press, range(6)))) == 1
    assert CallTask.objects.taken().count() == 1
