from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.notices import actions as notices
from dealer_crm.values import Period, Refusal
from satisfaction.models import ImprovementPlan, Question


@transaction.atomic
def open_plan(
    *, store, period: Period, factor: Question, cause: str, measure: str, owner, due_on: date, by, at: datetime
) -> ImprovementPlan:
    """Open an improvement plan (改进计划) for a factor of a month. The owner is told.

    Refused: without cause or measure, with an owner of another store, due before today, a second open plan for the
    same factor and month.
    """
    if not cause.strip() or not measure.strip():
        raise Refusal(_("A plan needs its cause and its measure."), field="cause" if not cause.strip() else "measure")
    if owner.store_id != store.pk:
        raise Refusal(_("%(person)s does not work in this store.") % {"person": owner}, field="owner")
    if due_on < at.astimezone(store.tz).date():
        raise Refusal(_("The due day lies in the past."), field="due_on")
    plan = ImprovementPlan(
        store=store,
        period=str(period),
        factor_code=factor.code,
        factor_name=factor.name,
        cause=cause.strip(),
        measure=measure.strip(),
        owner=owner,
        due_on=due_on,
        created_by=by,
        created_at=at,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(_("There is an open plan for this factor and month already."), code="plan_open") from error
    journal.record(by=by, at=at, verb="improvement_plan.opened", subject=plan)
    notices.notify(
        recipients=[owner],
        key=f"improvement:{plan.pk}:opened",
        text=_("Improvement plan for “%(factor)s”, due %(day)s") % {"factor": plan.factor_name, "day": due_on},
        url=f"/satisfaction/plans/{plan.pk}/",
        at=at,
    )
    return plan


@transaction.atomic
def close_plan(*, plan: ImprovementPlan, result: str, by, at: datetime) -> ImprovementPlan:
    """Close a plan with what came of it. Refused without a result and when it is closed already."""
    plan = ImprovementPlan.objects.select_for_update(of=("self",)).select_related("store").get(pk=plan.pk)
    if plan.closed_at:
        raise Refusal(_("This plan is closed already."), code="plan_closed")
    if not result.strip():
        raise Refusal(_("Say what came of it."), field="result")
    plan.result, plan.closed_at, plan.closed_by = result.strip(), at, by
    plan.check_on = at.astimezone(plan.store.tz).date()
    plan.save(update_fields=["result", "closed_at", "closed_by", "check_on"])
    journal.record(by=by, at=at, verb="improvement_plan.closed", subject=plan, note=plan.result)
    return plan
