"""Plans, runs, adjustments, scores. Source: spec `commission.md` (plans, a month's run)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commission import events
from commission.choices import NEXT_STATE, PlanState, RunState
from commission.formulas import explanation as explained
from commission.formulas.lines import PoolFigure, TeamLine
from commission.formulas.month import MonthStopped, compute_month
from commission.formulas.plan import SHIPPED, PlanParameters, plan_from_json, plan_to_json, validate
from commission.formulas.wording import Notice
from commission.models import Adjustment, CountedRow, Plan, PlanVersion, Run, Score, Statement, StatementLine
from commission.queries import month_facts, said, version_in_force
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.values import Period, Refusal, Stale

# The first month the shipped plan and its ready second version (VAT divisor 1.13) hold for.
_SHIPPED_FROM = Period(2000, 1)


# ── Plans ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def install_plan(*, store: Store, at, by=None) -> Plan:
    """Give a store the shipped plan, approved, and the ready second version with the divisor 1.13 as a draft."""
    plan, was_new = Plan.objects.get_or_create(store=store, defaults={"name": "标准提成方案"})
    if was_new:
        PlanVersion.objects.create(
            plan=plan,
            number=1,
            name="1.17",
            starts_period=str(_SHIPPED_FROM),
            rules=plan_to_json(SHIPPED),
            state=PlanState.APPROVED,
            approved_at=at,
            created_by=by,
            created_at=at,
        )
        later = SHIPPED.with_divisor(Decimal("1.13"), number=2, name=SHIPPED.name, starts=Period.of(at).next())
        PlanVersion.objects.create(
            plan=plan,
            number=2,
            name="1.13",
            starts_period=str(later.starts),
            rules=plan_to_json(later),
            created_by=by,
            created_at=at,
        )
        journal.record(by=by, at=at, verb="plan.installed", subject=plan)
    return plan


@transaction.atomic
def propose_version(*, plan: Plan, parameters: PlanParameters, name: str, by, at) -> PlanVersion:
    """Write a new version as a draft; what is wrong with it is said at once, all of it."""
    _refuse_problems(parameters)
    number = (plan.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = PlanVersion.objects.create(
        plan=plan,
        number=number,
        name=name,
        starts_period=str(parameters.starts),
        rules=plan_to_json(PlanParameters(number, parameters.name, parameters.starts, parameters.blocks)),
        created_by=by,
        created_at=at,
    )
    journal.record(by=by, at=at, verb="plan.proposed", subject=version, store=plan.store)
    return version


@transaction.atomic
def approve_version(*, version: PlanVersion, by: Staff, at) -> PlanVersion:
    """Adopt a version. From then on it can't be changed; it can't start in a month that is locked."""
    version = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan__store").get(pk=version.pk)
    if version.state == PlanState.APPROVED:
        raise Refusal(_("This version is approved already."))
    if version.created_by_id == by.pk:
        raise Refusal(_("Whoever wrote a version can't approve it; ask a colleague."))
    _refuse_problems(plan_from_json(version.rules))
    store = version.plan.store
    locked = (
        Run.objects.filter(store=store, state=RunState.LOCKED, period__gte=version.starts_period)
        .order_by("-period")
        .first()
    )
    if locked:
        raise Refusal(
            _("%(month)s is locked, so a version can't start before the month after it.") % {"month": locked.period},
            field="starts_period",
        )
    if version.plan.versions.filter(state=PlanState.APPROVED, starts_period=version.starts_period).exists():
        raise Refusal(_("Another approved version starts in %(month)s.") % {"month": version.starts_period})
    version.state, version.approved_by, version.approved_at = PlanState.APPROVED, by, at
    version.save(update_fields=["state", "approved_by", "approved_at"])
    journal.record(by=by, at=at, verb="plan.approved", subject=version, store=store)
    return version


def _refuse_problems(parameters: PlanParameters) -> None:
    problems = validate(parameters)
    if problems:
        raise Refusal(_("The plan has mistakes:"), details=[said(problem) for problem in problems])


# ── Runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def compute_run(*, store: Store, period: Period, by, at) -> Run:
    """Compute a month, or compute its draft again. Two at once make one run: the second waits and finds the first.

    Raises Refusal naming everything that is missing; then nothing is written.
    """
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    run = Run.objects.filter(store=store, period=str(period)).first()
    if run and run.state != RunState.DRAFT:
        raise Refusal(
            _("The run of %(month)s is “%(state)s”; only a draft can be computed again.")
            % {"month": period, "state": run.get_state_display()}
        )
    if not Plan.objects.filter(store=store).exists():
        install_plan(store=store, by=by, at=at)  # a new store is paid by the shipped plan until it has its own
    version = version_in_force(store, period)
    if version is None:
        raise Refusal(_("No approved pay plan holds for %(month)s.") % {"month": period})
    try:
        result = compute_month(month_facts(store, period), plan_from_json(version.rules))
    except MonthStopped as stopped:
        raise Refusal(
            _("The month can't be computed yet. Missing:"),
            code="month_incomplete",
            details=[said(notice) for notice in stopped.stops],
        ) from stopped
    if run is None:
        run = Run(store=store, period=str(period))
    else:
        run.counted_rows.all().delete()
        run.lines.all().delete()
        run.statements.all().delete()
        run.version += 1
    run.plan_version, run.computed_by, run.computed_at = version, by, at
    run.figures = {
        "pool": [_kept_figure(figure) for figure in result.figures],
        "teams": [_kept_team(line) for line in result.teams],
    }
    run.warnings = [_kept(notice) for notice in result.warnings]
    run.carry_over = [
        {
            "reason": _kept(item.reason), "kind": item.kind, "order": item.order,
            "day": item.day.isoformat() if item.day else None, "amount": str(item.amount),
        }
        for item in result.waiting
    ]  # fmt: skip
    run.net_total_amount = sum((summary.net for summary in result.summaries), Decimal(0))
    run.save()
    _keep_people(run, result)
    CountedRow.objects.bulk_create(
        [
            CountedRow(
                run=run, position=place, item=row.code, receiver=row.receiver, kind=row.kind, number=row.number,
                order_number=row.order, day=row.day, value=row.value, counted=row.counted, note=row.note,
            )
            for place, row in enumerate(result.details, start=1)
        ],
        batch_size=2000,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="run.computed", subject=run, note=str(run.net_total_amount))
    return run


def _keep_people(run: Run, result) -> None:
    people = {member.work_number: member for member in Staff.objects.filter(
        work_number__in=[summary.staff for summary in result.summaries]
    )}  # fmt: skip
    teams = {team.name: team for team in Team.objects.filter(store=run.store)}
    statements = {
        summary.staff: Statement(
            run=run, staff=people[summary.staff], post=summary.post, team=teams.get(summary.team),
            gross_amount=summary.gross, complaint_amount=summary.complaints, appraisal_amount=summary.appraisal,
            adjustment_amount=summary.adjustments, net_amount=summary.net,
        )
        for summary in result.summaries
    }  # fmt: skip
    Statement.objects.bulk_create(statements.values())
    StatementLine.objects.bulk_create(
        StatementLine(
            run=run, statement=statements[line.staff], position=place, kind=line.kind, item=line.code, name=line.title,
            base=line.base, rate=line.rate, factor=line.factor, amount=line.amount,
            explanation=explained.to_json(line.explanation),
        )
        for place, line in enumerate(result.lines, start=1)
    )  # fmt: skip


@transaction.atomic
def review_run(*, run: Run, by: Staff, at, version: int | None = None) -> Run:
    """The manager has read it: draft → reviewed. The people concerned now see their own statements."""
    return _advance(run, RunState.REVIEWED, by=by, at=at, version=version)


@transaction.atomic
def approve_run(*, run: Run, by: Staff, at, version: int | None = None) -> Run:
    """The station manager approves it: reviewed → approved. Not the person who reviewed it."""
    return _advance(run, RunState.APPROVED, by=by, at=at, version=version)


@transaction.atomic
def lock_run(*, run: Run, by: Staff, at, version: int | None = None) -> Run:
    """Payroll locks it: approved → locked. From then on nothing can change it; what comes later is a correction."""
    run = _advance(run, RunState.LOCKED, by=by, at=at, version=version)
    events.run_locked.send(Run, run_id=run.pk, at=at)
    return run


@transaction.atomic
def return_run(*, run: Run, reason: str, by: Staff, at, version: int | None = None) -> Run:
    """Send a reviewed or approved run back to draft, saying why, so that it can be computed again."""
    run = _locked_for_change(run, version)
    if run.state not in (RunState.REVIEWED, RunState.APPROVED):
        raise Refusal(_("Only a reviewed or approved run can be sent back."))
    if not reason.strip():
        raise Refusal(_("Say why the run is sent back."), field="reason")
    before = run.state
    run.state = RunState.DRAFT
    run.reviewed_by = run.reviewed_at = run.approved_by = run.approved_at = None
    run.version += 1
    run.save()
    journal.record(
        by=by, at=at, verb="run.returned", subject=run, changes={"state": [before, run.state]}, note=reason.strip()
    )
    return run


def _advance(run: Run, target: RunState, *, by: Staff, at, version: int | None) -> Run:
    run = _locked_for_change(run, version)
    if NEXT_STATE.get(RunState(run.state)) != target:
        raise Refusal(
            _("The run is “%(state)s”; it can't become “%(target)s” from there.")
            % {"state": run.get_state_display(), "target": target.label}
        )
    if target == RunState.APPROVED and run.reviewed_by_id == by.pk:
        raise Refusal(_("Whoever reviewed a run can't approve it; ask the station manager."))
    before, run.state = run.state, target
    setattr(run, f"{target.value}_by", by)
    setattr(run, f"{target.value}_at", at)
    run.version += 1
    run.save()
    journal.record(by=by, at=at, verb=f"run.{target.value}", subject=run, changes={"state": [before, target.value]})
    return run


def _locked_for_change(run: Run, version: int | None) -> Run:
    run = Run.objects.select_for_update(of=("self",)).select_related("store").get(pk=run.pk)
    if version is not None and run.version != version:
        raise Stale(_("The run was changed in the meantime; load the page again."))
    if run.state == RunState.LOCKED:
        raise Refusal(_("%(run)s is locked and can't be changed.") % {"run": run}, code="locked")
    return run


# ── Scores and adjustments ───────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def set_score(*, staff: Staff, period: Period, score: Decimal, by, at) -> Score:
    """Enter a person's appraisal score of a month."""
    if not 0 <= score <= 200:
        raise Refusal(_("A score lies between 0 and 200."), field="score")
    if by and by.pk == staff.pk:
        raise Refusal(_("Nobody scores themselves."))
    _refuse_locked(staff.store, period)
    row = Score.objects.select_for_update().filter(staff=staff, period=str(period)).first()
    before = row.score if row else None
    if row is None:
        row = Score(staff=staff, period=str(period))
    row.score, row.entered_by, row.entered_at = score, by, at
    row.save()
    journal.record(by=by, at=at, verb="score.set", subject=row, store=staff.store, changes={"score": [before, score]})
    return row


@transaction.atomic
def add_adjustment(
    *, store: Store, period: Period, staff: Staff, amount: Decimal, reason: str, by: Staff, at
) -> Adjustment:
    """Propose a reward (+) or penalty (−); it counts once another person has approved it."""
    if not amount:
        raise Refusal(_("An adjustment of nothing is none."), field="amount")
    if not reason.strip():
        raise Refusal(_("Say why: the person concerned will read it."), field="reason")
    if staff.store_id != store.pk:
        raise Refusal(_("%(name)s does not belong to this store.") % {"name": staff}, field="staff")
    if by.pk == staff.pk:
        raise Refusal(_("Nobody adjusts their own pay."), field="staff")
    _refuse_locked(store, period)
    adjustment = Adjustment.objects.create(
        store=store,
        period=str(period),
        staff=staff,
        amount=amount,
        reason=reason.strip(),
        entered_by=by,
        entered_at=at,
    )
    journal.record(by=by, at=at, verb="adjustment.proposed", subject=adjustment, note=reason)
    return adjustment


@transaction.atomic
def approve_adjustment(*, adjustment: Adjustment, by: Staff, at) -> Adjustment:
    adjustment = Adjustment.objects.select_for_update(of=("self",)).select_related("store").get(pk=adjustment.pk)
    if adjustment.approved_at:
        raise Refusal(_("This adjustment is approved already."))
    if by.pk in (adjustment.entered_by_id, adjustment.staff_id):
        raise Refusal(_("Neither who proposed an adjustment nor who gets it can approve it."))
    _refuse_locked(adjustment.store, Period.parse(adjustment.period))
    adjustment.approved_by, adjustment.approved_at = by, at
    adjustment.save(update_fields=["approved_by", "approved_at"])
    journal.record(by=by, at=at, verb="adjustment.approved", subject=adjustment)
    return adjustment


def _refuse_locked(store: Store, period: Period) -> None:
    if Run.objects.filter(store=store, period=str(period), state=RunState.LOCKED).exists():
        raise Refusal(
            _("%(month)s is locked; enter it in the next open month.") % {"month": period},
            code="locked",
            field="period",
        )


def _kept(notice: Notice) -> dict:
    return {
        "code": notice.code,
        "subject": notice.subject,
        "params": {name: str(value) for name, value in notice.params.items()},
    }


def _kept_figure(figure: PoolFigure) -> dict:
    return {"key": figure.key, "name": figure.name, "explanation": explained.to_json(figure.explanation)}


def _kept_team(line: TeamLine) -> dict:
    numbers = ("hours", "hour_price", "consumables", "divisor", "rate", "amount")
    return {
        **{name: getattr(line, name) for name in ("team", "kind", "code", "title")},
        **{name: _text(getattr(line, name)) for name in numbers},
        "explanation": explained.to_json(line.explanation),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
