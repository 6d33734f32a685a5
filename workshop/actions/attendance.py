"""Attendance (出勤): who came and went. By one touch of the technician, put right by the supervisor."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from workshop import formulas
from workshop.models import Attendance, ClockEntry
from workshop.queries import open_attendance, running_entry, shift_ends, technicians_of
from workshop.settings import FORGOTTEN_CLOCK_MINUTES

LONGEST = timedelta(hours=24)


@transaction.atomic
def come(*, by: Staff, at: datetime) -> Attendance:
    """A technician is there from now."""
    _refuse_stranger(by, at)
    try:
        with transaction.atomic():
            row = Attendance.objects.create(staff=by, day=_day(by, at), came_at=at, entered_by=by)
    except IntegrityError:
        since = open_attendance(by)
        raise Refusal(
            _("You are there since %(time)s.") % {"time": _clock(since.came_at if since else at)}, code="is_there"
        ) from None
    journal.record(by=by, at=at, verb="attendance.came", subject=row, store=by.store)
    return row


@transaction.atomic
def leave(*, by: Staff, at: datetime) -> Attendance:
    """A technician goes. Refused while the own clock runs: the work would go on without anybody."""
    row = Attendance.objects.select_for_update().filter(staff=by, left_at=None).first()
    if row is None:
        raise Refusal(_("You have not come yet today."), code="not_there")
    if running := running_entry(by):
        raise Refusal(
            _("Your clock runs on %(job)s (%(plate)s). Pause or finish it first.")
            % {"job": running.job, "plate": running.job.order.vehicle.plate},
            code="clock_running",
        )
    row.left_at = max(at, row.came_at + timedelta(seconds=1))
    row.save(update_fields=["left_at"])
    journal.record(by=by, at=at, verb="attendance.left", subject=row, store=by.store)
    return row


@transaction.atomic
def enter_attendance(
    *, staff: Staff, came_at: datetime, left_at: datetime | None, reason: str, by, at: datetime
) -> Attendance:
    """What somebody forgot to touch: entered by the supervisor, with the reason."""
    _locked_person(staff)
    _refuse_stranger(staff, came_at)
    _refuse_wrong(staff, came_at, left_at, reason, at)
    row = Attendance.objects.create(
        staff=staff, day=_day(staff, came_at), came_at=came_at, left_at=left_at, entered_by=by
    )
    _record(row, "attendance.entered", {"came_at": [None, came_at], "left_at": [None, left_at]}, reason, by, at)
    return row


@transaction.atomic
def correct_attendance(
    *, attendance: Attendance, came_at: datetime, left_at: datetime | None, reason: str, by, at: datetime
) -> Attendance:
    """Put a time right, with the reason."""
    _locked_person(attendance.staff)
    row = _locked(attendance)
    _refuse_wrong(row.staff, came_at, left_at, reason, at, other_than=row)
    before = {"came_at": row.came_at, "left_at": row.left_at}
    row.came_at, row.left_at, row.day = came_at, left_at, _day(row.staff, came_at)
    if changes := journal.changed_fields(before, row):
        row.save(update_fields=["came_at", "left_at", "day"])
        _record(row, "attendance.corrected", changes, reason, by, at)
    return row


@transaction.atomic
def strike_attendance(*, attendance: Attendance, reason: str, by, at: datetime) -> None:
    """Take away what never was: somebody touched for a colleague, or twice."""
    row = _locked(attendance)
    if not reason.strip():
        raise Refusal(_("Say why the attendance is changed."), field="reason", code="reason_missing")
    changes = {"came_at": [row.came_at, None], "left_at": [row.left_at, None]}
    _record(row, "attendance.struck", changes, reason, by, at)
    row.delete()


def close_forgotten_attendance(*, store: Store, at: datetime) -> list[Attendance]:
    """Whoever forgot to leave went when the shift ended, or with the last clock behind it. Returns what was closed.

    Run after the forgotten clocks: whose clock still runs is still there.
    """
    patience = timedelta(minutes=figure(FORGOTTEN_CLOCK_MINUTES, store=store, on=at.astimezone(store.tz).date()))
    rows = list(Attendance.objects.filter(staff__store=store, left_at=None).select_related("staff"))
    ends = shift_ends((row.staff_id for row in rows), (row.day for row in rows))
    closed = []
    for row in rows:
        planned = ends.get((row.staff_id, row.day))
        end = (
            planned if planned and planned > row.came_at else formulas.shift_end(row.came_at, store.closes_at, store.tz)
        )
        if at >= end + patience and (done := _close(row, end, at)):
            closed.append(done)
    return closed


@transaction.atomic
def _close(row: Attendance, end: datetime, at: datetime) -> Attendance | None:
    row = Attendance.objects.select_for_update(of=("self",)).select_related("staff__store").filter(
        pk=row.pk, left_at=None
    ).first()  # fmt: skip
    if row is None or running_entry(row.staff):
        return None
    worked = ClockEntry.objects.filter(technician=row.staff, ended_at__gt=end, ended_at__lte=at)
    row.left_at = worked.aggregate(last=Max("ended_at"))["last"] or end
    row.save(update_fields=["left_at"])
    journal.record(by=None, at=at, verb="attendance.closed_at_shift_end", subject=row, store=row.staff.store)
    return row


def _locked_person(staff: Staff) -> None:
    """Two supervisors at the same person's times come one after the other."""
    list(Staff.objects.select_for_update(of=("self",), no_key=True).filter(pk=staff.pk).values_list("pk"))


def _locked(attendance: Attendance) -> Attendance:
    rows = Attendance.objects.select_for_update(of=("self",)).select_related("staff__store")
    row = rows.filter(pk=attendance.pk).first()
    if row is None:
        raise Refusal(_("This attendance was taken away meanwhile."), code="struck")
    return row


def _refuse_stranger(staff: Staff, at: datetime) -> None:
    if staff.store is None or not technicians_of(staff.store, _day(staff, at)).filter(pk=staff.pk).exists():
        raise Refusal(_("%(person)s works in no team of the workshop.") % {"person": staff}, code="no_technician")


def _refuse_wrong(
    staff: Staff, came_at: datetime, left_at: datetime | None, reason: str, at: datetime, other_than=None
) -> None:  # fmt: skip
    if not reason.strip():
        raise Refusal(_("Say why the attendance is changed."), field="reason", code="reason_missing")
    if came_at > at or (left_at and left_at > at):
        raise Refusal(_("Nobody has come or gone in the future."), field="came_at", code="in_future")
    if left_at and left_at <= came_at:
        raise Refusal(_("They left before they came."), field="left_at", code="left_before_coming")
    if left_at and left_at - came_at > LONGEST:
        raise Refusal(_("Nobody is there longer than 24 hours."), field="left_at", code="too_long")
    others = Attendance.objects.filter(staff=staff).exclude(pk=other_than.pk if other_than else None)
    overlapping = others.filter(came_at__lt=left_at or at).exclude(left_at__lte=came_at).first()
    if overlapping:
        raise Refusal(
            _("%(person)s is on record as there from %(came)s to %(left)s already.")
            % {
                "person": staff,
                "came": _clock(overlapping.came_at),
                "left": _clock(overlapping.left_at) if overlapping.left_at else "…",
            },
            field="came_at",
            code="overlaps",
        )


def _record(row: Attendance, verb: str, changes: dict, reason: str, by, at) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject=row, store=row.staff.store, changes=changes, note=reason.strip()
    )  # fmt: skip


def _day(staff: Staff, moment: datetime):
    return moment.astimezone(staff.store.tz).date()


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"
