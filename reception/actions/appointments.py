"""The appointment book: who comes when, and what came of it. Source: spec `reception.md` (Appointment).

Who gives out a place holds the book, the row of the store, so that two people never give out the last one; behind it
stands a unique place number for each hour. Order of locks: vehicle and new customer,
then book, then appointment, as at the gate.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from dealer_crm.values.phone import masked_phone, parse_typed_phone
from reception import events, queries
from reception.actions.customers import create_customer
from reception.actions.locking import hold, taken
from reception.actions.numbering import APPOINTMENT, next_number
from reception.choices import EXPECTED, AppointmentState, AppointmentWay, OrderKind
from reception.formulas.identity import folded_code, plate_form
from reception.formulas.slots import ALL, NO_LIMIT, lowest_free
from reception.models import Appointment, Customer, RepairOrder, SlotCapacity, Vehicle
from reception.settings import APPOINTMENT_DAYS_AHEAD, NO_SHOW_MINUTES

# What a change of an appointment may touch; its time is moved by an action of its own.
FIELDS = ("kind", "advisor", "contact_name", "contact_phone", "wishes")

AT_ONCE = 500
"""So many cars of a store are given up as missed in one transaction."""


# ── The book ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def make_appointment(
    *,
    by,
    at: datetime,
    store: Store,
    plate: str,
    kind: OrderKind,
    starts_at: datetime,
    way: AppointmentWay = AppointmentWay.PASSIVE,
    contact_name: str = "",
    contact_phone: str = "",
    advisor=None,
    wishes: str = "",
) -> Appointment:
    """Put a car down for a time. A known plate brings car, owner, name and phone; for another one name and phone are
    needed, and who calls becomes a customer, unless one of that name and phone is known."""
    plate = _plate(plate)
    _refuse_kind(kind)
    _refuse_foreign_advisor(store, advisor)
    vehicle = _held_vehicle(plate)
    customer, name, phone = _who_comes(by, at, store, vehicle, contact_name, contact_phone)
    book = _opened_book(store)
    _refuse_time(book, starts_at, at)
    _refuse_second_visit(book, plate, starts_at)
    slot_at = _slot_at(book, starts_at)
    _refuse_full(book, kind, starts_at, at)
    appointment = Appointment.objects.create(
        number=next_number(model=Appointment, field="number", prefix=APPOINTMENT, store=book, at=at),
        store=book,
        vehicle=vehicle,
        customer=customer,
        plate=plate,
        contact_name=name,
        contact_phone=phone,
        kind=kind,
        starts_at=starts_at,
        slot_at=slot_at,
        place=lowest_free(queries.places_taken(book, slot_at)),
        way=way,
        advisor=advisor,
        wishes=wishes.strip(),
        made_by=by,
        made_at=at,
    )
    journal.record(by=by, at=at, verb="appointment.made", subject=appointment, changes={"starts_at": [None, starts_at]})
    _announce(events.appointment_made, appointment, at)
    return appointment


@transaction.atomic
def change_appointment(*, appointment: Appointment, by, at, expected_version: int | None = None, **fields):
    """Change some of `FIELDS` of a car that is still expected."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of an appointment to change: {', '.join(sorted(unknown))}")
    book = _opened_book(appointment.store)
    appointment = _locked(appointment, expected_version)
    _refuse_ended(appointment)
    before = {name: getattr(appointment, name) for name in fields}
    if "contact_name" in fields and not fields["contact_name"].strip():
        raise Refusal(_("Name who comes."), field="contact_name", code="name_missing")
    if "contact_phone" in fields:
        fields["contact_phone"] = _number(fields["contact_phone"])
    for name, value in fields.items():
        setattr(appointment, name, value)
    _refuse_kind(appointment.kind)
    _refuse_foreign_advisor(book, appointment.advisor)
    if appointment.kind != before.get("kind", appointment.kind):
        _refuse_full(book, appointment.kind, appointment.starts_at, at, besides=appointment)
    changes = journal.changed_fields(before, appointment)
    if changes:
        _saved(appointment, *changes)
        if "contact_phone" in changes:
            changes["contact_phone"] = [masked_phone(number) for number in changes["contact_phone"]]
        journal.record(by=by, at=at, verb="appointment.changed", subject=appointment, changes=changes)
    return appointment


@transaction.atomic
def confirm_appointment(*, appointment: Appointment, by, at, expected_version: int | None = None) -> Appointment:
    """The customer says once more that the car will come. Doing it twice changes nothing."""
    appointment = _locked(appointment, expected_version)
    _refuse_ended(appointment)
    if appointment.state == AppointmentState.CONFIRMED:
        return appointment
    appointment.state, appointment.confirmed_at = AppointmentState.CONFIRMED, at
    _saved(appointment, "state", "confirmed_at")
    journal.record(by=by, at=at, verb="appointment.confirmed", subject=appointment)
    _announce(events.appointment_confirmed, appointment, at)
    return appointment


@transaction.atomic
def move_appointment(
    *, appointment: Appointment, starts_at: datetime, by, at: datetime, reason: str = "",
    expected_version: int | None = None,
) -> Appointment:  # fmt: skip
    """Put an expected car to another time (改约). The former times stay in the journal, how often is counted; what was
    confirmed for the former time is to be confirmed anew."""
    book = _opened_book(appointment.store)
    appointment = _locked(appointment, expected_version)
    _refuse_ended(appointment)
    if starts_at == appointment.starts_at:
        raise Refusal(_("That is the time it has already."), field="time", code="same_time")
    _refuse_time(book, starts_at, at)
    _refuse_second_visit(book, appointment.plate, starts_at, besides=appointment)
    slot_at = _slot_at(book, starts_at)
    if slot_at != appointment.slot_at:
        _refuse_full(book, appointment.kind, starts_at, at, besides=appointment)
        appointment.slot_at = slot_at
        appointment.place = lowest_free(queries.places_taken(book, slot_at))
    before, appointment.starts_at = appointment.starts_at, starts_at
    appointment.state, appointment.confirmed_at = AppointmentState.BOOKED, None
    appointment.moved_count += 1
    _saved(appointment, "starts_at", "slot_at", "place", "state", "confirmed_at", "moved_count")
    journal.record(
        by=by, at=at, verb="appointment.moved", subject=appointment, changes={"starts_at": [before, starts_at]},
        note=reason.strip(),
    )  # fmt: skip
    _announce(events.appointment_moved, appointment, at)
    return appointment


@transaction.atomic
def cancel_appointment(
    *, appointment: Appointment, reason: str, by, at, expected_version: int | None = None
) -> Appointment:
    """Call an appointment off; its place is free again."""
    appointment = _locked(appointment, expected_version)
    if not reason.strip():
        raise Refusal(_("Say why the appointment is cancelled."), field="reason", code="reason_missing")
    _refuse_ended(appointment)
    appointment.cancel_reason = reason.strip()[:200]
    _end(appointment, AppointmentState.CANCELLED, at, "cancel_reason")
    journal.record(by=by, at=at, verb="appointment.cancelled", subject=appointment, note=appointment.cancel_reason)
    _announce(events.appointment_cancelled, appointment, at)
    return appointment


# ── The day itself ───────────────────────────────────────────────────────────────────────────────────────────────────
def appointment_of_arrival(*, store: Store, plate: str, at, named: Appointment | None = None) -> Appointment | None:
    """The appointment a car at the gate has come for, locked together with its book until the order is open: the one
    `named`, or that of its plate. For `open_order` and `check_in`; so no car that is here counts as missed.

    One that was given up as missed today is taken in all the same: the car has come.
    """
    found = named or queries.appointment_at_gate(store, plate, at)
    if found is None:
        return None
    _opened_book(store)
    appointment = _locked(found)
    if appointment.state in (*EXPECTED, AppointmentState.MISSED):
        return appointment
    if named:
        _refuse_ended(appointment)
    return None


def note_arrival(*, appointment: Appointment, order: RepairOrder, by, at) -> None:
    """The car of a locked appointment is taken in by `order`, in the same transaction."""
    _arrive(appointment, order, at)
    journal.record(by=by, at=at, verb="appointment.arrived", subject=appointment, note=order.number)


@transaction.atomic
def note_imported_arrivals(*, orders: list[int], by, at, file_name: str) -> list[Appointment]:
    """Orders that came in by workbook end the appointments of their cars on the day they arrived, as the gate does.

    The journal's lines are those of an import, so that taking it back tells of them too.
    """
    arrived = []
    for found, order in queries.appointments_kept_by(orders):
        _opened_book(found.store)
        appointment = _locked(found)
        if appointment.state not in (*EXPECTED, AppointmentState.MISSED):
            continue
        before = appointment.state
        _arrive(appointment, order, at)
        changes = {"state": [before, appointment.state], "order": [None, order.number]}
        verb = "appointment.changed_by_import"
        journal.record(by=by, at=at, verb=verb, subject=appointment, changes=changes, note=file_name)
        arrived.append(appointment)
    return arrived


def _arrive(appointment: Appointment, order: RepairOrder, at) -> None:
    """Whose place was given away after the hour takes the next number: for a car at the gate no hour is full. The plate
    is that of the car that came, whatever was understood on the phone."""
    if appointment.state == AppointmentState.MISSED:
        appointment.place = lowest_free(queries.places_taken(appointment.store, appointment.slot_at))
    appointment.order, appointment.vehicle, appointment.customer = order, order.vehicle, order.customer
    appointment.plate = order.vehicle.plate
    _end(appointment, AppointmentState.ARRIVED, at, "order", "vehicle", "customer", "plate", "place")
    _announce(events.appointment_arrived, appointment, at)


@transaction.atomic
def miss_appointment(*, appointment: Appointment, by, at, expected_version: int | None = None) -> Appointment:
    """The car did not come (爽约). Only once its hour has come; before it an appointment is cancelled."""
    appointment = _locked(appointment, expected_version)
    _refuse_ended(appointment)
    if at < appointment.starts_at:
        raise Refusal(
            _("It is not %(time)s yet. If the customer has called it off, cancel the appointment.")
            % {"time": _clock(appointment.starts_at, appointment.store)},
            code="too_early",
        )
    return _missed(appointment, by, at)


def miss_late_appointments(*, at: datetime) -> int:
    """Give up the cars whose hour passed `reception.no_show_minutes` ago; returns how many.

    Asked of the facts, so it may run twice, late, or at the same time as itself and as people at the gate.
    """
    return sum(_miss_late_of(store, at) for store in Store.objects.order_by("code"))


@transaction.atomic
def _miss_late_of(store: Store, at: datetime) -> int:
    patience = timedelta(minutes=figure(NO_SHOW_MINUTES, store=store, on=at.astimezone(store.tz).date()))
    late = (
        Appointment.objects.of_store(store)
        .to_miss(at - patience)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("store")
        .order_by("starts_at", "pk")[:AT_ONCE]
    )
    return len([_missed(appointment, None, at) for appointment in late])


def _missed(appointment: Appointment, by, at) -> Appointment:
    _end(appointment, AppointmentState.MISSED, at)
    journal.record(by=by, at=at, verb="appointment.missed", subject=appointment)
    _announce(events.appointment_missed, appointment, at)
    return appointment


# ── The week's places ────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def set_slot_places(
    *, store: Store, kind: str, places: Mapping[tuple[int, int], int | None], starts_on: date, by, at: datetime
) -> int:
    """Say how many cars the hours of a week take from a day on; returns how many hours change.

    `kind`: a type of order, or "" for all types together. `places`: (weekday 1–7, hour) → number; None takes the limit
    of a type away. Cars that are booked already stay, also where there are more of them than places.
    """
    if kind != ALL and kind not in OrderKind.values:
        raise Refusal(_("There is no such type of order."), field="kind", code="kind_wrong")
    if starts_on < at.astimezone(store.tz).date():
        raise Refusal(_("What held on past days stays as it was; choose today or a later day."), field="starts_on",
                      code="day_past")  # fmt: skip
    book = _opened_book(store)
    held = queries.week_places(book, kind, on=starts_on).places
    wanted = {cell: count for cell, count in places.items() if held.get(cell) != count}
    for (weekday, hour), count in wanted.items():
        SlotCapacity.objects.update_or_create(
            store=book, weekday=weekday, hour=hour, kind=kind, starts_on=starts_on,
            defaults={"places": _number_of_places(count, kind)},
        )  # fmt: skip
    if wanted:
        changes = {f"slot {weekday}/{hour:02d}:00": [held.get((weekday, hour)), count]
                   for (weekday, hour), count in sorted(wanted.items())}  # fmt: skip
        label = OrderKind(kind).label if kind else _("all types together")
        journal.record(
            by=by, at=at, verb="slots.changed", subject=book, store=book, changes=changes,
            note=_("%(kind)s, from %(day)s") % {"kind": label, "day": starts_on.isoformat()},
        )  # fmt: skip
    return len(wanted)


def _number_of_places(count: int | None, kind: str) -> int:
    if count is None:
        if kind == ALL:
            raise Refusal(_("Give every hour a number; 0 takes nobody."), code="places_missing")
        return NO_LIMIT
    if not 0 <= count <= 99:
        raise Refusal(_("An hour takes 0 to 99 cars."), code="places_wrong")
    return count


# ── What holds ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _opened_book(store: Store) -> Store:
    """The book of a store, kept from others until the transaction ends."""
    return Store.objects.select_for_update(no_key=True).get(pk=store.pk)


def _held_vehicle(plate: str) -> Vehicle | None:
    """The known car of a plate, held before the book: who takes it in at this moment holds them in that order too."""
    vehicle = queries.vehicle_at_gate(plate)
    if vehicle is None:
        return None
    hold(Vehicle.objects.filter(pk=vehicle.pk), no_key=True)
    return queries.vehicle_at_gate(plate)


def _locked(appointment: Appointment, expected_version: int | None = None) -> Appointment:
    fresh = taken(appointment).select_related("store", "vehicle", "customer", "advisor").get()
    refuse_stale(fresh, expected_version)
    return fresh


def _saved(appointment: Appointment, *fields: str) -> None:
    appointment.version += 1
    appointment.save(update_fields=["version", *fields])


def _end(appointment: Appointment, state: AppointmentState, at, *fields: str) -> None:
    appointment.state, appointment.ended_at = state, at
    _saved(appointment, "state", "ended_at", *fields)


def _announce(event, appointment: Appointment, at) -> None:
    event.send(Appointment, appointment_id=appointment.pk, store_id=appointment.store_id, at=at)


def _refuse_ended(appointment: Appointment) -> None:
    if appointment.state in EXPECTED:
        return
    sentences = {
        AppointmentState.ARRIVED: _("The car of appointment %(number)s is here already."),
        AppointmentState.CANCELLED: _("Appointment %(number)s is cancelled. Make a new one."),
        AppointmentState.MISSED: _("Appointment %(number)s was missed. Make a new one."),
    }
    state = AppointmentState(appointment.state)
    raise Refusal(sentences[state] % {"number": appointment.number}, code=f"appointment_{state.value}")


def _refuse_time(store: Store, starts_at: datetime, at: datetime) -> None:
    if starts_at <= at:
        raise Refusal(_("That time has passed already."), field="time", code="time_past")
    furthest = figure(APPOINTMENT_DAYS_AHEAD, store=store, on=at.astimezone(store.tz).date())
    if starts_at > at + timedelta(days=furthest):
        raise Refusal(
            _("Appointments are made for the next %(days)d days.") % {"days": furthest}, field="day", code="too_far"
        )


def _refuse_full(store: Store, kind: str, starts_at: datetime, at: datetime, *, besides=None) -> None:
    """Refuse a time at which the store takes no (such) car, naming the next ones at which it does."""
    local = starts_at.astimezone(store.tz)
    day = queries.day_of(store, local.date(), besides=besides)
    slot = day.slot_at(local.hour)
    if slot and local.time() >= slot.begins and slot.free_for(kind):
        return
    shown = {"day": f"{local:%m-%d}", "time": f"{local:%H:%M}", "kind": OrderKind(kind).label, "why": day.closed_for}
    if day.is_closed:
        code, sentence = "closed", (_("The store is closed on %(day)s (%(why)s).") if day.closed_for
                                    else _("The store is closed on %(day)s."))  # fmt: skip
    elif slot is None or local.time() < slot.begins or not slot.places:
        code, sentence = "not_taken", _("No cars are taken by appointment on %(day)s at %(time)s.")
    elif slot.free:
        code, sentence = "kind_full", _("%(day)s at %(time)s is full for “%(kind)s”.")
    else:
        code, sentence = "full", _("%(day)s at %(time)s is full.")
    free = queries.free_times(store, kind, after=max(at, starts_at - timedelta(hours=2)))
    details = [_("Next free: %(times)s.") % {"times": "、".join(_moment(time, store) for time in free)}] if free else ()
    raise Refusal(sentence % shown, field="time", code=code, details=details)


def _refuse_second_visit(store: Store, plate: str, starts_at: datetime, *, besides=None) -> None:
    """One car, one appointment a day: the second one is nearly always the first one, forgotten."""
    day = starts_at.astimezone(store.tz).date()
    others = queries.appointments_of_day(store, day).filter(plate=plate, state__in=EXPECTED)
    other = (others.exclude(pk=besides.pk) if besides else others).first()
    if other:
        raise Refusal(
            _("%(plate)s is expected at %(time)s that day already (%(number)s). Move that appointment.")
            % {"plate": plate, "time": _clock(other.starts_at, store), "number": other.number},
            field="plate",
            code="already_booked",
        )


def _refuse_foreign_advisor(store: Store, advisor) -> None:
    if advisor is not None and advisor.store_id != store.pk:
        raise Refusal(
            _("%(name)s belongs to another store.") % {"name": advisor.name}, field="advisor", code="other_store"
        )


def _refuse_kind(kind: str) -> None:
    if kind not in OrderKind.values:
        raise Refusal(_("There is no such type of order."), field="kind", code="kind_wrong")


def _who_comes(by, at, store, vehicle: Vehicle | None, name: str, phone: str) -> tuple[Customer | None, str, str]:
    """The customer, and the name and number (E.164) to reach them by."""
    name = " ".join(name.split())
    if vehicle and vehicle.owner:
        number = _number(phone) if phone.strip() else queries.owners_phone(vehicle)
        if not number:
            raise Refusal(_("Give a phone at which the customer is reached."), field="contact_phone",
                          code="phone_missing")  # fmt: skip
        return vehicle.owner, name or vehicle.owner.name, number
    if not name:
        raise Refusal(_("Name who comes."), field="contact_name", code="name_missing")
    if not phone.strip():
        raise Refusal(_("Give a phone at which the customer is reached."), field="contact_phone", code="phone_missing")
    number = _number(phone)
    known = queries.customer_with_phone(by, name=name, number=number) if by else None
    return known or create_customer(by=by, at=at, store=store, name=name, phones=[phone]), name, number


def _plate(text: str) -> str:
    plate = folded_code(text)
    if not plate:
        raise Refusal(_("Enter the plate."), field="plate", code="plate_missing")
    if plate_form(plate) is None:
        raise Refusal(
            _("“%(plate)s” is no number plate. Right forms: 京A12345, or 京AD12345 for new-energy cars.")
            % {"plate": plate},
            field="plate",
            code="plate_wrong",
        )
    return plate


def _number(text: str) -> str:
    try:
        return parse_typed_phone(text)
    except ValueError as error:
        raise Refusal(
            _("“%(number)s” is no phone number. A mobile has 11 digits, a landline its area code.") % {"number": text},
            field="contact_phone",
            code="phone_wrong",
        ) from error


def _slot_at(store: Store, starts_at: datetime) -> datetime:
    return starts_at.astimezone(store.tz).replace(minute=0, second=0, microsecond=0)


def _clock(moment: datetime, store: Store) -> str:
    return f"{moment.astimezone(store.tz):%H:%M}"


def _moment(moment: datetime, store: Store) -> str:
    return f"{moment.astimezone(store.tz):%m-%d %H:%M}"
