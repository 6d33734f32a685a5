"""What calls are owed for besides delivered orders: new cars, draws by lot, what customers do not want."""

from datetime import datetime, time, timedelta
from random import Random

from callback.actions import generate_callbacks, hand_over_new_car, refuse_purpose
from callback.choices import Purpose, RuleCode
from dealer_crm.seeding.people import House
from reception.models import Vehicle

SALESPEOPLE = ("钱进", "沈佳", "吴昊")
_DAYS_AGO = (0, 1, 3, 6, 20, 34)


def owe_more_calls(house: House, at: datetime) -> None:
    """New cars handed over in the last weeks, last Monday's lots drawn, two customers who want no reminders."""
    random = Random(f"{house.store.code}:owed")
    cars = list(
        Vehicle.objects.filter(
            store=house.store, owner__isnull=False, owner__no_call_since=None, owner__phones__isnull=False
        ).order_by("-purchased_on", "pk")[: len(_DAYS_AGO) + 2]
    )  # fmt: skip
    for days, car in zip(_DAYS_AGO, cars, strict=False):
        moment = at - timedelta(days=days, minutes=random.randint(30, 90))
        hand_over_new_car(
            store=house.store, vehicle=car, handed_over_at=moment, salesperson=random.choice(SALESPEOPLE),
            by=house.staff["H01"], at=at,
        )  # fmt: skip
    for car, reason in zip(cars[len(_DAYS_AGO) :], ("自己会留意保养时间", "已在别处续保"), strict=False):
        refuse_purpose(customer=car.owner, purpose=Purpose.REMINDER, reason=reason, by=house.staff["H01"], at=at)
    today = at.astimezone(house.store.tz).date()
    monday = datetime.combine(today - timedelta(days=today.weekday()), time(8), house.store.tz)
    generate_callbacks(at=min(monday, at), store=house.store, codes=[RuleCode.WEEKLY_SAMPLE])
