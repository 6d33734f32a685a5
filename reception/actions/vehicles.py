"""Vehicles: plates, VINs, owners, mileage."""

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from reception.actions.locking import locked_vehicle
from reception.formulas import identity
from reception.models import Customer, Vehicle

FIELDS = (
    "plate", "vin", "vin_override_reason", "brand", "series", "model", "engine_number", "purchased_on",
    "warranty_ends_on", "warranty_km", "insurance_ends_on", "owner", "next_service_on", "next_service_km",
)  # fmt: skip


@transaction.atomic
def create_vehicle(*, by, at, store, owner: Customer | None, plate: str = "", vin: str = "", **fields) -> Vehicle:
    """Enter a vehicle. A car without a plate yet goes by its VIN. Further fields: see `FIELDS`.

    A VIN whose check digit is wrong needs `vin_override_reason` (old and imported cars).
    """
    vin = _vin(vin, fields.get("vin_override_reason", ""))
    plate = _plate(plate or (identity.plate_of_new_car(vin) if vin else ""))
    _refuse_known(plate=plate, vin=vin)
    vehicle = Vehicle.objects.create(
        plate=plate, vin=vin, owner=owner, store=store, created_by=by, created_at=at, **_known(fields)
    )
    journal.record(by=by, at=at, verb="vehicle.created", subject=vehicle)
    return vehicle


@transaction.atomic
def change_vehicle(*, vehicle: Vehicle, by, at, expected_version: int | None = None, **fields) -> Vehicle:
    """Change some of `FIELDS`. Raises Stale when somebody else changed the vehicle in the meantime."""
    vehicle = locked_vehicle(vehicle, expected_version)
    before = {name: getattr(vehicle, name) for name in _known(fields)}
    if "plate" in fields:
        fields["plate"] = _plate(fields["plate"])
    if "vin" in fields:
        fields["vin"] = _vin(fields["vin"], fields.get("vin_override_reason", vehicle.vin_override_reason))
    _refuse_known(plate=fields.get("plate", ""), vin=fields.get("vin", ""), besides=vehicle)
    for name, value in fields.items():
        setattr(vehicle, name, value)
    changes = journal.changed_fields(before, vehicle)
    if changes:
        vehicle.version += 1
        vehicle.save()
        journal.record(by=by, at=at, verb="vehicle.changed", subject=vehicle, changes=changes)
    return vehicle


def take_reading(vehicle: Vehicle, mileage: int | None, reason: str = "") -> None:
    """Keep a mileage on a locked vehicle. A counter doesn't run backwards without a reason."""
    if mileage is None:
        return
    if vehicle.mileage is not None and mileage < vehicle.mileage and not reason.strip():
        raise Refusal(
            _(
                "%(mileage)s km is less than the %(before)s km on record. "
                "Correct it or say why (new counter, typing mistake)."
            )
            % {"mileage": f"{mileage:,}", "before": f"{vehicle.mileage:,}"},
            field="mileage",
            code="mileage_falls",
        )
    vehicle.mileage = mileage


def _plate(text: str) -> str:
    plate = identity.folded_code(text)
    if not plate:
        raise Refusal(_("Enter the plate, or the VIN of a car that has none yet."), field="plate", code="plate_missing")
    if identity.plate_form(plate) is None:
        raise Refusal(
            _("“%(plate)s” is no number plate. Right forms: 京A12345, or 京AD12345 for new-energy cars.")
            % {"plate": plate},
            field="plate",
            code="plate_wrong",
        )
    return plate


def _vin(text: str, override_reason: str) -> str:
    vin = identity.folded_code(text)
    if not vin:
        return ""
    if not identity.is_vin(vin):
        raise Refusal(
            _("“%(vin)s” is no VIN: it has 17 digits and letters, without I, O and Q.") % {"vin": vin},
            field="vin",
            code="vin_wrong",
        )
    if not identity.has_right_check_digit(vin) and not (override_reason or "").strip():
        raise Refusal(
            _("The check digit of VIN “%(vin)s” is wrong. Compare it with the papers; if it is right, say why.")
            % {"vin": vin},
            field="vin",
            code="vin_check_digit",
        )
    return vin


def _refuse_known(*, plate: str, vin: str, besides: Vehicle | None = None) -> None:
    others = Vehicle.objects.exclude(pk=besides.pk) if besides else Vehicle.objects.all()
    if plate and others.filter(plate=plate).exists():
        raise Refusal(
            _("A vehicle with plate %(plate)s is on record.") % {"plate": plate}, field="plate", code="plate_known"
        )
    if vin and (other := others.filter(vin=vin).first()):
        raise Refusal(
            _("This VIN belongs to the vehicle with plate %(plate)s.") % {"plate": other.plate},
            field="vin",
            code="vin_known",
        )


def _known(fields: dict) -> dict:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a vehicle: {', '.join(sorted(unknown))}")
    return fields
