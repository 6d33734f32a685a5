"""Setting and signing targets. Source: spec `kpi.md` (targets), `commission.md` A (signed targets)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.kpi import events
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import Target, TargetSignature
from dealer_crm.kpi.queries import bound_staff
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal


@transaction.atomic
def set_target(
    *,
    store: Store,
    period: Period,
    measure: Measure,
    goal: Decimal,
    by,
    at,
    floor: Decimal | None = None,
    staff: Staff | None = None,
    order_kind: str = "",
) -> Target:
    """Set what is to be reached in a month. A changed goal takes the signatures away: people sign what they read."""
    if goal <= 0:
        raise Refusal(_("A target must be above zero."), field="goal")
    if floor is not None and floor > goal:
        raise Refusal(_("The floor can't lie above the goal."), field="floor")
    if staff and staff.store_id != store.pk:
        raise Refusal(_("%(name)s does not belong to this store.") % {"name": staff}, field="staff")
    target = (
        Target.objects.select_for_update()
        .filter(store=store, period=str(period), measure=measure, staff=staff, order_kind=order_kind)
        .first()
    )
    before = {"goal": target.goal, "floor": target.floor} if target else {"goal": None, "floor": None}
    if target is None:
        target = Target(store=store, period=str(period), measure=measure, staff=staff, order_kind=order_kind)
    elif before == {"goal": goal, "floor": floor}:
        return target
    target.goal, target.floor, target.set_by, target.set_at, target.is_signed = goal, floor, by, at, False
    target.save()
    target.signatures.all().delete()
    journal.record(by=by, at=at, verb="target.set", subject=target, changes=journal.changed_fields(before, target))
    events.target_set.send(Target, target_id=target.pk, at=at)
    return target


@transaction.atomic
def sign_target(*, target: Target, by: Staff, at) -> Target:
    """A person bound by a target signs it. It counts as signed when everyone bound has signed."""
    target = Target.objects.select_for_update().get(pk=target.pk)
    bound = {person.pk for person in bound_staff(target)}
    if by.pk not in bound:
        raise Refusal(_("This target does not bind you, so there is nothing for you to sign."))
    _signature, was_new = TargetSignature.objects.get_or_create(target=target, staff=by, defaults={"signed_at": at})
    if was_new:
        signed = set(target.signatures.values_list("staff_id", flat=True))
        target.is_signed = bound <= signed
        target.save(update_fields=["is_signed"])
        journal.record(by=by, at=at, verb="target.signed", subject=target)
    return target
