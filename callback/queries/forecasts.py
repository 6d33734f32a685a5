"""What a car's next service is predicted from, and how well that went."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from callback.formulas import Accuracy, Look, accuracy, errors_in_days, months_later
from callback.models import Forecast
from callback.queries.owed.reminders import SERVICES
from callback.settings import USUAL_KM_A_DAY
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure, figures
from reception.models import MileageReading, RepairOrder, Vehicle
from reception.settings import NEXT_SERVICE_KM, NEXT_SERVICE_MONTHS

ANEW_AFTER = timedelta(days=7)
"""A forecast is made anew then even when the car's own facts are the same: an order may have been corrected."""
TESTED = 2000


@dataclass(frozen=True)
class ServiceHistory:
    """What the forecast of one car rests on; `service_on`, `service_km`: where the next service is due."""

    vehicle: Vehicle
    looks: list[Look]
    service_on: date | None
    service_km: int | None


def usual_km_a_day(store: Store, on: date) -> Decimal:
    return Decimal(figure(USUAL_KM_A_DAY, store=store, on=on))


def cars_to_forecast(store: Store, at: datetime, most: int) -> list[Vehicle]:
    """Cars whose forecast is missing, old, or rests on facts that are no longer so."""
    facts = {"seen_mileage": "mileage", "seen_visit_at": "last_visit_at", "seen_service_on": "next_service_on",
             "seen_service_km": "next_service_km"}  # fmt: skip
    fresh = Forecast.objects.filter(vehicle=OuterRef("pk"), store=store, made_at__gt=at - ANEW_AFTER)
    for seen, fact in facts.items():
        fresh = fresh.filter(Q(**{seen: F(f"vehicle__{fact}")}) | Q(**{seen: None, f"vehicle__{fact}": None}))
    return list(
        Vehicle.objects.standing().filter(~Exists(fresh), store=store, owner__isnull=False).order_by("pk")[:most]
    )


def histories(store: Store, vehicles: Sequence[Vehicle], on: date) -> list[ServiceHistory]:
    """The histories of some cars, in a constant number of queries.

    Where nobody has said when the next service is due, it is so many months and kilometres after the last one here
    (`reception.next_service_months`, `reception.next_service_km`).
    """
    held = figures("reception.next_service", store=store, on=on)
    months, km = held[NEXT_SERVICE_MONTHS.code], held[NEXT_SERVICE_KM.code]
    looks = looks_of(store, vehicles)
    last = _last_service(store, vehicles)
    found = []
    for vehicle in vehicles:
        service_on, service_km = vehicle.next_service_on, vehicle.next_service_km
        if not service_on and not service_km and vehicle.pk in last:
            served_on, served_km = last[vehicle.pk]
            service_on, service_km = months_later(served_on, months), served_km + km if served_km else None
        found.append(ServiceHistory(vehicle, looks[vehicle.pk], service_on, service_km))
    return found


def looks_of(store: Store, vehicles: Iterable[Vehicle]) -> dict[int, list[Look]]:
    """Every look at the counters of some cars: those of orders, those taken without one, and 0 km at the purchase where
    there are too few of them."""
    looks: dict[int, list[Look]] = defaultdict(list)
    ids = [vehicle.pk for vehicle in vehicles]
    orders = RepairOrder.objects.filter(vehicle__in=ids, mileage__isnull=False).order_by("arrived_at", "pk")
    readings = MileageReading.objects.filter(vehicle__in=ids, order=None).order_by("read_at", "pk")
    for rows in (orders.values_list("vehicle_id", "arrived_at", "mileage"),
                 readings.values_list("vehicle_id", "read_at", "km")):  # fmt: skip
        for vehicle, moment, km in rows:
            looks[vehicle].append(Look(moment.astimezone(store.tz).date(), km))
    for vehicle in vehicles:
        own = looks[vehicle.pk]
        bought = vehicle.purchased_on
        if len({look.on for look in own}) < 2 and bought and all(bought < look.on for look in own):
            own.insert(0, Look(bought, 0))
    return looks


def _last_service(store: Store, vehicles: Iterable[Vehicle]) -> dict[int, tuple[date, int | None]]:
    rows = (
        RepairOrder.objects.filter(
            vehicle__in=[vehicle.pk for vehicle in vehicles], kind__in=SERVICES, delivered_at__isnull=False
        )
        .order_by("vehicle_id", "-delivered_at", "-pk")
        .distinct("vehicle_id")
        .values_list("vehicle_id", "delivered_at", "mileage")
    )
    return {vehicle: (moment.astimezone(store.tz).date(), km) for vehicle, moment, km in rows}


def forecasts_due(store: Store, first: date, last: date) -> QuerySet[Forecast]:
    """Forecasts whose day lies in a span, with what a row of a list shows."""
    return Forecast.objects.filter(store=store, due_on__gte=first, due_on__lte=last).select_related("vehicle__owner")


def forecast_accuracy(store: Store, on: date, most: int = TESTED) -> Accuracy:
    """How far off the forecast would have been for the cars seen last: their last look is hidden and predicted from
    those before it."""
    cars = list(
        Vehicle.objects.standing()
        .filter(store=store, last_visit_at__isnull=False)
        .order_by(F("last_visit_at").desc(), "pk")
        .only("pk", "purchased_on")[:most]
    )
    looks, usual = looks_of(store, cars), usual_km_a_day(store, on)
    errors = (errors_in_days(looks[car.pk], usual) for car in cars)
    return accuracy([error for error in errors if error])
