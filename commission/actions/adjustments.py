"""Adjustments. Source: spec `commission.md` (a month's run)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.choices import RunState
from commission.models import Adjustment, Run
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Period, Refusal


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
    deciders = [role for role, allowed in PERMISSIONS.items() if Permission.ADJUSTMENT_APPROVE in allowed]
    notify(
        recipients=[person for person in staff_with_role(store, *deciders) if person not in (by, staff)],
        key=f"adjustment:{adjustment.pk}:proposed",
        text=_("%(name)s %(period)s: adjustment of %(amount)s waits for your approval: %(reason)s")
        % _facts(adjustment),
        at=at,
        url=reverse("commission:adjustments"),
    )
    return adjustment


@transaction.atomic
def approve_adjustment(*, adjustment: Adjustment, by: Staff, at: datetime) -> Adjustment:
    """Let it count. Neither who proposed it nor who gets it may approve it; both are told."""
    adjustment = _undecided(adjustment, by)
    _refuse_locked(adjustment.store, Period.parse(adjustment.period), reviewed_too=True)
    adjustment.approved_by, adjustment.approved_at = by, at
    adjustment.save(update_fields=["approved_by", "approved_at"])
    journal.record(by=by, at=at, verb="adjustment.approved", subject=adjustment)
    notify(
        recipients=[adjustment.staff, adjustment.entered_by],
        key=f"adjustment:{adjustment.pk}:approved",
        text=_("%(name)s %(period)s: adjustment of %(amount)s approved: %(reason)s") % _facts(adjustment),
        at=at,
    )
    return adjustment


@transaction.atomic
def decline_adjustment(*, adjustment: Adjustment, reason: str, by: Staff, at: datetime) -> Adjustment:
    """Turn it down, with the reason; it never counts. Who proposed it is told."""
    adjustment = _undecided(adjustment, by)
    if not reason.strip():
        raise Refusal(_("Say why it is declined."), field="reason")
    adjustment.declined_by, adjustment.declined_at, adjustment.decline_reason = by, at, reason.strip()
    adjustment.save(update_fields=["declined_by", "declined_at", "decline_reason"])
    journal.record(by=by, at=at, verb="adjustment.declined", subject=adjustment, note=adjustment.decline_reason)
    notify(
        recipients=[adjustment.entered_by],
        key=f"adjustment:{adjustment.pk}:declined",
        text=_("%(name)s %(period)s: adjustment of %(amount)s declined: %(why)s") % _facts(adjustment),
        at=at,
    )
    return adjustment


def _undecided(adjustment: Adjustment, by: Staff) -> Adjustment:
    rows = Adjustment.objects.select_for_update(of=("self",)).select_related("store", "staff", "entered_by")
    adjustment = rows.get(pk=adjustment.pk)
    if adjustment.approved_at:
        raise Refusal(_("This adjustment is approved already."), code="decided")
    if adjustment.declined_at:
        raise Refusal(_("This adjustment is declined already."), code="decided")
    if by.pk in (adjustment.entered_by_id, adjustment.staff_id):
        raise Refusal(_("Neither who proposed an adjustment nor who gets it can approve it."), code="four_eyes")
    return adjustment


def _facts(adjustment: Adjustment) -> dict[str, str]:
    return {
        "name": adjustment.staff.name, "period": adjustment.period, "amount": f"{adjustment.amount:+,.2f}",
        "reason": adjustment.reason, "why": adjustment.decline_reason,
    }  # fmt: skip


def _refuse_locked(store: Store, period: Period, *, reviewed_too: bool = False) -> None:
    """A locked month never changes, and one people have checked their slips of is sent back before it does."""
    run = Run.objects.select_for_update(of=("self",)).filter(store=store, period=str(period)).first()
    if run and run.state == RunState.LOCKED:
        raise Refusal(
            _("%(month)s is locked; enter it in the next open month.") % {"month": period},
            code="locked",
            field="period",
        )
    if reviewed_too and run and run.state != RunState.DRAFT:
        raise Refusal(
            _("The run of %(month)s is “%(state)s”: have it sent back to draft first.")
            % {"month": run.period, "state": run.get_state_display()},
            code="run_reviewed",
        )
