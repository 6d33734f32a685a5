"""The plan of shifts, and who is there by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.organization.queries import figure
from workshop import formulas
from workshop.models import Attendance, Shift
from workshop.queries.technicians import technicians_of
from workshop.settings import SHIFT_PATTERNS


@dataclass(frozen=True)
class PlannedPerson:
    """A row of the week: the shifts of one person, Monday first; None where nothing is planned."""

    person: Staff
    team: Team
    week: list[formulas.Hours | None]


@dataclass(frozen=True)
class WeekPlan:
    days: list[date]
    people: list[PlannedPerson]
    patterns: dict[str, formulas.Hours]


def week_plan(store: Store, monday: date) -> WeekPlan:
    """The shifts of a week, for those who work in it. Five queries, however many they are."""
    days = [monday + timedelta(days=number) for number in range(7)]
    planned = {(row.staff_id, row.day): hours_of(row, store) for row in shifts_between(store, days[0], days[-1])}
    teams = Team.objects.filter(store=store).in_bulk()
    people = {one.pk: one for day in (days[-1], days[0]) for one in technicians_of(store, day)}
    return WeekPlan(
        days,
        [
            PlannedPerson(person, teams[person.team_id_now], [planned.get((person.pk, day)) for day in days])
            for person in sorted(people.values(), key=lambda one: (teams[one.team_id_now].name, one.work_number))
        ],
        patterns_of(store, monday),
    )


def shifts_between(store: Store, first: date, last: date) -> QuerySet[Shift]:
    return Shift.objects.filter(staff__store=store, day__range=(first, last))


def patterns_of(store: Store, on: date) -> dict[str, formulas.Hours]:
    """Name → hours of the store's usual shifts."""
    return formulas.read_patterns(figure(SHIFT_PATTERNS, store=store, on=on))


def hours_of(shift: Shift, store: Store) -> formulas.Hours:
    if shift.starts_at is None:
        return formulas.DAY_OFF
    starts, ends = (moment.astimezone(store.tz) for moment in (shift.starts_at, shift.ends_at))
    return formulas.Hours(starts.time(), ends.time())


def day_plan(store: Store, at: datetime, *, present: Iterable[int] | None = None) -> formulas.DayPlan:
    """Who is to be there on the store's day of `at`, and who is. A night shift of the day before counts until it ends.

    Two queries; one where the caller knows who is `present`.
    """
    day = at.astimezone(store.tz).date()
    spans, past_midnight = {}, {}
    for shift in shifts_between(store, day - timedelta(days=1), day):
        span = (shift.starts_at, shift.ends_at) if shift.starts_at else None
        if shift.day == day:
            spans[shift.staff_id] = span
        elif span and span[1] > at:
            past_midnight[shift.staff_id] = span
    if present is None:
        present = Attendance.objects.filter(staff__store=store, left_at=None).values_list("staff", flat=True)
    return formulas.DayPlan(
        opens_at=datetime.combine(day, store.opens_at, store.tz),
        closes_at=datetime.combine(day, store.closes_at, store.tz),
        spans=spans and spans | past_midnight,
        present=frozenset(present),
    )


def on_shift(staff: Staff, at: datetime) -> bool:
    """Whether somebody is there, or is to be there by the plan; without a plan, by the opening hours."""
    return day_plan(staff.store, at).is_on_shift(staff.pk, at)


def next_shift(staff: Staff, at: datetime) -> Shift | None:
    """The next shift that begins after a moment, within two weeks."""
    coming = Shift.objects.filter(staff=staff, starts_at__range=(at, at + timedelta(days=14)))
    return coming.order_by("starts_at").first()


def shift_ends(people: Iterable[int], days: Iterable[date]) -> dict[tuple[int, date], datetime]:
    """(Person, day) → when the planned shift ends. One query."""
    rows = Shift.objects.filter(staff__in=set(people), day__in=set(days), ends_at__isnull=False)
    return {(staff, day): ends for staff, day, ends in rows.values_list("staff", "day", "ends_at")}
