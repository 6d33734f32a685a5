"""Several hands on one job, the page they work from, and clocks put right."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal, Stale
from reception.choices import OrderState
from reception.models import LineShare
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import ClockEntryFactory, JobFactory
from workshop import actions, queries
from workshop.choices import JobState, PauseReason
from workshop.models import ClockEntry, Shift

pytestmark = pytest.mark.django_db

EVENING = MORNING.replace(hour=18, minute=0)


def minutes(number):
    return MORNING + timedelta(minutes=number)


def job_of(people, state=JobState.ASSIGNED, **fields):
    usual = OrderState.DISPATCHED if state == JobState.ASSIGNED else OrderState.IN_PROGRESS
    order = RepairOrderFactory(store=people.store, advisor=people.advisor, state=fields.pop("order_state", usual))
    return JobFactory(
        order=order, **{"team": people.mechanics, "technician": people.technician, "state": state, **fields}
    )


def started(people):
    return actions.start_job(job=job_of(people), by=people.technician, at=MORNING)


def refused(deed, **fields) -> str:
    with pytest.raises(Refusal) as caught:
        deed(**fields)
    return caught.value.code


# ── Several hands ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_who_helps_has_a_clock_of_their_own_and_the_line_is_shared_by_both(people):
    job = started(people)
    actions.join_job(job=job, by=people.second_technician, at=minutes(20))
    actions.leave_job(job=job, by=people.second_technician, at=minutes(40))
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    actions.finish_job(job=job, by=people.technician, at=minutes(60))
    assert {share.technician: share.share for share in LineShare.objects.all()} == {
        people.technician: Decimal("0.75"), people.second_technician: Decimal("0.25"),
    }  # fmt: skip


def test_a_meal_is_ones_own_and_missing_parts_are_everybodys(people):
    job = started(people)
    actions.join_job(job=job, by=people.second_technician, at=minutes(10))
    actions.pause_job(job=job, reason=PauseReason.MEAL, by=people.technician, at=minutes(30))
    job.refresh_from_db()
    [running] = ClockEntry.objects.filter(ended_at=None)
    assert (job.state, running.technician) == (JobState.RUNNING, people.second_technician)
    actions.resume_job(job=job, by=people.technician, at=minutes(50))
    actions.pause_job(job=job, reason=PauseReason.PARTS, by=people.technician, at=minutes(60))
    job.refresh_from_db()
    job.order.refresh_from_db()
    assert (job.state, job.order.state) == (JobState.PAUSED, OrderState.WAITING)
    assert not ClockEntry.objects.filter(ended_at=None).exists()


def test_a_job_stands_still_when_the_last_clock_on_it_stops(people):
    job = started(people)
    actions.join_job(job=job, by=people.second_technician, at=minutes(10))
    actions.pause_job(job=job, reason=PauseReason.OTHER, by=people.technician, at=minutes(20))
    actions.leave_job(job=job, by=people.second_technician, at=minutes(30))
    job.refresh_from_db()
    assert job.state == JobState.PAUSED


def test_helping_out_of_turn_is_refused(people, others):
    waiting, running = job_of(people), started(people)
    second = people.second_technician
    cases = [
        (actions.join_job, {"job": waiting, "by": second}, "wrong_state"),  # nobody is at it
        (actions.join_job, {"job": running, "by": people.technician}, "clock_running"),
        (actions.join_job, {"job": running, "by": people.advisor}, "other_hands"),
        (actions.join_job, {"job": running, "by": others.technician}, "other_hands"),
        (actions.leave_job, {"job": running, "by": second}, "not_started"),
        (actions.leave_job, {"job": running, "by": people.technician}, "own_work"),
        (actions.resume_job, {"job": running, "by": people.technician}, "wrong_state"),
        (actions.finish_job, {"job": running, "by": second}, "other_hands"),
    ]
    assert [refused(deed, at=minutes(5), **fields) for deed, fields, _code in cases] == [code for *_, code in cases]


@pytest.mark.django_db(transaction=True)
def test_helping_on_two_cars_at_once_runs_one_clock(people):
    jobs = [started(people), job_of(people, JobState.RUNNING, technician=people.inspector)]
    gate, outcomes = threading.Barrier(2), []

    def help_with(job):
        gate.wait()
        try:
            actions.join_job(job=job, by=people.second_technician, at=minutes(5))
            outcomes.append("joined")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=help_with, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["clock_running", "joined"]


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def page(client):
    def open_as(person, name, *args, **query):
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        return client.get(reverse(f"workshop:{name}", args=args), query)

    return open_as


def test_the_job_page_tells_hours_worked_and_sold_and_everybodys_time(people, page):
    job = job_of(people, JobState.FINISHED, order_state=OrderState.INSPECTION)  # one hour
    ClockEntryFactory(
        job=job, technician=people.second_technician, started_at=job.started_at,
        ended_at=job.started_at + timedelta(minutes=30), was_forgotten=True,
    )  # fmt: skip
    card = page(people.technician, "job", job.pk).context["card"]
    assert (card.clocked, card.efficiency, list(card.minutes.values())) == (90, 1, [60, 30])  # 1.50 h sold


def test_a_technician_sees_own_work_where_to_help_and_what_was_forgotten(people, page):
    running = job_of(people, JobState.RUNNING)
    at = timezone.now()
    forgotten = ClockEntryFactory(
        job=job_of(people, JobState.PAUSED), technician=people.second_technician, started_at=at - timedelta(hours=30),
        ended_at=at - timedelta(hours=24), was_forgotten=True,
    )  # fmt: skip
    before = page(people.second_technician, "my_jobs").context
    actions.join_job(job=running, by=people.second_technician, at=at)
    after = page(people.second_technician, "my_jobs").context
    assert [list(before["others"]), before["helped"], list(before["forgotten"])] == [[running], [], [forgotten]]
    assert [list(after["others"]), [card.job for card in after["helped"]]] == [[], [running]]
    assert after["helped"][0].hands == [people.technician, people.second_technician]


@pytest.mark.parametrize("jobs", [1, 30])
def test_my_jobs_cost_the_same_however_many(people, jobs, django_assert_num_queries):
    for _ in range(jobs):
        job_of(people, JobState.PAUSED)
    with django_assert_num_queries(3):  # jobs, clocks, add-ons
        queries.shown_jobs(queries.jobs_in_hand(people.technician), people.technician, MORNING, {})


# ── Clocks put right ─────────────────────────────────────────────────────────────────────────────────────────────────
def forgotten_clock(people, started_at=MORNING):
    job = actions.start_job(job=job_of(people), by=people.technician, at=started_at)
    [entry] = actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(hours=14))
    return job, entry


def correct(entry, people, **fields):
    return actions.correct_clock(
        **{
            "entry": entry, "started_at": MORNING, "ended_at": minutes(90), "reason": "午前已完工，忘记点完工",
            "by": people.workshop, "at": EVENING + timedelta(hours=15), **fields,
        }
    )  # fmt: skip


def test_a_clock_that_was_forgotten_ends_with_the_persons_own_shift(people):
    Shift.objects.create(
        staff=people.technician, day=MORNING.date(), starts_at=MORNING, ends_at=MORNING + timedelta(hours=12)
    )
    assert forgotten_clock(people)[1].ended_at == MORNING + timedelta(hours=12)


def test_a_job_somebody_still_works_on_is_not_paused_by_a_forgotten_clock(people):
    job = started(people)
    actions.join_job(job=job, by=people.second_technician, at=EVENING + timedelta(hours=1))  # into the night
    actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(hours=2))
    job.refresh_from_db()
    assert (job.state, ClockEntry.objects.filter(ended_at=None).count()) == (JobState.RUNNING, 1)


def test_the_supervisor_puts_a_clock_right_with_a_reason_and_the_technician_is_told(people):
    job, entry = forgotten_clock(people)
    correct(entry, people)
    entry.refresh_from_db()
    line = Entry.objects.get(verb="clock.corrected")
    assert (entry.ended_at, entry.corrected_by, line.subject_id) == (minutes(90), people.workshop, str(job.pk))
    assert [datetime.fromisoformat(moment) for moment in line.changes["ended_at"]] == [EVENING, minutes(90)]
    assert [notice.recipient for notice in Notice.objects.filter(key__startswith="clock:")] == [people.technician]
    assert [one.corrected_by for one in queries.forgotten_clocks(people.workshop, EVENING)] == [people.workshop]
    assert list(queries.own_forgotten_clocks(people.technician, EVENING)) == []


def test_labour_shared_by_the_clock_follows_the_clock_until_it_is_settled(people):
    job, entry = forgotten_clock(people)
    next_day = MORNING + timedelta(days=1)
    actions.reassign_job(
        job=job, team=people.mechanics, technician=people.second_technician, bay=None, reason="换班",
        by=people.workshop, at=next_day,
    )  # fmt: skip
    actions.resume_job(job=job, by=people.second_technician, at=next_day)
    actions.finish_job(job=job, by=people.second_technician, at=next_day + timedelta(minutes=30))
    correct(entry, people, at=next_day + timedelta(hours=1))
    shares = {share.technician: share.share for share in LineShare.objects.all()}
    assert shares == {people.technician: Decimal("0.75"), people.second_technician: Decimal("0.25")}
    actions.split_labour(line=job.line, shares={people.technician: Decimal(1)}, by=people.workshop, at=next_day)
    correct(entry, people, ended_at=minutes(30), at=next_day + timedelta(hours=1))
    assert [share.share for share in LineShare.objects.all()] == [Decimal(1)]  # somebody said so


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"ended_at": minutes(-1)}, "clock_backwards"),
        ({"ended_at": EVENING + timedelta(days=2)}, "clock_future"),
        ({"ended_at": EVENING}, "clock_overlaps"),
        ({"seen_end": minutes(1)}, "stale"),
    ],
)
def test_impossible_corrections_are_refused(people, fields, code):
    _job, entry = forgotten_clock(people)
    ClockEntryFactory(job=job_of(people), technician=people.technician, started_at=minutes(120), ended_at=minutes(150))
    with pytest.raises(Refusal) as caught:
        correct(entry, people, **fields)
    assert (caught.value.code, isinstance(caught.value, Stale)) == (code, code == "stale")


def test_a_running_clock_is_not_corrected(people):
    started(people)
    assert refused(lambda: correct(ClockEntry.objects.get(), people)) == "clock_running"


def test_the_dialog_keeps_seconds_nobody_touched(people, client):
    start, end = MORNING.replace(second=17), EVENING
    entry = ClockEntryFactory(
        job=job_of(people), technician=people.technician, started_at=start, ended_at=end, was_forgotten=True
    )
    client.force_login(people.workshop, "django.contrib.auth.backends.ModelBackend")
    address = reverse("workshop:clock_correct", args=[entry.pk])
    body = {"seen_end": end.isoformat(), "started_at": "2026-10-12T09:00", "ended_at": "2026-10-12T11:30"}
    missing = client.post(address, body, headers={"HX-Request": "true"})
    done = client.post(address, body | {"reason": "忘记"})
    entry.refresh_from_db()
    assert (missing.status_code, list(missing.context["form"].errors), done.status_code) == (422, ["reason"], 302)
    assert (entry.started_at, entry.ended_at) == (start, MORNING.replace(hour=11, minute=30))


def test_over_http_a_colleague_helps_and_shares_make_one_whole(people):
    from rest_framework.test import APIClient

    job = started(people)

    def post(person, deed, body=None):
        caller = APIClient()
        caller.force_authenticate(person)
        return caller.post(f"/api/v1/jobs/{job.pk}/{deed}/", body or {}, format="json")

    second = people.second_technician
    deeds = [post(second, "join"), post(second, "start"), post(second, "leave"), post(second, "leave")]
    assert [answer.status_code for answer in deeds] == [200, 409, 200, 409]
    halves = [
        {"technician": person.work_number, "share": share}
        for person, share in ((people.technician, "0.6"), (second, "0.3"))
    ]
    short = post(people.workshop, "split", {"shares": halves})
    halves[1]["share"] = "0.4"
    whole = post(people.workshop, "split", {"shares": halves})
    assert (short.status_code, short.data["type"].rpartition(":")[2]) == (409, "shares_dont_add_up")
    assert [one["share"] for one in whole.data["shares"]] == ["0.6000", "0.4000"]
