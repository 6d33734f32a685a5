"""The data quality list: kept by comparing it with the archive, so that it may be made twice, late or not at all.

Source: spec `reception.md` (data quality list).
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from reception.actions.locking import hold, taken
from reception.choices import FlawEnd, FlawKind
from reception.models import Customer, CustomerPhone, Flaw, Vehicle
from reception.queries.quality import facts_statement

_ENDED = """
WITH fact (kind, store_id, customer_id, vehicle_id, phone_id, value, entered_by_id) AS MATERIALIZED ({facts})
UPDATE reception_flaw f SET ended_at = %(at)s, ended_by_id = %(by)s, "end" = 'fixed'
WHERE f.ended_at IS NULL AND {scope} AND NOT EXISTS (
    SELECT 1 FROM fact WHERE fact.kind = f.kind AND fact.value = f.value
        AND coalesce(fact.customer_id, 0) = coalesce(f.customer_id, 0)
        AND coalesce(fact.vehicle_id, 0) = coalesce(f.vehicle_id, 0))"""
_FOUND = """
WITH fact (kind, store_id, customer_id, vehicle_id, phone_id, value, entered_by_id) AS MATERIALIZED ({facts})
INSERT INTO reception_flaw
    (kind, store_id, customer_id, vehicle_id, phone_id, value, entered_by_id, found_at, "end")
SELECT kind, store_id, customer_id, vehicle_id, phone_id, value, entered_by_id, %(at)s, '' FROM fact
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class Found:
    found: int
    ended: int


@transaction.atomic
def find_flaws(*, at, by=None, customers: list[int] | None = None, vehicles: list[int] | None = None) -> Found:
    """List what is wrong and is not listed, end what is no longer wrong: of the whole archive, or of some rows.

    What somebody looked at and found right stays off the list as long as it reads the same.
    """
    facts, values = facts_statement(customers, vehicles)
    if not facts:
        return Found(0, 0)
    values |= {"at": at, "by": by.pk if by else None}
    everything = customers is None and vehicles is None
    scope = "true" if everything else "(f.customer_id = ANY(%(customers)s) OR f.vehicle_id = ANY(%(vehicles)s))"
    with connection.cursor() as cursor:
        cursor.execute(_ENDED.format(facts=facts, scope=scope), values)
        ended = cursor.rowcount
        cursor.execute(_FOUND.format(facts=facts), values)
        return Found(cursor.rowcount, ended)


def look_at(*subjects: Customer | Vehicle, by, at) -> Found:
    """Compare the list with subjects that were just written, and with those that shared a number or VIN with them."""
    customers = {one.pk for one in subjects if isinstance(one, Customer)}
    vehicles = {one.pk for one in subjects if isinstance(one, Vehicle)}
    if customers:
        numbers = {*CustomerPhone.objects.filter(customer__in=customers).values_list("number", flat=True)}
        numbers |= _listed(FlawKind.PHONE_DOUBLE, customer__in=customers)
        customers |= {*CustomerPhone.objects.filter(number__in=numbers).values_list("customer", flat=True)}
    if vehicles:
        vins = {*Vehicle.objects.filter(pk__in=vehicles).exclude(vin="").values_list("vin", flat=True)}
        vins |= _listed(FlawKind.VIN_DOUBLE, vehicle__in=vehicles)
        vehicles |= {*Vehicle.objects.filter(vin__in=vins).values_list("pk", flat=True)}
    return find_flaws(at=at, by=by, customers=sorted(customers), vehicles=sorted(vehicles))


@transaction.atomic
def accept_flaw(*, flaw: Flaw, by, at) -> Flaw:
    """Looked at, and right as it is. It stays off the list until it reads differently."""
    if flaw.customer_id:  # whoever writes a customer holds it before its flaws
        hold(Customer.objects.filter(pk=flaw.customer_id), no_key=True)
    flaw = taken(flaw).select_related("customer", "vehicle", "store").get()
    if flaw.ended_at:
        raise Refusal(_("This row is settled already."), code="flaw_settled")
    flaw.ended_at, flaw.ended_by, flaw.end = at, by, FlawEnd.ACCEPTED
    flaw.save(update_fields=["ended_at", "ended_by", "end"])
    if flaw.kind == FlawKind.PHONE_WRONG:
        CustomerPhone.objects.filter(customer=flaw.customer_id, number=flaw.value).update(wrong_since=None)
    journal.record(by=by, at=at, verb="flaw.accepted", subject=flaw.subject, store=flaw.store, note=str(flaw))
    return flaw


def relist_wrong_phone(customer: Customer, number: str) -> None:
    """A number once said to be right was met as wrong again: it may stand on the list again."""
    Flaw.objects.filter(kind=FlawKind.PHONE_WRONG, customer=customer, value=number, end=FlawEnd.ACCEPTED).update(
        end=FlawEnd.FIXED
    )


def _listed(kind: FlawKind, **subject) -> set[str]:
    return {*Flaw.objects.open().filter(kind=kind, **subject).values_list("value", flat=True)}
