"""Who came and went."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from dealer_crm.journal.models import Entry
from dealer_crm.organization.models import Staff, Store, Team
from workshop import formulas
from workshop.models import Attendance, Shift
from workshop.queries.shifts import hours_of
from workshop.queries.technicians import technicians_of


@dataclass
class Present:
    """A person on one day: the shift as planned, and each time they were there. `closed`: ended by the program."""

    person: Staff
    team: Team
    shift: formulas.Hours | None = None
    times: list[Attendance] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)

    @property
    def is_missing(self) -> bool:
        return not self.times and self.shift is not None and not self.shift.is_off

    def attended(self, at: datetime) -> timedelta:
        return sum(((one.left_at or at) - one.came_at for one in self.times), timedelta())


def attendance_visible_to(staff: Staff) -> QuerySet[Attendance]:
    rows = Attendance.objects.select_related("staff__store")
    return rows if staff.sees_all_stores else rows.filter(staff__store=staff.store_id)


def attendance_of_day(store: Store, day: date) -> list[Present]:
    """Everybody of the workshop on a day, by team. Five queries."""
    teams = Team.objects.filter(store=store).in_bulk()
    shifts = {row.staff_id: hours_of(row, store) for row in Shift.objects.filter(staff__store=store, day=day)}
    times = defaultdict(list)
    for row in Attendance.objects.filter(staff__store=store, day=day).select_related("entered_by"):
        times[row.staff_id].append(row)
    closed = Entry.objects.filter(
        verb="attendance.closed_at_shift_end",
        subject_type=Attendance._meta.label_lower,
        subject_id__in=[str(one.pk) for rows in times.values() for one in rows],
    )
    by_program = {int(number) for number in closed.values_list("subject_id", flat=True)}
    people = [
        Present(person, teams[person.team_id_now], shifts.get(person.pk), times[person.pk], by_program)
        for person in technicians_of(store, day)
    ]
    return sorted(people, key=lambda one: (one.team.name, one.person.work_number))


def open_attendance(staff: Staff) -> Attendance | None:
    """The attendance of somebody who is there."""
    return Attendance.objects.filter(staff=staff, left_at=None).first()


def stores_with_open_attendance() -> QuerySet[Store]:
    return Store.objects.filter(pk__in=Attendance.objects.filter(left_at=None).values("staff__store"))
