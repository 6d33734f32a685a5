"""Several people at the same page of the book, on real connections."""

from datetime import date, timedelta

import pytest

from dealer_crm.values import Refusal
from reception import actions
from reception.choices import OrderKind
from reception.models import Appointment, RepairOrder, SlotCapacity
from tests.factories.appointments import TEN_OCLOCK, AppointmentFactory
from tests.factories.reception import MORNING, VehicleFactory
from tests.reception.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def places(people, count, *, kind="", hour=10):
    SlotCapacity.objects.create(
        store=people.store, weekday=3, hour=hour, kind=kind, places=count, starts_on=date(2026, 1, 1)
    )


def making(people, plate, *, kind=OrderKind.MAINTENANCE):
    return lambda: actions.make_appointment(
        by=people.agent, at=MORNING, store=people.store, plate=plate, kind=kind, starts_at=TEN_OCLOCK,
        contact_name=f"客户{plate}", contact_phone="13812345678",
    )  # fmt: skip


def codes(answers) -> list[str]:
    return sorted(answer.code if isinstance(answer, Refusal) else "done" for answer in answers)


def test_six_people_share_out_the_last_three_places(people):
    places(people, 3)
    answers = at_once(*[making(people, f"京A0000{n}") for n in range(6)])
    assert codes(answers) == ["done"] * 3 + ["full"] * 3
    assert sorted(Appointment.objects.values_list("place", flat=True)) == [1, 2, 3]
    assert Appointment.objects.values("number").distinct().count() == 3


def test_the_last_place_of_a_type_is_given_once(people):
    places(people, 1, kind=OrderKind.REPAIR)
    answers = at_once(*[making(people, f"京A0000{n}", kind=OrderKind.REPAIR) for n in range(4)])
    assert codes(answers) == ["done"] + ["kind_full"] * 3


def test_one_car_booked_at_two_desks_stands_in_the_book_once(people):
    answers = at_once(*[making(people, "京A00001")] * 4)
    assert codes(answers) == ["already_booked"] * 3 + ["done"]


def test_one_moves_there_while_another_is_booked_there(people):
    places(people, 1)
    elsewhere = AppointmentFactory(store=people.store, starts_at=TEN_OCLOCK.replace(hour=14))
    answers = at_once(
        making(people, "京A00001"),
        lambda: actions.move_appointment(appointment=elsewhere, starts_at=TEN_OCLOCK, by=people.agent, at=MORNING),
    )
    assert codes(answers) == ["done", "full"]
    assert Appointment.objects.filter(slot_at=TEN_OCLOCK).count() == 1


def test_taken_in_at_the_gate_while_the_clock_gives_it_up(people):
    cars = [VehicleFactory(store=people.store) for _ in range(6)]
    expected = [AppointmentFactory(store=people.store, vehicle=car) for car in cars]
    late = TEN_OCLOCK + timedelta(minutes=40)

    def taking(car):
        return lambda: actions.open_order(
            by=people.advisor, at=late, store=people.store, vehicle=car, kind=OrderKind.MAINTENANCE,
            advisor=people.advisor, promised_at=late + timedelta(hours=3),
        )  # fmt: skip

    at_once(*map(taking, cars), lambda: actions.miss_late_appointments(at=late))

    assert RepairOrder.objects.count() == 6
    found = Appointment.objects.filter(pk__in=[one.pk for one in expected])
    assert set(found.values_list("state", flat=True)) == {"arrived"}
    assert len(set(found.values_list("place", flat=True))) == 6


def test_booking_and_taking_in_the_same_cars_never_block_each_other(people):
    """The locks of both ways stand in one order; otherwise PostgreSQL breaks one of them off."""
    cars = [VehicleFactory(store=people.store) for _ in range(4)]
    for car in cars:
        AppointmentFactory(store=people.store, vehicle=car)
    tomorrow = TEN_OCLOCK + timedelta(days=1)

    def booking(car):
        return lambda: actions.make_appointment(
            by=people.agent, at=TEN_OCLOCK, store=people.store, plate=car.plate, kind=OrderKind.REPAIR,
            starts_at=tomorrow,
        )  # fmt: skip

    def taking(car):
        return lambda: actions.open_order(
            by=people.advisor, at=TEN_OCLOCK, store=people.store, vehicle=car, kind=OrderKind.MAINTENANCE,
            advisor=people.advisor, promised_at=TEN_OCLOCK + timedelta(hours=3),
        )  # fmt: skip

    answers = at_once(*map(taking, cars), *map(booking, cars))
    assert codes(answers) == ["done"] * 8
