"""Handing the car back (交车)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from reception import events
from reception.actions.locking import locked_order, locked_vehicle, moved, saved
from reception.actions.vehicles import refuse_impossible_mileage
from reception.actions.visits import sign
from reception.choices import DelayCause, Move, SignedPaper
from reception.models import RepairOrder


@transaction.atomic
def deliver(
    *, order: RepairOrder, by, at: datetime, delay_cause: str = "", delay_note: str = "", delay_confirmed: bool = False,
    next_service_on: date | None = None, next_service_km: int | None = None, was_explained: bool | None = None,
    old_parts_returned: bool | None = None, expected_version: int | None = None,
) -> RepairOrder:  # fmt: skip
    """Hand over a settled car. After the promised time a cause is needed.

    `was_explained`: work and bill were explained to the customer; a "no" is refused, None is not asked. Old parts are
    handed over only when the customer wanted them back.

    The customer's cause needs the customer's word and puts the order on the manager's spot-check list
    (`RepairOrder.objects.to_spot_check()`).
    """
    order = locked_order(order, expected_version)
    before = moved(order, Move.DELIVER, _("The cashier must settle the order."))
    if order.promised_at and at > order.promised_at:
        if delay_cause not in DelayCause.values:
            raise Refusal(
                _("The promised time has passed. Say whose cause it was."),
                field="delay_cause",
                code="delay_unexplained",
            )
        if delay_cause == DelayCause.CUSTOMER and not delay_confirmed:
            raise Refusal(
                _("A delay by the customer's cause must be confirmed by the customer."),
                field="delay_confirmed",
                code="delay_unconfirmed",
            )
        order.delay_cause, order.delay_note, order.delay_confirmed = delay_cause, delay_note.strip(), delay_confirmed
    _refuse_past_service(order, at, next_service_on, next_service_km)
    if was_explained is False:
        raise Refusal(
            _("Explain the work and the bill to the customer before the car goes."),
            field="was_explained",
            code="not_explained",
        )
    order.delivered_at = at
    order.was_explained = was_explained
    order.old_parts_returned = old_parts_returned if order.keeps_old_parts else None
    order.next_service_on, order.next_service_km = next_service_on, next_service_km
    saved(
        order,
        "state",
        "delivered_at",
        "delay_cause",
        "delay_note",
        "delay_confirmed",
        "next_service_on",
        "next_service_km",
        "was_explained",
        "old_parts_returned",
    )
    if next_service_on or next_service_km:
        vehicle = locked_vehicle(order.vehicle)
        vehicle.next_service_on, vehicle.next_service_km = next_service_on, next_service_km
        vehicle.save(update_fields=["next_service_on", "next_service_km"])
    changes = {"state": [before.value, order.state]}
    if order.delay_cause:
        changes["delay_cause"] = [None, order.delay_cause]
    if order.old_parts_returned is not None:
        changes["old_parts_returned"] = [None, order.old_parts_returned]
    journal.record(by=by, at=at, verb="repair_order.delivered", subject=order, changes=changes, note=order.delay_note)
    events.repair_order_delivered.send(RepairOrder, order_id=order.pk, at=at)
    return order


@transaction.atomic
def hand_over(
    *, order: RepairOrder, by, at: datetime, signer: str = "", image: str = "", is_on_paper: bool = False, **delivery
) -> RepairOrder:  # fmt: skip
    """Deliver and, when the customer signs for the car there and then, keep the signature: both or neither."""
    order = deliver(order=order, by=by, at=at, **delivery)
    if image or is_on_paper:
        sign(
            order=order, paper=SignedPaper.DELIVERY, signer=signer or order.customer.name, image=image,
            is_on_paper=is_on_paper, by=by, at=at,
        )  # fmt: skip
    return order


@transaction.atomic
def check_delay(*, order: RepairOrder, note: str, by, at: datetime) -> RepairOrder:
    """The manager looked into a delay called the customer's cause; the order leaves the spot-check list."""
    order = locked_order(order)
    if order.delay_checked_at:
        raise Refusal(
            _("Order %(number)s was checked already by %(name)s.")
            % {"number": order.number, "name": order.delay_checked_by.name},
            code="checked_already",
        )
    if order.delay_cause != DelayCause.CUSTOMER or order.delivered_at is None:
        raise Refusal(
            _("Order %(number)s was not late by the customer's cause.") % {"number": order.number},
            code="nothing_to_check",
        )
    if not note.strip():
        raise Refusal(_("Say what the check found."), field="note", code="note_missing")
    order.delay_checked_at, order.delay_checked_by, order.delay_check_note = at, by, note.strip()
    saved(order, "delay_checked_at", "delay_checked_by", "delay_check_note")
    journal.record(by=by, at=at, verb="repair_order.delay_checked", subject=order, note=order.delay_check_note)
    return order


def _refuse_past_service(order: RepairOrder, at: datetime, on: date | None, km: int | None) -> None:
    if on and on <= at.astimezone(order.store.tz).date():
        raise Refusal(_("The next service must lie ahead."), field="next_service_on", code="next_service_past")
    if km:
        refuse_impossible_mileage(km, "next_service_km")
    if km and order.mileage and km <= order.mileage:
        raise Refusal(
            _("The next service must lie above the %(mileage)s km of today.") % {"mileage": f"{order.mileage:,}"},
            field="next_service_km",
            code="next_service_past",
        )
