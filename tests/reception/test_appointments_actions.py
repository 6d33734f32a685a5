"""The appointment book: made, confirmed, moved, cancelled, come or missed."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from dealer_crm.journal.models import Entry
from dealer_crm.organization.actions import set_figure
from dealer_crm.values import Refusal, Stale
from dealer_crm.workdays.actions import load_year, set_day
from reception import actions, events, queries
from reception.choices import AppointmentState, AppointmentWay, OrderKind, OrderState
from reception.formulas.identity import folded_code
from reception.models import Appointment, Customer, RepairOrder, SlotCapacity
from reception.settings import SLOT_PLACES
from tests.factories import cast
from tests.factories.appointments import TEN_OCLOCK, AppointmentFactory
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db

WEDNESDAY = TEN_OCLOCK.date()


def make(people, at=MORNING, **fields):
    wishes = {"plate": "京A00001", "kind": OrderKind.MAINTENANCE, "starts_at": TEN_OCLOCK, **fields}
    if not queries.vehicle_at_gate(folded_code(wishes["plate"])):
        wishes = {"contact_name": "王小明", "contact_phone": "138 1234 5678", **wishes}
    return actions.make_appointment(by=people.agent, at=at, store=people.store, **wishes)


def refused(code, deed, *args, **fields) -> Refusal:
    with pytest.raises(Refusal) as caught:
        deed(*args, **fields)
    assert caught.value.code == code, caught.value
    return caught.value


def places(people, hour, count, *, kind="", weekday=3):
    SlotCapacity.objects.create(
        store=people.store, weekday=weekday, hour=hour, kind=kind, places=count, starts_on=date(2026, 1, 1)
    )


# ── Made ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_known_car_brings_its_owner_name_and_phone(people):
    car = VehicleFactory(store=people.store, plate="京A00001")
    appointment = make(people, plate="京a·00001", wishes=" 保养 ", way=AppointmentWay.ACTIVE, advisor=people.advisor)
    assert (appointment.vehicle, appointment.customer, appointment.contact_name) == (car, car.owner, car.owner.name)
    assert appointment.contact_phone == car.owner.phones.get().number
    assert (appointment.number, appointment.place, appointment.state) == ("YYBJ01-261012-0001", 1, "booked")
    assert (appointment.slot_at, appointment.wishes, appointment.made_by) == (TEN_OCLOCK, "保养", people.agent)
    assert Entry.objects.filter(verb="appointment.made").count() == 1


def test_who_calls_about_a_car_nobody_knows_becomes_a_customer_once(people):
    appointment = make(people)
    assert (appointment.vehicle, appointment.plate, appointment.contact_phone) == (None, "京A00001", "+8613812345678")
    assert appointment.customer.phones.get().number == "+8613812345678"
    again = make(people, plate="京A00002")
    assert again.customer == appointment.customer
    assert Customer.objects.count() == 1


def test_somebody_else_may_bring_a_known_car(people):
    VehicleFactory(store=people.store, plate="京A00001")
    appointment = make(people, contact_name="司机小李", contact_phone="13900000000")
    assert (appointment.contact_name, appointment.contact_phone) == ("司机小李", "+8613900000000")


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"plate": ""}, "plate_missing", "plate"),
        ({"plate": "ABC"}, "plate_wrong", "plate"),
        ({"contact_name": " "}, "name_missing", "contact_name"),
        ({"contact_phone": ""}, "phone_missing", "contact_phone"),
        ({"contact_phone": "12"}, "phone_wrong", "contact_phone"),
        ({"kind": "wash"}, "kind_wrong", "kind"),
        ({"starts_at": MORNING - timedelta(minutes=1)}, "time_past", "time"),
        ({"starts_at": MORNING + timedelta(days=91)}, "too_far", "day"),
        ({"starts_at": TEN_OCLOCK.replace(hour=20)}, "not_taken", "time"),
        ({"starts_at": TEN_OCLOCK.replace(hour=8)}, "not_taken", "time"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(people, fields, code, field):
    assert refused(code, make, people, **fields).field == field
    assert Appointment.objects.count() == 0


def test_a_car_without_a_number_to_call_needs_one(people):
    VehicleFactory(store=people.store, plate="京A00001", owner=CustomerFactory(store=people.store, phone=""))
    assert refused("phone_missing", make, people).field == "contact_phone"


def test_an_advisor_of_another_store_is_refused(people):
    refused("other_store", make, people, advisor=cast.of_second_store().advisor)


def test_a_full_hour_names_the_next_free_ones(people):
    places(people, 10, 1)
    make(people)
    refusal = refused("full", make, people, plate="京A00002")
    assert ("10-14" in refusal.message, "10:00" in refusal.message) == (True, True)
    assert "10-14 08:30、10-14 09:00、10-14 11:00" in refusal.details[0]
    assert make(people, plate="京A00002", starts_at=TEN_OCLOCK.replace(hour=11)).place == 1


def test_a_type_has_its_own_limit_within_the_hour(people):
    places(people, 10, 1, kind=OrderKind.REPAIR)
    make(people, kind=OrderKind.REPAIR)
    refused("kind_full", make, people, plate="京A00002", kind=OrderKind.REPAIR)
    assert make(people, plate="京A00002", kind=OrderKind.MAINTENANCE).place == 2


def test_a_holiday_is_closed_unless_the_store_works_on_it(people):
    load_year(year=2026, at=MORNING)
    holiday = datetime(2026, 10, 2, 10, tzinfo=people.store.tz)
    before = holiday - timedelta(days=5)
    refusal = refused("closed", make, people, at=before, starts_at=holiday)
    assert "10-02" in refusal.message
    set_day(day=holiday.date(), store=people.store, is_working=True, name="值班", by=people.manager, at=before)
    assert make(people, at=before, starts_at=holiday).starts_at == holiday


def test_a_plain_saturday_is_open(people):
    load_year(year=2026, at=MORNING)
    assert make(people, starts_at=datetime(2026, 10, 17, 10, tzinfo=people.store.tz)).place == 1


def test_the_usual_number_is_a_figure_with_a_day(people):
    set_figure(figure=SLOT_PLACES, store=people.store, value=1, starts_on=WEDNESDAY, by=people.manager, at=MORNING)
    make(people)
    refused("full", make, people, plate="京A00002")
    tuesday = TEN_OCLOCK - timedelta(days=1)
    make(people, plate="京A00003", starts_at=tuesday)
    assert make(people, plate="京A00004", starts_at=tuesday).place == 2


def test_one_car_has_one_appointment_a_day(people):
    first = make(people)
    refusal = refused("already_booked", make, people, starts_at=TEN_OCLOCK.replace(hour=15))
    assert first.number in refusal.message
    assert make(people, starts_at=TEN_OCLOCK + timedelta(days=1)).pk


def test_the_database_gives_no_place_twice(people):
    first = AppointmentFactory(store=people.store)
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentFactory(store=people.store, place=first.place)


# ── Changed, confirmed, moved, cancelled ─────────────────────────────────────────────────────────────────────────────
def test_confirming_twice_changes_nothing(people):
    appointment = make(people)
    first = actions.confirm_appointment(appointment=appointment, by=people.agent, at=MORNING)
    again = actions.confirm_appointment(appointment=appointment, by=people.agent, at=MORNING + timedelta(hours=1))
    assert (again.state, again.confirmed_at, again.version) == ("confirmed", MORNING, first.version)


def test_moving_keeps_the_history_counts_and_asks_for_a_new_word(people):
    appointment = make(people)
    actions.confirm_appointment(appointment=appointment, by=people.agent, at=MORNING)
    later = TEN_OCLOCK.replace(hour=14) + timedelta(days=1)
    moved = actions.move_appointment(
        appointment=appointment, starts_at=later, reason="客户临时开会", by=people.agent, at=MORNING
    )
    assert (moved.starts_at, moved.slot_at, moved.moved_count) == (later, later, 1)
    assert (moved.state, moved.confirmed_at) == ("booked", None)
    entry = Entry.objects.get(verb="appointment.moved")
    assert entry.note == "客户临时开会"
    assert [datetime.fromisoformat(moment) for moment in entry.changes["starts_at"]] == [TEN_OCLOCK, later]


def test_moving_within_the_hour_keeps_the_place(people):
    places(people, 10, 1)
    appointment = make(people)
    moved = actions.move_appointment(
        appointment=appointment, starts_at=TEN_OCLOCK.replace(minute=30), by=people.agent, at=MORNING
    )
    assert (moved.place, moved.slot_at, moved.starts_at.minute) == (1, TEN_OCLOCK, 30)


def test_moving_into_a_full_hour_or_nowhere_is_refused(people):
    places(people, 11, 1)
    make(people, plate="京A00002", starts_at=TEN_OCLOCK.replace(hour=11))
    appointment = make(people)
    move = {"appointment": appointment, "by": people.agent, "at": MORNING}
    refused("full", actions.move_appointment, starts_at=TEN_OCLOCK.replace(hour=11), **move)
    refused("same_time", actions.move_appointment, starts_at=TEN_OCLOCK, **move)
    refused("time_past", actions.move_appointment, starts_at=MORNING - timedelta(days=1), **move)


def test_a_cancelled_appointment_has_a_reason_and_frees_its_place(people):
    places(people, 10, 1)
    appointment = make(people)
    cancel = {"appointment": appointment, "by": people.agent, "at": MORNING}
    refused("reason_missing", actions.cancel_appointment, reason=" ", **cancel)
    actions.cancel_appointment(reason="客户出差", **cancel)
    assert make(people, plate="京A00002").place == 1
    refused("appointment_cancelled", actions.cancel_appointment, reason="又一次", **cancel)
    refused("appointment_cancelled", actions.confirm_appointment, **cancel)


def test_another_type_is_counted_against_its_limit(people):
    places(people, 10, 1, kind=OrderKind.REPAIR)
    make(people, kind=OrderKind.REPAIR)
    other = make(people, plate="京A00002")
    change = {"appointment": other, "by": people.agent, "at": MORNING}
    refused("kind_full", actions.change_appointment, kind=OrderKind.REPAIR, **change)
    changed = actions.change_appointment(wishes="换机油", contact_phone="13911112222", **change)
    assert (changed.wishes, changed.contact_phone) == ("换机油", "+8613911112222")
    assert "13911112222" not in str(Entry.objects.get(verb="appointment.changed").changes)


def test_who_comes_too_late_is_told_who_was_faster(people):
    appointment = make(people)
    actions.confirm_appointment(appointment=appointment, by=people.agent, at=MORNING)
    with pytest.raises(Stale, match=people.agent.name):
        actions.cancel_appointment(
            appointment=appointment, reason="改期", by=people.advisor, at=MORNING, expected_version=appointment.version
        )


# ── Come or missed ───────────────────────────────────────────────────────────────────────────────────────────────────
def take_in(people, car, at, **fields):
    return actions.open_order(
        by=people.advisor, at=at, store=people.store, vehicle=car, kind=OrderKind.MAINTENANCE, advisor=people.advisor,
        promised_at=at + timedelta(hours=3), mileage=12_000, **fields,
    )  # fmt: skip


def test_taking_the_car_in_ends_its_appointment_in_the_same_breath(people):
    car = VehicleFactory(store=people.store, plate="京A00001")
    appointment = make(people)
    order = take_in(people, car, TEN_OCLOCK)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.order, appointment.ended_at) == ("arrived", order, TEN_OCLOCK)
    assert order.appointment == appointment


def test_an_order_that_is_refused_leaves_the_appointment_as_it_was(people):
    car = VehicleFactory(store=people.store, plate="京A00001", mileage=50_000)
    appointment = make(people)
    refused("mileage_falls", take_in, people, car, TEN_OCLOCK)
    appointment.refresh_from_db()
    assert (appointment.state, RepairOrder.objects.count()) == ("booked", 0)


def test_a_car_nobody_knew_is_known_after_it_came(people):
    appointment = make(people)
    order = actions.take_in_new_car(
        by=people.advisor, at=TEN_OCLOCK, store=people.store, plate="京A00001", car={"brand": "红旗"},
        customer={"name": "王小明", "phone": "13812345678"}, kind=OrderKind.MAINTENANCE, advisor=people.advisor,
        promised_at=TEN_OCLOCK + timedelta(hours=3), mileage=10,
    )  # fmt: skip
    appointment.refresh_from_db()
    assert (appointment.vehicle, appointment.order, order.customer) == (order.vehicle, order, appointment.customer)
    assert Customer.objects.count() == 1


def test_a_plate_that_was_understood_wrongly_is_put_right_by_the_car_that_came(people):
    appointment = make(people)
    car = VehicleFactory(store=people.store, plate="京A00007")
    take_in(people, car, TEN_OCLOCK, appointment=appointment)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.plate, appointment.vehicle) == ("arrived", "京A00007", car)


def test_a_prepared_order_ends_the_appointment_only_when_the_car_is_here(people):
    car = VehicleFactory(store=people.store, plate="京A00001")
    appointment = make(people)
    draft = take_in(people, car, MORNING, is_draft=True)
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.BOOKED
    actions.check_in(order=draft, promised_at=TEN_OCLOCK + timedelta(hours=2), by=people.advisor, at=TEN_OCLOCK)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.order) == ("arrived", draft)


def test_a_car_of_another_day_keeps_its_appointment(people):
    car = VehicleFactory(store=people.store, plate="京A00001")
    appointment = make(people)
    take_in(people, car, MORNING)
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.BOOKED


def test_an_order_filled_in_from_the_appointment(people):
    car = VehicleFactory(store=people.store, plate="京A00001")
    appointment = make(people, kind=OrderKind.REPAIR, wishes="刹车异响", advisor=people.second_advisor)
    order = actions.take_in_appointment(
        appointment=appointment, by=people.frontdesk, at=TEN_OCLOCK, promised_at=TEN_OCLOCK + timedelta(hours=3)
    )
    assert (order.vehicle, order.kind, order.symptoms, order.advisor) == (
        car, OrderKind.REPAIR, "刹车异响", people.second_advisor,
    )  # fmt: skip
    refused("appointment_arrived", actions.take_in_appointment, appointment=appointment, by=people.frontdesk,
            at=TEN_OCLOCK, promised_at=TEN_OCLOCK + timedelta(hours=3), confirmed=True)  # fmt: skip


def test_a_car_not_on_record_is_taken_in_with_its_papers(people):
    refused("car_unknown", actions.take_in_appointment, appointment=make(people), by=people.advisor, at=TEN_OCLOCK,
            promised_at=TEN_OCLOCK + timedelta(hours=3))  # fmt: skip


def test_who_does_not_come_within_thirty_minutes_is_missed_once(people):
    heard = []
    appointment = make(people)

    def hear(sender, **facts):
        heard.append((facts["appointment_id"], facts["store_id"]))

    events.appointment_missed.connect(hear)
    try:
        late = TEN_OCLOCK + timedelta(minutes=30)
        assert actions.miss_late_appointments(at=late) == 0
        assert actions.miss_late_appointments(at=late + timedelta(seconds=1)) == 1
        assert actions.miss_late_appointments(at=late + timedelta(minutes=5)) == 0
    finally:
        events.appointment_missed.disconnect(hear)
    appointment.refresh_from_db()
    assert (appointment.state, heard) == ("missed", [(appointment.pk, people.store.pk)])


def test_a_sweep_that_was_away_for_a_day_makes_up_for_it(people):
    make(people)
    make(people, plate="京A00002", starts_at=TEN_OCLOCK + timedelta(days=2))
    assert actions.miss_late_appointments(at=TEN_OCLOCK + timedelta(days=1)) == 1


def test_by_hand_a_car_is_missed_only_when_its_hour_has_come(people):
    appointment = make(people)
    miss = {"appointment": appointment, "by": people.frontdesk}
    refused("too_early", actions.miss_appointment, at=TEN_OCLOCK - timedelta(minutes=1), **miss)
    assert actions.miss_appointment(at=TEN_OCLOCK, **miss).state == AppointmentState.MISSED


def test_a_missed_car_that_comes_late_is_taken_in_even_when_its_place_is_gone(people):
    places(people, 10, 1)
    car = VehicleFactory(store=people.store, plate="京A00001")
    appointment = make(people)
    actions.miss_appointment(appointment=appointment, by=people.frontdesk, at=TEN_OCLOCK)
    AppointmentFactory(store=people.store, place=1, state=AppointmentState.CONFIRMED)  # the place was given away
    order = take_in(people, car, TEN_OCLOCK + timedelta(minutes=50))
    appointment.refresh_from_db()
    assert (appointment.state, appointment.order, appointment.place) == ("arrived", order, 2)


# ── The week's places ────────────────────────────────────────────────────────────────────────────────────────────────
def set_places(people, cells, *, kind="", starts_on=WEDNESDAY):
    return actions.set_slot_places(
        store=people.store, kind=kind, places=cells, starts_on=starts_on, by=people.frontdesk, at=MORNING
    )


def test_the_places_of_the_week_hold_from_their_day(people):
    assert set_places(people, {(3, 10): 1, (3, 11): 4}) == 1  # four is what it takes already
    assert queries.day_of(people.store, WEDNESDAY).slot_at(10).places == 1
    assert queries.day_of(people.store, WEDNESDAY - timedelta(days=7)).slot_at(10).places == 4
    assert Entry.objects.get(verb="slots.changed").changes == {"slot 3/10:00": [4, 1]}


def test_a_limit_of_a_type_is_taken_away_again(people):
    set_places(people, {(3, 10): 1}, kind="repair")
    assert queries.week_places(people.store, "repair", on=WEDNESDAY).places == {(3, 10): 1}
    later = WEDNESDAY + timedelta(days=7)
    assert set_places(people, {(3, 10): None}, kind="repair", starts_on=later) == 1
    assert queries.week_places(people.store, "repair", on=later).places == {}
    assert queries.day_of(people.store, later).slot_at(10).free_for("repair") == 4


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"cells": {(3, 10): 100}}, "places_wrong"),
        ({"cells": {(3, 10): -1}}, "places_wrong"),
        ({"cells": {(3, 10): None}}, "places_missing"),
        ({"cells": {(3, 10): 1}, "starts_on": MORNING.date() - timedelta(days=1)}, "day_past"),
        ({"cells": {(3, 10): 1}, "kind": "wash"}, "kind_wrong"),
    ],
)
def test_wrong_places_are_refused(people, fields, code):
    refused(code, set_places, people, **fields)


def test_who_is_booked_stays_when_the_hour_is_made_smaller(people):
    make(people)
    make(people, plate="京A00002")
    set_places(people, {(3, 10): 1})
    slot = queries.day_of(people.store, WEDNESDAY).slot_at(10)
    assert (slot.places, slot.taken, slot.free) == (1, 2, 0)


# ── Counted ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_appointments_are_counted_by_the_day_the_car_was_to_come(people):
    states = [AppointmentState.BOOKED, AppointmentState.ARRIVED, AppointmentState.ARRIVED, AppointmentState.MISSED,
              AppointmentState.CANCELLED]  # fmt: skip
    for state in states:
        AppointmentFactory(store=people.store, state=state)
    AppointmentFactory(store=people.store, starts_at=TEN_OCLOCK + timedelta(days=1))
    counts = queries.appointment_counts(people.store, WEDNESDAY, WEDNESDAY)
    assert (counts.due, counts.arrived, counts.missed, counts.cancelled) == (4, 2, 1, 1)
    assert counts.arrival_rate == pytest.approx(2 / 3)
    assert queries.appointments_made(people.store, WEDNESDAY - timedelta(days=3), WEDNESDAY) == [(None, 6)]


def test_the_evening_belongs_to_its_own_day(people):
    late = datetime.combine(WEDNESDAY, time(23, 30), people.store.tz)
    AppointmentFactory(store=people.store, starts_at=late)
    assert queries.appointment_counts(people.store, WEDNESDAY, WEDNESDAY).due == 1
    assert (
        queries.appointment_counts(people.store, WEDNESDAY + timedelta(days=1), WEDNESDAY + timedelta(days=1)).due == 0
    )


def test_the_gate_knows_what_a_car_has_come_for(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED)
    missed = AppointmentFactory(
        store=people.store, vehicle=order.vehicle, starts_at=TEN_OCLOCK.replace(hour=9), state=AppointmentState.MISSED
    )
    plate, noon = order.vehicle.plate, TEN_OCLOCK + timedelta(hours=2)
    assert queries.appointment_at_gate(people.store, plate, noon) == missed
    booked = AppointmentFactory(store=people.store, vehicle=order.vehicle, starts_at=TEN_OCLOCK.replace(hour=15))
    assert queries.appointment_at_gate(people.store, plate, noon) == booked
    assert queries.appointment_at_gate(people.store, plate, noon + timedelta(days=1)) is None
    assert queries.appointment_at_gate(cast.of_second_store().store, plate, noon) is None
