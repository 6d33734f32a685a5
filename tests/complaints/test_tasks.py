"""The watch over the clocks: every mark told once, whatever happens to the job. Source: complaints.md, Escalation."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from complaints import actions, queries
from complaints.choices import Alarm, Category, Clock, ComplaintSource, ComplaintState, Severity
from complaints.models import ClockAlarm, Complaint
from complaints.settings import WARNING_MINUTES
from complaints.tasks import watch_clocks
from dealer_crm.notices.models import Notice
from dealer_crm.organization.actions import set_figure
from tests.factories import cast
from tests.factories.complaints import RECEIVED, ComplaintFactory, complaint_of

REPLY, SOLVE = Clock.REPLY, Clock.SOLVE
ALL_MARKS = [
    (REPLY, Alarm.WARNING, 1),
    (REPLY, Alarm.BREACH, 1),
    (REPLY, Alarm.DOUBLE, 1),
    (SOLVE, Alarm.WARNING, 1),
    (SOLVE, Alarm.BREACH, 1),
    (SOLVE, Alarm.DOUBLE, 1),
]


@pytest.fixture
def people(db):
    return cast.of_store()


def watch(people, at):
    return actions.raise_alarms(store=people.store, by=None, at=at)


def after(**length):
    return RECEIVED + timedelta(**length)


def marks():
    return [(row.clock, row.alarm, row.round) for row in ClockAlarm.objects.order_by("pk")]


def told():
    """Who was told of which mark, without the notices of the loop itself."""
    return sorted(
        (notice.recipient.name, notice.key.split(":", 2)[2])
        for notice in Notice.objects.select_related("recipient")
        if notice.key.count(":") == 4
    )


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (89, 0),
        (90, 0),
        (91, 1),
        (120, 1),
        (121, 2),
        (240, 2),
        (241, 3),
        (23 * 60 + 31, 4),
        (24 * 60 + 1, 5),
        (48 * 60 + 1, 6),
    ],
)
def test_marks_are_told_as_the_clocks_pass_them(people, minutes, expected):
    complaint_of(people)
    watch(people, after(minutes=minutes))
    assert marks() == ALL_MARKS[:expected]


def test_a_warning_tells_the_owner_and_the_supervisor_a_breach_the_manager_twice_the_time_the_director(people):
    complaint_of(people, ComplaintState.DECIDED)
    watch(people, after(hours=49))
    assert told() == sorted(
        [
            ("周敏", "reply:warning:1"),
            ("陈静", "reply:warning:1"),
            ("赵建国", "reply:breach:1"),
            ("张志远", "reply:double:1"),
            ("周敏", "solve:warning:1"),
            ("陈静", "solve:warning:1"),
            ("赵建国", "solve:breach:1"),
            ("张志远", "solve:double:1"),
        ]
    )


def test_where_a_post_is_empty_the_next_one_up_is_told(people):
    people.manager.is_active = False
    people.manager.save()
    complaint_of_agent(people)
    watch(people, after(hours=2, minutes=1))
    assert told() == sorted([("陈静", "reply:warning:1"), ("张志远", "reply:breach:1")])


def complaint_of_agent(people):
    return actions.record_complaint(
        store=people.store,
        order=None,
        customer=None,
        vehicle=None,
        source=ComplaintSource.PHONE,
        severity=Severity.GENERAL,
        category=Category.PRICE,
        received_at=RECEIVED,
        description="价格比报价高",
        by=people.agent,
        at=RECEIVED,
    )


def test_repeated_runs_tell_nothing_twice(people):
    complaint_of(people)
    counts = [watch(people, after(hours=25)) for _run in range(5)]
    assert counts == [5, 0, 0, 0, 0]
    assert len(told()) == 5


def test_a_late_run_tells_everything_it_missed(people):
    complaint = complaint_of(people)
    actions.reply_to_customer(complaint=complaint, text="已致歉", by=people.agent, at=after(hours=3))
    assert watch(people, after(hours=20)) == 2  # the reply came after its warning and its breach, before twice the time
    assert marks() == ALL_MARKS[:2]


def test_a_clock_met_in_time_is_never_told(people):
    complaint_of(people, ComplaintState.CLOSED)
    assert watch(people, after(hours=25)) == 0


def test_a_case_closed_late_is_told_by_a_late_run(people):
    complaint = complaint_of(people, ComplaintState.REMEDIED)
    actions.check_remedy(complaint=complaint, is_good=True, by=people.manager, at=after(hours=25))
    actions.ask_customer(complaint=complaint, is_satisfied=True, by=people.crc, at=after(hours=25))
    watch(people, after(hours=26))
    assert marks() == ALL_MARKS[:5]


def test_a_standing_clock_passes_no_mark_and_goes_on_where_it_stood(people):
    complaint = complaint_of(people)
    actions.pause_clock(complaint=complaint, reason="等客户", by=people.crc, at=after(minutes=60))
    assert watch(people, after(hours=30)) == 0
    actions.resume_clock(complaint=complaint, by=people.crc, at=after(hours=30))
    assert watch(people, after(hours=30, minutes=30)) == 0
    assert watch(people, after(hours=30, minutes=31)) == 1


def test_a_new_round_has_its_own_marks_and_loses_none_of_the_first(people):
    complaint = complaint_of(people, ComplaintState.REMEDIED)
    actions.check_remedy(complaint=complaint, is_good=True, by=people.manager, at=after(hours=25))
    # No watch has run yet; the customer is not satisfied and the clock of the solution starts again.
    actions.ask_customer(complaint=complaint, is_satisfied=False, text="没修好", by=people.crc, at=after(hours=26))
    assert marks() == ALL_MARKS[:5]
    watch(people, after(hours=26 + 24, minutes=1))
    assert marks()[5:] == [(SOLVE, Alarm.WARNING, 2), (SOLVE, Alarm.BREACH, 2)]


def test_the_warning_follows_the_figure_of_the_store(people):
    set_figure(figure=WARNING_MINUTES, store=people.store, value=60, starts_on=RECEIVED.date(), by=None, at=RECEIVED)
    complaint_of(people)
    assert watch(people, after(minutes=61)) == 1


def test_complaints_brought_in_after_the_fact_are_told_of_nobody(people):
    complaint = ComplaintFactory(store=people.store)
    actions.mark_passed_silently(complaint_ids=[complaint.pk], by=None, at=after(days=40))
    assert watch(people, after(days=40)) == 0
    assert (len(marks()), told()) == (6, [])


def test_more_complaints_than_one_run_takes_are_told_in_the_next(people):
    for _n in range(5):
        ComplaintFactory(store=people.store)
    counts = [actions.raise_alarms(store=people.store, by=None, at=after(hours=49), most=2) for _run in range(4)]
    assert counts == [12, 12, 6, 0]


def test_a_store_without_complaints_is_not_watched(people):
    complaint_of(people, ComplaintState.CLOSED)
    cast.of_second_store()
    assert list(queries.stores_to_watch(at=after(days=1))) == [people.store]
    assert list(queries.stores_to_watch(at=after(days=9))) == []


def test_the_watch_asks_as_much_for_thirty_complaints_as_for_one(people, django_assert_max_num_queries):
    ComplaintFactory(store=people.store)
    with django_assert_max_num_queries(40) as one:
        actions.raise_alarms(store=people.store, by=None, at=after(minutes=1))
    for _n in range(29):
        ComplaintFactory(store=people.store)
    with django_assert_max_num_queries(len(one.captured_queries)):
        actions.raise_alarms(store=people.store, by=None, at=after(minutes=1))


def test_the_job_of_the_beat_watches_every_store(people):
    complaint_of(people)
    assert watch_clocks() == 6  # received in October: long past by now
    assert watch_clocks() == 0


# ── at the same time, and killed ─────────────────────────────────────────────────────────────────────────────────────
def in_threads(*calls):
    """Run the calls at the same time, each with its own connection; returns what they returned."""
    results, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(place, call):
        try:
            barrier.wait()
            results[place] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_six_watches_at_once_tell_everything_once():
    people = cast.of_store()
    for _n in range(8):
        ComplaintFactory(store=people.store)
    counts = in_threads(*[lambda: watch(people, after(hours=25))] * 6)
    counts.append(watch(people, after(hours=25)))  # a run that came to a locked store leaves the rest to the next
    assert sum(counts) == 8 * 5
    assert ClockAlarm.objects.count() == 8 * 5
    assert len(told()) == 8 * 5  # supervisor, manager, director: one each


class Killed(Exception):
    pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", range(1, 47, 3))
def test_a_run_killed_at_any_statement_loses_and_doubles_nothing(statement):
    people = cast.of_store()
    for _n in range(2):
        ComplaintFactory(store=people.store)
    seen = 0

    def dying(execute, sql, params, many, context):
        nonlocal seen
        seen += 1
        if seen == statement:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(dying):
        try:
            watch(people, after(hours=25))
        except Killed:
            assert (ClockAlarm.objects.count(), told()) == (0, [])
    watch(people, after(hours=25))
    assert (ClockAlarm.objects.count(), len(told())) == (10, 10)


@pytest.mark.django_db(transaction=True)
def test_without_the_one_transaction_a_killed_run_would_lose_notices():
    """The control: alarm rows alone, committed before the notices, are what the kill must not leave behind."""
    people = cast.of_store()
    complaint = ComplaintFactory(store=people.store)
    with transaction.atomic():
        ClockAlarm.objects.create(
            complaint=complaint,
            clock=REPLY,
            alarm=Alarm.WARNING,
            round=1,
            due_at=complaint.reply_due_at,
            raised_at=after(hours=2),
        )
    # … killed here, before anybody was told.
    watch(people, after(minutes=100))
    assert (Complaint.objects.count(), told()) == (1, [])
