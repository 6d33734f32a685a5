"""Vehicles: plates, VINs, owners, drivers, mileage.

Another plate, VIN or owner than the one on record, by somebody who may not approve changes, is kept as a request
(`asking`); filling in what was empty holds at once.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from dealer_crm.values.phone import parse_typed_phone
from reception.actions.asking import ask, may_decide
from reception.actions.locking import locked_vehicle
from reception.actions.quality import look_at
from reception.choices import ArchiveField
from reception.formulas import identity
from reception.models import Customer, MileageReading, Vehicle, VehicleDriver

FIELDS = (
    "plate", "vin", "vin_override_reason", "brand", "series", "model", "engine_number", "purchased_on",
    "warranty_ends_on", "warranty_km", "insurance_ends_on", "owner", "next_service_on", "next_service_km",
)  # fmt: skip


MILEAGE_AT_MOST = 9_999_999
"""km: seven digits, more than any counter shows."""


@transaction.atomic
def create_vehicle(*, by, at, store, owner: Customer | None, plate: str = "", vin: str = "", **fields) -> Vehicle:
    """Enter a vehicle. A car without a plate yet goes by its VIN. Further fields: see `FIELDS`.

    A VIN whose check digit is wrong needs `vin_override_reason` (old and imported cars).
    """
    vin = right_vin(vin, fields.get("vin_override_reason", ""))
    plate = right_plate(plate, vin)
    _refuse_later_purchase(fields, at)
    vehicle = Vehicle.objects.create(
        plate=plate, vin=vin, owner=owner, store=store, created_by=by, created_at=at, **_known(fields)
    )
    journal.record(by=by, at=at, verb="vehicle.created", subject=vehicle)
    look_at(vehicle, by=by, at=at)
    return vehicle


@transaction.atomic
def change_vehicle(
    *, vehicle: Vehicle, by, at, reason: str = "", expected_version: int | None = None, **fields
) -> Vehicle:
    """Change some of `FIELDS`. Raises Stale when somebody else changed the vehicle in the meantime.

    Another plate, VIN or owner is asked for with its `reason`, unless the person may approve changes.
    """
    vehicle = locked_vehicle(vehicle, expected_version)
    if "plate" in fields:
        fields["plate"] = _plate(fields["plate"])
    if "vin" in fields:
        fields["vin"] = _vin(fields["vin"], fields.get("vin_override_reason", vehicle.vin_override_reason))
    _refuse_known(plate=fields.get("plate", ""), vin=fields.get("vin", ""), besides=vehicle)
    _refuse_later_purchase(fields, at)
    if not may_decide(by):
        fields = _asked_for(vehicle, _known(fields), reason, by, at)
    before = {name: getattr(vehicle, name) for name in _known(fields)}
    for name, value in fields.items():
        setattr(vehicle, name, value)
    changes = journal.changed_fields(before, vehicle)
    if changes:
        vehicle.version += 1
        vehicle.save()
        journal.record(by=by, at=at, verb="vehicle.changed", subject=vehicle, changes=changes, note=reason.strip())
        look_at(vehicle, by=by, at=at)
    return vehicle


def _asked_for(vehicle: Vehicle, fields: dict, reason: str, by, at) -> dict:
    """Ask for what is another's to decide; return the fields that hold at once.

    The reason why a VIN with a wrong check digit is right stays with its request.
    """
    fields = dict(fields)
    asked = {"subject": vehicle, "by": by, "at": at}
    if fields.get("plate", vehicle.plate) != vehicle.plate and identity.plate_form(vehicle.plate) != identity.WITHOUT:
        after = fields.pop("plate")
        ask(field=ArchiveField.PLATE, before=vehicle.plate, after=after, reason=reason, **asked)
    if vehicle.vin and fields.get("vin", vehicle.vin) != vehicle.vin:
        after, why = fields.pop("vin"), fields.pop("vin_override_reason", "")
        ask(field=ArchiveField.VIN, before=vehicle.vin, after=after, reason=reason or why, **asked)
    owner = vehicle.owner
    if owner and not owner.erased_at and fields.get("owner", owner) != owner:
        after = fields.pop("owner")
        ask(
            field=ArchiveField.OWNER, before=vehicle.owner.name, after=after.name if after else "",
            after_owner=after, reason=reason, **asked,
        )  # fmt: skip
    return fields


# ── Drivers ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def add_driver(*, vehicle: Vehicle, name: str, phone: str = "", relation: str = "", by, at) -> VehicleDriver:
    """Somebody else who drives the car and may bring it."""
    vehicle = locked_vehicle(vehicle)
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("A driver needs a name."), field="name", code="name_missing")
    if vehicle.drivers.filter(name=name).exists():
        raise Refusal(_("%(name)s is on the list already.") % {"name": name}, field="name", code="driver_known")
    driver = VehicleDriver.objects.create(
        vehicle=vehicle, name=name, phone=_driver_phone(phone), relation=relation.strip()
    )
    _note_driver(vehicle, by, at, [None, name])
    return driver


@transaction.atomic
def remove_driver(*, driver: VehicleDriver, by, at) -> None:
    vehicle = locked_vehicle(driver.vehicle)
    if VehicleDriver.objects.filter(pk=driver.pk).delete()[0]:
        _note_driver(vehicle, by, at, [driver.name, None])


@transaction.atomic
def reveal_driver_phone(*, driver: VehicleDriver, reason: str, by, at) -> str:
    """The driver's whole number (E.164), for a reason that is kept."""
    if not reason.strip():
        raise Refusal(_("Say what you need the number for."), field="reason", code="reason_missing")
    note = f"{driver.name} {driver.shown_phone} {reason.strip()}"
    journal.record(by=by, at=at, verb="phone.revealed", subject=driver.vehicle, note=note)
    return driver.phone


def _driver_phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return parse_typed_phone(text)
    except ValueError as error:
        raise Refusal(
            _("“%(number)s” is no phone number. A mobile has 11 digits, a landline its area code.") % {"number": text},
            field="phone",
            code="phone_wrong",
        ) from error


def _note_driver(vehicle: Vehicle, by, at, change) -> None:
    vehicle.version += 1
    vehicle.save(update_fields=["version"])
    journal.record(by=by, at=at, verb="vehicle.driver_changed", subject=vehicle, changes={"driver": change})


# ── Mileage ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def take_reading(
    vehicle: Vehicle, mileage: int | None, reason: str = "", *, read_at: datetime, by
) -> MileageReading | None:
    """Keep a mileage on a locked vehicle. A counter doesn't run backwards without a reason.

    A visit that is entered after a later one (from paper) is held against the looks before and after it, and the car
    keeps the later mileage. Returns the reading, which the caller keeps with its order (`keep_reading`).
    """
    if mileage is None:
        return None
    departs = refuse_wrong_reading(vehicle, mileage, reason, read_at=read_at)
    if not is_overtaken(vehicle, read_at):
        vehicle.mileage = mileage
    return MileageReading(
        vehicle=vehicle, km=mileage, read_at=read_at, read_by=by, reason=reason.strip()[:200] if departs else ""
    )


def refuse_wrong_reading(vehicle: Vehicle, mileage: int, reason: str, *, read_at: datetime) -> bool:
    """Whether the mileage departs from the looks before and after it, for which there is a reason."""
    refuse_impossible_mileage(mileage, "mileage")
    before, after = _looks_around(vehicle, read_at)
    falls = before is not None and mileage < before
    if falls and not reason.strip():
        raise Refusal(
            _(
                "%(mileage)s km is less than the %(before)s km on record. "
                "Correct it or say why (new counter, typing mistake)."
            )
            % {"mileage": f"{mileage:,}", "before": f"{before:,}"},
            field="mileage",
            code="mileage_falls",
        )
    overtakes = after is not None and mileage > after
    if overtakes and not reason.strip():
        raise Refusal(
            _(
                "%(mileage)s km is more than the %(after)s km of a later visit. "
                "Correct it or say why (new counter, typing mistake)."
            )
            % {"mileage": f"{mileage:,}", "after": f"{after:,}"},
            field="mileage",
            code="mileage_overtakes",
        )
    return falls or overtakes


def is_overtaken(vehicle: Vehicle, moment: datetime) -> bool:
    """Whether the car has been here again since that moment."""
    return vehicle.last_visit_at is not None and moment < vehicle.last_visit_at


def _looks_around(vehicle: Vehicle, read_at: datetime) -> tuple[int | None, int | None]:
    """The mileage on record before that moment, and the one after it where the car has been here since."""
    if not is_overtaken(vehicle, read_at):
        return vehicle.mileage, None
    looks = vehicle.readings.order_by("read_at", "pk")
    before = looks.filter(read_at__lte=read_at).values_list("km", flat=True).last()
    after = looks.filter(read_at__gt=read_at).values_list("km", flat=True).first()
    return before, vehicle.mileage if after is None else after


def refuse_impossible_mileage(km: int, field: str) -> None:
    if not 0 <= km <= MILEAGE_AT_MOST:
        raise Refusal(
            _("%(mileage)s km is no mileage of a car.") % {"mileage": f"{km:,}"}, field=field, code="mileage_wrong"
        )


def keep_reading(reading: MileageReading | None, order=None) -> None:
    """Write the reading down in the car's history, with the order it was taken for."""
    if reading is not None:
        reading.order = order
        reading.save()


def right_plate(text: str, vin: str = "") -> str:
    """The plate of a car that is new here; one that has none yet goes by its VIN."""
    plate = _plate(text or (identity.plate_of_new_car(vin) if vin else ""))
    _refuse_known(plate=plate, vin="")
    return plate


def right_vin(text: str, override_reason: str) -> str:
    """The VIN of a car that is new here."""
    vin = _vin(text, override_reason)
    _refuse_known(plate="", vin=vin)
    return vin


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
    if vin and (other := others.standing().filter(vin=vin).first()):
        raise Refusal(
            _("This VIN belongs to the vehicle with plate %(plate)s.") % {"plate": other.plate},
            field="vin",
            code="vin_known",
        )


def _refuse_later_purchase(fields: dict, at) -> None:
    if (day := fields.get("purchased_on")) and day > timezone.localdate(at):
        raise Refusal(_("The day of purchase lies in the future."), field="purchased_on", code="purchase_wrong")


def _known(fields: dict) -> dict:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a vehicle: {', '.join(sorted(unknown))}")
    return fields
