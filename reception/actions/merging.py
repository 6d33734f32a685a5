"""Making one of two: doubles of customers and of vehicles (合并). Source: spec `reception.md` (data quality list).

Locks are taken in the order of everybody else: orders, cars, agreements, who brings them (README, Locks).

The double stays as a row that nobody lists or finds; what hung on it hangs on the one that is kept, and its journal is
read with the kept one's. There is no undo: the parts of the two can't be told apart any more once work went on.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.values import Refusal
from reception import events
from reception.actions.locking import hold
from reception.actions.quality import look_at
from reception.choices import ArchiveField, Decision
from reception.models import (
    Agreement,
    Appointment,
    ChangeRequest,
    Customer,
    MileageReading,
    PointsEntry,
    RepairOrder,
    Suggestion,
    Vehicle,
    VehicleDriver,
)

PRIMARY_PHONE = "primary_phone"
CUSTOMER_FIELDS = (
    "name", "kind", "gender", "birthday", "area", "address", "contact_hour", "contact_channel", "source", "level",
)  # fmt: skip
VEHICLE_FIELDS = (
    "plate", "vin", "brand", "series", "model", "engine_number", "purchased_on", "warranty_ends_on", "warranty_km",
    "insurance_ends_on", "owner", "next_service_on", "next_service_km",
)  # fmt: skip


@transaction.atomic
def merge_customers(
    *, kept: Customer, double: Customer, chosen=(), by, at,
    expected_version: int | None = None, double_version: int | None = None,
) -> Customer:  # fmt: skip
    """Make `double` a part of `kept`. `chosen`: the fields (`CUSTOMER_FIELDS`, `PRIMARY_PHONE`) the double knew better.

    Tags are put together. Who refused calls or texts as one of the two refuses them as both.
    """
    for model, path in ((RepairOrder, "customer"), (Vehicle, "owner"), (Agreement, "customer")):
        hold(model.objects.filter(**{path: double}), no_key=True)
    kept, double = _locked_pair(kept, double, expected_version, double_version)
    before = {name: getattr(kept, name) for name in (*CUSTOMER_FIELDS, "tags", "no_call_since", "no_text_since")}
    for name in _known(chosen, {*CUSTOMER_FIELDS, PRIMARY_PHONE}) - {PRIMARY_PHONE}:
        setattr(kept, name, getattr(double, name))
    kept.tags = list(dict.fromkeys([*kept.tags, *double.tags]))
    for refused in ("no_call", "no_text"):
        _keep_refusal(kept, double, refused)
    kept.name_pinyin = pinyin_key(kept.name)
    _join_phones(kept, double, PRIMARY_PHONE in chosen, by, at)
    ChangeRequest.objects.filter(after_owner=double).update(after_owner=kept)
    Vehicle.objects.filter(owner=double).update(owner=kept)
    for model in (RepairOrder, Appointment, Agreement, PointsEntry):
        model.objects.filter(customer=double).update(customer=kept)
    _close(kept, double, journal.changed_fields(before, kept), by, at)
    events.customers_merged.send(Customer, kept_id=kept.pk, double_id=double.pk, at=at)
    return kept


@transaction.atomic
def merge_vehicles(
    *, kept: Vehicle, double: Vehicle, chosen=(), by, at,
    expected_version: int | None = None, double_version: int | None = None,
) -> Vehicle:  # fmt: skip
    """Make `double` a part of `kept`. `chosen`: the fields (`VEHICLE_FIELDS`) the double knew better.

    The mileage is that of the later visit. The plate that is not chosen stays with the double and leads to `kept`.
    """
    hold(RepairOrder.objects.filter(vehicle=double), no_key=True)
    kept, double = _locked_pair(kept, double, expected_version, double_version)
    chosen = _known(chosen, set(VEHICLE_FIELDS))
    before = {name: getattr(kept, name) for name in (*VEHICLE_FIELDS, "mileage", "last_visit_at")}
    for name in chosen - {"plate"}:
        setattr(kept, name, getattr(double, name))
    if "vin" in chosen:
        kept.vin_override_reason = double.vin_override_reason
    if double.last_visit_at and (kept.last_visit_at is None or double.last_visit_at > kept.last_visit_at):
        kept.last_visit_at = double.last_visit_at
        kept.mileage = kept.mileage if double.mileage is None else double.mileage
    if "plate" in chosen:
        _swap_plates(kept, double)
    _withdraw(ChangeRequest.objects.waiting().filter(vehicle=double), by, at)
    known = kept.drivers.values_list("name", flat=True)
    VehicleDriver.objects.filter(vehicle=double).exclude(name__in=list(known)).update(vehicle=kept)
    for model in (RepairOrder, Appointment, Suggestion, MileageReading):
        model.objects.filter(vehicle=double).update(vehicle=kept)
    covered = Agreement.vehicles.through.objects
    covered.filter(vehicle=double).exclude(
        agreement__in=covered.filter(vehicle=kept).values("agreement")
    ).update(vehicle=kept)  # fmt: skip
    covered.filter(vehicle=double).delete()
    _reword_appointments(kept)
    _close(kept, double, journal.changed_fields(before, kept), by, at)
    events.vehicles_merged.send(Vehicle, kept_id=kept.pk, double_id=double.pk, at=at)
    return kept


def _locked_pair(kept, double, kept_version, double_version):
    """Both as they are now, taken in the order of their ids, so that two who merge the same pair don't cross."""
    if kept.pk == double.pk:
        raise Refusal(_("Choose two different records."), code="same")
    pair = type(kept).objects.filter(pk__in=[kept.pk, double.pk])
    hold(pair)
    found = {row.pk: row for row in pair.select_related("store", "merged_into").order_by("pk")}
    for row in found.values():
        if row.merged_into_id:
            raise Refusal(
                _("%(thing)s was merged into %(kept)s already.") % {"thing": row, "kept": row.merged_into},
                code="merged",
            )
    kept, double = found[kept.pk], found[double.pk]
    refuse_stale(kept, kept_version)
    refuse_stale(double, double_version)
    return kept, double


def _known(chosen, fields: set[str]) -> set[str]:
    unknown = set(chosen) - fields
    if unknown:
        raise TypeError(f"not a field to choose: {', '.join(sorted(unknown))}")
    return set(chosen)


def _keep_refusal(kept: Customer, double: Customer, refused: str) -> None:
    since, reason = f"{refused}_since", f"{refused}_reason"
    theirs, own = getattr(double, since), getattr(kept, since)
    if theirs and (own is None or theirs < own):
        setattr(kept, since, theirs)
        setattr(kept, reason, getattr(double, reason))


def _join_phones(kept: Customer, double: Customer, first_of_double: bool, by, at) -> None:
    """The double's numbers beside the kept one's; what was asked for a number goes with it."""
    first = double.phones.filter(is_primary=True).first()
    known = list(kept.phones.values_list("number", flat=True))
    asked = ChangeRequest.objects.waiting().filter(customer=double)
    _withdraw(asked.exclude(field=ArchiveField.PHONE, phone__isnull=False), by, at)
    _withdraw(asked.filter(phone__number__in=known), by, at)
    double.phones.filter(number__in=known).delete()
    double.phones.update(customer=kept, is_primary=False)
    asked.update(customer=kept)
    if first and (first_of_double or not kept.phones.filter(is_primary=True).exists()):
        kept.phones.update(is_primary=False)
        kept.phones.filter(number=first.number).update(is_primary=True)


def _withdraw(asked, by, at) -> None:
    asked.update(
        decision=Decision.WITHDRAWN, decided_by=by, decided_at=at, decision_note=_("Two records were merged.")[:200]
    )


def _swap_plates(kept: Vehicle, double: Vehicle) -> None:
    """A plate stands once: one steps aside while they change places."""
    kept.plate, double.plate = double.plate, kept.plate
    Vehicle.objects.filter(pk=kept.pk).update(plate=f"#{kept.pk}"[:12])
    Vehicle.objects.filter(pk=double.pk).update(plate=double.plate)


def _reword_appointments(kept: Vehicle) -> None:
    """Cars that are to come are awaited under the plate that is kept."""
    expected = Appointment.objects.expected()
    for appointment in expected.filter(vehicle=kept).exclude(plate=kept.plate):
        if not expected.filter(
            store=appointment.store_id, plate=kept.plate, slot_at=appointment.slot_at
        ).exists():  # fmt: skip
            Appointment.objects.filter(pk=appointment.pk).update(plate=kept.plate)


def _close(kept, double, changes: dict, by, at) -> None:
    """Mark the double, let its own doubles lead on, write both journals, look at both anew."""
    noun, model = kept._meta.model_name, type(kept)
    kept.version += 1
    kept.save()
    model.objects.filter(merged_into=double).update(merged_into=kept)
    double.merged_into, double.merged_at, double.version = kept, at, double.version + 1
    double.save(update_fields=["merged_into", "merged_at", "version"])
    journal.record(by=by, at=at, verb=f"{noun}.merged", subject=kept, changes=changes, note=_named(double))
    journal.record(by=by, at=at, verb=f"{noun}.merged_away", subject=double, note=_named(kept))
    look_at(kept, double, by=by, at=at)


def _named(thing: Customer | Vehicle) -> str:
    return f"{thing.code} {thing.name}" if isinstance(thing, Customer) else f"{thing.plate} {thing.vin}".strip()
