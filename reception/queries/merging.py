"""Doubles: who or what is likely to stand twice, and a pair side by side."""

from dataclasses import dataclass

from django.db.models import Count, Q

from dealer_crm.organization.models import Staff
from reception.formulas import identity
from reception.models import Customer, Vehicle
from reception.queries.search import customers_found, vehicles_found

SHOWN = 8


@dataclass(frozen=True)
class Pair:
    """One field of two records. `takes_double`: only the double knows it, so it is proposed to be taken."""

    name: str
    label: str
    kept: str
    double: str
    takes_double: bool


def customer_doubles(customer: Customer, staff: Staff, query: str = "") -> list[Customer]:
    """Other customers with the same number or name, or those a search finds."""
    others = Customer.objects.visible_to(staff).standing().exclude(pk=customer.pk)
    if query.strip():
        return [one for one in customers_found(staff, query.strip()) if one.pk != customer.pk]
    numbers = [phone.number for phone in customer.phones.all()]
    alike = others.filter(Q(phones__number__in=numbers) | Q(name=customer.name))
    found = others.filter(pk__in=alike.values("pk")).prefetch_related("phones", "vehicles")
    return list(found.order_by("pk")[:SHOWN])


def vehicle_doubles(vehicle: Vehicle, staff: Staff, query: str = "") -> list[Vehicle]:
    """Other cars with the same VIN, the car that went by this one's VIN, or those a search finds."""
    others = Vehicle.objects.visible_to(staff).standing().exclude(pk=vehicle.pk)
    if query.strip():
        return [one for one in vehicles_found(staff, query.strip()) if one.pk != vehicle.pk]
    alike = Q(pk=None)
    if vehicle.vin:
        alike |= Q(vin=vehicle.vin) | Q(plate=identity.plate_of_new_car(vehicle.vin), vin="")
    elif identity.plate_form(vehicle.plate) == identity.WITHOUT:
        alike |= Q(vin__endswith=vehicle.plate[2:], store=vehicle.store_id)
    return list(others.filter(alike).select_related("owner").order_by("pk")[:SHOWN])


def side_by_side(kept, double, fields) -> list[Pair]:
    """The fields in which two records differ."""
    pairs = []
    for name in fields:
        mine, theirs = getattr(kept, name), getattr(double, name)
        if mine != theirs and theirs not in (None, ""):
            label = str(kept._meta.get_field(name).verbose_name)
            stand_in = name == "plate" and identity.plate_form(str(mine)) == identity.WITHOUT
            pairs.append(Pair(name, label, _shown(kept, name), _shown(double, name), mine in (None, "") or stand_in))
    return pairs


def what_hangs_on(customer: Customer) -> dict:
    """How much moves when this customer is merged."""
    counts = Customer.objects.filter(pk=customer.pk).aggregate(
        vehicles=Count("vehicles", distinct=True),
        orders=Count("repair_orders", distinct=True),
        agreements=Count("agreements", distinct=True),
    )
    return counts | {"phones": [str(phone) for phone in customer.phones.all()]}


def _shown(thing, name: str) -> str:
    shown = getattr(thing, f"get_{name}_display", None)
    value = shown() if shown else getattr(thing, name)
    return "—" if value in (None, "") else str(value)
