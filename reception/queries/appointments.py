"""The appointment book as its pages, actions and figures ask for it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values.phone import masked_phone
from dealer_crm.workdays.queries import work_calendar
from reception.choices import EXPECTED, AppointmentState, AppointmentWay, OrderKind
from reception.formulas.identity import folded_code
from reception.formulas.slots import ALL, NO_LIMIT, Capacity, Opening, Slot, in_force, is_closed, slots_of
from reception.models import Appointment, Customer, RepairOrder, SlotCapacity, Vehicle
from reception.settings import SLOT_PLACES

HOLDING = (*EXPECTED, AppointmentState.ARRIVED)
"""In these states an appointment holds its place in the hour."""

LOOK_AHEAD_DAYS = 14
"""So far a free hour is looked for when the wished one is full."""

SHOWN = 300


# ── Hours ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Day:
    """One day of a store's book: its hours, and why it takes nobody (empty on a working day)."""

    day: date
    slots: list[Slot]
    is_closed: bool
    closed_for: str = ""

    @property
    def places(self) -> int:
        return sum(slot.places for slot in self.slots)

    @property
    def taken(self) -> int:
        return sum(slot.taken for slot in self.slots)

    @property
    def free(self) -> int:
        return sum(slot.free for slot in self.slots)

    def slot_at(self, hour: int) -> Slot | None:
        return next((slot for slot in self.slots if slot.hour == hour), None)


def days_of(store: Store, first: date, last: date, *, besides: Appointment | None = None) -> list[Day]:
    """The days of a store's book from `first` to `last`, in a constant number of queries; `besides`: an appointment
    that is about to be moved and counts no more."""
    rows = [
        Capacity(*row)
        for row in SlotCapacity.objects.of_store(store)
        .filter(starts_on__lte=last)
        .values_list("weekday", "hour", "kind", "places", "starts_on")
    ]
    calendar = work_calendar(store, first, last)
    usual = {day: figure(SLOT_PLACES, store=store, on=day) for day in {first, last}}
    taken = _taken(store, first, last, besides)
    found = []
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        closed = is_closed(is_working=calendar.is_working(day), name=calendar.name(day), day=day)
        places = usual[first] if usual[first] == usual[last] else figure(SLOT_PLACES, store=store, on=day)
        opening = Opening(store.opens_at, store.closes_at, places)
        slots = slots_of(day, rows, opening, taken.get(day, {}), is_closed=closed)
        found.append(Day(day, slots, closed, calendar.name(day) if closed else ""))
    return found


def day_of(store: Store, day: date, *, besides: Appointment | None = None) -> Day:
    return days_of(store, day, day, besides=besides)[0]


def _taken(store: Store, first: date, last: date, besides) -> dict[date, Counter]:
    rows = Appointment.objects.of_store(store).filter(state__in=HOLDING, **_within(store, first, last, "slot_at"))
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    taken: dict[date, Counter] = {}
    for moment, kind in rows.values_list("slot_at", "kind"):
        local = moment.astimezone(store.tz)
        taken.setdefault(local.date(), Counter())[local.hour, kind] += 1
    return taken


def free_times(store: Store, kind: str, *, after: datetime, days: int = LOOK_AHEAD_DAYS, count: int = 3) -> list:
    """The next moments (aware) after `after` at which a car of this type fits in, `count` at most."""
    first = after.astimezone(store.tz).date()
    found = []
    for day in days_of(store, first, first + timedelta(days=days)):
        for slot in day.slots:
            begins = datetime.combine(day.day, slot.begins, store.tz)
            if begins > after and slot.free_for(kind):
                found.append(begins)
                if len(found) == count:
                    return found
    return found


def places_taken(store: Store, slot_at: datetime) -> list[int]:
    """The place numbers of an hour that are held."""
    held = Appointment.objects.of_store(store).filter(slot_at=slot_at, state__in=HOLDING)
    return list(held.values_list("place", flat=True))


# ── The week's places ────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class WeekPlaces:
    """How many cars a store takes on a day's rules, by (weekday, hour). `own`: hours with a row of their own; for a
    type, hours without one are missing: there the whole hour is the limit."""

    hours: list[int]
    places: dict[tuple[int, int], int]
    own: frozenset[tuple[int, int]] = frozenset()
    later: list[date] = field(default_factory=list)


def week_places(store: Store, kind: str, *, on: date) -> WeekPlaces:
    """The week grid in force on a day, for a type of order or all together; `later`: days from which it changes."""
    rows = [
        Capacity(*row)
        for row in SlotCapacity.objects.of_store(store).values_list("weekday", "hour", "kind", "places", "starts_on")
    ]
    opening = Opening(store.opens_at, store.closes_at, figure(SLOT_PLACES, store=store, on=on))
    places, own = {}, set()
    for weekday in range(1, 8):
        day = on + timedelta(days=(weekday - on.isoweekday()) % 7)
        # The rules of `on`, read for each weekday: a row that starts within the coming week does not count yet.
        kept = in_force([row for row in rows if row.starts_on <= on], day)
        if kind == ALL:
            places |= {(weekday, hour): opening.usual_places for hour in opening.hours()}
        for (hour, of_kind), count in kept.items():
            if of_kind == kind and count != NO_LIMIT:
                places[weekday, hour] = count
                own.add((weekday, hour))
    hours = sorted({row.hour for row in rows if row.kind == ALL and row.places} | set(opening.hours()))
    later = sorted({row.starts_on for row in rows if row.starts_on > on and row.kind == kind})
    return WeekPlaces(hours, places, frozenset(own), later)


# ── Appointments ─────────────────────────────────────────────────────────────────────────────────────────────────────
def appointments_visible_to(staff: Staff):
    """Appointments for a list, with the names a row shows."""
    return Appointment.objects.visible_to(staff).select_related("vehicle", "customer", "advisor", "order", "store")


def appointments_of_day(store: Store, day: date):
    """Everything that stands in the book of a day, in the order of the clock."""
    return (
        Appointment.objects.of_store(store)
        .filter(**_within(store, day, day, "starts_at"))
        .select_related("vehicle", "customer", "advisor", "order")
        .order_by("starts_at", "place", "pk")
    )


def expected_today(staff: Staff, at: datetime):
    """The cars still expected today at the person's store."""
    if staff.store is None:
        return Appointment.objects.none()
    return appointments_of_day(staff.store, at.astimezone(staff.store.tz).date()).expected()


def coming_today(staff: Staff, at: datetime, *, own: bool = False) -> list[Appointment]:
    """The first of them; `own`: the person's and those nobody has been named for."""
    rows = expected_today(staff, at)
    if own:
        rows = rows.filter(Q(advisor=staff) | Q(advisor=None))
    return list(rows[:SHOWN])


def appointments_of(staff: Staff, *, customer: Customer | None = None, vehicle: Vehicle | None = None):
    """A customer's or a car's appointments, those that lie ahead first and then the latest."""
    rows = appointments_visible_to(staff)
    rows = rows.filter(customer=customer) if customer else rows.filter(Q(vehicle=vehicle) | Q(plate=vehicle.plate))
    return rows.order_by("-starts_at", "-pk")


def appointment_at_gate(store: Store, plate: str, at: datetime) -> Appointment | None:
    """The appointment a car that stands at the gate has come for: one of today, even if it was given up as missed."""
    today = appointments_of_day(store, at.astimezone(store.tz).date())
    found = today.filter(plate=plate, state__in=[*EXPECTED, AppointmentState.MISSED])
    return min(found, key=lambda one: (not one.is_expected, one.starts_at), default=None)


def appointments_kept_by(orders: Iterable[int]) -> list[tuple[Appointment, RepairOrder]]:
    """Of orders that came in together: the appointment each car had at that store on the day it arrived, by store."""
    awaited = Appointment.objects.filter(store=OuterRef("store"), state__in=[*EXPECTED, AppointmentState.MISSED])
    came = RepairOrder.objects.filter(
        Exists(awaited.filter(Q(plate=OuterRef("vehicle__plate")) | Q(vehicle=OuterRef("vehicle")))),
        pk__in=orders, appointment=None,
    )  # fmt: skip
    came = list(came.select_related("vehicle", "store").order_by("store_id", "arrived_at", "pk"))
    if not came:
        return []
    begin, end = came_between(order.arrived_at for order in came)
    waiting: dict[tuple, list[Appointment]] = {}
    for one in (
        Appointment.objects.filter(
            store__in={order.store_id for order in came}, starts_at__gte=begin, starts_at__lt=end,
            state__in=[*EXPECTED, AppointmentState.MISSED],
        )
        .select_related("store")
        .order_by("starts_at", "pk")
    ):  # fmt: skip
        for car in {("vehicle", one.vehicle_id), ("plate", one.plate)}:
            waiting.setdefault((one.store_id, one.starts_at.astimezone(one.store.tz).date(), car), []).append(one)
    kept, taken = [], set()
    for order in came:
        day = order.arrived_at.astimezone(order.store.tz).date()
        cars = (("plate", order.vehicle.plate), ("vehicle", order.vehicle_id))
        mine = [one for car in cars for one in waiting.get((order.store_id, day, car), []) if one.pk not in taken]
        if mine:
            first = min(mine, key=lambda one: (not one.is_expected, one.starts_at))
            taken.add(first.pk)
            kept.append((first, order))
    return kept


def came_between(moments: Iterable[datetime]) -> tuple[datetime, datetime]:
    """Whole days around some moments, a day more at either end: whatever the time zone, their days lie within."""
    moments = list(moments)
    return min(moments) - timedelta(days=1), max(moments) + timedelta(days=1)


def appointments_found(staff: Staff, query: str, at: datetime) -> list[Appointment]:
    """Who is expected, by a part of the plate, the last digits of the phone or a part of the name."""
    code, text = folded_code(query), query.strip()
    if len(code) < 2:
        return []
    wanted = Q(plate__contains=code) | Q(contact_name__contains=text) | Q(number=text.upper())
    if text.isdigit() and len(text) >= 4:
        wanted |= Q(contact_phone__endswith=text)
    # Over the small index of expected cars: today's and those to come.
    ahead = appointments_visible_to(staff).expected().filter(starts_at__gte=at - timedelta(hours=12))
    return list(ahead.filter(wanted).order_by("starts_at")[:8])


@dataclass(frozen=True)
class Hour:
    """One hour of the day page: `limits` (label of the type, cars taken, places) of types with a limit of their own."""

    slot: Slot
    appointments: list[Appointment]
    limits: list[tuple[str, int, int]]


def by_hour(day: Day, appointments: Iterable[Appointment], tz) -> list[Hour]:
    """Every hour of a day with the cars that stand in it; a car booked outside of any hour makes its own."""
    rows: dict[int, list[Appointment]] = {}
    for appointment in appointments:
        rows.setdefault(appointment.slot_at.astimezone(tz).hour, []).append(appointment)
    lost = [Slot(hour, time(hour), 0, 0) for hour in rows if day.slot_at(hour) is None]
    return [
        Hour(slot, rows.get(slot.hour, []), _limits(slot))
        for slot in sorted([*day.slots, *lost], key=lambda slot: slot.hour)
    ]


def _limits(slot: Slot) -> list[tuple[str, int, int]]:
    return [
        (str(OrderKind(kind).label), slot.taken_by_kind.get(kind, 0), places)
        for kind, places in sorted(slot.limits.items())
    ]


# ── Counted ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class AppointmentCounts:
    """What came of the appointments of some days. `due`: those whose day it was, cancelled ones apart; `active`: those
    the house asked for."""

    due: int
    arrived: int
    missed: int
    cancelled: int
    moved: int
    active: int

    @property
    def arrival_rate(self) -> float | None:
        """Share of the ended ones that came (0–1); None when none has ended."""
        ended = self.arrived + self.missed
        return self.arrived / ended if ended else None


def appointment_counts(store: Store, first: date, last: date) -> AppointmentCounts:
    """Counted by the day the car was to come, `first` to `last`."""
    rows = Appointment.objects.of_store(store).filter(**_within(store, first, last, "starts_at"))
    cancelled = Q(state=AppointmentState.CANCELLED)
    return AppointmentCounts(
        **rows.aggregate(
            due=Count("pk", filter=~cancelled),
            arrived=Count("pk", filter=Q(state=AppointmentState.ARRIVED)),
            missed=Count("pk", filter=Q(state=AppointmentState.MISSED)),
            cancelled=Count("pk", filter=cancelled),
            moved=Count("pk", filter=Q(moved_count__gt=0)),
            active=Count("pk", filter=Q(way=AppointmentWay.ACTIVE)),
        )
    )


def appointments_made(store: Store, first: date, last: date) -> list[tuple[int | None, int]]:
    """Who made how many appointments in some days, by the day they were made: (staff id, count), most first."""
    rows = Appointment.objects.of_store(store).filter(**_within(store, first, last, "made_at"))
    return list(
        rows.order_by().values("made_by").annotate(count=Count("pk")).order_by(F("count").desc(), "made_by")
        .values_list("made_by", "count")
    )  # fmt: skip


# ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def owners_phone(vehicle: Vehicle | None) -> str:
    """The number (E.164) at which the owner of a car is called first; empty when there is none."""
    phones: Sequence = vehicle.owner.phones.all() if vehicle and vehicle.owner else ()
    return next((phone.number for phone in phones), "")


def owners_phone_shown(vehicle: Vehicle | None) -> str:
    number = owners_phone(vehicle)
    return masked_phone(number) if number else ""


def _within(store: Store, first: date, last: date, name: str) -> dict:
    """The lookup of a moment that lies in the store's days `first` to `last`."""
    begin = datetime.combine(first, time.min, store.tz)
    end = datetime.combine(last + timedelta(days=1), time.min, store.tz)
    return {f"{name}__gte": begin, f"{name}__lt": end}
