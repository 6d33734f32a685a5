from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.roles import Role
from dealer_crm.notices.actions import notify
from dealer_crm.organization.queries import staff_with_role
from reception.models import RepairOrder
from workshop import events
from workshop.choices import NOT_READY
from workshop.queries import warning_key, warning_time


@transaction.atomic
def warn_of_promise(*, order: RepairOrder, by=None, at: datetime) -> bool:
    """Tell the advisor that the promise will be missed; once for each promise, however often this is called.

    Nothing happens when the car is ready or the promise was moved in the meantime, or while another process is at it.
    Returns whether somebody was told. Source: workshop.md (progress board).
    """
    locked = RepairOrder.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "vehicle", "store", "advisor"
    )
    order = locked.filter(pk=order.pk, state__in=NOT_READY, promised_at__isnull=False).first()
    if order is None:
        return False
    if order.promised_at > at + warning_time(order.store, at):
        return False
    told = notify(
        recipients=[order.advisor] if order.advisor else staff_with_role(order.store, Role.FRONTDESK),
        key=warning_key(order),
        text=_("%(plate)s is promised for %(time)s and not ready: %(state)s.")
        % {
            "plate": order.vehicle.plate,
            "time": f"{order.promised_at.astimezone(order.store.tz):%H:%M}",
            "state": order.get_state_display(),
        },
        url=reverse("reception:order", args=[order.pk]),
        at=at,
    )
    if told:
        events.promise_at_risk.send(sender=RepairOrder, order_id=order.pk, at=at)
    return bool(told)
