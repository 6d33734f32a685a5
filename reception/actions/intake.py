"""Intake of a car nobody knows yet: customer, vehicle and order in one go, or nothing."""

from django.db import transaction

from dealer_crm.values.phone import parse_phone
from reception.actions.customers import create_customer
from reception.actions.orders import open_order
from reception.actions.vehicles import create_vehicle
from reception.choices import CustomerKind
from reception.models import Customer, RepairOrder
from reception.queries.archive import customer_with_phone


@transaction.atomic
def take_in_new_car(*, by, at, store, plate: str, car: dict, customer: dict, **visit) -> RepairOrder:
    """`car` and `customer` (name, phone, kind) as typed; `visit` is what `open_order` takes besides the vehicle.

    A customer of the same name and phone whom the person may know of is taken for the owner instead of a double.
    """
    owner = _known(by, customer) or create_customer(
        by=by, at=at, store=store, name=customer["name"], phones=[customer.get("phone", "")],
        kind=customer.get("kind") or CustomerKind.PERSON,
    )  # fmt: skip
    vehicle = create_vehicle(by=by, at=at, store=store, owner=owner, plate=plate, **car)
    return open_order(by=by, at=at, store=store, vehicle=vehicle, **visit)


def _known(by, customer: dict) -> Customer | None:
    try:
        number = parse_phone(customer.get("phone", ""))
    except ValueError:
        return None  # `create_customer` says what is wrong with it
    return customer_with_phone(by, name=" ".join(customer["name"].split()), number=number)
