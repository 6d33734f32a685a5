"""Repair orders from the gate to the promise: intake, changes, promises, advisor, assessment, cancelling."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, fen
from reception import events
from reception.actions.addons import withdraw_proposals
from reception.actions.appointments import appointment_of_arrival, note_arrival
from reception.actions.lines import write_lines
from reception.actions.locking import (
    held_customer,
    locked_order,
    locked_vehicle,
    moved,
    refuse_closed,
    refuse_erased,
    saved,
)
from reception.actions.numbering import ORDER, next_number
from reception.actions.promises import refuse_wrong_promise
from reception.actions.suggestions import reopen_suggestions_of
from reception.actions.vehicles import is_overtaken, keep_reading, take_reading
from reception.choices import Move, OrderKind, OrderState
from reception.models import Appointment, Promise, RepairOrder, Vehicle
from reception.queries.agreements import agreements_for, agreements_of_order

OLDEST_ARRIVAL = timedelta(days=90)
"""An order opened for a car that arrived longer ago is a year or month typed wrong; older work comes by workbook."""

# What an edit of an order may touch; promise, advisor and state have actions of their own.
FIELDS = (
    "kind", "original", "customer", "greeted_at", "mileage", "fuel_percent", "symptoms", "keeps_old_parts",
    "wants_wash", "estimated_amount",
)  # fmt: skip


@transaction.atomic
def open_order(
    *,
    by,
    at: datetime,
    store,
    vehicle: Vehicle,
    kind: OrderKind,
    advisor,
    customer=None,
    promised_at: datetime | None = None,
    arrived_at: datetime | None = None,
    greeted_at: datetime | None = None,
    mileage: int | None = None,
    mileage_reason: str = "",
    fuel_percent: int | None = None,
    symptoms: str = "",
    keeps_old_parts: bool = False,
    wants_wash: bool = True,
    original: RepairOrder | None = None,
    estimated_amount: Decimal | None = None,
    lines=(),
    confirmed: bool = False,
    is_draft: bool = False,
    appointment: Appointment | None = None,
) -> RepairOrder:
    """Take a car in (进厂), or prepare its order as a draft until `check_in`.

    `customer`: who brings it, the owner unless said otherwise. `lines`: `LineDraft`s. `estimated_amount`: what the
    customer was told it will cost; without it, the sum of the customer's lines at the signature. A car that has an open
    order already is refused until `confirmed`. `appointment`: what it has come for, else that of its plate today. A
    mileage below the one on record needs `mileage_reason`.
    """
    vehicle = locked_vehicle(vehicle)
    customer = customer or vehicle.owner
    if customer is None:
        raise Refusal(
            _("Vehicle %(plate)s has no owner; name the customer.") % {"plate": vehicle.plate}, field="customer"
        )
    customer = held_customer(customer)
    refuse_erased(customer)
    arrived_at = arrived_at or at
    said = {"kind": kind, "advisor": advisor, "original": original, "promised_at": promised_at, "confirmed": confirmed}
    when = {"arrived_at": arrived_at, "greeted_at": greeted_at, "is_draft": is_draft}
    for check in checks_of_visit(
        at=at, store=store, vehicle=vehicle, estimated_amount=estimated_amount, **said, **when
    ):
        check()
    reading = take_reading(vehicle, mileage, mileage_reason, read_at=min(arrived_at, at), by=by)
    expected = None if is_draft else appointment_of_arrival(store=store, plate=vehicle.plate, at=at, named=appointment)

    order = RepairOrder.objects.create(
        number=next_number(model=RepairOrder, field="number", prefix=ORDER, store=store, at=at),
        store=store,
        vehicle=vehicle,
        customer=customer,
        kind=kind,
        advisor=advisor,
        state=OrderState.DRAFT if is_draft else OrderState.OPEN,
        original=original,
        arrived_at=arrived_at,
        greeted_at=greeted_at,
        opened_at=None if is_draft else at,
        promised_at=promised_at,
        mileage=mileage,
        fuel_percent=fuel_percent,
        symptoms=symptoms.strip(),
        keeps_old_parts=keeps_old_parts,
        wants_wash=wants_wash,
        estimated_amount=None if estimated_amount is None else fen(estimated_amount),
        agreement=agreements_for(vehicle, store, on=arrived_at.astimezone(store.tz).date()).first(),
        created_by=by,
        created_at=at,
    )
    keep_reading(reading, order)
    if promised_at:
        Promise.objects.create(
            order=order, promised_at=promised_at, made_at=at, made_by=by, confirmed_by=customer.name[:60]
        )
    write_lines(order, lines, by=by, at=at)
    _note_visit(vehicle, order)
    verb = "repair_order.drafted" if is_draft else "repair_order.opened"
    journal.record(by=by, at=at, verb=verb, subject=order, note=mileage_reason.strip())
    if expected:
        note_arrival(appointment=expected, order=order, by=by, at=at)
    if not is_draft:
        events.repair_order_opened.send(RepairOrder, order_id=order.pk, at=at)
    return order


def checks_of_visit(
    *, at: datetime, store, vehicle: Vehicle | None, kind: OrderKind, advisor, original: RepairOrder | None,
    promised_at: datetime | None, arrived_at: datetime, greeted_at: datetime | None, estimated_amount: Decimal | None,
    confirmed: bool, is_draft: bool,
) -> Iterator[Callable]:  # fmt: skip
    """What must be right about a visit, a question each; asked, it refuses what is wrong. No vehicle: not known yet."""
    yield partial(_refuse_other_store, store, advisor)
    yield partial(_refuse_nameless_comeback, kind, original, vehicle)
    if vehicle is not None:
        yield partial(_refuse_open_order, vehicle, store, confirmed)
    if not is_draft:
        yield partial(_refuse_no_promise, promised_at)
        yield partial(_refuse_other_arrival, arrived_at, at)
    yield partial(refuse_wrong_promise, promised_at, arrived_at, at)
    yield partial(_refuse_wrong_greeting, arrived_at, greeted_at, at)
    yield partial(_refuse_wrong_estimate, estimated_amount)


@transaction.atomic
def check_in(
    *, order: RepairOrder, promised_at: datetime | None = None, mileage: int | None = None, mileage_reason: str = "",
    by, at: datetime, expected_version: int | None = None,
) -> RepairOrder:  # fmt: skip
    """The car of a prepared order arrives: draft → in shop. Arrival is now."""
    order = locked_order(order, expected_version)
    before = moved(order, Move.CHECK_IN)
    promised_at = promised_at or order.promised_at
    _refuse_no_promise(promised_at)
    refuse_wrong_promise(promised_at, at, at)
    vehicle = locked_vehicle(order.vehicle)
    expected = appointment_of_arrival(store=order.store, plate=vehicle.plate, at=at)
    if mileage is not None:
        keep_reading(take_reading(vehicle, mileage, mileage_reason, read_at=at, by=by), order)
        order.mileage = mileage
    order.arrived_at = order.opened_at = at
    if promised_at != order.promised_at:
        order.promised_at = promised_at
        Promise.objects.create(
            order=order, promised_at=promised_at, made_at=at, made_by=by, confirmed_by=order.customer.name[:60]
        )
    order.agreement = agreements_of_order(order).first()
    saved(order, "state", "arrived_at", "opened_at", "promised_at", "mileage", "agreement")
    _note_visit(vehicle, order)
    journal.record(
        by=by, at=at, verb="repair_order.opened", subject=order, changes={"state": [before.value, order.state]},
        note=mileage_reason.strip(),
    )  # fmt: skip
    if expected:
        note_arrival(appointment=expected, order=order, by=by, at=at)
    events.repair_order_opened.send(RepairOrder, order_id=order.pk, at=at)
    return order


@transaction.atomic
def edit_order(*, order: RepairOrder, by, at, expected_version: int | None = None, mileage_reason: str = "", **fields):
    """Change some of `FIELDS` of an order that is not settled yet."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of an order to edit: {', '.join(sorted(unknown))}")
    order = locked_order(order, expected_version)
    refuse_closed(order)
    is_read = fields.get("mileage", order.mileage) != order.mileage
    vehicle = locked_vehicle(order.vehicle) if is_read else order.vehicle  # before who brings it, as at the gate
    if "customer" in fields:
        fields["customer"] = held_customer(fields["customer"])
    before = {name: getattr(order, name) for name in fields}
    for name, value in fields.items():
        setattr(order, name, value)
    if {"kind", "original"} & fields.keys():
        _refuse_nameless_comeback(order.kind, order.original, order.vehicle, order)
    _refuse_wrong_greeting(order.arrived_at, fields.get("greeted_at"), at)
    _refuse_wrong_estimate(fields.get("estimated_amount"))
    if is_read:
        read_at = order.arrived_at if is_overtaken(vehicle, order.arrived_at) else at
        keep_reading(take_reading(vehicle, order.mileage, mileage_reason, read_at=read_at, by=by), order)
        vehicle.save(update_fields=["mileage"])
    changes = journal.changed_fields(before, order)
    if changes:
        saved(order, *changes)
        journal.record(
            by=by, at=at, verb="repair_order.changed", subject=order, changes=changes, note=mileage_reason.strip()
        )
    return order


@transaction.atomic
def reassign_order(*, order: RepairOrder, advisor, by, at, expected_version: int | None = None) -> RepairOrder:
    """Give an order to another advisor."""
    order = locked_order(order, expected_version)
    refuse_closed(order)
    _refuse_other_store(order.store, advisor)
    before, order.advisor = order.advisor, advisor
    saved(order, "advisor")
    journal.record(by=by, at=at, verb="repair_order.reassigned", subject=order, changes={"advisor": [before, advisor]})
    return order


@transaction.atomic
def cancel_order(*, order: RepairOrder, reason: str, by, at, expected_version: int | None = None) -> RepairOrder:
    """Cancel an order before any work is done. Open add-ons are withdrawn, suggestions it took up are open again."""
    order = locked_order(order, expected_version)
    if not reason.strip():
        raise Refusal(_("Say why the order is cancelled."), field="reason", code="reason_missing")
    before = moved(
        order, Move.CANCEL, _("Work that has begun is finished and settled; what is not to be paid is waived there.")
    )
    order.cancelled_at, order.cancel_reason = at, reason.strip()
    saved(order, "state", "cancelled_at", "cancel_reason")
    journal.record(
        by=by, at=at, verb="repair_order.cancelled", subject=order, changes={"state": [before.value, order.state]},
        note=order.cancel_reason,
    )  # fmt: skip
    withdraw_proposals(order, _("The order is cancelled."), by=by, at=at)
    reopen_suggestions_of(order, by=by, at=at)
    events.repair_order_cancelled.send(RepairOrder, order_id=order.pk, at=at)
    return order


def _note_visit(vehicle: Vehicle, order: RepairOrder) -> None:
    """A visit entered after a later one is no news of the car."""
    if order.state != OrderState.DRAFT and not is_overtaken(vehicle, order.arrived_at):
        vehicle.last_visit_at = order.arrived_at
    vehicle.save(update_fields=["mileage", "last_visit_at"])


def _refuse_other_store(store, advisor) -> None:
    if advisor is None:
        raise Refusal(_("Name the service advisor."), field="advisor", code="advisor_missing")
    if advisor.store_id != store.pk:
        raise Refusal(
            _("%(name)s belongs to another store.") % {"name": advisor.name}, field="advisor", code="other_store"
        )
    if not advisor.can(Permission.ORDER_CHANGE):
        raise Refusal(_("%(name)s is no service advisor.") % {"name": advisor.name}, field="advisor", code="no_advisor")


def _refuse_other_arrival(arrived_at: datetime, at: datetime) -> None:
    if not at - OLDEST_ARRIVAL <= arrived_at <= at:
        raise Refusal(
            _("The car has arrived when its order is opened: not later than now, not more than %(days)d days ago.")
            % {"days": OLDEST_ARRIVAL.days},
            field="arrived_at",
            code="arrival_wrong",
        )


def _refuse_no_promise(promised_at: datetime | None) -> None:
    if promised_at is None:
        raise Refusal(_("Promise a delivery time."), field="promised_at", code="promise_missing")


def _refuse_wrong_greeting(arrived_at: datetime, greeted_at: datetime | None, at: datetime) -> None:
    if greeted_at and greeted_at < arrived_at:
        raise Refusal(_("The customer can't be greeted before arriving."), field="greeted_at", code="greeted_early")
    if greeted_at and greeted_at > max(at, arrived_at):
        raise Refusal(
            _("The customer can't have been greeted later than now."), field="greeted_at", code="greeted_late"
        )


def _refuse_wrong_estimate(estimated_amount: Decimal | None) -> None:
    if estimated_amount is not None and estimated_amount < 0:
        raise Refusal(_("The estimate can't be negative."), field="estimated_amount", code="amount_negative")


def _refuse_nameless_comeback(kind, original: RepairOrder | None, vehicle: Vehicle | None, order=None) -> None:
    if kind == OrderKind.COMEBACK and original is None:
        raise Refusal(_("A comeback must name the original order."), field="original", code="original_missing")
    if original is not None and (vehicle is None or original.vehicle_id != vehicle.pk):
        raise Refusal(
            _("Order %(number)s is of another vehicle.") % {"number": original.number},
            field="original",
            code="original_wrong",
        )
    if original is not None and (original.delivered_at is None or original == order):
        raise Refusal(
            _("Order %(number)s is not delivered; a car comes back for an order it was handed over with.")
            % {"number": original.number},
            field="original",
            code="original_not_delivered",
        )


def _refuse_open_order(vehicle: Vehicle, store, confirmed: bool) -> None:
    if confirmed:
        return
    former = vehicle.repair_orders.in_shop().exclude(delivered_at__isnull=False).order_by("-id").first()
    if former is None:
        return
    where = former.number if former.store_id == store.pk else _("another store")
    raise Refusal(
        _("%(plate)s has an open order (%(number)s). Open that one, or confirm that a second is wanted.")
        % {"plate": vehicle.plate, "number": where},
        field="confirmed",
        code="open_order_exists",
    )
