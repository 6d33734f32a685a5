"""The plan of shifts (排班): written cell by cell, or taken over from the week before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal
from workshop import formulas
from workshop.models import Shift
from workshop.queries import hours_of, patterns_of, shifts_between, week_plan

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ShiftChange:
    """One cell of the plan: what somebody saw there, and what is to stand there. None: nothing planned."""

    staff: Staff
    day: date
    was: formulas.Hours | None
    hours: formulas.Hours | None


@transaction.atomic
def plan_shifts(*, store: Store, changes: Sequence[ShiftChange], by, at: datetime) -> int:
    """Write cells of the plan; returns how many changed. Only what is to come is planned.

    Two people may plan the same week at once: refused is only a cell that somebody else has changed meanwhile.
    """
    store = Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    changes = [change for change in changes if change.was != change.hours]
    if not changes:
        return 0
    today, days = at.astimezone(store.tz).date(), [change.day for change in changes]
    standing = {(row.staff_id, row.day): row for row in shifts_between(store, min(days), max(days))}
    patterns = patterns_of(store, today)
    for change in changes:
        row = standing.get((change.staff.pk, change.day))
        _refuse_wrong(change, row and hours_of(row, store), store, today, patterns)
    Shift.objects.filter(
        pk__in=[row.pk for change in changes if (row := standing.get((change.staff.pk, change.day)))]
    ).delete()
    Shift.objects.bulk_create(_row(change, store) for change in changes if change.hours)
    told = {
        f"{change.staff} {change.day:%m-%d}": [
            formulas.written(change.was, patterns), formulas.written(change.hours, patterns)
        ]
        for change in changes
    }  # fmt: skip
    journal.record(by=by, at=at, verb="shift.planned", subject=store, store=store, changes=told)
    return len(changes)


@transaction.atomic
def copy_week(*, store: Store, monday: date, by, at: datetime) -> int:
    """Take the shifts of the week before over into the empty cells of a week; returns how many."""
    today = at.astimezone(store.tz).date()
    before, week = week_plan(store, monday - WEEK), week_plan(store, monday)
    usual = {row.person.pk: row.week for row in before.people}
    changes = [
        ShiftChange(row.person, day, None, hours)
        for row in week.people
        for day, planned, hours in zip(week.days, row.week, usual.get(row.person.pk, []), strict=False)
        if planned is None and hours is not None and day >= today and _is_employed(row.person, day)
    ]
    if not changes:
        raise Refusal(
            _("The week before has nothing that could be taken over into empty days to come."), code="nothing_to_copy"
        )
    return plan_shifts(store=store, changes=changes, by=by, at=at)


def _row(change: ShiftChange, store: Store) -> Shift:
    starts, ends = (None, None) if change.hours.is_off else formulas.moments(change.day, change.hours, store.tz)
    return Shift(staff=change.staff, day=change.day, starts_at=starts, ends_at=ends)


def _refuse_wrong(change: ShiftChange, standing, store: Store, today: date, patterns) -> None:
    cell = {"person": change.staff, "day": f"{change.day:%m-%d}"}
    if change.staff.store_id != store.pk:
        raise Refusal(_("%(person)s belongs to another store.") % cell, code="other_store")
    if change.day < today:
        raise Refusal(_("%(day)s is over; only what is to come is planned.") % cell, code="day_over")
    if not _is_employed(change.staff, change.day):
        raise Refusal(_("%(person)s is not employed on %(day)s.") % cell, code="not_employed")
    if standing != change.was:
        raise Refusal(
            _("%(person)s on %(day)s was planned anew meanwhile: %(now)s. Look at the plan again.")
            % {**cell, "now": formulas.written(standing, patterns) or "—"},
            code="stale",
        )
    if change.hours and not change.hours.is_off and formulas.lasts_too_long(change.hours):
        raise Refusal(
            _("%(person)s on %(day)s: %(hours)s is longer than 16 hours.") % {**cell, "hours": change.hours},
            code="shift_too_long",
        )


def _is_employed(staff: Staff, day: date) -> bool:
    return staff.is_active and (staff.left_on is None or staff.left_on >= day)
