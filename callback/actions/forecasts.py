"""Keeping the forecasts of next services fresh."""

from datetime import datetime

from django.db import transaction

from callback.formulas import forecast_service
from callback.models import Forecast
from callback.queries.forecasts import ServiceHistory, cars_to_forecast, histories, usual_km_a_day
from dealer_crm.organization.models import Store

BATCH = 2000
_WRITTEN = ("store", "due_on", "basis", "target", "km_a_day", "looks", "seen_mileage", "seen_visit_at",
            "seen_service_on", "seen_service_km", "made_at")  # fmt: skip


def forecast_cars(*, store: Store, at: datetime) -> int:
    """Compute the next service of every car of a store whose facts have changed; safe to repeat and to run twice at
    once. Returns how many were computed. Not in the journal: nothing is decided here."""
    on = at.astimezone(store.tz).date()
    usual, done = usual_km_a_day(store, on), 0
    while cars := cars_to_forecast(store, at, BATCH):
        _keep([_forecast(history, usual, store, at) for history in histories(store, cars, on)])
        done += len(cars)
        if len(cars) < BATCH:
            break
    return done


def _forecast(history: ServiceHistory, usual, store: Store, at: datetime) -> Forecast:
    car = history.vehicle
    found = forecast_service(history.looks, service_on=history.service_on, service_km=history.service_km, usual=usual)
    return Forecast(
        vehicle=car,
        store=store,
        due_on=found.due_on,
        basis=found.basis,
        target=found.target,
        km_a_day=found.km_a_day,
        looks=found.looks,
        seen_mileage=car.mileage,
        seen_visit_at=car.last_visit_at,
        seen_service_on=car.next_service_on,
        seen_service_km=car.next_service_km,
        made_at=at,
    )


@transaction.atomic
def _keep(forecasts: list[Forecast]) -> None:
    Forecast.objects.bulk_create(
        forecasts, update_conflicts=True, unique_fields=["vehicle"], update_fields=_WRITTEN, batch_size=BATCH
    )
