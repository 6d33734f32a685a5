"""Giving work to people (派工), and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Position, Staff, Store, Team
from dealer_crm.values import Refusal
from reception import actions as reception
from reception.choices import LineKind, OrderState
from reception.models import OrderLine, RepairOrder
from reception.queries import skills_of_codes
from workshop import events
from workshop.actions.locking import locked_job, locked_order
from workshop.actions.progress import credit_teams
from workshop.choices import OPEN_FOR_WORK, WORKSHOP_TEAMS, JobState
from workshop.models import Bay, Job
from workshop.queries import car_standing_in, day_plan, next_shift, skill_asked, skills_in_force, undispatched_lines


@dataclass(frozen=True)
class Assignment:
    """Work for a team. `line` None: work without a labour line, which then needs a `name`."""

    team: Team
    line: OrderLine | None = None
    technician: Staff | None = None
    bay: Bay | None = None
    name: str = ""


@transaction.atomic
def dispatch_order(
    *,
    order: RepairOrder,
    assignments: Sequence[Assignment],
    by,
    at: datetime,
    confirmed: bool = False,
    expected_version: int | None = None,
) -> list[Job]:
    """Give the labour lines of an order to teams; a dispatched line credits its team.

    Lines left out stay in the queue. Refuses without work, for a line that is dispatched already or is not of this
    order, and for people who are not of that team or not there. Work beyond somebody's skills, or in a bay where
    another car stands, needs to be `confirmed`. Source: workshop.md (dispatch).
    """
    order = locked_order(order=order, expected_version=expected_version)
    if order.state not in OPEN_FOR_WORK:
        raise Refusal(
            _("Order %(order)s is %(state)s; nothing can be dispatched.")
            % {"order": order.number, "state": order.get_state_display()},
            code="wrong_state",
        )
    if not assignments:
        raise Refusal(_("Every work of this order is dispatched already."), code="nothing_to_dispatch")
    _refuse_foreign_lines(order, assignments)
    for one in assignments:
        _refuse_unfit(order, one.team, one.technician, one.bay, at)
    _refuse_off_shift(order.store, [one.technician for one in assignments if one.technician], at)
    doubts = _refuse_doubtful(order, assignments, at, confirmed)
    jobs = [_new_job(order, one, by, at) for one in assignments]
    credit_teams(order=order, teams={job.line.number: job.team for job in jobs if job.line}, by=by, at=at)
    if order.state == OrderState.OPEN:
        reception.mark_dispatched(order=order, by=by, at=at)
    for job in jobs:
        journal.record(by=by, at=at, verb="job.dispatched", subject=job, note=" · ".join([_hands(job), *doubts]))
    events.repair_order_dispatched.send(sender=RepairOrder, order_id=order.pk, at=at)
    return jobs


@transaction.atomic
def reassign_job(
    *,
    job: Job,
    team: Team,
    technician: Staff | None,
    bay: Bay | None,
    reason: str,
    by,
    at: datetime,
    confirmed: bool = False,
    expected_version: int | None = None,
) -> Job:
    """Give a job to other hands, with the reason. A running one must be paused or finished first.

    `confirmed`: as in `dispatch_order`. Who has the job already keeps it, on shift or not.
    """
    job = locked_job(job=job, expected_version=expected_version)
    if job.state not in (JobState.QUEUED, JobState.ASSIGNED, JobState.PAUSED):
        raise Refusal(
            _("%(job)s is %(state)s; only work that nobody is doing can be given to others.")
            % {"job": job, "state": job.get_state_display()},
            code="wrong_state",
        )
    if not reason.strip():
        raise Refusal(_("Say why the work goes to others."), field="reason")
    _refuse_unfit(job.order, team, technician, bay, at)
    if technician and technician != job.technician:
        _refuse_off_shift(job.order.store, [technician], at)
    doubts = _refuse_doubtful(job.order, [Assignment(team, job.line, technician, bay)], at, confirmed)
    before = {"team": job.team, "technician": job.technician, "bay": job.bay}
    job.team, job.technician, job.bay = team, technician, bay
    job.assigned_by, job.assigned_at = by, at
    if job.state == JobState.QUEUED:
        job.state = JobState.ASSIGNED
    job.version += 1
    job.save()
    if job.line:
        credit_teams(order=job.order, teams={job.line.number: team}, by=by, at=at)
    changes = journal.changed_fields(before, job)
    journal.record(
        by=by, at=at, verb="job.reassigned", subject=job, changes=changes, note=" · ".join([reason.strip(), *doubts])
    )
    return job


@transaction.atomic
def cancel_job(*, job: Job, reason: str, by, at: datetime) -> Job:
    """Call off work that nobody has begun; its line is back in the queue."""
    job = locked_job(job=job)
    if job.state not in (JobState.QUEUED, JobState.ASSIGNED):
        raise Refusal(
            _("%(job)s is %(state)s and can't be called off.") % {"job": job, "state": job.get_state_display()},
            code="wrong_state",
        )
    if not reason.strip():
        raise Refusal(_("Say why the work is called off."), field="reason")
    job.state, job.version = JobState.CANCELLED, job.version + 1
    job.save(update_fields=["state", "version"])
    journal.record(by=by, at=at, verb="job.cancelled", subject=job, note=reason.strip())
    return job


def _new_job(order: RepairOrder, work: Assignment, by, at) -> Job:
    return Job.objects.create(
        order=order,
        line=work.line,
        name=(work.name or (work.line.name if work.line else order.symptoms.strip() or order.get_kind_display()))[:120],
        standard_hours=work.line.quantity if work.line else Decimal(0),
        state=JobState.ASSIGNED,
        team=work.team,
        technician=work.technician,
        bay=work.bay,
        assigned_by=by,
        assigned_at=at,
    )


def _refuse_foreign_lines(order: RepairOrder, assignments: Sequence[Assignment]) -> None:
    open_lines = {line.pk for line in undispatched_lines(order)}
    for work in assignments:
        if work.line is None:
            continue
        if work.line.order_id != order.pk or work.line.kind != LineKind.LABOUR:
            raise Refusal(_("%(line)s is no labour of this order.") % {"line": work.line.name}, field="line")
        if work.line.pk not in open_lines:
            raise Refusal(_("%(line)s is dispatched already.") % {"line": work.line.name}, code="dispatched_already")
        open_lines.discard(work.line.pk)


def _refuse_unfit(order: RepairOrder, team: Team, technician: Staff | None, bay: Bay | None, at: datetime) -> None:
    if team.store_id != order.store_id:
        raise Refusal(_("Team %(team)s belongs to another store.") % {"team": team}, field="team")
    if team.kind not in WORKSHOP_TEAMS:
        raise Refusal(_("Team %(team)s repairs no cars.") % {"team": team}, field="team")
    if bay and (bay.store_id != order.store_id or not bay.is_active):
        raise Refusal(_("Bay %(bay)s can't be used.") % {"bay": bay}, field="bay")
    if technician:
        refuse_absent(technician=technician, team=team, day=at.astimezone(order.store.tz).date())


def _refuse_off_shift(store: Store, technicians: Sequence[Staff], at: datetime) -> None:
    """Work waits for nobody who is not coming any more today. Before a shift begins it may be given out already; where
    no plan is kept nobody is kept from work by it."""
    plan = day_plan(store, at)
    away = next((one for one in technicians if not plan.may_be_given_work(one.pk, at)), None)
    if away is None:
        return
    span, coming = plan.span_of(away.pk), next_shift(away, at)
    facts = {
        "person": away,
        "ended": f"{span[1].astimezone(store.tz):%H:%M}" if span else "",
        "next": f"{coming.starts_at.astimezone(store.tz):%m-%d %H:%M}" if coming else "—",
    }
    why = _("%(person)s went off shift at %(ended)s.") if span else _("%(person)s has no shift today.")
    raise Refusal(
        why % facts,
        field="technician",
        code="off_shift",
        details=[_("Next shift: %(next)s. Give the work to the team, or to somebody who is there.") % facts],
    )


def _refuse_doubtful(
    order: RepairOrder, assignments: Sequence[Assignment], at: datetime, confirmed: bool
) -> list[str]:  # fmt: skip
    """What the supervisor must have seen before it is done: skills that are missing, cars that stand in the bay.

    Refuses until it is confirmed; then returns it for the journal.
    """
    day = at.astimezone(order.store.tz).date()
    known = skills_of_codes(order.store, [work.line.code for work in assignments if work.line])
    skills = skills_in_force(order.store, day) if any(work.technician for work in assignments) else {}
    doubts = []
    for work in assignments:
        asked = skill_asked(order, work.line, known)
        if work.technician and asked not in skills.get(work.technician.pk, [asked]):
            said = {
                "person": work.technician,
                "skill": asked.label,
                "work": work.line.name if work.line else order.number,
            }
            doubts.append(_("%(person)s has no skill “%(skill)s” on record (%(work)s).") % said)
    for bay in {work.bay.pk: work.bay for work in assignments if work.bay}.values():
        if other := car_standing_in(bay, other_than_order=order.pk):
            said = {"plate": other.order.vehicle.plate, "bay": bay, "work": other.name}
            doubts.append(_("%(plate)s stands in bay %(bay)s (%(work)s).") % said)
    if doubts and not confirmed:
        raise Refusal(_("Look at this before it is given out:"), code="needs_confirmation", details=doubts)
    return doubts


def refuse_absent(*, technician: Staff, team: Team, day: date) -> None:
    """Refuse a person who does not work in the team on that day."""
    position = Position.objects.filter(staff=technician, starts_on__lte=day).order_by("-starts_on").first()
    if position is None or position.team_id != team.pk:
        raise Refusal(
            _("%(person)s does not work in team %(team)s.") % {"person": technician, "team": team}, field="technician"
        )
    if not technician.is_active or (technician.left_on and technician.left_on < day):
        raise Refusal(_("%(person)s has left.") % {"person": technician}, field="technician")


def _hands(job: Job) -> str:
    return f"{job.team} {job.technician or ''}".strip()
