"""Intake: the order with what was seen and taken up at the gate, for a car nobody knows yet with its customer too."""

from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction

from dealer_crm.values import Refusal
from dealer_crm.values.phone import parse_phone
from reception.actions.customers import create_customer, right_name, right_number
from reception.actions.orders import checks_of_visit, open_order
from reception.actions.suggestions import take_up_suggestion
from reception.actions.vehicles import create_vehicle, refuse_wrong_reading, right_plate, right_vin
from reception.actions.visits import record_walk_round, take_photos
from reception.choices import CustomerKind
from reception.formulas.identity import folded_code
from reception.models import Customer, RepairOrder, Suggestion, Vehicle
from reception.queries.archive import customer_with_phone


@transaction.atomic
def take_in(
    *, by, at, store, vehicle: Vehicle | None, plate: str = "", car: dict | None = None, customer: dict | None = None,
    owner: Customer | None = None, suggestions: Sequence[Suggestion] = (), walk_round: dict | None = None,
    photos: Sequence = (), **visit,
) -> RepairOrder:  # fmt: skip
    """The whole intake page at once, or nothing: order, suggestions taken up, walk-round and photos.

    `vehicle` None: a car nobody knows (`plate`, `car`, `customer`). `walk_round`: what `record_walk_round` takes.
    """
    if vehicle is not None:
        order = open_order(by=by, at=at, store=store, vehicle=vehicle, **visit)
    else:
        order = take_in_new_car(
            by=by, at=at, store=store, plate=plate, car=car or {}, customer=customer or {}, owner=owner, **visit
        )
    for suggestion in suggestions:
        take_up_suggestion(suggestion=suggestion, order=order, by=by, at=at)
    if walk_round:
        record_walk_round(order=order, by=by, at=at, **walk_round)
    if photos:
        take_photos(order=order, uploads=photos, by=by, at=at)
    order.refresh_from_db()
    return order


@transaction.atomic
def take_in_new_car(
    *, by, at, store, plate: str, car: dict, customer: dict, owner: Customer | None = None, **visit
) -> RepairOrder:  # fmt: skip
    """`car` and `customer` (name, phone, kind) as typed; `visit` is what `open_order` takes besides the vehicle.

    `owner`: who is known from the appointment. Without one, a customer of the same name and phone whom the person may
    know of is taken for the owner instead of a double.
    """
    owner = owner or _known(by, customer) or create_customer(
        by=by, at=at, store=store, name=customer["name"], phones=[customer.get("phone", "")],
        kind=customer.get("kind") or CustomerKind.PERSON,
    )  # fmt: skip
    vehicle = create_vehicle(by=by, at=at, store=store, owner=owner, plate=plate, **car)
    return open_order(by=by, at=at, store=store, vehicle=vehicle, **visit)


# ── Everything that is wrong at once ─────────────────────────────────────────────────────────────────────────────────
def wrong_at_intake(
    *, at, store, vehicle: Vehicle | None, plate: str, car: dict, customer: dict, owner: Customer | None,
    mileage: int | None, mileage_reason: str, **visit,
) -> list[Refusal]:  # fmt: skip
    """What `take_in` would refuse one by one, for whoever has typed the whole page. `visit`: see `checks_of_visit`."""
    visit["arrived_at"] = visit["arrived_at"] or at
    checks = list(checks_of_visit(at=at, store=store, vehicle=vehicle, **visit))
    if vehicle is None:
        checks.append(partial(right_plate, plate, folded_code(car["vin"])))
        checks.append(partial(right_vin, car["vin"], car["vin_override_reason"]))
        if owner is None:
            checks.append(partial(right_name, customer["name"]))
            checks += [partial(right_number, customer["phone"])] if customer["phone"] else []
    elif mileage is not None:
        read_at = min(visit["arrived_at"], at)
        checks.append(partial(refuse_wrong_reading, vehicle, mileage, mileage_reason, read_at=read_at))
    return [refusal for check in checks if (refusal := _refused(check))]


def _refused(check: Callable) -> Refusal | None:
    try:
        check()
    except Refusal as refusal:
        return refusal
    return None


def _known(by, customer: dict) -> Customer | None:
    try:
        number = parse_phone(customer.get("phone", ""))
    except ValueError:
        return None  # `create_customer` says what is wrong with it
    return customer_with_phone(by, name=" ".join(customer["name"].split()), number=number)
