"""Improvement plans (改进计划) through plan, do, check and act. Source: spec `satisfaction.md`, "Improvement plan"."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.notices import actions as notices
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period, Refusal
from satisfaction.choices import PlanOutcome, PlanStage
from satisfaction.models import ImprovementPlan, Question
from satisfaction.settings import CHECK_DAYS


@transaction.atomic
def open_plan(
    *,
    store,
    period: Period,
    factor: Question,
    cause: str,
    measure: str,
    owner,
    due_on: date,
    by,
    at: datetime,
    check_on: date | None = None,
) -> ImprovementPlan:
    """Open an improvement plan for a factor of a month; checked a month after its due day unless said otherwise. The
    owner is told.

    Refused: without cause or measure, with an owner of another store, due before today, checked before it is due, a
    second open plan for the same factor and month.
    """
    if not cause.strip() or not measure.strip():
        raise Refusal(_("A plan needs its cause and its measure."), field="cause" if not cause.strip() else "measure")
    _refuse_stranger(store, owner)
    check_on = check_on or due_on + timedelta(days=figure(CHECK_DAYS, store=store, on=_day(store, at)))
    _refuse_days(store, due_on, check_on, at)
    plan = ImprovementPlan(
        store=store,
        period=str(period),
        factor_code=factor.code,
        factor_name=factor.name,
        cause=cause.strip(),
        measure=measure.strip(),
        owner=owner,
        due_on=due_on,
        check_on=check_on,
        created_by=by,
        created_at=at,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(_("There is an open plan for this factor and month already."), code="plan_open") from error
    journal.record(by=by, at=at, verb="improvement_plan.opened", subject=plan)
    _tell(plan, [owner], "opened", _("Improvement plan for “%(factor)s”, due %(day)s"), at, day=due_on)
    return plan


@transaction.atomic
def begin_plan(*, plan: ImprovementPlan, by, at: datetime) -> ImprovementPlan:
    """The owner sets to work (执行). Refused to others, and when it is under way already."""
    plan = _locked(plan)
    _refuse_other(plan, by)
    if plan.stage != PlanStage.PLAN:
        raise Refusal(_("This plan is under way already."), code="plan_begun")
    plan.begun_at = at
    plan.save(update_fields=["begun_at"])
    journal.record(by=by, at=at, verb="improvement_plan.begun", subject=plan)
    return plan


@transaction.atomic
def carry_out_plan(*, plan: ImprovementPlan, note: str, by, at: datetime) -> ImprovementPlan:
    """Say what was carried out; from now on its figures are watched (检查). Who opened it is told.

    Refused to others than its owner or who may change plans, without a word of it, and the second time.
    """
    plan = _locked(plan)
    _refuse_other(plan, by)
    if plan.stage == PlanStage.CHECK:
        raise Refusal(_("This plan is carried out already."), code="plan_done")
    if not note.strip():
        raise Refusal(_("Say what was carried out."), field="note")
    plan.begun_at, plan.done_at, plan.done_note = plan.begun_at or at, at, note.strip()
    plan.save(update_fields=["begun_at", "done_at", "done_note"])
    journal.record(by=by, at=at, verb="improvement_plan.carried_out", subject=plan, note=plan.done_note)
    if plan.created_by and plan.created_by != by:
        _tell(plan, [plan.created_by], "done", _("“%(factor)s” is carried out: see on %(day)s whether it helped"), at,
              day=plan.check_on or plan.due_on)  # fmt: skip
    return plan


@transaction.atomic
def change_owner(*, plan: ImprovementPlan, owner, reason: str, by, at: datetime) -> ImprovementPlan:
    """Give a plan to somebody else, who is told. Refused without a reason, to the same person, to another store's."""
    plan = _locked(plan)
    _refuse_stranger(plan.store, owner)
    if owner.pk == plan.owner_id:
        raise Refusal(_("%(person)s has it already.") % {"person": owner}, field="owner")
    if not reason.strip():
        raise Refusal(_("Say why it is given to somebody else."), field="reason")
    changes = {"in_charge": [str(plan.owner), str(owner)]}
    plan.owner = owner
    plan.save(update_fields=["owner"])
    journal.record(
        by=by, at=at, verb="improvement_plan.owner_changed", subject=plan, changes=changes, note=reason.strip()
    )
    _tell(plan, [owner], f"owner:{owner.pk}", _("You answer for “%(factor)s” now, due %(day)s"), at, day=plan.due_on)
    return plan


@transaction.atomic
def postpone_plan(
    *, plan: ImprovementPlan, due_on: date, check_on: date, reason: str, by, at: datetime
) -> ImprovementPlan:
    """Move the days of a plan. Refused without a reason, into the past, checked before it is due."""
    plan = _locked(plan)
    if not reason.strip():
        raise Refusal(_("Say why its days are moved."), field="reason")
    if due_on != plan.due_on or plan.done_at is None:
        _refuse_days(plan.store, due_on, check_on, at)
    elif check_on < _day(plan.store, at):
        raise Refusal(_("The day of the check lies in the past."), field="check_on")
    changes = {"due_on": [str(plan.due_on), str(due_on)], "check_on": [str(plan.check_on), str(check_on)]}
    plan.due_on, plan.check_on = due_on, check_on
    plan.save(update_fields=["due_on", "check_on"])
    journal.record(
        by=by, at=at, verb="improvement_plan.postponed", subject=plan, note=reason.strip(),
        changes={name: change for name, change in changes.items() if change[0] != change[1]},
    )  # fmt: skip
    return plan


@transaction.atomic
def close_plan(*, plan: ImprovementPlan, result: str, by, at: datetime, outcome: str = "") -> ImprovementPlan:
    """Close a plan with what came of it and what follows (处置). Refused without a result and when it is closed."""
    plan = _locked(plan)
    if not result.strip():
        raise Refusal(_("Say what came of it."), field="result")
    plan.result, plan.closed_at, plan.closed_by = result.strip(), at, by
    plan.outcome = PlanOutcome(outcome) if outcome else ""
    plan.check_on = _day(plan.store, at)
    plan.save(update_fields=["result", "outcome", "closed_at", "closed_by", "check_on"])
    journal.record(by=by, at=at, verb="improvement_plan.closed", subject=plan, note=plan.result)
    if plan.owner != by:
        _tell(plan, [plan.owner], "closed", _("“%(factor)s” is closed: %(result)s"), at, result=plan.result[:120])
    return plan


# ── What the clock reminds of ────────────────────────────────────────────────────────────────────────────────────────
def remind_of_plans(*, store, at: datetime) -> int:
    """Tell owners on the due day and on the day of the check, each once, also when the machine was off on the day.

    Who opened the plan is told with them when the day has passed. Returns how many notices are new.
    """
    today, told = _day(store, at), 0
    plans = ImprovementPlan.objects.filter(store=store).unfinished().select_related("owner", "created_by", "store")
    for plan in plans.filter(done_at=None, due_on__lte=today):
        told += _tell(plan, [plan.owner], f"due:{plan.due_on}", _("“%(factor)s” is due %(day)s"), at, day=plan.due_on)
        if plan.due_on < today and plan.created_by:
            late = _("“%(factor)s” was due %(day)s and is not carried out")
            told += _tell(plan, [plan.created_by], f"late:{plan.due_on}", late, at, day=plan.due_on)
    for plan in plans.filter(check_on__lte=today):
        check = _("Did the plan for “%(factor)s” help? It is to be checked %(day)s")
        people = [person for person in (plan.owner, plan.created_by) if person]
        told += _tell(plan, people, f"check:{plan.check_on}", check, at, day=plan.check_on)
    return told


def ask_for_plans(*, store, period: Period, factors: list[str], is_late: bool, at: datetime) -> int:
    """Tell who may plan that a month's weaknesses have no plan yet; once when asked, once when they are late."""
    if not factors:
        return 0
    sentence = (
        _("%(period)s: no plan by the agreed day for %(factors)s")
        if is_late
        else _("%(period)s: weaknesses that need a plan: %(factors)s")
    )
    return notices.notify(
        recipients=planners_of(store),
        key=f"improvement:{store.pk}:{period}:{'late' if is_late else 'owed'}",
        text=sentence % {"period": period, "factors": "、".join(factors)},
        url=f"{reverse('satisfaction:plans_owed')}?period={period}&store={store.code}",
        at=at,
    )


def ask_for_new_owner(*, store, period: Period, factor: str, months: int, url: str, at: datetime) -> int:
    """Tell who may plan that a factor stayed under its target for so long that somebody else is to take it over."""
    return notices.notify(
        recipients=planners_of(store),
        key=f"improvement:{store.pk}:{period}:owner:{factor}",
        text=_("“%(factor)s” is under target for %(months)d months running: name a new owner")
        % {"factor": factor, "months": months},
        url=url,
        at=at,
    )


def planners_of(store) -> list[Staff]:
    """The people of a store who answer for improvement plans."""
    people = Staff.objects.filter(store=store, is_active=True)
    return [person for person in people if person.can(Permission.IMPROVEMENT_CHANGE)]


# ── Guards ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _locked(plan: ImprovementPlan) -> ImprovementPlan:
    plans = ImprovementPlan.objects.select_for_update(of=("self",)).select_related("store", "owner", "created_by")
    plan = plans.get(pk=plan.pk)
    if plan.closed_at:
        raise Refusal(_("This plan is closed already."), code="plan_closed")
    return plan


def _refuse_stranger(store, owner) -> None:
    if owner.store_id != store.pk:
        raise Refusal(_("%(person)s does not work in this store.") % {"person": owner}, field="owner")


def _refuse_other(plan: ImprovementPlan, by) -> None:
    if by is not None and by.pk != plan.owner_id and not by.can(Permission.IMPROVEMENT_CHANGE):
        raise Refusal(_("%(person)s answers for this plan.") % {"person": plan.owner}, code="not_the_owner")


def _refuse_days(store, due_on: date, check_on: date, at: datetime) -> None:
    if due_on < _day(store, at):
        raise Refusal(_("The due day lies in the past."), field="due_on")
    if check_on < due_on:
        raise Refusal(_("It can't be checked before it is due."), field="check_on")


def _day(store, at: datetime) -> date:
    return at.astimezone(store.tz).date()


def _tell(plan: ImprovementPlan, people, occasion: str, sentence: str, at: datetime, **facts) -> int:
    return notices.notify(
        recipients=people,
        key=f"improvement:{plan.pk}:{occasion}",
        text=sentence % {"factor": plan.factor_name, **facts},
        url=reverse("satisfaction:plan", args=[plan.pk]),
        at=at,
    )
