"""Appraisal scores and adjustments. Source: spec `commission.md` (a month's run)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from commission.choices import RunState
from commission.models import Adjustment, Run, Score
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal


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
