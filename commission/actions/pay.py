"""Pay items, incentives, and the pay statements of a run. Source: spec `commission.md` (F, pay statement)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commission.choices import PayKind, RunState
from commission.formulas import explanation as explained
from commission.formulas.facts import MonthFacts
from commission.formulas.payslips import ALLOWANCE, BASE, OTHER, POSITION, SKILL, Earned, pay_slips
from commission.models import PayItem, PayLine, PaySlip, Run
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Team
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
