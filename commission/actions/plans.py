"""Pay plans and their versions: written, changed, thrown away, approved for good. Source: `commission.md`, Plans."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.choices import PlanState, RunState
from commission.formulas.comparison import parameter_changes
from commission.formulas.plan import (
    SHIPPED,
    VAT_DIVISOR_NOW,
    Block,
    PlanParameters,
    plan_from_json,
    plan_to_json,
    validate,
)
from commission.formulas.wording import Notice
from commission.models import Plan, PlanVersion, Run
from commission.queries import current_dry_run, first_free_month, said, value_in_words, version_in_force
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Period, Refusal, Stale

# The first month the shipped plan holds for.
_SHIPPED_FROM = Period(2000, 1)


class PlanRefused(Refusal):
    """A plan with mistakes: `problems` name block and parameter of each, so that a form can say it beside the field."""

    def __init__(self, problems: tuple[Notice, ...]):
        super().__init__(
            _("The plan has mistakes:"), code="plan_mistaken", details=[said(problem) for problem in problems]
        )
        self.problems = problems


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
        later = SHIPPED.with_divisor(VAT_DIVISOR_NOW, number=2, name=SHIPPED.name, starts=Period.of(at).next())
        PlanVersion.objects.create(
            plan=plan,
            number=2,
            name=str(VAT_DIVISOR_NOW),
            starts_period=str(later.starts),
            rules=plan_to_json(later),
            created_by=by,
            created_at=at,
        )
        journal.record(by=by, at=at, verb="plan.installed", subject=plan)
    return plan


@transaction.atomic
def draft_version(
    *, source: PlanVersion, by: Staff, at: datetime, divisor: Decimal | None = None, name: str = ""
) -> PlanVersion:
    """A new draft with the rules of a version, for the first month that is free; with `divisor`, with that VAT divisor.

    Two people who press at once get two drafts with numbers of their own.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("store").get(pk=source.plan_id)
    former = plan_from_json(source.rules)
    number = plan.versions.order_by("-number").values_list("number", flat=True)[0] + 1
    starts = first_free_month(plan, at)
    rules = (
        PlanParameters(number, former.name, starts, former.blocks)
        if divisor is None
        else former.with_divisor(divisor, number=number, name=former.name, starts=starts)
    )
    version = PlanVersion.objects.create(
        plan=plan,
        number=number,
        name=name or (str(divisor) if divisor else ""),
        starts_period=str(starts),
        rules=plan_to_json(rules),
        created_by=by,
        created_at=at,
    )
    journal.record(by=by, at=at, verb="plan.proposed", subject=version, store=plan.store, note=f"← v{source.number}")
    return version


@transaction.atomic
def change_version(
    *,
    version: PlanVersion,
    name: str,
    starts: Period,
    blocks: Sequence[Block],
    expected_revision: int | None,
    by: Staff,
    at: datetime,
) -> PlanVersion:
    """Save a draft: its name, first month and rules. What is wrong is said at once, all of it; nothing is kept then.

    Raises PlanRefused with the mistakes, Stale when somebody else has saved it since. A change takes back the asking
    for approval: what was asked about is no longer what stands there.
    """
    version = _locked_draft(version)
    if expected_revision is not None and version.revision != expected_revision:
        raise Stale(
            _("%(name)s has changed this draft meanwhile; look at what is new and save again.")
            % {"name": version.changed_by or version.created_by},
            version=version.revision,
        )
    former = plan_from_json(version.rules)
    rules = PlanParameters(version.number, former.name, starts, tuple(blocks))
    refuse_problems(rules)
    _refuse_start(version, starts)
    changes = {
        key: [value_in_words(value, key.rpartition(".")[2]) for value in pair]
        for key, *pair in parameter_changes(former, rules)
    }
    for key, old, new in (("name", version.name, name.strip()), ("starts", former.starts, starts)):
        if old != new:
            changes[key] = [str(old), str(new)]
    if not changes:
        return version
    version.name, version.starts_period, version.rules = name.strip(), str(starts), plan_to_json(rules)
    version.changed_by, version.changed_at, version.revision = by, at, version.revision + 1
    version.asked_by = version.asked_at = None
    version.save()
    journal.record(by=by, at=at, verb="plan.changed", subject=version, store=version.plan.store, changes=changes)
    return version


@transaction.atomic
def discard_version(*, version: PlanVersion, by: Staff, at: datetime) -> None:
    """Throw a draft away, with its dry runs."""
    version = _locked_draft(version)
    journal.record(
        by=by, at=at, verb="plan.discarded", subject=version, store=version.plan.store, note=f"{version} {version.name}"
    )
    version.delete()


@transaction.atomic
def ask_for_approval(*, version: PlanVersion, by: Staff, at: datetime) -> PlanVersion:
    """Say that a draft is ready; who may approve it is told. Changing it takes that back."""
    version = _locked_draft(version)
    if version.asked_at:
        raise Refusal(_("Approval of this version is asked for already."), code="asked_already")
    refuse_problems(plan_from_json(version.rules))
    _refuse_start(version, Period.parse(version.starts_period))
    version.asked_by, version.asked_at = by, at
    version.save(update_fields=["asked_by", "asked_at"])
    store = version.plan.store
    journal.record(by=by, at=at, verb="plan.asked", subject=version, store=store)
    deciders = [role for role, allowed in PERMISSIONS.items() if Permission.PLAN_APPROVE in allowed]
    notify(
        recipients=[person for person in staff_with_role(store, *deciders) if person not in _hands(version)],
        key=f"plan:{version.pk}:{version.revision}:asked",
        text=_("%(version)s is to hold from %(month)s and waits for your approval.")
        % {"version": version, "month": version.starts_period},
        at=at,
        url=reverse("commission:plan", args=[version.pk]),
    )
    return version


@transaction.atomic
def approve_version(
    *,
    version: PlanVersion,
    by: Staff,
    at: datetime,
    expected_revision: int | None = None,
    without_dry_run: bool = False,
) -> PlanVersion:
    """Adopt a version. From then on it can't be changed.

    Refused: by whoever wrote it; with mistakes; from a month that is locked, or whose run people have checked their
    slips of; and, unless `without_dry_run` says that this is meant, one that nobody has tried over past months.
    """
    version = _locked_draft(version)
    if expected_revision is not None and version.revision != expected_revision:
        raise Stale(_("This draft was changed since you opened it; read it again."), version=version.revision)
    if by in _hands(version):
        raise Refusal(_("Whoever wrote a version can't approve it; ask a colleague."), code="four_eyes")
    refuse_problems(plan_from_json(version.rules))
    store = Store.objects.select_for_update(no_key=True).get(pk=version.plan.store_id)  # no run is computed meanwhile
    _refuse_start(version, Period.parse(version.starts_period))
    _refuse_checked_months(version, store)
    if not without_dry_run and current_dry_run(version) is None:
        raise Refusal(
            _("This version has not been tried over past months since it was last changed."), code="no_dry_run"
        )
    version.state, version.approved_by, version.approved_at = PlanState.APPROVED, by, at
    version.save(update_fields=["state", "approved_by", "approved_at"])
    note = _("without a dry run") if without_dry_run else ""
    journal.record(by=by, at=at, verb="plan.approved", subject=version, store=store, note=note)
    notify(
        recipients=_hands(version),
        key=f"plan:{version.pk}:approved",
        text=_("%(version)s is approved and holds from %(month)s.")
        % {"version": version, "month": version.starts_period},
        at=at,
        url=reverse("commission:plan", args=[version.pk]),
    )
    return version


def readable_plan(version: PlanVersion) -> PlanParameters:
    """The rules of a version to count by. Refused with what is wrong: nobody approves such a version in the program,
    but the database may be written to by other ways."""
    try:
        plan = plan_from_json(version.rules)
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal(
            _("The rules of %(version)s can't be read: %(why)s") % {"version": version, "why": error},
            code="plan_mistaken",
        ) from error
    refuse_problems(plan)
    return plan


def refuse_problems(parameters: PlanParameters) -> None:
    problems = validate(parameters)
    if problems:
        raise PlanRefused(problems)


def _locked_draft(version: PlanVersion) -> PlanVersion:
    rows = PlanVersion.objects.select_for_update(of=("self",)).select_related(
        "plan__store", "created_by", "changed_by", "asked_by"
    )
    version = rows.filter(pk=version.pk).first()
    if version is None:
        raise Refusal(_("This draft has been thrown away meanwhile."), code="gone")
    if version.state == PlanState.APPROVED:
        raise Refusal(_("This version is approved already; a change is a new version."), code="approved")
    return version


def _hands(version: PlanVersion) -> list[Staff]:
    """Who wrote it."""
    return list({person.pk: person for person in (version.created_by, version.changed_by) if person}.values())


def _refuse_start(version: PlanVersion, starts: Period) -> None:
    """A version starts after the last locked month, and no two start together."""
    runs = Run.objects.filter(store=version.plan.store_id, state=RunState.LOCKED, period__gte=str(starts))
    if locked := runs.order_by("-period").first():
        raise Refusal(
            _("%(month)s is locked, so a version can't start before the month after it.") % {"month": locked.period},
            field="starts",
            code="locked",
        )
    same = version.plan.versions.approved().filter(starts_period=str(starts)).exclude(pk=version.pk)
    if other := same.first():
        raise Refusal(
            _("Version v%(number)s, which is approved, starts in %(month)s; choose another month.")
            % {"number": other.number, "month": starts},
            field="starts",
            code="start_taken",
        )


def _refuse_checked_months(version: PlanVersion, store: Store) -> None:
    """What people have checked is what they are paid: a month under review keeps the version it was computed by."""
    runs = Run.objects.select_for_update(of=("self",)).filter(store=store, period__gte=version.starts_period)
    for run in runs.exclude(state__in=[RunState.DRAFT, RunState.LOCKED]).order_by("period"):
        in_force = version_in_force(store, Period.parse(run.period))
        if in_force is None or in_force.starts_period < version.starts_period:
            raise Refusal(
                _("The run of %(month)s is “%(state)s”: have it sent back to draft first.")
                % {"month": run.period, "state": run.get_state_display()},
                code="run_reviewed",
            )
