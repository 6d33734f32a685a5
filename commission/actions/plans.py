"""Pay plans and their versions. Source: spec `commission.md` (plans)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commission.choices import PlanState, RunState
from commission.formulas.plan import SHIPPED, PlanParameters, plan_from_json, plan_to_json, validate
from commission.models import Plan, PlanVersion, Run
from commission.queries import said
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal

# The first month the shipped plan and its ready second version (VAT divisor 1.13) hold for.
_SHIPPED_FROM = Period(2000, 1)


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
