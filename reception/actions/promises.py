"""Delivery times given to the customer (承诺交车): all are kept, the last is the yardstick."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from reception import events
from reception.actions.locking import locked_order, saved
from reception.choices import IN_SHOP
from reception.models import Promise, RepairOrder

LONGEST_STAY = timedelta(days=366)
"""A promise further away than this is a year typed wrong."""


@transaction.atomic
def move_promise(
    *, order: RepairOrder, promised_at: datetime, confirmed_by: str, reason: str, by, at: datetime,
    expected_version: int | None = None,
) -> Promise:  # fmt: skip
    """Give the customer a new delivery time. The former promises stay; the last one is the yardstick."""
    order = locked_order(order, expected_version)
    if order.state not in IN_SHOP:
        raise Refusal(
            _("The car of order %(number)s is not in the shop.") % {"number": order.number}, code="not_in_shop"
        )
    refuse_wrong_promise(promised_at, order.arrived_at, at)
    if promised_at <= at:
        raise Refusal(_("The new delivery time has passed already."), field="promised_at", code="promise_past")
    if not confirmed_by.strip():
        raise Refusal(_("Name who agreed to the new time."), field="confirmed_by", code="confirmation_missing")
    if not reason.strip():
        raise Refusal(_("Say why the promise moves."), field="reason", code="reason_missing")
    before, order.promised_at = order.promised_at, promised_at
    promise = Promise.objects.create(
        order=order,
        promised_at=promised_at,
        made_at=at,
        made_by=by,
        confirmed_by=confirmed_by.strip(),
        reason=reason.strip(),
    )
    saved(order, "promised_at")
    journal.record(
        by=by, at=at, verb="repair_order.promise_moved", subject=order, changes={"promised_at": [before, promised_at]},
        note=f"{reason.strip()} ({confirmed_by.strip()})",
    )  # fmt: skip
    events.promise_moved.send(RepairOrder, order_id=order.pk, at=at)
    return promise


def refuse_wrong_promise(promised_at: datetime | None, arrived_at: datetime, at: datetime) -> None:
    if promised_at is None:
        return
    if promised_at < arrived_at:
        raise Refusal(
            _("The promised time (%(promised)s) lies before the arrival (%(arrived)s).")
            % {
                "promised": f"{timezone.localtime(promised_at):%m-%d %H:%M}",
                "arrived": f"{timezone.localtime(arrived_at):%m-%d %H:%M}",
            },
            field="promised_at",
            code="promise_before_arrival",
        )
    if promised_at > max(arrived_at, at) + LONGEST_STAY:
        raise Refusal(
            _("The promised time (%(promised)s) is more than a year away.")
            % {"promised": f"{timezone.localtime(promised_at):%Y-%m-%d %H:%M}"},
            field="promised_at",
            code="promise_too_late",
        )
