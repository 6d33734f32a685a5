"""Clocks that were forgotten: closed by the program at shift end, put right by the supervisor."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal, Stale
from workshop.actions.jobs import was_shared_by_clock
from workshop.actions.locking import locked_job
from workshop.actions.progress import share_line
from workshop.choices import JobState
from workshop.models import ClockEntry
from workshop.queries import shares_of_clock, shift_end_of
from workshop.settings import FORGOTTEN_CLOCK_MINUTES


def close_forgotten_clocks(*, store: Store, at: datetime) -> list[ClockEntry]:
    """Close what still runs long after the shift, at the shift's end, and pause the job. Returns what was closed."""
    patience = timedelta(minutes=figure(FORGOTTEN_CLOCK_MINUTES, store=store, on=at.astimezone(store.tz).date()))
    running = ClockEntry.objects.filter(job__order__store=store, ended_at=None, started_at__lte=at - patience)
    return [
        closed
        for entry in running.select_related("job__order")
        if at >= (end := shift_end_of(entry, store)) + patience and (closed := _close_forgotten(entry, end, at))
    ]


@transaction.atomic
def correct_clock(
    *, entry: ClockEntry, started_at: datetime, ended_at: datetime, reason: str, by: Staff, at: datetime,
    seen_end: datetime | None = None,
) -> ClockEntry:  # fmt: skip
    """Put a clock right, with the reason; unchanged times say that they are right. The technician is told.

    Labour that was shared by the clock is shared anew until it is settled or paid. `seen_end`: the end the person had
    before them; another one by now raises Stale. Source: workshop.md (time clock).
    """
    job = locked_job(job=entry.job)
    entry = ClockEntry.objects.select_for_update(of=("self",)).select_related("technician").get(pk=entry.pk)
    if seen_end is not None and entry.ended_at != seen_end:
        raise Stale(
            _("This clock was corrected by %(name)s in the meantime. Load it again; nothing was overwritten.")
            % {"name": entry.corrected_by or _("The program")}
        )
    _refuse_impossible(entry, started_at, ended_at, reason, at)
    follows = job.state == JobState.FINISHED and was_shared_by_clock(job=job, at=at)
    before = {"started_at": entry.started_at, "ended_at": entry.ended_at}
    entry.started_at, entry.ended_at = started_at, ended_at
    entry.corrected_by, entry.corrected_at, entry.correction = by, at, reason.strip()
    entry.save(update_fields=["started_at", "ended_at", "corrected_by", "corrected_at", "correction"])
    if follows:
        share_line(line=job.line, shares=shares_of_clock(job, at), by=by, at=at)
    note = f"{entry.technician}：{entry.correction}"
    journal.record(
        by=by, at=at, verb="clock.corrected", subject=job, changes=journal.changed_fields(before, entry), note=note
    )
    _tell_technician(entry, job, by, at)
    return entry


@transaction.atomic
def _close_forgotten(entry: ClockEntry, end: datetime, at: datetime) -> ClockEntry | None:
    job = locked_job(job=entry.job)
    entry = ClockEntry.objects.select_for_update().filter(pk=entry.pk, ended_at=None).first()
    if entry is None:
        return None  # the technician was quicker
    entry.ended_at, entry.was_forgotten = end, True
    entry.save(update_fields=["ended_at", "was_forgotten"])
    if job.state == JobState.RUNNING and not job.clock_entries.filter(ended_at=None).exists():
        job.state, job.version = JobState.PAUSED, job.version + 1
        job.save(update_fields=["state", "version"])
    journal.record(by=None, at=at, verb="clock.closed_at_shift_end", subject=job, note=str(entry.technician))
    return entry


def _refuse_impossible(entry: ClockEntry, started_at: datetime, ended_at: datetime, reason: str, at: datetime) -> None:
    if entry.ended_at is None:
        raise Refusal(_("This clock still runs; it is corrected when it has stopped."), code="clock_running")
    if not reason.strip():
        raise Refusal(_("Say why the clock is corrected."), field="reason", code="reason_missing")
    if ended_at < started_at:
        raise Refusal(_("The end lies before the start."), field="ended_at", code="clock_backwards")
    if ended_at > at:
        raise Refusal(_("Nobody has worked in the future."), field="ended_at", code="clock_future")
    others = ClockEntry.objects.filter(technician=entry.technician, started_at__lt=ended_at).exclude(pk=entry.pk)
    others = others.filter(ended_at__gt=started_at) | others.filter(ended_at=None)
    if other := others.select_related("job__order__vehicle").order_by("started_at").first():
        raise Refusal(
            _("At that time the clock of %(person)s ran on %(job)s (%(plate)s, from %(start)s).")
            % {
                "person": entry.technician,
                "job": other.job,
                "plate": other.job.order.vehicle.plate,
                "start": f"{timezone.localtime(other.started_at):%m-%d %H:%M}",
            },
            field="ended_at",
            code="clock_overlaps",
        )


def _tell_technician(entry: ClockEntry, job, by: Staff, at: datetime) -> None:
    if entry.technician == by:
        return
    tz = job.order.store.tz
    notify(
        recipients=[entry.technician],
        key=f"clock:{entry.pk}:corrected:{at.timestamp():.0f}",
        text=_("Your clock on %(plate)s %(job)s now reads %(start)s to %(end)s: %(reason)s")
        % {
            "plate": job.order.vehicle.plate,
            "job": job,
            "start": f"{entry.started_at.astimezone(tz):%m-%d %H:%M}",
            "end": f"{entry.ended_at.astimezone(tz):%m-%d %H:%M}",
            "reason": entry.correction,
        },
        at=at,
        url=reverse("workshop:my_jobs"),
    )
