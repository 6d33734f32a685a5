"""Adjustments and incentives: one person enters, another decides. Source: spec `commission.md` (a month's run, F)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commission.choices import RunState
from commission.models import Adjustment, Incentive, Run
from commission.models.proposals import Proposal
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.actions import four_eyes
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Period, Refusal


@transaction.atomic
def add_adjustment(
    *, store: Store, period: Period, staff: Staff, amount: Decimal, reason: str, by: Staff, at: datetime
) -> Adjustment:
    """Propose a reward (+) or penalty (−); it counts once another person has approved it."""
    if not amount:
        raise Refusal(_("An adjustment of nothing is none."), field="amount")
    return _propose(Adjustment(store=store, staff=staff, period=str(period), amount=amount, reason=reason), by, at)


@transaction.atomic
def add_incentive(
    *, store: Store, staff: Staff, kind: str, day: date, amount: Decimal, reason: str, by: Staff, at: datetime
) -> Incentive:
    """Enter what a person earned on a day; it counts once another person has approved it."""
    if amount <= 0:
        raise Refusal(_("An incentive is more than nothing; what is taken off is an adjustment."), field="amount")
    if day > at.astimezone(store.tz).date():
        raise Refusal(_("This day has not come yet."), field="day")
    return _propose(Incentive(store=store, staff=staff, kind=kind, day=day, amount=amount, reason=reason), by, at)


@transaction.atomic
def approve_proposal(*, proposal: Proposal, by: Staff, at: datetime) -> Proposal:
    """Let it count. Neither who entered it nor who gets it may approve it; both are told.

    Refused when the month's run is past its draft: people have checked their statements without it.
    """
    proposal = four_eyes.to_decide(proposal, by=by)
    _refuse_closed(proposal, reviewed_too=True)
    four_eyes.approve(proposal, by=by, at=at)
    notify(
        recipients=[proposal.staff, proposal.entered_by],
        key=f"{proposal.noun}:{proposal.pk}:approved",
        text=_("%(what)s approved: %(reason)s") % {"what": proposal.sentence, "reason": proposal.reason},
        at=at,
    )
    return proposal


@transaction.atomic
def decline_proposal(*, proposal: Proposal, reason: str, by: Staff, at: datetime) -> Proposal:
    """Turn it down, with the reason; it never counts. Who entered it is told."""
    proposal = four_eyes.decline(four_eyes.to_decide(proposal, by=by), reason=reason, by=by, at=at)
    notify(
        recipients=[proposal.entered_by],
        key=f"{proposal.noun}:{proposal.pk}:declined",
        text=_("%(what)s declined: %(why)s") % {"what": proposal.sentence, "why": proposal.decline_reason},
        at=at,
    )
    return proposal


def _propose(proposal: Proposal, by: Staff, at: datetime) -> Proposal:
    proposal.reason = proposal.reason.strip()
    if not proposal.reason:
        raise Refusal(_("Say why: the person concerned will read it."), field="reason")
    was_here = proposal.staff.positions.filter(store=proposal.store_id)  # who has moved on is still paid for it here
    if proposal.staff.store_id != proposal.store_id and not was_here.exists():
        raise Refusal(_("%(name)s does not belong to this store.") % {"name": proposal.staff}, field="staff")
    if by.pk == proposal.staff_id:
        raise Refusal(_("Nobody proposes pay of their own."), field="staff", code="own_pay")
    _refuse_closed(proposal)
    proposal.entered_by, proposal.entered_at = by, at
    proposal.save(force_insert=True)
    journal.record(by=by, at=at, verb=f"{proposal.noun}.proposed", subject=proposal, note=proposal.reason)
    deciders = [role for role, allowed in PERMISSIONS.items() if Permission.ADJUSTMENT_APPROVE in allowed]
    notify(
        recipients=[who for who in staff_with_role(proposal.store, *deciders) if who not in (by, proposal.staff)],
        key=f"{proposal.noun}:{proposal.pk}:proposed",
        text=_("%(what)s waits for your approval: %(reason)s") % {"what": proposal.sentence, "reason": proposal.reason},
        at=at,
        url=proposal.get_absolute_url(),
    )
    return proposal


def _refuse_closed(proposal: Proposal, *, reviewed_too: bool = False) -> None:
    """A locked month never changes; one that people have checked their statements of is sent back before it does."""
    runs = Run.objects.select_for_update(of=("self",)).filter(store=proposal.store_id, period=str(proposal.month))
    run = runs.first()
    if run is None:
        return
    if run.state == RunState.LOCKED:
        raise Refusal(
            _("%(month)s is locked; enter it in the next open month.") % {"month": run.period},
            code="locked",
            field=proposal.dated_by,
        )
    if reviewed_too and run.state != RunState.DRAFT:
        raise Refusal(
            _("The run of %(month)s is “%(state)s”: have it sent back to draft first.")
            % {"month": run.period, "state": run.get_state_display()},
            code="run_reviewed",
            field=proposal.dated_by,
        )
