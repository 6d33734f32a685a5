"""Trying a plan version over past months before it is adopted. Source: spec `commission.md`, Plans (dry-run).

A dry run is asked for first and then made by whoever comes: the page when it is short, else a worker. It reads the
facts of each month as they stand today and counts them twice, by the version then in force and by the one on trial, so
that the difference shows the plan and nothing else. It writes its own rows only; no run, statement or month is touched.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commission.actions.plans import refuse_problems
from commission.formulas.comparison import item_changes
from commission.formulas.month import MonthStopped, compute_month
from commission.formulas.plan import PlanParameters, plan_from_json
from commission.formulas.wording import Notice
from commission.models import DryRun, DryRunLine, DryRunMonth, PlanVersion
from commission.queries import claimable_dry_runs, measures_of, month_facts, paid_in, version_in_force
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.actions import make_owed
from dealer_crm.reporting.choices import ReportState
from dealer_crm.values import Period, Refusal

MOST_MONTHS = 24


@transaction.atomic
def order_dry_run(*, version: PlanVersion, first: Period, last: Period, by: Staff, at: datetime) -> DryRun:
    """Ask for a version to be tried over months that are over; asked twice at once, it is made once."""
    version = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan__store").get(pk=version.pk)
    refuse_problems(plan_from_json(version.rules))
    store = version.plan.store
    if last >= Period.of(at, store.tz):
        raise Refusal(_("Only months that are over can be tried."), field="last", code="month_not_over")
    if last < first:
        raise Refusal(_("The last month lies before the first."), field="last", code="months_reversed")
    if first.shifted(MOST_MONTHS - 1) < last:
        raise Refusal(
            _("At most %(count)s months are tried at once.") % {"count": MOST_MONTHS}, field="last", code="too_many"
        )
    asked = {"revision": version.revision, "first_period": str(first), "last_period": str(last)}
    if waiting := version.dry_runs.filter(state=ReportState.OWED, **asked).first():
        return waiting
    dry_run = DryRun.objects.create(version=version, asked_by=by, asked_at=at, **asked)
    journal.record(by=by, at=at, verb="plan.tried", subject=version, store=store, note=dry_run.months)
    return dry_run


def make_dry_run(*, dry_run_id: int, at: datetime, progress: Callable[[int, str], None] | None = None) -> bool:
    """Make one that was asked for, unless somebody else is at it. Returns whether it was made now."""
    return make_owed(
        owed=claimable_dry_runs(at), pk=dry_run_id, at=at, work=lambda dry_run: _make(dry_run, at, progress)
    )


def _make(dry_run: DryRun, at: datetime, progress) -> None:
    version = PlanVersion.objects.select_related("plan__store").get(pk=dry_run.version_id)
    if version.revision != dry_run.revision:
        raise Refusal(_("The draft was changed before it was tried; try it again."))
    first, last = Period.parse(dry_run.first_period), Period.parse(dry_run.last_period)
    months = [first]
    while months[-1] < last:
        months.append(months[-1].next())
    after = plan_from_json(version.rules)
    for place, month in enumerate(months):
        if progress:
            progress(100 * place // len(months), str(month))
        _try(dry_run, version, after, month)
    dry_run.state, dry_run.made_at, dry_run.claimed_at, dry_run.failure = ReportState.MADE, at, None, ""
    dry_run.save(update_fields=["state", "made_at", "claimed_at", "failure"])


def _try(dry_run: DryRun, version: PlanVersion, after: PlanParameters, month: Period) -> None:
    """One month by both plans; one that can't be worked out by either is kept with the reasons, and counts nowhere."""
    store = version.plan.store
    against = version_in_force(store, month)
    if against is None:
        problems = [{"code": "plan.none_in_force", "subject": str(month), "params": {}}]
        DryRunMonth.objects.create(dry_run=dry_run, period=str(month), problems=problems)
        return
    before = plan_from_json(against.rules)
    facts = month_facts(store, month, measures_of(before) | measures_of(after))
    results, missing = [], {}
    for plan in (before, after):
        try:
            results.append(compute_month(facts, plan))
        except MonthStopped as stopped:
            missing |= {(notice.code, notice.subject): notice for notice in stopped.stops}
    part = DryRunMonth(dry_run=dry_run, period=str(month), against=against, paid_amount=paid_in(store, month))
    if missing:
        part.problems = [_kept(notice) for notice in missing.values()]
        part.save()
        return
    changes = item_changes(*results)
    part.before_amount = sum((one.before for one in changes), Decimal(0))
    part.after_amount = sum((one.after for one in changes), Decimal(0))
    part.save()
    people = dict(Staff.objects.filter(work_number__in={one.staff for one in changes}).values_list("work_number", "pk"))
    DryRunLine.objects.bulk_create(
        DryRunLine(
            dry_run=dry_run, period=str(month), staff_id=people[one.staff], item=one.code, name=one.title,
            before_amount=one.before, after_amount=one.after,
        )
        for one in changes
    )  # fmt: skip


def _kept(notice: Notice) -> dict:
    params = {name: str(value) for name, value in notice.params.items()}
    return {"code": notice.code, "subject": notice.subject, "params": params}
