"""Reminders before a day of the car: its next service, its first, the end of its insurance."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce, TruncDate

from callback.formulas import months_later
from callback.models import Rule
from callback.queries.owed.occasions import Owed, reminder_days, reminder_reached, without_task
from callback.settings import FIRST_SERVICE_MONTHS
from dealer_crm.organization.queries import figure
from reception.choices import OrderKind, OrderState
from reception.models import RepairOrder, Vehicle

SERVICES = (OrderKind.MAINTENANCE, OrderKind.FIRST_SERVICE)
_MONTH = timedelta(days=32)


def before_service(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Cars whose next service is expected soon (`Forecast`) and that do not stand in the shop already.

    The occasion is the target of the service, not the guessed day: a new reading moves the guess and makes no second
    call.
    """
    today = at.astimezone(rule.store.tz).date()
    first, last = reminder_days(rule, today, make_up)
    cars = _cars(rule).filter(forecast__due_on__gt=first, forecast__due_on__lte=last, forecast__store=rule.store_id)
    rows = cars.order_by("pk").values_list(
        "pk", "owner_id", "owner__no_call_since", "forecast__due_on", "forecast__target"
    )
    found = [
        _owed(rule, pk, owner, refused, f"service:{target}", day, today) for pk, owner, refused, day, target in rows
    ]
    return without_task(rule, [each for each in found if each])


def before_first_service(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """New cars that have not come for a service yet, before the free term ends (`callback.first_service_months` after
    the handover, else the purchase)."""
    tz, today = rule.store.tz, at.astimezone(rule.store.tz).date()
    months = figure(FIRST_SERVICE_MONTHS, store=rule.store, on=today)
    first, last = reminder_days(rule, today, make_up)
    served = RepairOrder.objects.filter(vehicle=OuterRef("pk"), kind__in=SERVICES).exclude(state=OrderState.CANCELLED)
    cars = (
        _cars(rule)
        .annotate(new_on=Coalesce(TruncDate("handover__handed_over_at", tzinfo=tz), "purchased_on"))
        .filter(~Exists(served), new_on__gt=months_later(first, -months) - _MONTH)
        .filter(new_on__lte=months_later(last, -months) + _MONTH)
    )
    found = []
    for pk, owner, refused, new_on in cars.order_by("pk").values_list(
        "pk", "owner_id", "owner__no_call_since", "new_on"
    ):
        ends_on = months_later(new_on, months)
        # Nobody is reminded of a term that is over.
        if first < ends_on <= last and ends_on >= today:
            found.append(_owed(rule, pk, owner, refused, f"first:{ends_on}", ends_on, today))
    return without_task(rule, [each for each in found if each])


def before_insurance_end(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Cars whose insurance ends soon; once it is renewed the day is another one."""
    today = at.astimezone(rule.store.tz).date()
    first, last = reminder_days(rule, today, make_up)
    cars = Vehicle.objects.standing().filter(
        store=rule.store_id, owner__isnull=False, insurance_ends_on__gt=first, insurance_ends_on__lte=last,
        insurance_ends_on__gte=today,
    )  # fmt: skip
    found = [
        _owed(rule, pk, owner, refused, f"insurance:{day}", day, today)
        for pk, owner, refused, day in cars.order_by("pk").values_list(
            "pk", "owner_id", "owner__no_call_since", "insurance_ends_on"
        )
    ]
    return without_task(rule, [each for each in found if each])


def _cars(rule: Rule):
    """Cars with an owner that do not stand in the shop."""
    in_shop = RepairOrder.objects.in_shop().filter(vehicle=OuterRef("pk"))
    return Vehicle.objects.standing().filter(~Exists(in_shop), store=rule.store_id, owner__isnull=False)


def _owed(rule: Rule, pk: int, owner: int, refused, occasion: str, day: date, today: date) -> Owed | None:
    reached = reminder_reached(rule, day, today)
    if reached is None:
        return None
    return Owed(
        source_key=f"vehicle:{pk}:{occasion}:{reached.lead}",
        event_on=day,
        customer_id=owner,
        refuses_calls=refused is not None,
        vehicle_id=pk,
        lead_days=reached.lead_days,
    )
