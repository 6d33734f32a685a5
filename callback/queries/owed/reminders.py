"""Reminders before a day of the car: its next service, its first, the end of its insurance."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce, TruncDate

from callback.choices import RuleCode
from callback.formulas import months_later
from callback.models import Rule
from callback.queries.owed.occasions import Owed, reminder_days, reminder_reached, without_task
from callback.settings import FIRST_SERVICE_MONTHS
from dealer_crm.organization.queries import figure
from reception.choices import OrderKind, OrderState
from reception.models import RepairOrder, Vehicle

SERVICES = (OrderKind.MAINTENANCE, OrderKind.FIRST_SERVICE)
_MONTH = timedelta(days=32)
_WHO = ("pk", "owner_id", "owner__no_call_since")


# One occasion of a car: the car, its owner, since when the owner refuses calls, what it is about, its day.
Occasion = tuple[int, int, date | None, str, date]


def before_service(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Cars whose next service is expected soon (`Forecast`) and that do not stand in the shop already.

    The occasion is the target of the service, not the guessed day: a new reading moves the guess and makes no second
    call.
    """
    return _reminders(rule, _next_service, at, make_up)


def before_first_service(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """New cars that have not come for a service yet, before the free term ends (`callback.first_service_months` after
    the handover, else the purchase). Nobody is reminded of a term that is over."""
    return _reminders(rule, _first_service, at, make_up, still_ahead=True)


def before_insurance_end(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Cars whose insurance ends soon; once it is renewed the day is another one."""
    return _reminders(rule, _insurances, at, make_up, still_ahead=True)


def coming_reminders(rule: Rule, *, today: date, until: date) -> list[Owed]:
    """The reminders that will be reached after `today`, up to the day `until`, as far as it is known today."""
    find = {RuleCode.MAINTENANCE: _next_service, RuleCode.FIRST_SERVICE: _first_service}.get(rule.code, _insurances)
    leads = sorted(rule.lead_days) or [0]
    found = [
        _owed(pk, owner, refused, occasion, day, lead, lead)
        for pk, owner, refused, occasion, day in find(
            rule, today + timedelta(days=leads[0]), until + timedelta(days=leads[-1])
        )
        for lead in leads
        if today < day - timedelta(days=lead) <= until
    ]
    return list(without_task(rule, found))


def _reminders(rule: Rule, find, at: datetime, make_up: timedelta, *, still_ahead=False) -> Iterator[Owed]:
    today = at.astimezone(rule.store.tz).date()
    first, last = reminder_days(rule, today, make_up)
    if still_ahead:
        first = max(first, today - timedelta(days=1))
    found = []
    for pk, owner, refused, occasion, day in find(rule, first, last):
        if reached := reminder_reached(rule, day, today):
            found.append(_owed(pk, owner, refused, occasion, day, reached.lead, reached.lead_days))
    return without_task(rule, found)


def _owed(pk: int, owner: int, refused: date | None, occasion: str, day: date, lead: int, lead_days: int) -> Owed:
    return Owed(
        source_key=f"vehicle:{pk}:{occasion}:{lead}",
        event_on=day,
        customer_id=owner,
        refuses_calls=refused is not None,
        vehicle_id=pk,
        lead_days=lead_days,
    )


# ── The occasions after `first`, up to `last` ────────────────────────────────────────────────────────────────────────
def _next_service(rule: Rule, first: date, last: date) -> Iterator[Occasion]:
    cars = _cars(rule).filter(forecast__due_on__gt=first, forecast__due_on__lte=last, forecast__store=rule.store_id)
    for pk, owner, refused, day, target in cars.values_list(*_WHO, "forecast__due_on", "forecast__target"):
        yield pk, owner, refused, f"service:{target}", day


def _first_service(rule: Rule, first: date, last: date) -> Iterator[Occasion]:
    months = figure(FIRST_SERVICE_MONTHS, store=rule.store, on=first)
    served = RepairOrder.objects.filter(vehicle=OuterRef("pk"), kind__in=SERVICES).exclude(state=OrderState.CANCELLED)
    cars = (
        _cars(rule)
        .annotate(
            new_on=Coalesce(TruncDate("handover__handed_over_at", tzinfo=rule.store.tz), "purchased_on")
        )
        .filter(~Exists(served), new_on__gt=months_later(first, -months) - _MONTH)
        .filter(new_on__lte=months_later(last, -months) + _MONTH)
    )  # fmt: skip
    for pk, owner, refused, new_on in cars.values_list(*_WHO, "new_on"):
        ends_on = months_later(new_on, months)
        if first < ends_on <= last:
            yield pk, owner, refused, f"first:{ends_on}", ends_on


def _insurances(rule: Rule, first: date, last: date) -> Iterator[Occasion]:
    cars = Vehicle.objects.standing().filter(
        store=rule.store_id, owner__isnull=False, insurance_ends_on__gt=first, insurance_ends_on__lte=last
    )
    for pk, owner, refused, day in cars.order_by("pk").values_list(*_WHO, "insurance_ends_on"):
        yield pk, owner, refused, f"insurance:{day}", day


def _cars(rule: Rule):
    """Cars with an owner that do not stand in the shop."""
    in_shop = RepairOrder.objects.in_shop().filter(vehicle=OuterRef("pk"))
    return Vehicle.objects.standing().filter(~Exists(in_shop), store=rule.store_id, owner__isnull=False).order_by("pk")
