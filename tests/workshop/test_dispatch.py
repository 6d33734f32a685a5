"""Dispatch: whose turn it is, who is proposed, and what the supervisor is told before overruling."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal
from reception.choices import OrderKind, OrderState, Skill
from tests.factories.agreements import AgreementFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import BayFactory, JobFactory, OperationFactory
from workshop import actions, formulas, queries
from workshop.actions import Assignment, ShiftChange
from workshop.choices import BayKind, JobState
from workshop.models import Attendance, Job, TechnicianSkills

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)
EARLY = formulas.Hours(MORNING.time().replace(hour=8), MORNING.time().replace(hour=17))


def car(people, state=OrderState.OPEN, minutes=60, **fields):
    return RepairOrderFactory(
        store=people.store, advisor=people.advisor, state=state, promised_at=NOON + timedelta(minutes=minutes), **fields
    )


def skilled(person, *skills):
    TechnicianSkills.objects.create(technician=person, skills=list(skills), starts_on=date(2026, 1, 1))


def planned(people, **hours):
    """The shifts of the morning's day by name of the cast."""
    changes = [ShiftChange(getattr(people, name), MORNING.date(), None, span) for name, span in hours.items()]
    actions.plan_shifts(store=people.store, changes=changes, by=people.workshop, at=MORNING)


def proposed(people, at=NOON):
    """The proposals of the queue as (plate, technician, bay)."""
    return [
        (one.order.vehicle.plate, work.proposal.technician, work.proposal.bay)
        for one in queries.dispatch_queue(people.workshop, at)
        for work in one.works
    ]


# ── The queue ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_queue_holds_cars_with_labour_nobody_was_given(people, others):
    waiting, urgent = car(people, minutes=90), car(people, minutes=10)
    added = car(people, OrderState.IN_PROGRESS, lines=2)
    given = car(people, OrderState.DISPATCHED)
    for order in (added, given):
        JobFactory(order=order, team=people.mechanics, technician=people.technician)
    car(others)
    queue = queries.dispatch_queue(people.workshop, NOON)
    assert [(one.order, len(one.works)) for one in queue] == [(urgent, 1), (added, 1), (waiting, 1)]
    assert list(queries.orders_to_dispatch(people.workshop)) == [urgent, added, waiting]
    assert queries.queue_length(people.workshop) == 3


def test_customers_who_are_served_first_and_cars_by_appointment_come_earlier(people):
    walk_in, booked, fleet = car(people, minutes=60), car(people, minutes=85), car(people, minutes=110)
    AppointmentFactory(store=people.store, vehicle=booked.vehicle, state="arrived", order=booked)
    fleet.agreement = AgreementFactory(
        store=people.store, customer=fleet.customer, made_by=people.advisor, approver=people.manager, has_priority=True
    )
    fleet.save()
    queue = queries.dispatch_queue(people.workshop, NOON)
    assert [(one.order, one.has_priority, one.is_appointed) for one in queue] == [
        (fleet, True, False), (booked, False, True), (walk_in, False, False),
    ]  # fmt: skip


@pytest.mark.parametrize("cars", [1, 30])
def test_the_queue_and_its_page_cost_the_same_however_long_it_is(people, cars, client, django_assert_max_num_queries):
    OperationFactory(store=people.store, code="BY01")
    for number in range(cars):
        car(people, minutes=number, lines=[{"code": "BY01"}])
        JobFactory(order=car(people, OrderState.DISPATCHED), team=people.mechanics, technician=people.technician)
        BayFactory(store=people.store)
    with django_assert_max_num_queries(10):
        queries.dispatch_queue(people.workshop, NOON)
    client.force_login(people.workshop, "django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(12):
        page = client.get(reverse("workshop:dispatch"))
    assert (len(page.context["forms"]), len(page.context["floor"].jobs)) == (cars, cars)


# ── The proposal ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_next_car_of_the_queue_is_proposed_to_somebody_else(people):
    for minutes in (10, 20, 30):
        car(people, minutes=minutes)
    first, second = (BayFactory(store=people.store, name=name).pk for name in ("A", "B"))
    one, two = people.technician.pk, people.second_technician.pk
    assert [made[1:] for made in proposed(people)] == [(one, first), (two, second), (one, None)]


def test_a_work_goes_to_the_skill_the_catalogue_names_else_to_that_of_the_orders_type(people):
    OperationFactory(store=people.store, code="DQ01", skill=Skill.ELECTRICAL)
    painter = StaffFactory(role="technician", team=people.painters)
    skilled(people.technician, Skill.ELECTRICAL)
    skilled(people.second_technician, Skill.MAINTENANCE)
    lift = BayFactory(store=people.store, name="A")
    body = BayFactory(store=people.store, name="B", kind=BayKind.BODY)
    BayFactory(store=people.store, name="C", kind=BayKind.WASH)
    wires = car(people, minutes=10, kind=OrderKind.REPAIR, lines=[{"code": "dq01"}])
    oil = car(people, minutes=20)
    accident = car(people, minutes=30, kind=OrderKind.ACCIDENT)
    repair = car(people, minutes=40, kind=OrderKind.REPAIR)
    assert proposed(people) == [
        (wires.vehicle.plate, people.technician.pk, lift.pk),
        (oil.vehicle.plate, people.second_technician.pk, None),
        (accident.vehicle.plate, painter.pk, body.pk),
        (repair.vehicle.plate, None, None),  # nobody's skill: the team sorts it out
    ]


def test_nobody_is_proposed_who_is_not_coming_any_more(people):
    car(people)
    planned(people, technician=formulas.DAY_OFF, second_technician=EARLY)
    assert [made[1] for made in proposed(people)] == [people.second_technician.pk]
    evening = MORNING.replace(hour=20)
    assert [made[1] for made in proposed(people, at=evening)] == [None]
    Attendance.objects.create(staff=people.technician, day=MORNING.date(), came_at=MORNING)  # called in
    assert [made[1] for made in proposed(people, at=evening)] == [people.technician.pk]


def test_the_load_of_a_team_is_what_its_people_have_before_them(people):
    JobFactory(order=car(people, OrderState.DISPATCHED), team=people.mechanics, technician=people.technician)
    JobFactory(order=car(people, OrderState.DISPATCHED), team=people.mechanics, technician=None)
    done = car(people, OrderState.INSPECTION)
    JobFactory(order=done, team=people.mechanics, technician=people.technician, state=JobState.FINISHED)
    load = next(one for one in queries.floor_of(people.store, NOON).loads if one.team == people.mechanics)
    assert load.open_hours == Decimal("3.00")
    assert {one.person: one.open_hours for one in load.technicians} == {
        people.technician: Decimal("1.50"),
        people.second_technician: Decimal(0),
    }


# ── What is refused, and what is asked ───────────────────────────────────────────────────────────────────────────────
def give(people, order, at=MORNING, **fields):
    work = Assignment(
        **{"team": people.mechanics, "technician": people.technician, "line": order.lines.first()} | fields
    )
    return actions.dispatch_order(order=order, assignments=[work], by=people.workshop, at=at)


def test_work_is_not_given_to_somebody_off_shift(people):
    planned(people, technician=EARLY, second_technician=formulas.DAY_OFF)
    tomorrow = [ShiftChange(people.second_technician, date(2026, 10, 13), None, EARLY)]
    actions.plan_shifts(store=people.store, changes=tomorrow, by=people.workshop, at=MORNING)
    give(people, car(people), at=MORNING.replace(hour=7))  # before the shift begins it may be
    for fields, at, said in (
        ({"technician": people.second_technician}, MORNING, "10-13 08:00"),
        ({}, MORNING.replace(hour=18), "17:00"),
    ):
        with pytest.raises(Refusal) as refused:
            give(people, car(people), at=at, **fields)
        assert (refused.value.code, refused.value.field) == ("off_shift", "technician")
        assert said in str(refused.value)
    give(people, car(people), at=MORNING.replace(hour=18), technician=None)  # to the team it may
    job = JobFactory(order=car(people, OrderState.DISPATCHED), team=people.mechanics, technician=people.technician)
    moved = {"job": job, "team": people.mechanics, "bay": None, "reason": "换人", "by": people.workshop}
    with pytest.raises(Refusal) as refused:
        actions.reassign_job(**moved, technician=people.second_technician, at=MORNING)
    assert refused.value.code == "off_shift"
    actions.reassign_job(**moved, technician=people.technician, at=MORNING.replace(hour=18))  # who has it keeps it


def test_missing_skills_and_a_bay_with_a_car_in_it_are_asked_about_once(people):
    skilled(people.technician, Skill.ELECTRICAL)
    bay = BayFactory(store=people.store)
    there = JobFactory(
        order=car(people, OrderState.IN_PROGRESS), team=people.mechanics, technician=people.second_technician,
        state=JobState.RUNNING, bay=bay,
    )  # fmt: skip
    order = car(people)
    work = Assignment(team=people.mechanics, technician=people.technician, line=order.lines.get(), bay=bay)
    given = {"order": order, "assignments": [work], "by": people.workshop, "at": MORNING}
    with pytest.raises(Refusal) as refused:
        actions.dispatch_order(**given)
    assert refused.value.code == "needs_confirmation"
    about_skill, about_bay = refused.value.details
    assert (people.technician.name in about_skill, there.order.vehicle.plate in about_bay) == (True, True)
    [job] = actions.dispatch_order(**given, confirmed=True)
    noted = Entry.objects.get(verb="job.dispatched", subject_id=str(job.pk)).note
    assert there.order.vehicle.plate in noted
    moved = {"job": job, "team": people.mechanics, "technician": people.technician, "bay": bay, "reason": "换工位"}
    with pytest.raises(Refusal) as refused:
        actions.reassign_job(**moved, by=people.workshop, at=MORNING)
    assert refused.value.code == "needs_confirmation"
    actions.reassign_job(**moved, by=people.workshop, at=MORNING, confirmed=True)


def test_on_the_page_a_doubt_is_confirmed_with_one_press_and_a_single_work_can_be_given(people, client):
    client.force_login(people.workshop, "django.contrib.auth.backends.ModelBackend")
    skilled(people.technician, Skill.ELECTRICAL)
    order = car(people, lines=2)
    page, prefix = reverse("workshop:dispatch_order", args=[order.pk]), f"o{order.pk}"
    hands = f"t{people.mechanics.pk}p{people.technician.pk}"
    sent = {f"{prefix}-version": order.version, f"{prefix}-hands_1": hands, f"{prefix}-hands_2": hands}
    asked = client.post(page, {**sent, f"{prefix}-only": "2"})
    assert (asked.status_code, len(asked.context["forms"][0].doubts), Job.objects.count()) == (422, 1, 0)
    done = client.post(page, {**sent, f"{prefix}-only": "2", f"{prefix}-confirmed": "on"})
    assert done.status_code == 302
    assert [(job.line.number, job.technician) for job in Job.objects.all()] == [(2, people.technician)]
    dialog = client.get(reverse("workshop:job_reassign", args=[Job.objects.get().pk]), {"hands": hands[:-1] + "0"})
    assert dialog.context["form"]["hands"].initial == hands[:-1] + "0"


def test_over_http_what_needs_a_word_is_refused_until_it_is_given(people, client):
    client.force_login(people.workshop, "django.contrib.auth.backends.ModelBackend")
    skilled(people.technician, Skill.ELECTRICAL)
    order = car(people)
    body = {"jobs": [{"line": 1, "team": people.mechanics.pk, "technician": people.technician.work_number}]}
    address = f"/api/v1/repair-orders/{order.pk}/dispatch/"
    refused = client.post(address, body, content_type="application/json")
    assert (refused.status_code, refused.json()["type"].rsplit(":")[-1]) == (409, "needs_confirmation")
    done = client.post(address, {**body, "confirmed": True}, content_type="application/json")
    assert (done.status_code, done.json()["jobs"][0]["technician"]) == (200, people.technician.work_number)
