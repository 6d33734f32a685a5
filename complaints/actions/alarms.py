"""The watch over the clocks: every mark of every clock is told exactly once.

The job may run late, twice at the same time, or be killed half way. One run holds the store's lock, so that the
next sees what it wrote; alarm row and notices are written in one transaction, so that neither exists without the other;
and the unique row per complaint, clock, mark and round makes a second telling impossible whatever the job does.
Source: complaints.md, "Escalation".
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from complaints.actions.locking import tell
from complaints.choices import Alarm, Clock
from complaints.formulas import marks_passed
from complaints.models import ClockAlarm, Complaint
from complaints.queries.clocks import with_marks_to_tell
from complaints.settings import WARNING_MINUTES
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure, staff_with_role

MOST = 200
_WATCH = 0x1A9B_0C10


@transaction.atomic
def raise_alarms(*, store: Store, by, at: datetime, most: int = MOST) -> int:
    """Tell of every mark that clocks of this store have passed and nobody has been told of. Returns how many.

    Takes at most `most` complaints; call again until it returns 0. Returns 0 when another run is at it.
    """
    if not _watch_alone(store):
        return 0
    owed = _marks_owed(with_marks_to_tell(store=store, at=at, warning=_warning(store, at))[:most], store, at)
    return _keep(owed, store, at)


def settle_alarms(*, complaint: Complaint, at: datetime) -> None:
    """Tell of what the clocks of this round have passed before the next one wipes it, should the watch be late.

    Waits for a watch under way, so that neither tells what the other has told.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_WATCH, complaint.store_id])
    _keep(_marks_owed([complaint], complaint.store, at), complaint.store, at)


@transaction.atomic
def mark_passed_silently(*, complaint_ids: Sequence[int], by, at: datetime) -> int:
    """For complaints that came in long after the fact (a workbook): what their clocks passed before anybody could have
    been told counts as told. Returns how many marks."""
    kept = 0
    for store in Store.objects.filter(complaints__in=complaint_ids).distinct():
        rows = with_marks_to_tell(store=store, at=at, warning=_warning(store, at)).filter(pk__in=complaint_ids)
        owed = [alarm for alarm, _complaint in _marks_owed(rows, store, at)]
        ClockAlarm.objects.bulk_create(owed, batch_size=2000, ignore_conflicts=True)
        kept += len(owed)
    return kept


def _keep(owed: list[tuple[ClockAlarm, Complaint]], store: Store, at: datetime) -> int:
    ClockAlarm.objects.bulk_create([alarm for alarm, _complaint in owed])
    people = _people(store) if owed else {}
    for alarm, complaint in owed:
        _tell(alarm, complaint, people, at)
    return len(owed)


def _watch_alone(store: Store) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_WATCH, store.pk])
        return cursor.fetchone()[0]


def _warning(store: Store, at: datetime) -> timedelta:
    return timedelta(minutes=figure(WARNING_MINUTES, store=store, on=at.astimezone(store.tz).date()))


def _marks_owed(complaints, store: Store, at: datetime) -> list[tuple[ClockAlarm, Complaint]]:
    """Alarm rows for the marks passed and not told yet, in the order in which they were passed."""
    warning, owed = _warning(store, at), []
    for complaint in complaints:
        told = {(alarm.clock, alarm.alarm, alarm.round) for alarm in complaint.alarms.all()}
        for clock, due_at, length, met_at, its_round in clocks_running(complaint=complaint):
            until = min(moment for moment in (at, met_at, complaint.paused_at) if moment is not None)
            for mark in marks_passed(due_at=due_at, length=length, warning=warning, until=until):
                if (clock, mark.alarm, its_round) not in told:
                    row = ClockAlarm(
                        complaint=complaint, clock=clock, alarm=mark.alarm, round=its_round, due_at=due_at, raised_at=at
                    )
                    owed.append((mark.at, row, complaint))
    return [(row, complaint) for _at, row, complaint in sorted(owed, key=lambda one: (one[0], one[2].pk))]


def clocks_running(*, complaint: Complaint) -> list[tuple[Clock, datetime, timedelta, datetime | None, int]]:
    """Both clocks as (clock, due, length, met at, round). The reply is owed once, the solution in every round."""
    return [
        (Clock.REPLY, complaint.reply_due_at, complaint.reply_clock, complaint.first_reply_at, 1),
        (Clock.SOLVE, complaint.solve_due_at, complaint.solve_clock, complaint.solved_at, complaint.round),
    ]


def _people(store: Store) -> dict[str, list[Staff]]:
    """Who is told at each mark beside the owner; where a post is empty, the next one up."""
    supervisors, managers, directors = (
        list(staff_with_role(store, role)) for role in (Role.CRC, Role.MANAGER, Role.DIRECTOR)
    )
    return {
        Alarm.WARNING: supervisors or managers or directors,
        Alarm.BREACH: managers or directors or supervisors,
        Alarm.DOUBLE: directors or managers or supervisors,
    }


def _tell(alarm: ClockAlarm, complaint: Complaint, people: dict[str, list[Staff]], at: datetime) -> None:
    concerned = list(people[alarm.alarm])
    if alarm.alarm == Alarm.WARNING and complaint.owner:
        concerned.append(complaint.owner)
    names = {"number": complaint.number, "clock": Clock(alarm.clock).label, "due": _local(alarm.due_at, complaint)}
    text = {
        Alarm.WARNING: _("%(number)s: “%(clock)s” is due at %(due)s"),
        Alarm.BREACH: _("%(number)s: “%(clock)s” was due at %(due)s and is late"),
        Alarm.DOUBLE: _("%(number)s: “%(clock)s” was due at %(due)s; twice the time has passed"),
    }[Alarm(alarm.alarm)]
    tell(
        complaint=complaint,
        people=concerned,
        occasion=f"{alarm.clock}:{alarm.alarm}:{alarm.round}",
        text=text % names,
        at=at,
        is_urgent=True,
    )


def _local(moment: datetime, complaint: Complaint) -> str:
    return f"{moment.astimezone(complaint.store.tz):%m-%d %H:%M}"
