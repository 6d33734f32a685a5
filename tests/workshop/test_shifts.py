"""Who can do what, who is to be there when, and who was: skills, shifts, attendance."""

import threading
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse

from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal
from reception.choices import OrderState, Skill
from tests.factories.organization import StaffFactory
from tests.factories.reception import RepairOrderFactory
from tests.factories.workshop import JobFactory
from workshop import actions, formulas, queries, tasks
from workshop.actions import ShiftChange
from workshop.choices import JobState
from workshop.formulas import DAY_OFF, Hours
from workshop.models import Attendance, ClockEntry, Shift

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 10, 12)
EARLY, LATE, NIGHT = Hours(time(8), time(17)), Hours(time(10), time(19)), Hours(time(22), time(6))
PATTERNS = {"早班": EARLY, "晚班": LATE, "晚加": NIGHT}


def moment(text: str) -> datetime:
    """ "12 09:30" in October 2026."""
    return datetime.strptime(f"2026-10-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


NOW = moment("12 09:00")


def signed_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def refused(deed, **fields) -> str:
    with pytest.raises(Refusal) as caught:
        deed(**fields)
    return caught.value.code


def plan(people, *cells, at=NOW):
    """Cells as (person, day of October, was, hours)."""
    changes = [ShiftChange(person, date(2026, 10, day), was, hours) for person, day, was, hours in cells]
    return actions.plan_shifts(store=people.store, changes=changes, by=people.workshop, at=at)


def planned(people):
    return [
        (row.staff.name, row.day.day, str(queries.hours_of(row, people.store)))
        for row in Shift.objects.select_related("staff")
    ]


# ── Formulas ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", None),
        ("  ", None),
        ("休", DAY_OFF),
        ("OFF", DAY_OFF),
        ("早班", EARLY),
        ("早", EARLY),
        ("8-17", EARLY),
        ("０８：００～１７：００", EARLY),
        ("0800-1700", EARLY),
        ("8:00 至 17:00", EARLY),
        ("22-6", NIGHT),
        ("8:30—24", Hours(time(8, 30), time(0))),
        ("晚", "refused"),
        ("8-8", "refused"),
        ("25-26", "refused"),
        ("8:70-9", "refused"),
        ("早上", "refused"),
    ],
)
def test_a_shift_is_read_as_people_write_it(text, found):
    if found == "refused":
        with pytest.raises(ValueError, match=text):
            formulas.read_shift(text, PATTERNS)
    else:
        assert formulas.read_shift(text, PATTERNS) == found


def test_usual_shifts_are_a_name_and_hours_and_shown_by_their_name():
    assert formulas.read_patterns(["早班 08:00-17:00", " 晚班  10-19 ", "空话", "08:00-17:00", ""]) == {
        "早班": EARLY, "晚班": LATE,
    }  # fmt: skip
    shown = [formulas.written(hours, PATTERNS) for hours in (EARLY, DAY_OFF, None, Hours(time(7), time(15, 30)))]
    assert shown == ["早班", "休", "", "07:00-15:30"]
    assert formulas.moments(MONDAY, NIGHT, SHANGHAI) == (moment("12 22:00"), moment("13 06:00"))
    assert [formulas.lasts_too_long(one) for one in (EARLY, NIGHT, Hours(time(6), time(5)))] == [False, False, True]


# ── Shifts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_shifts_are_planned_changed_and_taken_away_cell_by_cell(people):
    one, two = people.technician, people.second_technician
    assert plan(people, (one, 12, None, EARLY), (one, 13, None, DAY_OFF), (two, 12, None, NIGHT)) == 3
    assert planned(people) == [("王刚", 12, str(EARLY)), ("马超", 12, str(NIGHT)), ("王刚", 13, "休")]
    assert plan(people, (one, 12, EARLY, LATE), (one, 13, DAY_OFF, None), (two, 12, NIGHT, NIGHT)) == 2
    assert planned(people) == [("王刚", 12, str(LATE)), ("马超", 12, str(NIGHT))]
    assert Entry.objects.filter(verb="shift.planned").latest("pk").changes == {
        "王刚 10-12": ["早班", "晚班"], "王刚 10-13": ["休", ""],
    }  # fmt: skip


def test_a_cell_that_can_not_be_is_refused_and_nothing_of_the_plan_is_written(people, others):
    gone = StaffFactory(role="technician", team=people.mechanics, left_on=date(2026, 10, 14))
    plan(people, (people.technician, 15, None, EARLY))
    good = (people.technician, 16, None, EARLY)
    for cell, code in (
        ((others.technician, 13, None, EARLY), "other_store"),
        ((people.technician, 11, None, EARLY), "day_over"),
        ((gone, 15, None, EARLY), "not_employed"),
        ((people.technician, 15, None, LATE), "stale"),
        ((people.technician, 14, None, Hours(time(6), time(5))), "shift_too_long"),
    ):
        with pytest.raises(Refusal) as caught:
            plan(people, good, cell)
        assert caught.value.code == code
    assert planned(people) == [("王刚", 15, str(EARLY))]


def test_last_week_is_taken_over_into_empty_days_to_come(people):
    one, two = people.technician, people.second_technician
    left = StaffFactory(role="technician", team=people.mechanics, left_on=date(2026, 10, 20))
    monday = moment("12 07:00")
    plan(people, (one, 12, None, EARLY), (one, 14, None, NIGHT), (two, 14, None, DAY_OFF), (left, 14, None, EARLY),
         (two, 21, None, LATE), at=monday)  # fmt: skip
    copied = {"store": people.store, "monday": date(2026, 10, 19), "by": people.workshop}
    assert actions.copy_week(**copied, at=moment("20 09:00")) == 1  # Monday is over, Wednesday is planned or left
    assert planned(people)[-2:] == [("王刚", 21, str(NIGHT)), ("马超", 21, str(LATE))]
    assert refused(actions.copy_week, **copied, at=moment("20 09:00")) == "nothing_to_copy"


def test_who_is_on_shift_follows_the_plan_and_without_one_the_opening_hours(people, django_assert_num_queries):
    person, other = people.technician, people.second_technician
    for hours, at, on_shift, may_be_given in (
        ("no plan", "12 09:00", True, True),  # opening hours, which keep nobody from work
        ("no plan", "12 19:00", False, True),
        (EARLY, "12 07:30", False, True),
        (EARLY, "12 16:59", True, True),
        (EARLY, "12 17:00", False, False),
        (DAY_OFF, "12 10:00", False, False),
        (None, "12 10:00", False, False),  # others are planned, this person is not
        (NIGHT, "13 05:00", True, True),  # the night shift of the day before
        (NIGHT, "13 07:00", False, False),
    ):
        Shift.objects.all().delete()
        if hours != "no plan":
            cells = [(person, 12, None, hours), (other, 12, None, EARLY), (other, 13, None, EARLY)]
            plan(people, *cells, at=moment("12 07:00"))
        with django_assert_num_queries(2):
            assert queries.on_shift(person, moment(at)) is on_shift
        assert queries.day_plan(people.store, moment(at)).may_be_given_work(person.pk, moment(at)) is may_be_given


def test_who_came_is_there_whatever_the_plan_says(people):
    plan(people, (people.technician, 12, None, DAY_OFF))
    actions.come(by=people.technician, at=moment("12 20:00"))
    assert queries.on_shift(people.technician, moment("12 21:00"))


def test_the_week_is_planned_on_its_page_and_last_week_copied(people, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    signed_in(client, people.workshop)
    address = reverse("workshop:shifts")
    page = client.get(address)
    cells = {name: field.initial for name, field in page.context["form"].fields.items()}
    mine = f"s{people.technician.pk}-261013"
    answer = client.post(f"{address}?week=2026-10-14", {**cells, mine: "早"})
    assert (answer.status_code, answer.url) == (302, f"{address}?week=2026-10-12")
    assert planned(people) == [("王刚", 13, str(EARLY))]
    wrong = client.post(address, {**cells, mine: "早上", f"{mine}-was": "早班"})
    assert list(wrong.context["form"].errors) == [mine]
    overtaken = client.post(address, {**cells, mine: "晚班"})
    assert len(overtaken.context["form"].non_field_errors()) == 1
    assert client.post(reverse("workshop:shifts_copy"), {"week": "2026-10-19"}).status_code == 302
    assert planned(people) == [("王刚", 13, str(EARLY)), ("王刚", 20, str(EARLY))]
    assert client.get(f"{address}?week=nonsense").context["monday"] == MONDAY


@pytest.mark.django_db(transaction=True)
def test_two_supervisors_plan_the_same_cell_at_once_and_one_is_told(people):
    said, start = [], threading.Barrier(2)

    def write(hours):
        start.wait()
        try:
            said.append(plan(people, (people.technician, 13, None, hours)))
        except Refusal as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[hours]) for hours in (EARLY, LATE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said, key=str) == [1, "stale"]
    assert Shift.objects.count() == 1


# ── Skills ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_skills_hold_from_a_day_and_are_set_on_the_page_of_a_team(people, others, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    signed_in(client, people.workshop)
    page = reverse("workshop:team_skills", args=[people.mechanics.pk])
    one, two = people.technician, people.second_technician
    assert queries.skills_in_force(people.store, MONDAY) == {}
    client.post(page, {"starts_on": "2026-10-12", f"p{one.pk}": ["mechanical", "maintenance"]})
    client.post(page, {"starts_on": "2026-10-20", f"p{one.pk}": ["electrical"], f"p{two.pk}": []})
    assert queries.skills_in_force(people.store, MONDAY) == {one.pk: frozenset({"maintenance", "mechanical"})}
    assert queries.skills_in_force(people.store, date(2026, 10, 20)) == {one.pk: frozenset({"electrical"})}
    assert client.post(page, {"starts_on": "2026-10-11", f"p{one.pk}": []}).context["form"].errors["starts_on"]
    assert client.get(reverse("workshop:team_skills", args=[others.mechanics.pk])).status_code == 404
    assert refused(
        actions.set_skills, technician=people.advisor, skills=[Skill.BODY], starts_on=MONDAY, by=people.workshop, at=NOW
    ) == "no_technician"  # fmt: skip
    shown = client.get(reverse("workshop:skills")).context["teams"]
    [(_two, _one)] = [(a, b) for team in shown if team.team == people.mechanics for a, b in [team.people]]
    assert {one.person: one.skills for one in (_two, _one)}[people.technician] == [
        Skill.MAINTENANCE, Skill.MECHANICAL,
    ]  # fmt: skip


# ── Attendance ───────────────────────────────────────────────────────────────────────────────────────────────────────
def times(people):
    return [
        (row.staff.name, f"{row.came_at.astimezone(SHANGHAI):%d %H:%M}",
         row.left_at and f"{row.left_at.astimezone(SHANGHAI):%d %H:%M}")
        for row in Attendance.objects.select_related("staff").order_by("came_at")
    ]  # fmt: skip


def running_job(people, since="12 09:00"):
    order = RepairOrderFactory(
        store=people.store, advisor=people.advisor, state=OrderState.IN_PROGRESS, began_at=moment(since)
    )
    return JobFactory(
        order=order, team=people.mechanics, technician=people.technician, state=JobState.RUNNING,
        started_at=moment(since),
    )  # fmt: skip


def test_a_technician_comes_and_goes_by_one_touch(people, client):
    signed_in(client, people.technician)
    shown = reverse("workshop:attendance_own")
    assert client.get(shown).context["there"] is None
    client.post(reverse("workshop:attendance_come"))
    assert client.get(shown).context["there"].staff == people.technician
    client.post(reverse("workshop:attendance_leave"))
    assert Attendance.objects.get().left_at


def test_what_can_not_be_touched_is_said(people):
    one = people.technician
    assert refused(actions.leave, by=one, at=NOW) == "not_there"
    assert refused(actions.come, by=people.advisor, at=NOW) == "no_technician"
    actions.come(by=one, at=NOW)
    assert refused(actions.come, by=one, at=NOW) == "is_there"
    running_job(people)
    assert refused(actions.leave, by=one, at=moment("12 10:00")) == "clock_running"


def test_the_supervisor_enters_corrects_and_strikes_with_a_reason(people, others, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("13 12:00"))
    signed_in(client, people.workshop)
    new = reverse("workshop:attendance_new", args=[people.technician.pk])
    sent = {"came_at": "2026-10-12T08:00", "left_at": "2026-10-12T12:00", "reason": "忘记打卡"}
    assert client.post(f"{new}?day=2026-10-12", sent).url.endswith("?day=2026-10-12")
    row = Attendance.objects.get()
    client.post(reverse("workshop:attendance_correct", args=[row.pk]), {**sent, "left_at": "2026-10-12T17:00"})
    assert times(people) == [("王刚", "12 08:00", "12 17:00")]
    told = Entry.objects.get(verb="attendance.corrected")
    assert (told.note, list(told.changes)) == ("忘记打卡", ["left_at"])
    page = client.get(reverse("workshop:attendance"), {"day": "2026-10-12"})
    assert [(one.person.name, len(one.times)) for one, _hours in page.context["people"]] == [("王刚", 1), ("马超", 0)]
    client.post(reverse("workshop:attendance_strike", args=[row.pk]), {"reason": ""})
    assert Attendance.objects.count() == 1
    client.post(reverse("workshop:attendance_strike", args=[row.pk]), {"reason": "替人打卡"})
    assert Attendance.objects.count() == 0
    foreign = Attendance.objects.create(staff=others.technician, day=MONDAY, came_at=NOW)
    assert client.get(reverse("workshop:attendance_correct", args=[foreign.pk])).status_code == 404


def test_attendance_that_can_not_have_been_is_refused(people):
    there = {"came_at": moment("12 10:00"), "left_at": moment("12 12:00")}
    Attendance.objects.create(staff=people.technician, day=MONDAY, **there)
    for came, left, reason, code in (
        ("12 08:00", "12 09:00", " ", "reason_missing"),
        ("12 13:00", None, "x", "in_future"),
        ("12 08:00", "12 13:00", "x", "in_future"),
        ("12 08:00", "12 08:00", "x", "left_before_coming"),
        ("10 08:00", "11 09:00", "x", "too_long"),
        ("12 08:00", "12 10:30", "x", "overlaps"),
        ("12 11:30", None, "x", "overlaps"),
        ("12 08:00", None, "x", "overlaps"),
    ):
        asked = {"came_at": moment(came), "left_at": left and moment(left), "reason": reason}
        entered = {"staff": people.technician, "by": people.workshop, "at": moment("12 12:30"), **asked}
        assert refused(actions.enter_attendance, **entered) == code


def test_who_forgot_to_go_went_when_the_shift_ended(people):
    for shift, worked_until, at, left in (
        (EARLY, None, "12 17:29", None),  # patience
        (EARLY, None, "12 17:30", "12 17:00"),
        (LATE, None, "12 18:45", None),
        (LATE, None, "12 19:30", "12 19:00"),
        (None, None, "12 18:30", "12 18:00"),  # no plan: closing time
        (EARLY, "12 18:10", "12 18:20", "12 18:10"),  # worked on behind the end of the shift
    ):
        Shift.objects.all().delete()
        Attendance.objects.all().delete()
        if shift:
            plan(people, (people.technician, 12, None, shift), at=moment("12 07:00"))
        actions.come(by=people.technician, at=moment("12 08:30"))
        if worked_until:
            ClockEntry.objects.filter(job=running_job(people)).update(ended_at=moment(worked_until))
        actions.close_forgotten_attendance(store=people.store, at=moment(at))
        assert times(people) == [("王刚", "12 08:30", left)]
        [shown] = [one for one in queries.attendance_of_day(people.store, MONDAY) if one.times]
        assert bool(shown.closed) is bool(left)


def test_whose_clock_runs_is_still_there_and_the_sweep_finds_them_once_it_is_closed(people, monkeypatch):
    actions.come(by=people.technician, at=moment("12 08:30"))
    job = running_job(people)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("12 23:00"))
    tasks.close_forgotten_attendance()
    assert times(people) == [("王刚", "12 08:30", None)]
    ClockEntry.objects.filter(job=job).update(ended_at=moment("12 12:00"))
    for _twice in range(2):
        tasks.close_forgotten_attendance()
    assert times(people) == [("王刚", "12 08:30", "12 18:00")]


@pytest.mark.parametrize("staff", [1, 30])
def test_the_pages_cost_the_same_however_many_people_there_are(people, staff, client, django_assert_max_num_queries):
    for _number in range(staff):
        person = StaffFactory(role="technician", team=people.mechanics)
        Attendance.objects.create(
            staff=person, day=date.today() - timedelta(days=1), came_at=NOW, left_at=NOW + timedelta(hours=1)
        )
    signed_in(client, people.workshop)
    for page in ("shifts", "attendance", "skills"):
        with django_assert_max_num_queries(12):
            client.get(reverse(f"workshop:{page}"))
