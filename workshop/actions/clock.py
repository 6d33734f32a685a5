"""The time clock: a technician starts, pauses, resumes and finishes; one running job per person."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from reception import actions as reception
from reception.choices import LineKind, OrderState
from reception.models import LineShare
from workshop import events, formulas
from workshop.actions.dispatch import refuse_absent
from workshop.actions.locking import locked_job
from workshop.actions.progress import bring_to_inspection, bring_to_work, share_line
from workshop.choices import OPEN_FOR_WORK, WAIT_REASONS, InspectionLevel, InspectionResult, JobState, PauseReason
from workshop.models import ClockEntry, Inspection, Job
from workshop.queries import clocked_minutes, has_open_work, running_entry
from workshop.settings import FORGOTTEN_CLOCK_MINUTES


@transaction.atomic
def start_job(*, job: Job, by: Staff, at: datetime, expected_version: int | None = None) -> Job:
    """Begin a job. Who takes a job of the team that is nobody's yet makes it their own.

    Refuses while the person's clock runs elsewhere. Source: workshop.md (time clock).
    """
    job = locked_job(job=job, expected_version=expected_version)
    if job.state != JobState.ASSIGNED:
        raise Refusal(_cannot(job, _("can't be started")), code="wrong_state")
    return _run(job, by, at, verb="job.started")


@transaction.atomic
def resume_job(*, job: Job, by: Staff, at: datetime, expected_version: int | None = None) -> Job:
    """Go on with a paused job."""
    job = locked_job(job=job, expected_version=expected_version)
    if job.state != JobState.PAUSED:
        raise Refusal(_cannot(job, _("is not paused")), code="wrong_state")
    return _run(job, by, at, verb="job.resumed")


@transaction.atomic
def pause_job(*, job: Job, reason: PauseReason, by: Staff, at: datetime, expected_version: int | None = None) -> Job:
    """Stop the clock for a while.

    Waiting for parts or the customer, with nobody else at the car, makes the order wait.
    """
    job = locked_job(job=job, expected_version=expected_version)
    if job.state != JobState.RUNNING:
        raise Refusal(_cannot(job, _("is not running")), code="wrong_state")
    if reason not in PauseReason.values:
        raise Refusal(_("Say what you are waiting for."), field="reason")
    _refuse_other_hands(job, by)
    _stop_clock(job, at, pause_reason=reason)
    job.state, job.version = JobState.PAUSED, job.version + 1
    job.save(update_fields=["state", "version"])
    journal.record(by=by, at=at, verb="job.paused", subject=job, note=PauseReason(reason).label)
    nobody_works = not job.order.jobs.filter(state=JobState.RUNNING).exists()
    if reason in WAIT_REASONS and nobody_works and job.order.state == OrderState.IN_PROGRESS:
        reception.mark_waiting(order=job.order, reason=WAIT_REASONS[reason], by=by, at=at)
    return job


@transaction.atomic
def finish_job(
    *, job: Job, by: Staff, at: datetime, checklist: dict | None = None, expected_version: int | None = None
) -> Job:
    """The work is done and checked by the one who did it (自检); after the last job the car goes to inspection.

    `checklist` maps the points of the self-check to whether they were confirmed; a point that was not keeps the job
    open. The labour line is shared by the minutes clocked unless somebody has split it already.
    """
    job = locked_job(job=job, expected_version=expected_version)
    if job.state not in (JobState.RUNNING, JobState.PAUSED):
        raise Refusal(_cannot(job, _("was not started")), code="not_started")
    _refuse_other_hands(job, by)
    if missing := formulas.unconfirmed(checklist or {}):
        raise Refusal(
            _("The self-check is not complete: %(points)s.") % {"points": "、".join(missing)}, code="check_incomplete"
        )
    if job.state == JobState.RUNNING:
        _stop_clock(job, at)
    job.state, job.finished_at, job.version = JobState.FINISHED, at, job.version + 1
    job.save(update_fields=["state", "finished_at", "version"])
    Inspection.objects.create(
        order=job.order, job=job, level=InspectionLevel.SELF, result=InspectionResult.PASSED,
        inspected_by=by, inspected_at=at, checklist=checklist or {},
    )  # fmt: skip
    _share_by_clock(job, by, at)
    journal.record(by=by, at=at, verb="job.finished", subject=job)
    events.job_finished.send(sender=Job, job_id=job.pk, order_id=job.order_id, at=at)
    if not has_open_work(job.order):
        bring_to_inspection(order=job.order, by=by, at=at)
    return job


def close_forgotten_clocks(*, store: Store, at: datetime) -> list[ClockEntry]:
    """Close what still runs long after the shift, at the shift's end, and pause the job. Returns what was closed."""
    patience = timedelta(minutes=figure(FORGOTTEN_CLOCK_MINUTES, store=store, on=at.astimezone(store.tz).date()))
    running = ClockEntry.objects.filter(job__order__store=store, ended_at=None, started_at__lte=at - patience)
    return [
        closed
        for entry in running.select_related("job__order")
        if at >= formulas.shift_end(entry.started_at, store.closes_at, store.tz) + patience
        if (closed := _close_forgotten(entry, store, at))
    ]


@transaction.atomic
def _close_forgotten(entry: ClockEntry, store: Store, at: datetime) -> ClockEntry | None:
    job = locked_job(job=entry.job)
    entry = ClockEntry.objects.select_for_update().filter(pk=entry.pk, ended_at=None).first()
    if entry is None:
        return None  # the technician was quicker
    entry.ended_at = formulas.shift_end(entry.started_at, store.closes_at, store.tz)
    entry.was_forgotten = True
    entry.save(update_fields=["ended_at", "was_forgotten"])
    if job.state == JobState.RUNNING:
        job.state, job.version = JobState.PAUSED, job.version + 1
        job.save(update_fields=["state", "version"])
    journal.record(by=None, at=at, verb="clock.closed_at_shift_end", subject=job, note=str(entry.technician))
    return entry


def _run(job: Job, by: Staff, at: datetime, *, verb: str) -> Job:
    if job.order.state not in OPEN_FOR_WORK:
        raise Refusal(
            _("Order %(order)s is %(state)s; no work can be done on it.")
            % {"order": job.order.number, "state": job.order.get_state_display()},
            code="wrong_state",
        )
    if job.technician_id is None:
        refuse_absent(technician=by, team=job.team, day=at.astimezone(job.order.store.tz).date())
        job.technician = by
    elif job.technician_id != by.pk:
        raise Refusal(_("%(job)s is given to %(person)s.") % {"job": job, "person": job.technician}, code="other_hands")
    _start_clock(job, by, at)
    job.state, job.version = JobState.RUNNING, job.version + 1
    job.started_at = job.started_at or at
    job.save(update_fields=["state", "version", "started_at", "technician"])
    journal.record(by=by, at=at, verb=verb, subject=job)
    bring_to_work(order=job.order, by=by, at=at)
    return job


def _start_clock(job: Job, technician: Staff, at: datetime) -> None:
    """The database keeps one open entry per person; whoever comes second reads which job runs."""
    try:
        with transaction.atomic():
            ClockEntry.objects.create(job=job, technician=technician, started_at=at)
    except IntegrityError:
        running = running_entry(technician)
        raise Refusal(
            _("Your clock runs on %(job)s (%(plate)s). Pause or finish it first.")
            % {"job": running.job, "plate": running.job.order.vehicle.plate},
            code="clock_running",
        ) from None


def _stop_clock(job: Job, at: datetime, *, pause_reason: str = "") -> None:
    job.clock_entries.filter(ended_at=None).update(ended_at=Greatest(F("started_at"), at), pause_reason=pause_reason)


def _share_by_clock(job: Job, by: Staff, at: datetime) -> None:
    if job.line is None or job.line.kind != LineKind.LABOUR or LineShare.objects.filter(line=job.line).exists():
        return
    minutes = clocked_minutes(job, at) or {job.technician: Decimal(0)}
    people = {person.pk: person for person in minutes}
    shares = formulas.shares_by_clock({person.pk: value for person, value in minutes.items()})
    share_line(line=job.line, shares={people[pk]: share for pk, share in shares.items()}, by=by, at=at)


def _refuse_other_hands(job: Job, by: Staff) -> None:
    """The technician's own clock; the supervisor may stop it for someone who can't."""
    if job.technician_id != by.pk and not by.can(Permission.JOB_DISPATCH):
        raise Refusal(_("%(job)s is given to %(person)s.") % {"job": job, "person": job.technician}, code="other_hands")


def _cannot(job: Job, what: str) -> str:
    return _("%(job)s %(what)s: it is %(state)s.") % {"job": job, "what": what, "state": job.get_state_display()}
