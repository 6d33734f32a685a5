"""Dispatch and time clock."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal, Stale
from reception import actions as reception
from reception import queries
from reception.actions import LineDraft
from reception.choices import LineKind, OrderState
from reception.models import LineShare, RepairOrder
from tests.factories.organization import PositionFactory
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import BayFactory, JobFactory
from workshop import actions
from workshop.actions import Assignment
from workshop.choices import InspectionLevel, JobState, PauseReason
from workshop.models import ClockEntry, Inspection, Job
from workshop.shipped import POINTS

pytestmark = pytest.mark.django_db


def order_of(people, **fields):
    return RepairOrderFactory(store=people.store, advisor=people.advisor, **fields)


def job_of(people, **fields):
    order = fields.pop("order", None) or order_of(people, state=fields.pop("order_state", OrderState.DISPATCHED))
    return JobFactory(order=order, **{"team": people.mechanics, "technician": people.technician, **fields})


def dispatched(people, order, at=MORNING, **fields):
    works = [
        Assignment(line=line, team=people.mechanics, technician=people.technician, **fields)
        for line in order.lines.order_by("number")
    ]
    return actions.dispatch_order(order=order, assignments=works, by=people.workshop, at=at)


def refused(deed, *args, **fields) -> str:
    with pytest.raises(Refusal) as caught:
        deed(*args, **fields)
    return caught.value.code


# ── Dispatch ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_dispatched_order_has_a_job_for_every_line_and_credits_the_team(people, heard):
    order = order_of(people, lines=2)
    bay = BayFactory(store=people.store)
    jobs = dispatched(people, order, bay=bay)
    order.refresh_from_db()
    assert order.state == OrderState.DISPATCHED
    assert [(job.state, job.team, job.technician, job.bay, job.standard_hours) for job in jobs] == [
        (JobState.ASSIGNED, people.mechanics, people.technician, bay, Decimal("1.50"))
    ] * 2
    assert [line.team for line in order.lines.all()] == [people.mechanics] * 2
    assert heard == [("repair_order_dispatched", {"order_id": order.pk, "at": MORNING})]


def test_an_order_without_labour_becomes_one_job_named_by_what_the_customer_says(people):
    order = order_of(people, lines=[{"kind": "part"}], symptoms="右前轮异响")
    [job] = actions.dispatch_order(
        order=order, assignments=[Assignment(team=people.mechanics)], by=people.workshop, at=MORNING
    )
    assert (job.name, job.line, job.technician) == ("右前轮异响", None, None)


def test_lines_added_later_are_dispatched_without_disturbing_the_work(people):
    order = order_of(people, lines=1)
    [first] = dispatched(people, order)
    actions.start_job(job=first, by=people.technician, at=MORNING)
    later = order.lines.create(number=2, kind="labour", name="四轮定位", quantity=1, unit_price=120, payable_amount=120)
    actions.dispatch_order(
        order=order, assignments=[Assignment(line=later, team=people.mechanics)], by=people.workshop, at=MORNING
    )
    order.refresh_from_db()
    assert (order.state, order.jobs.count()) == (OrderState.IN_PROGRESS, 2)


@pytest.mark.parametrize(
    "state", [OrderState.DRAFT, OrderState.READY, OrderState.SETTLED, OrderState.DELIVERED, OrderState.CANCELLED]
)
def test_a_car_that_is_not_in_work_is_not_dispatched(people, state):
    order = order_of(people, state=state)
    work = Assignment(line=order.lines.get(), team=people.mechanics)
    assert refused(
        actions.dispatch_order, order=order, assignments=[work], by=people.workshop, at=MORNING
    ) == "wrong_state"  # fmt: skip


def test_a_line_is_dispatched_once(people):
    order = order_of(people)
    dispatched(people, order)
    assert refused(dispatched, people, order) == "dispatched_already"
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(order=order, line=order.lines.get(), name="", team=people.mechanics, state="assigned")


def test_nothing_to_dispatch_is_said(people):
    order = order_of(people)
    assert refused(
        actions.dispatch_order, order=order, assignments=[], by=people.workshop, at=MORNING
    ) == "nothing_to_dispatch"  # fmt: skip


@pytest.mark.parametrize(
    ("choose", "field"),
    [
        (lambda people, others: {"team": others.mechanics}, "team"),
        (lambda people, others: {"team": people.painters, "technician": people.technician}, "technician"),
        (lambda people, others: {"team": people.mechanics, "technician": others.technician}, "technician"),
        (lambda people, others: {"team": people.mechanics, "technician": people.advisor}, "technician"),
        (lambda people, others: {"team": people.mechanics, "bay": BayFactory(store=others.store)}, "bay"),
        (
            lambda people, others: {"team": people.mechanics, "bay": BayFactory(store=people.store, is_active=False)},
            "bay",
        ),
    ],
)
def test_work_goes_only_to_people_teams_and_bays_that_fit(people, others, choose, field):
    order = order_of(people)
    work = Assignment(line=order.lines.get(), **choose(people, others))
    with pytest.raises(Refusal) as caught:
        actions.dispatch_order(order=order, assignments=[work], by=people.workshop, at=MORNING)
    assert caught.value.field == field


def test_somebody_who_left_gets_no_work(people):
    people.technician.left_on = date(2026, 10, 9)
    people.technician.save()
    order = order_of(people)
    with pytest.raises(Refusal) as caught:
        dispatched(people, order)
    assert caught.value.field == "technician"


def test_the_team_is_that_of_the_day(people):
    PositionFactory(staff=people.technician, post="technician", team=people.painters, starts_on=date(2026, 10, 13))
    order = order_of(people)
    assert dispatched(people, order)[0].technician == people.technician


def test_who_saw_an_older_order_dispatches_nothing(people):
    order = order_of(people)
    work = Assignment(line=order.lines.get(), team=people.mechanics)
    with pytest.raises(Stale):
        actions.dispatch_order(
            order=order, assignments=[work], by=people.workshop, at=MORNING, expected_version=order.version + 1
        )
    assert order.jobs.count() == 0


def test_work_is_given_to_others_with_a_reason_and_the_credit_follows(people):
    order = order_of(people)
    [job] = dispatched(people, order)
    actions.reassign_job(
        job=job, team=people.painters, technician=None, bay=None, reason="先做漆面", by=people.workshop, at=MORNING
    )
    job.refresh_from_db()
    entry = Entry.objects.filter(verb="job.reassigned").get()
    assert (job.team, job.technician, order.lines.get().team) == (people.painters, None, people.painters)
    assert (entry.note, entry.changes["team"]) == ("先做漆面", ["机电一组", "钣喷一组"])


def test_reassigning_needs_a_reason_and_nobody_at_work(people):
    job = job_of(people)
    fields = {"team": people.mechanics, "technician": None, "bay": None, "by": people.workshop, "at": MORNING}
    assert refused(actions.reassign_job, job=job, reason=" ", **fields) == "refused"
    actions.start_job(job=job, by=people.technician, at=MORNING)
    assert refused(actions.reassign_job, job=job, reason="换人", **fields) == "wrong_state"


def test_work_that_is_called_off_is_back_in_the_queue(people):
    order = order_of(people)
    [job] = dispatched(people, order)
    actions.cancel_job(job=job, reason="客户改做别的", by=people.workshop, at=MORNING)
    assert dispatched(people, order)[0].pk != job.pk


def test_work_that_has_begun_is_not_called_off(people):
    job = job_of(people, state=JobState.PAUSED)
    assert refused(actions.cancel_job, job=job, reason="x", by=people.workshop, at=MORNING) == "wrong_state"


# ── Clock ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_three_touches_take_a_car_from_the_queue_to_inspection(people, heard):
    order = order_of(people)
    [job] = dispatched(people, order)
    heard.clear()
    actions.start_job(job=job, by=people.technician, at=MORNING)
    order.refresh_from_db()
    assert order.state == OrderState.IN_PROGRESS
    end = MORNING + timedelta(minutes=50)
    actions.finish_job(job=job, by=people.technician, at=end, checklist={"试车正常": True})
    order.refresh_from_db()
    job.refresh_from_db()
    check = Inspection.objects.get()
    assert (order.state, job.state, job.started_at, job.finished_at) == (
        OrderState.INSPECTION, JobState.FINISHED, MORNING, end,
    )  # fmt: skip
    assert (check.level, check.job, check.inspected_by, check.checklist) == (
        InspectionLevel.SELF, job, people.technician,
        dict.fromkeys([*POINTS[InspectionLevel.SELF], "试车正常"], True),  # the word given for the rest is kept
    )  # fmt: skip
    assert [(share.technician, share.share) for share in LineShare.objects.all()] == [(people.technician, Decimal(1))]
    assert heard == [("job_finished", {"job_id": job.pk, "order_id": order.pk, "at": end})]


def test_the_car_goes_to_inspection_only_after_its_last_job(people):
    order = order_of(people, lines=2)
    first, second = dispatched(people, order)
    for job, state in ((first, OrderState.IN_PROGRESS), (second, OrderState.INSPECTION)):
        actions.start_job(job=job, by=people.technician, at=MORNING)
        actions.finish_job(job=job, by=people.technician, at=MORNING)
        order.refresh_from_db()
        assert order.state == state


def test_labour_nobody_was_given_keeps_the_car_in_work(people):
    order = order_of(people)
    [job] = dispatched(people, order)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    order.lines.create(number=2, kind="labour", name="四轮定位", quantity=1, unit_price=120, payable_amount=120)
    actions.finish_job(job=job, by=people.technician, at=MORNING)
    order.refresh_from_db()
    assert order.state == OrderState.IN_PROGRESS


def test_work_of_the_team_becomes_the_work_of_who_begins_it(people):
    job = job_of(people, technician=None)
    actions.start_job(job=job, by=people.second_technician, at=MORNING)
    job.refresh_from_db()
    assert job.technician == people.second_technician


def test_waiting_for_parts_makes_the_order_wait_until_somebody_goes_on(people):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    actions.pause_job(job=job, reason=PauseReason.PARTS, by=people.technician, at=MORNING + timedelta(minutes=20))
    job.order.refresh_from_db()
    assert (job.order.state, job.order.wait_reason) == (OrderState.WAITING, "parts")
    actions.resume_job(job=job, by=people.technician, at=MORNING + timedelta(hours=2))
    job.order.refresh_from_db()
    assert (job.order.state, job.order.wait_reason) == (OrderState.IN_PROGRESS, "")
    minutes = [(entry.pause_reason, entry.ended_at) for entry in ClockEntry.objects.order_by("id")]
    assert minutes == [("parts", MORNING + timedelta(minutes=20)), ("", None)]


@pytest.mark.parametrize("reason", [PauseReason.MEAL, PauseReason.OTHER])
def test_a_meal_does_not_make_the_order_wait(people, reason):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    actions.pause_job(job=job, reason=reason, by=people.technician, at=MORNING)
    job.order.refresh_from_db()
    assert job.order.state == OrderState.IN_PROGRESS


def test_the_order_does_not_wait_while_somebody_else_works_on_the_car(people):
    order = order_of(people, lines=2)
    first, second = dispatched(people, order)
    actions.reassign_job(
        job=second, team=people.mechanics, technician=people.second_technician, bay=None, reason="一起做",
        by=people.workshop, at=MORNING,
    )  # fmt: skip
    actions.start_job(job=first, by=people.technician, at=MORNING)
    actions.start_job(job=second, by=people.second_technician, at=MORNING)
    actions.pause_job(job=first, reason=PauseReason.PARTS, by=people.technician, at=MORNING)
    order.refresh_from_db()
    assert order.state == OrderState.IN_PROGRESS


def test_a_job_done_by_two_is_shared_by_the_clock(people):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    half = MORNING + timedelta(minutes=30)
    actions.pause_job(job=job, reason=PauseReason.OTHER, by=people.technician, at=half)
    actions.reassign_job(
        job=job, team=people.mechanics, technician=people.second_technician, bay=None, reason="换班",
        by=people.workshop, at=half,
    )  # fmt: skip
    actions.resume_job(job=job, by=people.second_technician, at=half)
    actions.finish_job(job=job, by=people.second_technician, at=half + timedelta(minutes=90))
    shares = {share.technician: share.share for share in LineShare.objects.all()}
    assert shares == {people.technician: Decimal("0.25"), people.second_technician: Decimal("0.75")}


START, RESUME, FINISH = actions.start_job, actions.resume_job, actions.finish_job


@pytest.mark.parametrize(
    ("deed", "state", "code"),
    [
        (START, JobState.RUNNING, "wrong_state"),
        (START, JobState.PAUSED, "wrong_state"),
        (START, JobState.FINISHED, "wrong_state"),
        (START, JobState.CANCELLED, "wrong_state"),
        (RESUME, JobState.ASSIGNED, "wrong_state"),
        (RESUME, JobState.RUNNING, "wrong_state"),
        (FINISH, JobState.ASSIGNED, "not_started"),
        (FINISH, JobState.FINISHED, "not_started"),
        (FINISH, JobState.CANCELLED, "not_started"),
    ],
)
def test_a_deed_out_of_turn_is_refused(people, deed, state, code):
    job = job_of(people, state=state, order_state=OrderState.IN_PROGRESS)
    assert refused(deed, job=job, by=people.technician, at=MORNING) == code


@pytest.mark.parametrize("state", [JobState.ASSIGNED, JobState.PAUSED, JobState.FINISHED])
def test_what_does_not_run_is_not_paused(people, state):
    job = job_of(people, state=state, order_state=OrderState.IN_PROGRESS)
    assert refused(
        actions.pause_job, job=job, reason=PauseReason.MEAL, by=people.technician, at=MORNING
    ) == "wrong_state"  # fmt: skip


def test_nobody_works_on_another_persons_job(people):
    job = job_of(people)
    assert refused(actions.start_job, job=job, by=people.second_technician, at=MORNING) == "other_hands"
    actions.start_job(job=job, by=people.technician, at=MORNING)
    assert refused(actions.finish_job, job=job, by=people.second_technician, at=MORNING) == "other_hands"


def test_the_supervisor_stops_the_clock_of_somebody_who_cannot(people):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    actions.finish_job(job=job, by=people.workshop, at=MORNING + timedelta(hours=1))
    entry = ClockEntry.objects.get()
    assert (entry.technician, entry.ended_at) == (people.technician, MORNING + timedelta(hours=1))


def test_a_self_check_with_a_gap_keeps_the_job_open(people):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    assert refused(
        actions.finish_job, job=job, by=people.technician, at=MORNING, checklist={"螺栓按力矩紧固": False}
    ) == "check_incomplete"  # fmt: skip
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_second_job_is_refused_with_the_name_of_the_first(people):
    first, second = job_of(people), job_of(people)
    actions.start_job(job=first, by=people.technician, at=MORNING)
    with pytest.raises(Refusal) as caught:
        actions.start_job(job=second, by=people.technician, at=MORNING)
    assert caught.value.code == "clock_running"
    assert first.order.vehicle.plate in str(caught.value)


@pytest.mark.django_db(transaction=True)
def test_two_starts_of_one_technician_at_once_run_one_clock(people):
    jobs = [job_of(people), job_of(people)]
    gate, outcomes = threading.Barrier(2), []

    def begin(job):
        gate.wait()
        try:
            actions.start_job(job=job, by=people.technician, at=MORNING)
            outcomes.append("started")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["clock_running", "started"]
    assert ClockEntry.objects.filter(ended_at=None).count() == 1


# ── Forgotten clocks ─────────────────────────────────────────────────────────────────────────────────────────────────
EVENING = MORNING.replace(hour=18, minute=0)


def test_a_forgotten_clock_is_closed_at_closing_time_and_listed(people):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    assert actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(minutes=29)) == []
    [entry] = actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(minutes=30))
    job.refresh_from_db()
    assert (entry.ended_at, entry.was_forgotten, job.state) == (EVENING, True, JobState.PAUSED)
    assert actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(minutes=40)) == []


def test_overtime_is_not_forgotten_before_midnight(people):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=EVENING + timedelta(minutes=5))
    assert actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(hours=3)) == []
    [entry] = actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(hours=14))
    assert entry.ended_at == MORNING.replace(hour=0) + timedelta(days=1)


def test_a_clock_closed_for_somebody_can_still_be_finished_the_next_morning(people):
    job = job_of(people)
    actions.start_job(job=job, by=people.technician, at=MORNING)
    actions.close_forgotten_clocks(store=people.store, at=EVENING + timedelta(hours=1))
    actions.finish_job(job=job, by=people.technician, at=MORNING + timedelta(days=1))
    job.order.refresh_from_db()
    assert job.order.state == OrderState.INSPECTION


# ── Shares ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_labour_is_split_by_the_supervisor_and_finishing_leaves_the_split_alone(people):
    order = order_of(people)
    [job] = dispatched(people, order)
    actions.split_labour(
        line=job.line,
        shares={people.technician: Decimal("0.6"), people.second_technician: Decimal("0.4")},
        by=people.workshop,
        at=MORNING,
    )
    actions.start_job(job=job, by=people.technician, at=MORNING)
    actions.finish_job(job=job, by=people.technician, at=MORNING)
    assert sorted(LineShare.objects.values_list("share", flat=True)) == [Decimal("0.4000"), Decimal("0.6000")]


@pytest.mark.parametrize(
    ("who", "shares", "code"),
    [
        ("second_technician", ("0.6", "0.3"), "shares_dont_add_up"),
        ("second_technician", ("0.6", "0.5"), "shares_dont_add_up"),
        ("second_technician", ("1", "0"), "share_not_above_zero"),
        ("second_technician", ("1.5", "-0.5"), "share_not_above_zero"),
        ("advisor", ("0.6", "0.4"), "other_hands"),
    ],
)
def test_shares_are_of_technicians_and_make_one_whole(people, who, shares, code):
    parts = dict(zip((people.technician, getattr(people, who)), map(Decimal, shares), strict=True))
    line = order_of(people).lines.get()
    assert refused(actions.split_labour, line=line, shares=parts, by=people.workshop, at=MORNING) == code


def test_labour_of_a_settled_order_and_of_another_store_is_left_alone(people, others):
    settled = order_of(people, state=OrderState.SETTLED)
    whole = {people.technician: Decimal(1)}
    assert refused(
        actions.split_labour, line=settled.lines.get(), shares=whole, by=people.workshop, at=MORNING
    ) == "wrong_state"  # fmt: skip
    with pytest.raises(Refusal):
        actions.split_labour(
            line=order_of(people).lines.get(), shares={others.technician: Decimal(1)}, by=people.workshop, at=MORNING
        )


def test_a_deep_discount_that_came_by_import_stops_neither_dispatch_nor_finishing(people):
    order = order_of(people, lines=[{}, {"kind": "accessory", "discount_rate": Decimal("0.2")}])
    [job] = actions.dispatch_order(
        order=order,
        assignments=[Assignment(line=order.lines.get(number=1), team=people.mechanics)],
        by=people.workshop,
        at=MORNING,
    )
    actions.start_job(job=job, by=people.technician, at=MORNING)
    assert actions.finish_job(job=job, by=people.technician, at=MORNING).state == JobState.FINISHED


# ── What is told of it ───────────────────────────────────────────────────────────────────────────────────────────────
def test_the_story_of_an_order_tells_every_event_once_and_money_with_its_commas(people):
    """The journal keeps the order's own deed beside the job's; whoever reads the story is told what happened, once."""
    order = order_of(people, lines=1)
    add_on = reception.propose_add_on(
        order=order, reason="漏油", by=people.advisor, at=MORNING,
        lines=[LineDraft(LineKind.PART, "变速箱总成", Decimal(2), Decimal(12345))],
    )  # fmt: skip
    reception.decline_add_on(add_on=add_on, answered_by="王女士", way="phone", by=people.advisor, at=MORNING)
    at = iter(MORNING + timedelta(minutes=5 * step) for step in range(1, 10))
    [job] = dispatched(people, order, at=next(at))
    person = {"job": job, "by": people.technician}
    actions.start_job(**person, at=next(at))
    actions.pause_job(**person, at=next(at), reason=PauseReason.PARTS)
    actions.resume_job(**person, at=next(at))
    actions.finish_job(**person, at=next(at))
    actions.inspect_order(order=order, level=InspectionLevel.FINAL, result="passed", by=people.inspector, at=next(at))

    story = queries.story_of_order(RepairOrder.objects.get(pk=order.pk))
    in_shop = [deed for deed in reversed(story) if deed.at > MORNING]
    assert [deed.text for deed in in_shop] == [
        "派工", "开工", "暂停施工", "继续施工", "修改项目", "完工", "送检", "终检通过，竣工",
    ]  # fmt: skip
    assert (people.technician.name in in_shop[0].detail, "配件" in in_shop[2].detail) == (True, True)
    assert Entry.objects.filter(verb__in=["repair_order.dispatched", "repair_order.started"]).count() == 2
    assert [deed for deed in story if "12,345.00 = 24,690.00" in deed.detail]
