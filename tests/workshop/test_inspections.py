"""Check-lists by store, level and type from a day on; an answer to each point; photos of what is wrong."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from reception.choices import OrderKind, OrderState
from tests.factories.files import photo
from tests.factories.organization import StaffFactory
from tests.factories.reception import MORNING, RepairOrderFactory
from tests.factories.workshop import ClockEntryFactory, InspectionFactory, JobFactory
from workshop import actions, queries
from workshop.choices import InspectionLevel, InspectionResult, JobState
from workshop.models import DefectPhoto, Inspection, Job
from workshop.shipped import POINTS

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)
TODAY = MORNING.date()
PASSED, FAILED = InspectionResult.PASSED, InspectionResult.FAILED
FINAL = InspectionLevel.FINAL


def finished_car(people, **fields):
    order = RepairOrderFactory(store=people.store, advisor=people.advisor, state=OrderState.INSPECTION, **fields)
    JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.FINISHED)
    return order


def write(people, points, *, kind="", starts_on=TODAY, **fields):
    return actions.change_check_list(
        store=people.store, level=FINAL, order_kind=kind, points=points, starts_on=starts_on, by=people.workshop,
        at=MORNING, **fields,
    )  # fmt: skip


def inspect(car, people, **fields):
    return actions.inspect_order(
        **{"order": car, "level": FINAL, "result": PASSED, "by": people.inspector, "at": NOON, **fields}
    )


@pytest.fixture
def look(client):
    def open_as(person, name, *args, data=None, **query):
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        address = reverse(f"workshop:{name}", args=args)
        return client.get(address, query) if data is None else client.post(address, data)

    return open_as


# ── Check-lists ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_list_of_a_type_takes_the_place_of_that_for_every_type_from_its_day_on(people, others):
    write(people, ["试车", "清洁"])
    write(people, ["漆面无色差", " 漆面无色差 ", ""], kind=OrderKind.ACCIDENT)
    write(people, ["四轮定位"], kind=OrderKind.ACCIDENT, starts_on=TODAY + timedelta(days=3))
    write(people, [], kind=OrderKind.ACCIDENT, starts_on=TODAY + timedelta(days=5))

    def points(kind, days, store=people.store):
        return queries.points_of(FINAL, store=store, on=TODAY + timedelta(days=days))[kind]

    shipped = list(POINTS[FINAL])
    assert [points(kind, days) for kind, days in (("repair", -1), ("repair", 0), ("accident", 0), ("accident", 4))] == [
        shipped, ["试车", "清洁"], ["漆面无色差"], ["四轮定位"],
    ]  # fmt: skip
    assert (points("accident", 6), points("accident", 6, others.store)) == (["试车", "清洁"], shipped)


def test_what_a_car_was_checked_by_stays_when_the_list_changes(people):
    write(people, ["漆面无色差"], kind=OrderKind.REPAIR)
    inspect(finished_car(people, kind=OrderKind.REPAIR), people)
    write(people, ["试车"], kind=OrderKind.REPAIR)
    inspect(finished_car(people, kind=OrderKind.REPAIR), people)
    kept = Inspection.objects.filter(level=FINAL).order_by("id")
    assert [one.checklist for one in kept] == [{"漆面无色差": True}, {"试车": True}]


@pytest.mark.parametrize(
    ("points", "fields", "field"),
    [
        ([" "], {}, "points"),
        (["点"] * 1 + [f"点 {number}" for number in range(40)], {}, "points"),
        (["长" * 61], {}, "points"),
        (["试车"], {"starts_on": date(2026, 10, 11)}, "starts_on"),
    ],
)
def test_impossible_lists_are_refused(people, points, fields, field):
    with pytest.raises(Refusal) as caught:
        write(people, points, **fields)
    assert caught.value.field == field


def test_the_supervisor_writes_lists_on_a_page_that_shows_what_holds(people, look):
    began = look(people.workshop, "check_list_change", level="final", kind="accident").context["form"].initial
    assert began["points"].splitlines() == list(POINTS[FINAL])
    body = {"level": "final", "order_kind": "accident", "starts_on": began["starts_on"], "points": "漆面\r\n\r\n间隙"}
    assert look(people.workshop, "check_list_change", data=body).status_code == 302
    lists = look(people.workshop, "check_lists").context["lists"]
    assert [(one.level, one.order_kind) for one in lists] == [
        ("self", ""), ("team", ""), ("final", ""), ("final", "accident"),
    ]  # fmt: skip
    assert lists[-1].points == ["漆面", "间隙"]


# ── An answer to each point ──────────────────────────────────────────────────────────────────────────────────────────
def test_a_point_that_does_not_apply_lets_the_car_pass_and_one_not_in_order_does_not(people):
    car = finished_car(people)
    point, other = POINTS[FINAL][:2]
    with pytest.raises(Refusal) as caught:
        inspect(car, people, checklist={point: False, other: None})
    assert (caught.value.code, point in str(caught.value)) == ("check_incomplete", True)
    inspect(car, people, checklist={other: None})
    kept = Inspection.objects.get(level=FINAL).checklist
    assert kept == {**dict.fromkeys(POINTS[FINAL], True), other: None}


def test_a_failed_car_says_which_points_with_pictures_and_who_answers_is_told(
    people, look, django_capture_on_commit_callbacks
):
    car = finished_car(people)
    body = {
        "version": car.version, "result": "failed", "point_1": "wrong", "point_2": "fine",
        "responsible": people.technician.pk, "photos": [photo("一.jpg"), photo("二.jpg")],
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert look(people.inspector, "inspection", car.pk, data=body).status_code == 302
    failed = Inspection.objects.get(level=FINAL)
    names = POINTS[FINAL]
    assert (failed.defects, failed.checklist) == (names[1], {names[1]: False, names[2]: True})
    assert [notice.recipient for notice in Notice.objects.filter(key__startswith="inspection:")] == [people.technician]
    pictures = [look(people.technician, "defect_photo", one.pk, **size) for one, size in zip(
        DefectPhoto.objects.all(), ({}, {"small": "1"}), strict=True
    )]  # fmt: skip
    assert [(answer.status_code, answer["Content-Type"]) for answer in pictures] == [(200, "image/jpeg")] * 2
    assert names[1] in look(people.technician, "my_jobs").content.decode()


def test_a_picture_that_is_none_fails_nothing(people, look):
    car = finished_car(people)
    broken = photo("坏.jpg")
    broken.file.truncate(40)
    body = {
        "version": car.version, "result": "failed", "defects": "渗油", "responsible": people.technician.pk,
        "photos": broken,
    }  # fmt: skip
    answer = look(people.inspector, "inspection", car.pk, data=body)
    car.refresh_from_db()
    assert (list(answer.context["form"].errors), car.state) == (["photos"], OrderState.INSPECTION)


def test_pictures_of_another_store_are_not_there(people, others, look):
    inspect(finished_car(people), people, result=FAILED, defects="渗油", responsible=people.technician,
            photos=[photo()])  # fmt: skip
    assert look(others.technician, "defect_photo", DefectPhoto.objects.get().pk).status_code == 404


# ── Who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_who_only_helped_answers_for_defects_and_does_not_inspect_finally(people):
    car = finished_car(people)
    people.inspector.roles = ["inspector", "technician"]
    people.inspector.save()
    job = car.jobs.get()
    for person in (people.second_technician, people.inspector):
        ClockEntryFactory(job=job, technician=person, started_at=job.started_at, ended_at=job.finished_at)
    with pytest.raises(Refusal) as caught:
        inspect(car, people)
    assert caught.value.code == "own_work"
    another = StaffFactory(role="inspector", store=people.store)
    failed = inspect(car, people, by=another, result=FAILED, defects="渗油", responsible=people.second_technician)
    assert Job.objects.get(caused_by=failed).technician == people.second_technician


# ── Internal reworks ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_failed_is_listed_with_the_time_of_the_redo(people, others, look):
    car = finished_car(people)
    failed = inspect(car, people, result=FAILED, defects="渗油", responsible=people.technician)
    redo = failed.reworks.get()
    actions.start_job(job=redo, by=people.technician, at=NOON)
    actions.finish_job(job=redo, by=people.technician, at=NOON + timedelta(minutes=25))
    InspectionFactory(order=finished_car(others), inspected_by=others.inspector, result=FAILED, defects="x")
    page = look(people.workshop, "reworks")
    assert page.context["checks"] == [(failed, 25)]
    assert f"staff={people.technician.pk}" in page.content.decode()
    form = look(people.workshop, "deduction_new", staff=people.technician.pk, reason="终检 渗油").context["form"]
    assert (form.initial["staff"], form.initial["reason"]) == (str(people.technician.pk), "终检 渗油")


@pytest.mark.parametrize("cars", [1, 30])
def test_the_list_of_reworks_costs_the_same_however_long(people, look, cars, django_assert_num_queries):
    order = finished_car(people)
    for _ in range(cars):
        failed = InspectionFactory(
            order=order, inspected_by=people.inspector, result=FAILED, defects="渗油", responsible=people.technician
        )
        JobFactory(order=order, is_rework=True, caused_by=failed, team=people.mechanics, technician=people.technician,
                   state=JobState.FINISHED)  # fmt: skip
    with django_assert_num_queries(5):  # checks, photos, redos, their clocks, whose
        rows = list(queries.failed_inspections(people.workshop)[:50])
        assert [queries.minutes_of_redo(one, NOON) for one in rows] == [60] * cars
