"""A car that was expected stands at the gate."""

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal.queries import refuse_stale
from dealer_crm.values import Refusal
from reception import queries
from reception.actions.appointments import appointment_of_arrival
from reception.actions.locking import locked_vehicle
from reception.actions.orders import open_order
from reception.models import Appointment, RepairOrder


@transaction.atomic
def take_in_appointment(
    *, appointment: Appointment, by, at, expected_version: int | None = None, **visit
) -> RepairOrder:
    """Open the order of a car on record, filled in from its appointment; `visit`: what `open_order` takes besides.

    Without an advisor named here or on the phone it is the one who takes the car in.
    """
    vehicle = appointment.vehicle or queries.vehicle_at_gate(appointment.plate)
    if vehicle is None:
        raise Refusal(
            _("Nobody knows %(plate)s yet; take it in at the gate with its papers.") % {"plate": appointment.plate},
            code="car_unknown",
        )
    vehicle = locked_vehicle(vehicle)
    expected = appointment_of_arrival(store=appointment.store, plate=vehicle.plate, at=at, named=appointment)
    refuse_stale(expected, expected_version)
    wanted = {"kind": expected.kind, "symptoms": expected.wishes, "customer": vehicle.owner or expected.customer}
    visit = {**wanted, **visit, "advisor": visit.get("advisor") or expected.advisor or by}
    return open_order(by=by, at=at, store=expected.store, vehicle=vehicle, appointment=expected, **visit)
