"""The operations catalogue (工时定额) as its page, the line editors and the workshop ask for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from reception.choices import LineKind, Skill
from reception.formulas.catalogue import hours_for, price_of_hour
from reception.models import Operation
from reception.settings import HOURLY_RATE

OFFERED = 8
"""So many operations are proposed to somebody who types; whoever wants another types on."""


@dataclass(frozen=True)
class Offer:
    """An operation as a line takes it over. `hours` None: none on record for this car; `unit_price`: CNY per hour."""

    operation: Operation
    hours: Decimal | None
    unit_price: Decimal


def operations_visible_to(staff: Staff) -> QuerySet[Operation]:
    """The catalogue with the hours of each operation, for a list or a page."""
    return Operation.objects.visible_to(staff).select_related("store").prefetch_related("hours")


def operations_found(operations: QuerySet[Operation], text: str) -> QuerySet[Operation]:
    """Operations whose code or name holds every word that was typed."""
    for word in text.split():
        operations = operations.filter(Q(code__icontains=word) | Q(name__icontains=word))
    return operations


def closeness(text: str) -> Case:
    """How close a row of a catalogue comes to what is typed: its code begins so, its name does, or neither."""
    return Case(
        When(code__istartswith=text, then=Value(0)),
        When(name__istartswith=text, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def operations_offered(store: Store, text: str, *, family: str, on: date) -> list[Offer]:
    """What is meant by the beginning of a code or a part of a name: codes first, then short names. Three queries."""
    text = text.strip()
    if not text:
        return []
    found = operations_found(Operation.objects.offered().of_store(store), text).prefetch_related("hours")
    rate = figure(HOURLY_RATE, store=store, on=on)
    return [
        _offer(operation, family, rate)
        for operation in found.order_by(closeness(text), Length("name"), "code")[:OFFERED]
    ]


def duration_of(lines: Iterable, store: Store) -> Decimal:
    """How long a car stands for these lines, in hours. One query.

    A line is anything with `kind`, `code` and `quantity`. Labour of the catalogue takes its standard duration, other
    labour its standard hours; parts take none.
    """
    labour = [line for line in lines if line.kind == LineKind.LABOUR]
    codes = {line.code.strip().upper() for line in labour} - {""}
    known = dict(
        Operation.objects.of_store(store)
        .filter(code__in=codes, duration_hours__isnull=False)
        .values_list("code", "duration_hours")
    )
    return sum((known.get(line.code.strip().upper(), line.quantity) for line in labour), Decimal(0))


def skills_of_codes(store: Store, codes: Iterable[str]) -> dict[str, Skill]:
    """Code → what the operation of that code asks of a technician; codes the catalogue doesn't know are left out."""
    wanted = {code.strip().upper() for code in codes} - {""}
    rows = Operation.objects.of_store(store).filter(code__in=wanted).values_list("code", "skill")
    return {code: Skill(skill) for code, skill in rows}


def _offer(operation: Operation, family: str, rate: Decimal) -> Offer:
    hours = hours_for({row.family: row.standard_hours for row in operation.hours.all()}, family)
    return Offer(operation, hours, price_of_hour(operation.price, hours, rate))
