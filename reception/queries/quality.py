"""What is wrong in the archive, and whose entries it were. Source: spec `reception.md` (data quality list)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Value

from dealer_crm.organization.models import Staff, Store
from dealer_crm.values.phone import valid_numbers_pattern
from reception.choices import FlawEnd, FlawKind
from reception.formulas import identity
from reception.models import ChangeRequest, Flaw, Settlement

# ── The facts ────────────────────────────────────────────────────────────────────────────────────────────────────────
# One statement asks the whole archive, or certain customers and vehicles, what is wrong now: a row for each flaw.
_VIN_LETTERS, _VIN_DIGITS = "ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789"
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_SUM = " + ".join(
    f"substr(translate(v.vin, '{_VIN_LETTERS}', '{_VIN_DIGITS}'), {place}, 1)::int * {weight}"
    for place, weight in enumerate(_VIN_WEIGHTS, start=1)
    if weight
)
_VIN_IS_WRONG = f"""CASE WHEN v.vin !~ %(vin)s THEN true
    ELSE substr(v.vin, 9, 1) <> CASE ({_VIN_SUM}) %% 11 WHEN 10 THEN 'X' ELSE (({_VIN_SUM}) %% 11)::text END END"""


def _entered(noun: str, alias: str, field: str, value: str) -> str:
    """Who entered a value: who asked for it, else who changed it last, else who entered the row."""
    return f"""COALESCE(
        (SELECT r.asked_by_id FROM reception_changerequest r WHERE r.{noun}_id = {alias}.id AND r.field = '{field}'
            AND r.decision = 'accepted' AND r.after = {value} ORDER BY r.id DESC LIMIT 1),
        (SELECT s.id FROM journal_entry e JOIN organization_staff s ON s.id::text = e.by_id
            WHERE e.subject_type = 'reception.{noun}' AND e.subject_id = {alias}.id::text AND e.changes ? '{field}'
            ORDER BY e.id DESC LIMIT 1),
        {alias}.created_by_id)"""  # noqa: S608 - nothing comes from outside


_PHONES = """
SELECT '{kind}', c.store_id, c.id, NULL::bigint, p.id, p.number, COALESCE(p.entered_by_id, c.created_by_id)
FROM reception_customerphone p JOIN reception_customer c ON c.id = p.customer_id
WHERE c.merged_into_id IS NULL AND {customers} AND {condition}"""
_DOUBLE_PHONE = """EXISTS (
    SELECT 1 FROM reception_customerphone p2 JOIN reception_customer c2 ON c2.id = p2.customer_id
    WHERE p2.number = p.number AND c2.store_id = c.store_id AND c2.id <> c.id AND c2.merged_into_id IS NULL)"""
_CUSTOMERS = f"""
SELECT '{FlawKind.PHONE_MISSING}', c.store_id, c.id, NULL::bigint, NULL::bigint, '', c.created_by_id
FROM reception_customer c
WHERE c.merged_into_id IS NULL AND c.erased_at IS NULL AND {{customers}}
    AND NOT EXISTS (SELECT 1 FROM reception_customerphone p WHERE p.customer_id = c.id)
UNION ALL
SELECT '{FlawKind.NAME_MISSING}', c.store_id, c.id, NULL::bigint, NULL::bigint, c.name,
    {_entered("customer", "c", "name", "c.name")}
FROM reception_customer c
WHERE c.merged_into_id IS NULL AND {{customers}} AND c.name ~* %(placeholder)s"""  # noqa: S608 - nothing comes from outside
_VEHICLES = """
SELECT '{kind}', v.store_id, NULL::bigint, v.id, NULL::bigint, {value}, {entered}
FROM reception_vehicle v
WHERE v.merged_into_id IS NULL AND {vehicles} AND {condition}"""
_DOUBLE_VIN = """v.vin <> '' AND EXISTS (
    SELECT 1 FROM reception_vehicle v2 WHERE v2.vin = v.vin AND v2.id <> v.id AND v2.merged_into_id IS NULL)"""
_BY_VIN = _entered("vehicle", "v", "vin", "v.vin")


def _of_customers(condition: str) -> list[str]:
    conditions = {
        FlawKind.PHONE_INVALID: "p.number LIKE '+86%%' AND p.number !~ %(phone)s",
        FlawKind.PHONE_DOUBLE: _DOUBLE_PHONE,
        FlawKind.PHONE_WRONG: "p.wrong_since IS NOT NULL",
    }
    phones = [
        _PHONES.format(kind=kind.value, customers=condition, condition=wrong) for kind, wrong in conditions.items()
    ]
    return [*phones, _CUSTOMERS.format(customers=condition)]


def _of_vehicles(condition: str) -> list[str]:
    by_owner = _entered("vehicle", "v", "owner", "''")
    conditions = {
        FlawKind.VIN_CHECK_DIGIT: ("v.vin", _BY_VIN, f"v.vin <> '' AND v.vin_override_reason = '' AND {_VIN_IS_WRONG}"),
        FlawKind.VIN_DOUBLE: ("v.vin", _BY_VIN, _DOUBLE_VIN),
        FlawKind.PLATE_FORM: ("v.plate", _entered("vehicle", "v", "plate", "v.plate"), "v.plate !~ %(plate)s"),
        FlawKind.OWNER_MISSING: ("''", by_owner, "v.owner_id IS NULL"),
    }
    return [
        _VEHICLES.format(kind=kind.value, value=value, entered=entered, vehicles=condition, condition=wrong)
        for kind, (value, entered, wrong) in conditions.items()
    ]


def facts_statement(customers: list[int] | None, vehicles: list[int] | None) -> tuple[str, dict]:
    """The statement and its values: what is wrong now with these customers and vehicles, or (None) with all."""
    everything = customers is None and vehicles is None
    arms = []
    if everything or customers:
        arms += _of_customers("true" if everything else "c.id = ANY(%(customers)s)")
    if everything or vehicles:
        arms += _of_vehicles("true" if everything else "v.id = ANY(%(vehicles)s)")
    values = {
        "customers": customers or [],
        "vehicles": vehicles or [],
        "phone": valid_numbers_pattern(),
        "vin": identity.VIN_PATTERN,
        "plate": identity.PLATE_PATTERN,
        "placeholder": identity.PLACEHOLDER_PATTERN,
    }
    return "\nUNION ALL".join(arms), values


@dataclass(frozen=True)
class Fact:
    kind: str
    store_id: int
    customer_id: int | None
    vehicle_id: int | None
    phone_id: int | None
    value: str
    entered_by_id: int | None


def facts(customers: list[int] | None = None, vehicles: list[int] | None = None) -> list[Fact]:
    """What is wrong now, straight from the archive."""
    statement, values = facts_statement(customers, vehicles)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Fact(*row) for row in cursor.fetchall()]


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def open_flaws(staff: Staff):
    """The list as its page shows it."""
    asked = ChangeRequest.objects.waiting().filter(
        Q(customer=OuterRef("customer")) | Q(vehicle=OuterRef("vehicle"))
    )  # fmt: skip
    return (
        Flaw.objects.open()
        .visible_to(staff)
        .select_related("customer", "vehicle__owner", "phone", "entered_by", "store")
        .annotate(is_asked=Exists(asked))
    )


def flaw_counts(staff: Staff) -> dict[str, int]:
    """Open flaws by kind."""
    rows = Flaw.objects.open().visible_to(staff).order_by().values_list("kind").annotate(count=Count("pk"))
    return dict(rows)


# ── Whose entries ────────────────────────────────────────────────────────────────────────────────────────────────────
# A wrong entry is a flaw of the archive (also when it was put right since, 更正) or a settlement that was reversed
# (作废, 红冲): the flaw is whose it was, the settlement who made it. What was looked at and found right as it is counts
# for nobody. It counts when it was found, or reversed.
@dataclass(frozen=True)
class WrongEntries:
    """One person's wrong entries of a time: flaws found in it, how many of these are put right by now, settlements
    reversed."""

    person: str
    work_number: str
    found: int
    fixed: int
    reversed: int

    @property
    def left(self) -> int:
        return self.found - self.fixed

    @property
    def total(self) -> int:
        return self.found + self.reversed


def wrong_entries(store: Store | None, begin: datetime, end: datetime) -> list[WrongEntries]:
    """Wrong entries from `begin` until `end` by the person who made them, most first; in one statement."""
    fixed = Count("pk", filter=Q(end=FlawEnd.FIXED))
    flaws = _flaws(store, begin, end).annotate(fixed=fixed, undone=Value(0))
    undone = _reversals(store, begin, end).annotate(fixed=Value(0), none=Value(0))
    arms = [
        rows.values_list(f"{person}__name", f"{person}__work_number", *counts)
        for person, rows, counts in (
            ("entered_by", flaws, ("made", "fixed", "undone")), ("settled_by", undone, ("none", "fixed", "made")),
        )
    ]  # fmt: skip
    numbers: dict[tuple[str, str], list[int]] = {}
    for name, work_number, *counted in arms[0].union(arms[1], all=True):
        before = numbers.get((name, work_number), (0, 0, 0))
        numbers[name, work_number] = [sum(pair) for pair in zip(before, counted, strict=True)]
    rows = [WrongEntries(*person, *counted) for person, counted in numbers.items()]
    return sorted(rows, key=lambda one: (-one.total, one.work_number))


def wrong_entry_counts(store: Store, *spans: tuple[datetime, datetime]) -> list[dict[int, int]]:
    """Of each span (from, until): staff id → wrong entries. One statement, for figures of stores and people."""
    arms = [
        rows.annotate(span=Value(place)).values_list("span", person, "made")
        for place, (begin, end) in enumerate(spans)
        for person, rows in (("entered_by", _flaws(store, begin, end)), ("settled_by", _reversals(store, begin, end)))
    ]
    counts: list[dict[int, int]] = [{} for _span in spans]
    for place, person, made in arms[0].union(*arms[1:], all=True):
        counts[place][person] = counts[place].get(person, 0) + made
    return counts


def _flaws(store: Store | None, begin: datetime, end: datetime):
    """Person → flaws found."""
    rows = Flaw.objects.filter(found_at__gte=begin, found_at__lt=end, entered_by__isnull=False)
    rows = rows.filter(store=store) if store else rows
    rows = rows.exclude(end=FlawEnd.ACCEPTED).order_by()
    return rows.values("entered_by").annotate(made=Count("pk")).values_list("entered_by", "made")


def _reversals(store: Store | None, begin: datetime, end: datetime):
    """Person → settlements reversed that they had made."""
    rows = Settlement.objects.filter(reversed_at__gte=begin, reversed_at__lt=end, settled_by__isnull=False)
    rows = rows.filter(order__store=store) if store else rows
    return rows.order_by().values("settled_by").annotate(made=Count("pk")).values_list("settled_by", "made")
