"""The time clock: a technician starts, pauses, resumes and finishes; others help; one running clock per person."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal
from reception import actions as reception
from reception.choices import OrderState
from workshop import events, formulas
from workshop.actions.dispatch import refuse_absent
from workshop.actions.jobs import share_by_clock
from workshop.actions.locking import locked_job
from workshop.actions.progress import bring_to_inspection, bring_to_work
from workshop.choices import OPEN_FOR_WORK, WAIT_REASONS, InspectionLevel, InspectionResult, JobState, PauseReason
from workshop.models import ClockEntry, Inspection, Job
from workshop.queries import checklist_of, has_open_work, running_entry, technicians_of


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
    """Go on with a paused job, or with one on which meanwhile only others' clocks run."""
    job = locked_job(job=job, expected_version=expected_version)
    goes_on_without = job.state == JobState.RUNNING and not _running(job, by).exists()
    if job.state != JobState.PAUSED and not (goes_on_without and job.technician_id == by.pk):
        raise Refusal(_cannot(job, _("is not paused")), code="wrong_state")
    return _run(job, by, at, verb="job.resumed")


@transaction.atomic
def join_job(*, job: Job, by: Staff, at: datetime, expected_version: int | None = None) -> Job:
    """Help with a job that is somebody else's and under way; one's own clock runs on it from now."""
    job = locked_job(job=job, expected_version=expected_version)
    if job.state != JobState.RUNNING:
        raise Refusal(_cannot(job, _("is not running; there is nobody to help")), code="wrong_state")
    if not technicians_of(job.order.store, at.astimezone(job.order.store.tz).date()).filter(pk=by.pk).exists():
        raise Refusal(_("%(person)s works in no team of this workshop.") % {"person": by}, code="other_hands")
    _start_clock(job, by, at)
    _touch(job)
    journal.record(by=by, at=at, verb="job.joined", subject=job)
    return job


@transaction.atomic
def leave_job(*, job: Job, by: Staff, at: datetime, expected_version: int | None = None) -> Job:
    """Stop helping. The job goes on as long as anybody's clock runs on it."""
    job = locked_job(job=job, expected_version=expected_version)
    if job.technician_id == by.pk:
        raise Refusal(_("%(job)s is your own: pause or finish it.") % {"job": job}, code="own_work")
    if not _running(job, by).exists():
        raise Refusal(_("Your clock does not run on %(job)s.") % {"job": job}, code="not_started")
    _stop_clocks(job, at, of=by)
    _stand_still_unless_worked_on(job)
    journal.record(by=by, at=at, verb="job.left", subject=job)
    return job


@transaction.atomic
def pause_job(*, job: Job, reason: PauseReason, by: Staff, at: datetime, expected_version: int | None = None) -> Job:
    """Stop the clock for a while.

    Without parts or the customer's word nobody can go on: everybody's clock on the job stops, and with nobody else at
    the car the order waits. A meal is one's own: who helps may go on.
    """
    job = locked_job(job=job, expected_version=expected_version)
    if job.state != JobState.RUNNING:
        raise Refusal(_cannot(job, _("is not running")), code="wrong_state")
    if reason not in PauseReason.values:
        raise Refusal(_("Say what you are waiting for."), field="reason")
    _refuse_other_hands(job, by)
    _stop_clocks(job, at, of=None if reason in WAIT_REASONS else job.technician, pause_reason=reason)
    _stand_still_unless_worked_on(job)
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

    `checklist` maps points of the self-check to in order (true), not in order (false, which keeps the job open) or does
    not apply (null); for points left out the word of who finishes stands. The labour line is shared by the minutes
    clocked unless somebody has split it already.
    """
    job = locked_job(job=job, expected_version=expected_version)
    if job.state not in (JobState.RUNNING, JobState.PAUSED):
        raise Refusal(_cannot(job, _("was not started")), code="not_started")
    _refuse_other_hands(job, by)
    if missing := formulas.unconfirmed(checklist or {}):
        raise Refusal(
            _("The self-check is not complete: %(points)s.") % {"points": "、".join(missing)}, code="check_incomplete"
        )
    _stop_clocks(job, at)
    job.state, job.finished_at, job.version = JobState.FINISHED, at, job.version + 1
    job.save(update_fields=["state", "finished_at", "version"])
    points = checklist_of(InspectionLevel.SELF, order=job.order, on=at.astimezone(job.order.store.tz).date())
    Inspection.objects.create(
        order=job.order, job=job, level=InspectionLevel.SELF, result=InspectionResult.PASSED,
        inspected_by=by, inspected_at=at, checklist=formulas.confirmed(points, checklist or {}),
    )  # fmt: skip
    share_by_clock(job=job, by=by, at=at)
    journal.record(by=by, at=at, verb="job.finished", subject=job)
    events.job_finished.send(sender=Job, job_id=job.pk, order_id=job.order_id, at=at)
    if not has_open_work(job.order):
        bring_to_inspection(order=job.order, by=by, at=at)
    return job


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


def _running(job: Job, technician: Staff):
    return job.clock_entries.filter(technician=technician, ended_at=None)


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


def _stop_clocks(job: Job, at: datetime, *, of: Staff | None = None, pause_reason: str = "") -> None:
    """Stop the clocks on a job, or only that `of` one person."""
    entries = job.clock_entries.filter(ended_at=None)
    if of is not None:
        entries = entries.filter(technician=of)
    entries.update(ended_at=Greatest(F("started_at"), at), pause_reason=pause_reason)


def _stand_still_unless_worked_on(job: Job) -> None:
    if not job.clock_entries.filter(ended_at=None).exists():
        job.state = JobState.PAUSED
    _touch(job)


def _touch(job: Job) -> None:
    job.version += 1
    job.save(update_fields=["state", "version"])


def _refuse_other_hands(job: Job, by: Staff) -> None:
    """The technician's own clock; the supervisor may stop it for someone who can't."""
    if job.technician_id != by.pk and not by.can(Permission.JOB_DISPATCH):
        raise Refusal(_("%(job)s is given to %(person)s.") % {"job": job, "person": job.technician}, code="other_hands")


def _cannot(job: Job, what: str) -> str:
    return _("%(job)s %(what)s: it is %(state)s.") % {"job": job, "what": what, "state": job.get_state_display()}
