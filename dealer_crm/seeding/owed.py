"""What calls are owed for besides delivered orders: new cars, draws by lot, what customers do not want."""

from datetime import date, datetime, time, timedelta
from random import Random

from callback.actions import generate_callbacks, hand_over_new_car, refuse_purpose
from callback.choices import AFTER_HANDOVER, Outcome, Purpose, RuleCode, TaskState
from callback.models import CallTask, Contact
from dealer_crm.seeding import names
from dealer_crm.seeding.calls import Diary
from dealer_crm.seeding.people import House
from reception.actions import create_vehicle
from reception.models import Vehicle

SALESPEOPLE = ("钱进", "沈佳", "吴昊")
_DAYS_AGO = (0, 1, 3, 6, 20, 34)
_DUE = 6
_NEW_FROM = 700_000  # plates and VINs no other made-up car has


def owe_more_calls(house: House, at: datetime) -> None:
    """New cars handed over in the last weeks, last Monday's lots drawn, two customers who want no reminders."""
    random = Random(f"{house.store.code}:owed")
    cars = list(
        Vehicle.objects.filter(
            store=house.store, owner__isnull=False, owner__no_call_since=None, owner__phones__isnull=False
        ).order_by("-purchased_on", "pk")[: len(_DAYS_AGO) + 2]
    )  # fmt: skip
    for place, (days, car) in enumerate(zip(_DAYS_AGO, cars, strict=False)):
        moment = at - timedelta(days=days, minutes=random.randint(30, 90))
        hand_over_new_car(
            store=house.store, vehicle=_new_car(house, car, place, moment), handed_over_at=moment,
            salesperson=random.choice(SALESPEOPLE), by=house.staff["H01"], at=at,
        )  # fmt: skip
    generate_callbacks(at=at, store=house.store, codes=list(AFTER_HANDOVER))
    diary = Diary(house.store)
    handed_over = CallTask.objects.of_store(house.store).overdue(at).filter(rule__code__in=AFTER_HANDOVER)
    for task in handed_over.order_by("due_at", "pk"):
        _called(task, random.choice([house.staff["H01"], house.staff["H02"]]), random, diary, at)
    for car, reason in zip(cars[len(_DAYS_AGO) :], ("自己会留意保养时间", "已在别处续保"), strict=False):
        refuse_purpose(customer=car.owner, purpose=Purpose.REMINDER, reason=reason, by=house.staff["H01"], at=at)
    _dates_ahead(house, at)
    monday = datetime.combine(_today(house, at) - timedelta(days=_today(house, at).weekday()), time(8), house.store.tz)
    generate_callbacks(at=min(monday, at), store=house.store, codes=[RuleCode.WEEKLY_SAMPLE])
    drawn = CallTask.objects.of_store(house.store).overdue(at).filter(rule__code=RuleCode.WEEKLY_SAMPLE)
    for task in drawn.order_by("pk")[1:]:
        _called(task, random.choice([house.staff["H01"], house.staff["H02"]]), random, diary, at)


def follow_bad_answers(house: House, at: datetime) -> None:
    """The customers who marked something down were called, but for those of the last days."""
    random = Random(f"{house.store.code}:bad answers")
    generate_callbacks(at=at, store=house.store, codes=[RuleCode.BAD_ANSWER])
    diary = Diary(house.store)
    for task in CallTask.objects.of_store(house.store).overdue(at).filter(rule__code=RuleCode.BAD_ANSWER):
        agent = random.choice([house.staff["H01"], house.staff["H02"]])
        _called(task, agent, random, diary, at, note="已致歉，说明了改进办法。")


def _new_car(house: House, former: Vehicle, place: int, moment: datetime) -> Vehicle:
    """Another car for the owner of one, of the same brand."""
    number = _NEW_FROM + 50 * house.store.pk + place
    bought_on = moment.astimezone(house.store.tz).date()
    return create_vehicle(
        plate=names.plate(number), vin=names.vin(number, former.vin[:5]), store=house.store, owner=former.owner,
        brand=former.brand, series=former.series, purchased_on=bought_on,
        insurance_ends_on=bought_on + timedelta(days=365), by=house.staff["H01"], at=moment,
    )  # fmt: skip


def _called(task: CallTask, agent, random: Random, diary: Diary, at: datetime, note: str = "") -> None:
    """A call that was made within its window, or after it when the customer was called on each of its days."""
    wanted = task.opens_at + (task.due_at - task.opens_at) * random.random()
    called = diary.moment(task.customer_id, wanted, after=task.opens_at, before=task.due_at, at=at)
    if called is None:
        return
    Contact.objects.create(
        store=task.store, task=task, customer=task.customer, vehicle=task.vehicle, order=task.order, agent=agent,
        started_at=called - timedelta(minutes=3), at=called, outcome=Outcome.COMPLETED, note=note,
    )  # fmt: skip
    task.state, task.attempts, task.first_called_at, task.done_at = TaskState.DONE, 1, called, called
    task.save()


def _dates_ahead(house: House, at: datetime) -> None:
    """Insurance and services of some cars come due within the next weeks."""
    cars = Vehicle.objects.filter(store=house.store, owner__isnull=False).order_by("pk")[20 : 20 + 3 * _DUE]
    for place, car in enumerate(cars):
        ahead = _today(house, at) + timedelta(days=(6, 13, 28, 40, 58)[place % 5])
        if place % 3:
            car.insurance_ends_on = ahead
        else:
            car.next_service_on = ahead
        car.save(update_fields=["insurance_ends_on", "next_service_on"])


def _today(house: House, at: datetime) -> date:
    return at.astimezone(house.store.tz).date()
