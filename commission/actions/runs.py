"""A month's run: computed, reviewed, approved, locked. Source: spec `commission.md` (a month's run)."""

from collections.abc import Callable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commission import events
from commission.actions.appeals import tell_locked
from commission.actions.checks import ask_to_check, refuse_unchecked
from commission.actions.corrections import (
    forget_changes_of_draft,
    keep_corrections,
    refuse_overtaken_corrections,
    settle_late_changes,
)
from commission.actions.disputes import refuse_disputed
from commission.actions.pay import keep_pay_slips
from commission.actions.plans import install_plan, readable_plan
from commission.choices import NEXT_STATE, RunState
from commission.formulas import explanation as explained
from commission.formulas.lines import PoolFigure, TeamLine
from commission.formulas.month import MonthStopped, compute_month
from commission.formulas.wording import Notice
from commission.models import CountedRow, Plan, Run, Statement, StatementLine
from commission.queries import decided_since, measures_of, month_facts, said, version_in_force
from commission.queries.corrections import months_to_look_at
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.values import Period, Refusal, Stale


@transaction.atomic
def compute_run(*, store: Store, period: Period, by, at, progress: Callable[[int, str], None] | None = None) -> Run:
    """Compute a month, or compute its draft again. Two at once make one run: the second waits and finds the first.

    `progress(percent, text)` is told how far it has come.
    Raises Refusal naming everything that is missing; then nothing is written.
    """
    tell = progress or _untold
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
        plan = readable_plan(version)
        tell(5, _("gathering the month"))
        facts = month_facts(store, period, measures_of(plan))
        tell(40, _("counting"))
        result = compute_month(facts, plan)
    except MonthStopped as stopped:
        raise Refusal(
            _("The month can't be computed yet. Missing:"),
            code="month_incomplete",
            details=[said(notice) for notice in stopped.stops],
        ) from stopped
    tell(55, _("looking at corrected months"))
    months, stopped, changes = months_to_look_at(store, period)
    tell(70, _("keeping every line with its explanation"))
    if run is None:
        run = Run(store=store, period=str(period))
    else:
        run.counted_rows.all().delete()
        run.lines.all().delete()
        run.corrections.all().delete()
        run.statements.all().delete()
        run.version += 1
    run.plan_version, run.computed_by, run.computed_at = version, by, at
    run.figures = {
        "pool": [_kept_figure(figure) for figure in result.figures],
        "teams": [_kept_team(line) for line in result.teams],
    }
    run.warnings = [_kept(notice) for notice in (*result.warnings, *stopped)]
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
    run.net_total_amount += keep_corrections(run=run, months=months, changes=changes)
    run.save(update_fields=["net_total_amount"])
    keep_pay_slips(run=run, facts=facts, plan=plan.label)
    forget_changes_of_draft(run=run)
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
    journal.record(by=by, at=at, verb="run.computed", subject=run, note=f"{run.net_total_amount:,.2f}")
    return run


def _untold(percent: int, text: str) -> None:
    """Nobody waits for it."""


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
    """The manager has read it: draft → reviewed. The people concerned now see their own statements.

    What was decided since the draft was computed must be in it: what people check is what they are paid. A month that
    is not over yet can be computed to see how it goes, but not paid.
    """
    if at.astimezone(run.store.tz).date() <= Period.parse(run.period).last_day:
        raise Refusal(
            _("%(month)s is not over yet; a month is reviewed when it is.") % {"month": run.period},
            code="month_not_over",
        )
    if decided_since(run):
        raise Refusal(
            _(
                "Something this draft is paid by was decided since it was computed (a target, position, coefficient, "
                "score, adjustment, incentive, pay item or the plan): compute it again."
            ),
            code="run_overtaken",
        )
    run = _advance(run, RunState.REVIEWED, by=by, at=at, version=version)
    ask_to_check(run=run, at=at)
    return run


@transaction.atomic
def approve_run(*, run: Run, by: Staff, at, version: int | None = None, seen_unchecked: int | None = None) -> Run:
    """The station manager approves it: reviewed → approved. Not the person who reviewed it.

    Refused while disputes are open, or upheld ones not put right. `seen_unchecked`: how many statements nobody has
    checked the person knows of and approves all the same; more by now are refused. None asks nothing.
    """
    run = Run.objects.select_for_update(of=("self",)).select_related("store").get(pk=run.pk)  # nobody disputes now
    refuse_disputed(run)
    refuse_unchecked(run, seen=seen_unchecked)
    return _advance(run, RunState.APPROVED, by=by, at=at, version=version)


@transaction.atomic
def lock_run(*, run: Run, by: Staff, at, version: int | None = None) -> Run:
    """Payroll locks it: approved → locked. From then on nothing can change it; what comes later is a correction."""
    Store.objects.select_for_update(no_key=True).get(pk=run.store_id)  # a month being computed is waited for
    refuse_overtaken_corrections(run)
    run = _advance(run, RunState.LOCKED, by=by, at=at, version=version)
    settle_late_changes(run=run, by=by, at=at)
    tell_locked(run=run, at=at)
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
