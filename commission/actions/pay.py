"""Pay items, incentives, and the pay statements of a run. Source: spec `commission.md` (F, pay statement)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.choices import IncentiveKind, PayKind, RunState
from commission.formulas import explanation as explained
from commission.formulas.facts import MonthFacts
from commission.formulas.payslips import ALLOWANCE, BASE, OTHER, POSITION, SKILL, Earned, pay_slips
from commission.models import Incentive, PayItem, PayLine, PaySlip, Run
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Period, Refusal

MOST_LEVEL = 4


# ── Pay items ────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def set_pay_item(
    *, staff: Staff, kind: str, amount: Decimal, starts_on: date, by: Staff, at: datetime, reason: str = ""
) -> PayItem:
    """Say what a person is paid, or has taken off, from a day on. The same day again says it anew; what stood there is
    kept in the reason. The journal says that something was set, but not how much: its readers are not all payroll.

    Refused for a day in a month that is locked or that people have checked their statements of: what comes after it
    would have been paid by.
    """
    staff = Staff.objects.select_for_update(of=("self",)).select_related("store").get(pk=staff.pk)
    if by.pk == staff.pk:
        raise Refusal(_("Nobody sets their own pay."), field="staff", code="own_pay")
    if amount < 0:
        raise Refusal(_("What is taken off is entered as a positive amount too."), field="amount")
    if kind == PayKind.CERTIFICATION and amount not in range(MOST_LEVEL + 1):
        raise Refusal(_("A certification level is a whole number from 0 to 4."), field="amount")
    if staff.hired_on and starts_on < staff.hired_on:
        raise Refusal(
            _("%(name)s was hired on %(day)s; nothing is paid before.") % {"name": staff.name, "day": staff.hired_on},
            field="starts_on",
        )
    _refuse_closed_since(staff, starts_on)
    known = PayItem.objects.filter(staff=staff, kind=kind)
    row = known.filter(starts_on=starts_on).first()
    in_force = known.filter(starts_on__lte=starts_on).order_by("-starts_on").first()
    if in_force is not None and in_force.amount == amount:
        raise Refusal(
            _("%(name)s has this %(kind)s since %(day)s already.")
            % {"name": staff.name, "kind": PayKind(kind).label, "day": in_force.starts_on},
            field="amount",
        )
    reasons = [reason.strip()]
    if row is None:
        row = PayItem(staff=staff, kind=kind, starts_on=starts_on)
    else:
        former = {"amount": f"{row.amount:,.2f}", "name": row.entered_by or "—"}
        reasons.append(_("instead of %(amount)s by %(name)s") % former)
    row.amount, row.entered_by, row.entered_at = amount, by, at
    row.reason = " · ".join(filter(None, reasons))[:200]
    row.save()
    journal.record(
        by=by, at=at, verb="pay_item.set", subject=row, store=staff.store, changes={"starts_on": [None, starts_on]}
    )
    return row


def _refuse_closed_since(staff: Staff, day: date) -> None:
    """No run that paid the person for the day or a later one may be past its draft; who moves one on waits."""
    runs = Run.objects.select_for_update(of=("self",)).filter(
        store__positions__staff=staff, period__gte=str(Period.of(day))
    )
    found = {run.pk: run for run in runs.exclude(state=RunState.DRAFT).order_by("pk")}
    for run in sorted(found.values(), key=lambda run: (run.state != RunState.LOCKED, run.period)):
        if run.state == RunState.LOCKED:
            raise Refusal(
                _("%(month)s is locked; let it hold from a day after it.") % {"month": run.period},
                code="locked",
                field="starts_on",
            )
        raise Refusal(
            _("The run of %(month)s is “%(state)s”: have it sent back to draft first.")
            % {"month": run.period, "state": run.get_state_display()},
            code="run_reviewed",
            field="starts_on",
        )


# ── Incentives ───────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_incentive(
    *, store: Store, staff: Staff, kind: str, day: date, amount: Decimal, reason: str, by: Staff, at: datetime
) -> Incentive:
    """Enter what a person earned on a day; it counts once another person has approved it."""
    if amount <= 0:
        raise Refusal(_("An incentive is more than nothing; what is taken off is an adjustment."), field="amount")
    if not reason.strip():
        raise Refusal(_("Say why: the person concerned will read it."), field="reason")
    if staff.store_id != store.pk:
        raise Refusal(_("%(name)s does not belong to this store.") % {"name": staff}, field="staff")
    if by.pk == staff.pk:
        raise Refusal(_("Nobody enters an incentive of their own."), field="staff", code="own_pay")
    if day > at.astimezone(store.tz).date():
        raise Refusal(_("This day has not come yet."), field="day")
    _refuse_closed(store, day)
    row = Incentive.objects.create(
        store=store, staff=staff, kind=kind, day=day, amount=amount, reason=reason.strip(), entered_by=by,
        entered_at=at,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="incentive.proposed", subject=row, note=row.reason)
    deciders = [role for role, allowed in PERMISSIONS.items() if Permission.ADJUSTMENT_APPROVE in allowed]
    notify(
        recipients=[person for person in staff_with_role(store, *deciders) if person not in (by, staff)],
        key=f"incentive:{row.pk}:proposed",
        text=_("%(name)s %(day)s: %(kind)s of %(amount)s waits for your approval: %(reason)s") % _facts(row),
        at=at,
        url=reverse("commission:incentives"),
    )
    return row


@transaction.atomic
def approve_incentive(*, incentive: Incentive, by: Staff, at: datetime) -> Incentive:
    """Let it count. Neither who entered it nor who gets it may approve it; both are told."""
    row = _undecided(incentive, by)
    _refuse_closed(row.store, row.day)
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["approved_by", "approved_at"])
    journal.record(by=by, at=at, verb="incentive.approved", subject=row)
    notify(
        recipients=[row.staff, row.entered_by],
        key=f"incentive:{row.pk}:approved",
        text=_("%(name)s %(day)s: %(kind)s of %(amount)s approved: %(reason)s") % _facts(row),
        at=at,
    )
    return row


@transaction.atomic
def decline_incentive(*, incentive: Incentive, reason: str, by: Staff, at: datetime) -> Incentive:
    """Turn it down, with the reason; it never counts. Who entered it is told."""
    row = _undecided(incentive, by)
    if not reason.strip():
        raise Refusal(_("Say why it is declined."), field="reason")
    row.declined_by, row.declined_at, row.decline_reason = by, at, reason.strip()
    row.save(update_fields=["declined_by", "declined_at", "decline_reason"])
    journal.record(by=by, at=at, verb="incentive.declined", subject=row, note=row.decline_reason)
    notify(
        recipients=[row.entered_by],
        key=f"incentive:{row.pk}:declined",
        text=_("%(name)s %(day)s: %(kind)s of %(amount)s declined: %(why)s") % _facts(row),
        at=at,
    )
    return row


def _undecided(incentive: Incentive, by: Staff) -> Incentive:
    rows = Incentive.objects.select_for_update(of=("self",)).select_related("store", "staff", "entered_by")
    row = rows.get(pk=incentive.pk)
    if row.approved_at:
        raise Refusal(_("This incentive is approved already."), code="decided")
    if row.declined_at:
        raise Refusal(_("This incentive is declined already."), code="decided")
    if by.pk in (row.entered_by_id, row.staff_id):
        raise Refusal(_("Neither who entered an incentive nor who gets it can decide on it."), code="four_eyes")
    return row


def _facts(row: Incentive) -> dict[str, str]:
    return {
        "name": row.staff.name, "day": f"{row.day:%m-%d}", "kind": IncentiveKind(row.kind).label,
        "amount": f"{row.amount:,.2f}", "reason": row.reason, "why": row.decline_reason,
    }  # fmt: skip


def _refuse_closed(store: Store, day: date) -> None:
    """A locked month never changes, and one people have checked their slips of is sent back before it does."""
    run = Run.objects.select_for_update(of=("self",)).filter(store=store, period=str(Period.of(day))).first()
    if run and run.state == RunState.LOCKED:
        raise Refusal(
            _("%(month)s is locked; enter it in the next open month.") % {"month": run.period}, code="locked",
            field="day",
        )  # fmt: skip
    if run and run.state != RunState.DRAFT:
        raise Refusal(
            _("The run of %(month)s is “%(state)s”: have it sent back to draft first.")
            % {"month": run.period, "state": run.get_state_display()},
            code="run_reviewed",
            field="day",
        )


# ── Pay statements ───────────────────────────────────────────────────────────────────────────────────────────────────
def keep_pay_slips(*, run: Run, facts: MonthFacts, plan: str) -> None:
    """Keep the pay statements of a run whose commission statements are complete; a draft's former ones go."""
    run.pay_slips.all().delete()
    statements = {slip.staff.work_number: slip for slip in run.statements.select_related("staff")}
    earned = {
        number: Earned(slip.net_amount - slip.adjustment_amount, slip.adjustment_amount)
        for number, slip in statements.items()
    }
    found = pay_slips(facts, plan, earned)
    people = {person.work_number: person for person in Staff.objects.filter(work_number__in=[s.staff for s in found])}
    teams = {team.name: team for team in Team.objects.filter(store=run.store)}
    slips = PaySlip.objects.bulk_create(
        PaySlip(
            run=run, staff=people[slip.staff], statement=statements.get(slip.staff), post=slip.post,
            team=teams.get(slip.team), base_amount=slip.part(BASE), position_amount=slip.part(POSITION),
            skill_amount=slip.part(SKILL), allowance_amount=slip.part(ALLOWANCE),
            commission_amount=slip.earned.commission, reward_amount=slip.earned.reward, other_amount=slip.part(OTHER),
            total_amount=slip.total,
        )
        for slip in found
    )  # fmt: skip
    lines = [(kept, line) for kept, slip in zip(slips, found, strict=True) for line in slip.lines]
    PayLine.objects.bulk_create(
        PayLine(
            run=run, slip=kept, position=place, kind=line.kind, is_taken_off=line.part == OTHER, amount=line.amount,
            explanation=explained.to_json(line.explanation),
        )
        for place, (kept, line) in enumerate(lines, start=1)
    )  # fmt: skip
