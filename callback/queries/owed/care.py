"""Care calls: birthdays, and customers who stayed away. Source: spec `callback.md` (birthday, dormant)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from callback.models import CallTask, Rule
from callback.queries.owed.occasions import Owed, without_task
from callback.settings import DORMANT_BATCH
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period
from reception.choices import CustomerKind
from reception.models import Customer, Vehicle
from reception.queries import dormant_before

BIRTHDAY_MAKE_UP = timedelta(days=2)
"""A greeting that comes later than this is none."""


def on_birthday(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """Persons whose birthday is today, or was on the days just gone when the machine was off, and who have a car that
    is not packed away. Who was born on 29 February is called on the 28th of other years."""
    today = at.astimezone(rule.store.tz).date()
    days = [today - timedelta(days=back) for back in range(min(make_up, BIRTHDAY_MAKE_UP).days + 1)]
    wanted = Q()
    for month, day in {place for each in days for place in _birthdays(each)}:
        wanted |= Q(birthday__month=month, birthday__day=day)
    active = Vehicle.objects.standing().active(dormant_before(rule.store, at)).filter(owner=OuterRef("pk"))
    people = (
        Customer.objects.standing()
        .filter(wanted, Exists(active), store=rule.store_id, kind=CustomerKind.PERSON, erased_at=None)
        .order_by("pk")
    )
    found = []
    for pk, birthday, refused in people.values_list("pk", "birthday", "no_call_since"):
        day = next(each for each in days if (birthday.month, birthday.day) in _birthdays(each))
        found.append(
            Owed(
                source_key=f"customer:{pk}:birthday:{day.year}",
                event_on=day,
                customer_id=pk,
                refuses_calls=refused is not None,
            )
        )
    return without_task(rule, found)


def _birthdays(day: date) -> list[tuple[int, int]]:
    is_leap = (date(day.year, 3, 1) - timedelta(days=1)).day == 29
    leaplings = [(2, 29)] if (day.month, day.day) == (2, 28) and not is_leap else []
    return [(day.month, day.day), *leaplings]


def win_back(rule: Rule, at: datetime, make_up: timedelta) -> Iterator[Owed]:
    """The month's batch of customers none of whose cars came for 24 months (`reception.dormant_months`), those who
    stayed away most recently first. Each is called once for each time they stayed away."""
    today = at.astimezone(rule.store.tz).date()
    period = Period.of(today)
    if CallTask.objects.filter(rule=rule, source_key__startswith=f"{period}:").exists():
        return iter(())
    most = figure(DORMANT_BATCH, store=rule.store, on=today)
    newer = Vehicle.objects.standing().filter(owner=OuterRef("owner"), last_visit_at__gt=OuterRef("last_visit_at"))
    called = CallTask.objects.filter(
        rule=rule, customer=OuterRef("owner"), created_at__gt=OuterRef("last_visit_at")
    )  # fmt: skip
    cars = (
        Vehicle.objects.standing()
        .filter(store=rule.store_id, last_visit_at__lt=dormant_before(rule.store, at), owner__store=rule.store_id)
        .filter(~Exists(newer), ~Exists(called), owner__erased_at=None)
        .order_by("-last_visit_at", "pk")[:most]
    )
    found = {
        owner: Owed(
            source_key=f"{period}:customer:{owner}",
            event_on=period.first_day,
            customer_id=owner,
            refuses_calls=refused is not None,
            vehicle_id=pk,
            within_days=period.days - 1,
        )
        for pk, owner, refused in cars.values_list("pk", "owner_id", "owner__no_call_since")
    }
    return without_task(rule, list(found.values()))
