"""Three-level inspection (三级检验): self-check with the finishing of a job, team leader's check, final inspection."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.files.actions import keep_file
from dealer_crm.files.choices import FileKind
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff
from dealer_crm.values import Refusal
from reception import actions as reception
from reception.choices import OrderState
from reception.models import RepairOrder
from workshop import events, formulas
from workshop.actions.locking import locked_order
from workshop.choices import InspectionLevel, InspectionResult, JobState
from workshop.models import DefectPhoto, Inspection, Job
from workshop.queries import checklist_of, did_work_on, has_open_work, leads_a_team_of, levels_due_of, worked_on

MOST_PHOTOS = 10
"""Of one inspection: more shows nothing more."""


@transaction.atomic
def inspect_order(
    *,
    order: RepairOrder,
    level: InspectionLevel,
    result: InspectionResult,
    by: Staff,
    at: datetime,
    checklist: dict | None = None,
    defects: str = "",
    responsible: Staff | None = None,
    photos: Sequence = (),
    expected_version: int | None = None,
) -> Inspection:
    """Record a check of the whole car.

    `checklist`: point → in order (true), not in order (false), does not apply (null); for points left out the word of
    who passes the car stands. `photos`: uploads of what is wrong. Passed: when no check its type demands is left, the
    order is complete (竣工) and ready. Failed: an unpaid rework job for `responsible` opens and the order goes back to
    work; without `defects` the points that are not in order say what failed. Refuses while work is open, a check out of
    turn, the final inspection of one's own work, and a failure without its defects and the person who answers.
    """
    order = locked_order(order=order, expected_version=expected_version)
    if order.state != OrderState.INSPECTION or has_open_work(order):
        raise Refusal(
            _("Order %(order)s is %(state)s; it can be inspected when all its work is finished.")
            % {"order": order.number, "state": order.get_state_display()},
            code="wrong_state",
        )
    _refuse_out_of_turn(order, level)
    _refuse_unentitled(order, level, by, at)
    inspection = Inspection(
        order=order, level=level, result=result, inspected_by=by, inspected_at=at, checklist=checklist or {},
        defects=defects.strip(), responsible=responsible,
    )  # fmt: skip
    if result == InspectionResult.PASSED:
        _pass(order, inspection, by, at)
    else:
        _fail(order, inspection, by, at)
    _keep_photos(inspection, photos, by, at)
    return inspection


def _pass(order: RepairOrder, inspection: Inspection, by: Staff, at: datetime) -> None:
    if missing := formulas.unconfirmed(inspection.checklist):
        raise Refusal(
            _("Not everything on the check-list is in order: %(points)s.") % {"points": "、".join(missing)},
            code="check_incomplete",
            field="checklist",
        )
    points = checklist_of(inspection.level, order=order, on=at.astimezone(order.store.tz).date())
    inspection.responsible, inspection.checklist = None, formulas.confirmed(points, inspection.checklist)
    inspection.save()
    journal.record(by=by, at=at, verb="inspection.passed", subject=order, note=inspection.get_level_display())
    if levels_due_of(order):
        return
    reception.mark_ready(order=order, by=by, at=at)
    events.repair_order_ready.send(sender=RepairOrder, order_id=order.pk, at=at)


def _fail(order: RepairOrder, inspection: Inspection, by: Staff, at: datetime) -> None:
    inspection.defects = inspection.defects or "、".join(formulas.unconfirmed(inspection.checklist))
    if not inspection.defects:
        raise Refusal(_("Say what failed."), field="defects", code="defects_missing")
    redone = _job_to_redo(order, inspection.responsible)
    inspection.save()
    Job.objects.create(
        order=order, name=_("Rework: %(defects)s") % {"defects": inspection.defects[:110]}, is_rework=True,
        caused_by=inspection, state=JobState.ASSIGNED, team=redone.team, technician=inspection.responsible,
        bay=redone.bay, assigned_by=by, assigned_at=at,
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb="inspection.failed", subject=order,
        note=f"{inspection.get_level_display()}：{inspection.defects}（{inspection.responsible}）",
    )  # fmt: skip
    events.inspection_failed.send(sender=Inspection, inspection_id=inspection.pk, order_id=order.pk, at=at)
    reception.return_to_work(order=order, reason=inspection.defects, by=by, at=at)
    _tell_responsible(order, inspection, by, at)


def _job_to_redo(order: RepairOrder, responsible: Staff | None) -> Job:
    """The last job of the person who answers, or the last they helped with; they must have worked on the car."""
    if responsible is None:
        raise Refusal(_("Name the person who answers for the defect."), field="responsible", code="responsible_missing")
    done = (
        worked_on(order).filter(technician=responsible).order_by("-id").first()
        or worked_on(order).filter(clock_entries__technician=responsible).order_by("-id").first()
    )
    if done is None:
        raise Refusal(_("%(person)s did no work on this car.") % {"person": responsible}, field="responsible")
    return done


def _keep_photos(inspection: Inspection, photos: Sequence, by: Staff, at: datetime) -> None:
    if len(photos) > MOST_PHOTOS:
        raise Refusal(
            _("An inspection keeps at most %(most)s photos.") % {"most": MOST_PHOTOS}, field="photos",
            code="photos_too_many",
        )  # fmt: skip
    store = inspection.order.store
    for upload in photos:
        file = keep_file(upload=upload, store=store, by=by, at=at, kinds=[FileKind.IMAGE], field="photos")
        DefectPhoto.objects.create(inspection=inspection, file=file)


def _tell_responsible(order: RepairOrder, inspection: Inspection, by: Staff, at: datetime) -> None:
    notify(
        recipients=[inspection.responsible],
        key=f"inspection:{inspection.pk}:failed",
        text=_("%(plate)s failed: %(defects)s. The redo is yours and unpaid.")
        % {"plate": order.vehicle.plate, "defects": inspection.defects},
        at=at,
        url=reverse("workshop:my_jobs"),
    )


def _refuse_out_of_turn(order: RepairOrder, level: InspectionLevel) -> None:
    if level == InspectionLevel.SELF:
        raise Refusal(_("The self-check is made by finishing the job."), code="out_of_turn", field="level")
    due = levels_due_of(order)
    if due and level != due[0]:
        raise Refusal(
            _("%(level)s comes first.") % {"level": InspectionLevel(due[0]).label}, code="out_of_turn", field="level"
        )


def _refuse_unentitled(order: RepairOrder, level: InspectionLevel, by: Staff, at: datetime) -> None:
    if level == InspectionLevel.FINAL:
        if not by.can(Permission.INSPECTION_CREATE):
            raise Refusal(_("The final inspection is the inspector's."), code="not_entitled")
        if did_work_on(order, by):
            raise Refusal(_("Nobody does the final inspection of their own work."), code="own_work")
        return
    if not (by.can(Permission.INSPECTION_CREATE) or leads_a_team_of(order, by, at.astimezone(order.store.tz).date())):
        raise Refusal(_("This check is made by the leader of a team that worked on the car."), code="not_entitled")
