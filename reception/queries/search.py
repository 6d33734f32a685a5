"""Finding by what people have at hand: a part of the plate, the last digits, a name, an order number.

Every question is answered from an index, so that a million orders cost what ten thousand cost: parts of plates and
names by the arrays of their two- and three-letter pieces (`reception_pieces`, migration 0002), ends of phones and VINs
by reversed prefixes. Source: spec measured.md (Database access).
"""

import re

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Reverse

from dealer_crm.organization.models import Staff
from reception.formulas.identity import folded_code
from reception.models import Customer, CustomerPhone, RepairOrder, Vehicle

FOUND = 8
_DAY_AND_NUMBER = re.compile(r"^\d{6}-?\d{0,6}$")


class _Pieces(Func):
    """The pieces of a column as the index holds them."""

    function = "public.reception_pieces"
    output_field = ArrayField(TextField())


def pieces(text: str) -> list[str]:
    """What to look up in the index for a part of a text: its three-letter pieces, or the two letters themselves."""
    size = 2 if len(text) == 2 else 3
    return sorted({text[start : start + size] for start in range(len(text) - size + 1)})


def containing(rows, column: str, part: str):
    """Rows whose column contains `part` (two signs or more), found over the index and then compared."""
    return rows.alias(**{f"{column}_pieces": _Pieces(column)}).filter(
        **{
            f"{column}_pieces__contains": Value(pieces(part), output_field=ArrayField(TextField())),
            f"{column}__contains": part,
        }
    )


def ending(rows, column: str, tail: str):
    """Rows whose column ends with `tail`, found over the index of the reversed column."""
    return rows.alias(reversed_column=Reverse(column)).filter(reversed_column__startswith=tail[::-1])


def vehicles_found(staff: Staff, query: str) -> list[Vehicle]:
    """By any part of the plate, or the last six signs (or more) of the VIN."""
    code = folded_code(query)
    if len(code) < 2:
        return []
    rows = Vehicle.objects.visible_to(staff).standing().select_related("owner")
    found = list(containing(rows, "plate", code)[:FOUND]) if len(code) <= 10 else []
    if len(found) < FOUND and len(code) >= 6 and code.isascii():
        known = {vehicle.pk for vehicle in found}
        found += [vehicle for vehicle in ending(rows, "vin", code)[:FOUND] if vehicle.pk not in known]
    return found[:FOUND]


def customers_found(staff: Staff, query: str) -> list[Customer]:
    """By a part of the name, or by the last four digits (or more) of a phone."""
    rows = Customer.objects.visible_to(staff).standing().prefetch_related("phones", "vehicles")
    digits = re.sub(r"[\s-]", "", query)
    if digits.isdigit() and len(digits) >= 4:
        owners = ending(CustomerPhone.objects.all(), "number", digits).values("customer")
        return list(rows.filter(pk__in=owners)[:FOUND])
    return list(containing(rows, "name", query)[:FOUND]) if len(query) >= 2 else []


def orders_found(staff: Staff, query: str) -> list[RepairOrder]:
    """By the beginning of the number; the store's own part may be left out (`261012-0003`)."""
    code = query.strip().upper()
    if _DAY_AND_NUMBER.match(code) and staff.store_id:
        day, number = code[:6], code[6:].lstrip("-")
        code = f"{staff.store.code}-{day}-{number}"
    elif "-" not in code:
        return []
    return list(
        RepairOrder.objects.visible_to(staff)
        .filter(number__startswith=code)
        .select_related("vehicle", "customer")
        .order_by("number")[:FOUND]
    )


def matching_anything(staff: Staff, query: str) -> Q | None:
    """Which orders a question in the order list means: by number, or by the cars and customers it finds."""
    query = query.strip()
    if len(query) < 2:
        return None
    orders = orders_found(staff, query)
    if orders:
        return Q(pk__in=[order.pk for order in orders])
    cars = [vehicle.pk for vehicle in vehicles_found(staff, query)]
    people = [customer.pk for customer in customers_found(staff, query)]
    return Q(vehicle__in=cars) | Q(customer__in=people)
