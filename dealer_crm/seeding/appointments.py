"""An appointment book that lives: who came today, who did not, who is expected, and the days to come half full."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from dealer_crm.seeding.people import House
from dealer_crm.values import Refusal
from reception import actions as reception
from reception import queries
from reception.actions.numbering import APPOINTMENT
from reception.choices import AppointmentState, AppointmentWay, OrderKind, OrderState
from reception.models import Appointment, RepairOrder, Vehicle

DAYS_AHEAD = 7
WISHES = (
    (OrderKind.MAINTENANCE, "常规保养，顺便检查刹车片"),
    (OrderKind.MAINTENANCE, "小保养，客户在店等候"),
    (OrderKind.MAINTENANCE, "四万公里保养，四轮定位"),
    (OrderKind.REPAIR, "高速行驶方向盘抖动"),
    (OrderKind.REPAIR, "空调制冷效果差"),
    (OrderKind.REPAIR, "冷车启动有异响"),
    (OrderKind.FIRST_SERVICE, "首保"),
    (OrderKind.WARRANTY, "中控屏偶尔黑屏，要求索赔"),
    (OrderKind.CAMPAIGN, "秋季免费检测"),
    (OrderKind.ACCESSORY, "加装行车记录仪"),
)
_UNKNOWN = (("沪AF6K19", "郑先生", "13800010001"), ("沪ADB3072", "林女士", "13800010002"))
_REASONS = ("客户临时出差", "车辆在外地", "客户改到下个月")


class _Book:
    """Makes appointments of one house through the actions of the desk, a car once."""

    def __init__(self, house: House, random: Random, cars: list[Vehicle]):
        self.house, self.random = house, random
        self.cars = iter(random.sample(cars, len(cars)))
        self.advisors = house.of("A")[:3]

    def make(self, starts_at: datetime, made_at: datetime) -> Appointment | None:
        """A car that has no appointment yet; None when the hour takes no more or no car is left."""
        car, (kind, wishes) = next(self.cars, None), self.random.choice(WISHES)
        return car and self._make(car.plate, kind, wishes, starts_at, made_at)

    def _make(self, plate, kind, wishes, starts_at, made_at, **who) -> Appointment | None:
        random = self.random
        is_active = random.random() < 0.5
        try:
            return reception.make_appointment(
                by=self.house.staff["H01"] if is_active else self.advisors[0], at=made_at, store=self.house.store,
                plate=plate, kind=kind, starts_at=starts_at, wishes=wishes,
                way=AppointmentWay.ACTIVE if is_active else AppointmentWay.PASSIVE,
                advisor=random.choice(self.advisors) if random.random() < 0.6 else None, **who,
            )  # fmt: skip
        except Refusal:
            return None

    def make_unknown(self, starts_at: datetime, made_at: datetime) -> None:
        for plate, name, phone in _UNKNOWN:
            if not queries.vehicle_at_gate(plate):
                self._make(
                    plate, OrderKind.REPAIR, "第一次来店，异响检查", starts_at, made_at, contact_name=name,
                    contact_phone=phone,
                )  # fmt: skip
                return


def expect(house: House, random: Random, arrivals: list[tuple[Vehicle, datetime]]) -> None:
    """Half of the cars that are about to be taken in come by appointment; taking them in ends it."""
    for car, arrives_at in arrivals:
        if random.random() < 0.5:
            starts_at = arrives_at.astimezone(house.store.tz).replace(minute=0, second=0, microsecond=0)
            _Book(house, random, [car]).make(starts_at, arrives_at - timedelta(days=2))


def remember(house: House, random: Random, at: datetime) -> None:
    """Of the visits of days gone by every third was appointed; most came near their time. Written as rows: who makes an
    appointment through the desk makes it for a day to come."""
    today = at.astimezone(house.store.tz).date()
    came = RepairOrder.objects.filter(store=house.store, state=OrderState.DELIVERED, appointment=None)
    came = came.filter(arrived_at__date__lt=today).exclude(kind__in=[OrderKind.PDI, OrderKind.ACCIDENT])
    places, rows = Counter(), []
    for order in came.select_related("vehicle", "customer").order_by("arrived_at", "pk"):
        if random.random() > 1 / 3:
            continue
        late = timedelta(minutes=random.choice([-20, -12, -8, -5, -3, 0, 2, 4, 6, 9, 14, 25, 40]))
        starts_at = (order.arrived_at - late).replace(second=0, microsecond=0)
        slot_at, made_at = starts_at.replace(minute=0), starts_at - timedelta(days=random.randint(1, 5))
        places[slot_at] += 1
        rows.append(
            Appointment(
                number=f"{APPOINTMENT}{house.store.code}-{made_at:%y%m%d}-P{order.pk}", store=house.store,
                vehicle=order.vehicle, customer=order.customer, plate=order.vehicle.plate,
                contact_name=order.customer.name, kind=order.kind, starts_at=starts_at, slot_at=slot_at,
                place=places[slot_at], way=random.choice(list(AppointmentWay)), state=AppointmentState.ARRIVED,
                advisor_id=order.advisor_id, order=order, made_by=house.staff["H01"], made_at=made_at,
                ended_at=order.arrived_at,
            )
        )  # fmt: skip
    Appointment.objects.bulk_create(rows)


def fill_the_book(house: House, random: Random, cars: list[Vehicle], at: datetime) -> None:
    """Today and the days to come. `cars`: known ones that are not in the shop."""
    store = house.store
    book, today = _Book(house, random, cars), at.astimezone(store.tz).date()
    for starts_at in _times(store, today, random, share=0.3):
        if starts_at > at or random.random() < 0.25:
            _expect_today(house, random, book.make(starts_at, starts_at - timedelta(days=random.randint(2, 5))), at)
    next_hours = [time for offset in (1, 2) for time in _times(store, today + timedelta(days=offset), random, share=1)]
    if next_hours:
        book.make_unknown(random.choice(next_hours), at)
    for offset in range(1, DAYS_AHEAD + 1):
        for starts_at in _times(store, today + timedelta(days=offset), random, share=0.42 - 0.04 * offset):
            appointment = book.make(starts_at, at - timedelta(days=random.randint(1, 3)))
            if appointment and random.random() < 0.1:
                reception.cancel_appointment(
                    appointment=appointment, reason=random.choice(_REASONS), by=house.staff["H01"], at=at
                )


def _expect_today(house: House, random: Random, appointment: Appointment | None, at: datetime) -> None:
    """An hour gone by was missed; of those to come most are confirmed."""
    if appointment is None:
        return
    if appointment.starts_at < at - timedelta(minutes=31):
        missed_at = appointment.starts_at + timedelta(minutes=31)
        reception.miss_appointment(appointment=appointment, by=None, at=missed_at)
    elif random.random() < 0.6:
        confirmed_at = min(at, appointment.starts_at - timedelta(hours=18))
        reception.confirm_appointment(appointment=appointment, by=house.staff["H01"], at=confirmed_at)


def _times(store, day, random: Random, *, share: float) -> Iterator[datetime]:
    """Some moments of a day: of every hour's places about `share`."""
    for slot in queries.day_of(store, day).slots:
        for _place in range(slot.places):
            if random.random() < share:
                yield datetime.combine(day, slot.begins, store.tz)
