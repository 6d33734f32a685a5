"""Calls before an appointment and after a missed one: made once, on the right day, gone with their occasion."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from callback import actions, queries
from callback.choices import Outcome, RuleCode
from callback.models import CallTask
from reception import actions as reception
from reception.choices import AppointmentState, OrderKind
from tests.factories.appointments import AppointmentFactory
from tests.factories.callback import TEN, CallTaskFactory
from tests.factories.reception import CustomerFactory, VehicleFactory

pytestmark = pytest.mark.django_db
CONFIRM, MISSED = RuleCode.APPOINTMENT_CONFIRM, RuleCode.APPOINTMENT_MISSED
TOMORROW = TEN.replace(hour=15) + timedelta(days=1)  # Friday 16 October


def generate(at=TEN, codes=(CONFIRM, MISSED)):
    return actions.generate_callbacks(at=at, codes=codes)


def states(code) -> list[str]:
    return list(CallTask.objects.filter(rule__code=code).order_by("pk").values_list("state", flat=True))


# ── Before the appointment ───────────────────────────────────────────────────────────────────────────────────────────
def test_the_day_before_it_is_asked_about_once(people, calendar_2026):
    appointment = AppointmentFactory(store=people.store, starts_at=TOMORROW)
    assert generate().made == 1
    assert generate(at=TEN + timedelta(hours=1)).made == 0
    task = CallTask.objects.get()
    assert (task.appointment, task.customer, task.vehicle) == (appointment, appointment.customer, appointment.vehicle)
    assert task.opens_at == TEN.replace(hour=9)
    assert task.due_at == TEN.replace(hour=18)


@pytest.mark.parametrize(
    ("day", "asked_on"),
    [
        (date(2026, 10, 16), date(2026, 10, 15)),
        (date(2026, 10, 17), date(2026, 10, 16)),
        (date(2026, 10, 18), date(2026, 10, 16)),
        (date(2026, 10, 19), date(2026, 10, 16)),
        (date(2026, 10, 8), date(2026, 9, 30)),
        (date(2026, 10, 11), date(2026, 10, 10)),
    ],
    ids=["Friday", "Saturday", "Sunday", "Monday", "after Golden Week", "after the make-up Saturday"],
)
def test_the_day_before_is_the_last_working_day_before(people, calendar_2026, day, asked_on):
    AppointmentFactory(
        store=people.store, starts_at=datetime(day.year, day.month, day.day, 10, tzinfo=people.store.tz),
        made_at=datetime(2026, 9, 20, 10, tzinfo=people.store.tz),
    )  # fmt: skip
    on_the_day = datetime(asked_on.year, asked_on.month, asked_on.day, 10, tzinfo=people.store.tz)
    assert generate(at=on_the_day - timedelta(days=1)).made == 0
    assert generate(at=on_the_day).made == 1
    assert CallTask.objects.get().due_at.astimezone(people.store.tz).date() == asked_on


@pytest.mark.parametrize(
    ("fields", "owed"),
    [
        ({}, 1),
        ({"state": AppointmentState.CONFIRMED}, 0),
        ({"state": AppointmentState.CANCELLED}, 0),
        ({"made_at": TEN}, 0),
        ({"made_at": TEN, "moved_count": 1}, 1),
        ({"starts_at": TOMORROW + timedelta(days=5)}, 0),
        ({"starts_at": TEN - timedelta(minutes=5)}, 0),
    ],
    ids=["booked", "confirmed", "cancelled", "made today", "moved", "later", "over"],
)
def test_who_is_asked_about_an_appointment(people, calendar_2026, fields, owed):
    AppointmentFactory(store=people.store, **{"starts_at": TOMORROW, **fields})
    assert generate(codes=[CONFIRM]).made == owed


def test_after_an_outage_the_call_is_still_made_while_it_makes_sense(people, calendar_2026):
    AppointmentFactory(store=people.store, starts_at=TOMORROW)
    assert generate(at=TOMORROW - timedelta(hours=4)).made == 1
    assert CallTask.objects.get().due_at < TOMORROW - timedelta(hours=4)  # overdue, not gone
    AppointmentFactory(store=people.store, starts_at=TOMORROW, place=9)
    assert generate(at=TOMORROW + timedelta(minutes=1), codes=[CONFIRM]).made == 0


def test_a_customer_who_refuses_calls_is_left_out_and_seen(people, calendar_2026):
    refuser = CustomerFactory(store=people.store, no_call_since=date(2026, 1, 1), no_call_reason="不愿被打扰")
    AppointmentFactory(store=people.store, vehicle=VehicleFactory(store=people.store, owner=refuser),
                       starts_at=TOMORROW)  # fmt: skip
    assert generate().excluded == 1


@pytest.mark.parametrize("act", ["confirm", "move", "cancel"])
def test_the_call_goes_with_its_occasion(people, calendar_2026, act):
    appointment = AppointmentFactory(store=people.store, starts_at=TOMORROW)
    generate()
    who = {"appointment": appointment, "by": people.agent, "at": TEN}
    if act == "confirm":
        reception.confirm_appointment(**who)
    elif act == "move":
        reception.move_appointment(starts_at=TOMORROW + timedelta(hours=1), **who)
    else:
        reception.cancel_appointment(reason="客户出差", **who)
    generate(at=TEN + timedelta(minutes=5))
    left = {"confirm": ["dropped"], "move": ["dropped", "open"], "cancel": ["dropped"]}
    assert states(CONFIRM) == left[act]


def test_a_finished_call_confirms_the_appointment(people, calendar_2026):
    appointment = AppointmentFactory(store=people.store, starts_at=TOMORROW)
    generate()
    task = actions.claim_next(by=people.agent, at=TEN)
    actions.record_outcome(task=task, outcome=Outcome.COMPLETED, by=people.agent, at=TEN)
    appointment.refresh_from_db()
    assert (appointment.state, appointment.confirmed_at) == ("confirmed", TEN)


def test_who_calls_it_off_in_the_call_is_not_confirmed(people, calendar_2026):
    appointment = AppointmentFactory(store=people.store, starts_at=TOMORROW)
    generate()
    task = actions.claim_next(by=people.agent, at=TEN)
    reception.cancel_appointment(appointment=appointment, reason="客户出差", by=people.agent, at=TEN)
    actions.record_outcome(task=task, outcome=Outcome.COMPLETED, by=people.agent, at=TEN)
    appointment.refresh_from_db()
    assert (appointment.state, states(CONFIRM)) == ("cancelled", ["done"])


# ── After a missed one ───────────────────────────────────────────────────────────────────────────────────────────────
def missed(people, starts_at=TEN - timedelta(minutes=31), **fields):
    appointment = AppointmentFactory(store=people.store, starts_at=starts_at, **fields)
    assert reception.miss_late_appointments(at=TEN) == 1
    return appointment


def test_a_missed_appointment_is_asked_about_the_same_day_once(people, calendar_2026):
    appointment = missed(people)
    assert generate().made == 1
    assert generate(at=TEN + timedelta(minutes=10)).made == 0
    task = CallTask.objects.get()
    assert (task.appointment, task.source_key) == (appointment, f"appointment:{appointment.pk}")
    assert task.due_at == TEN.replace(hour=18)


def test_on_a_day_without_agents_it_is_asked_about_on_the_next_working_day(people, calendar_2026):
    saturday = datetime(2026, 10, 17, 10, tzinfo=people.store.tz)
    AppointmentFactory(store=people.store, starts_at=saturday)
    reception.miss_late_appointments(at=saturday + timedelta(hours=1))
    generate(at=saturday + timedelta(hours=1))
    task = CallTask.objects.get()
    assert (task.was_shifted, task.due_at.astimezone(people.store.tz).date()) == (True, date(2026, 10, 19))


def test_who_comes_late_after_all_is_not_called(people, calendar_2026):
    appointment = missed(people)
    generate()
    reception.open_order(
        by=people.advisor, at=TEN, store=people.store, vehicle=appointment.vehicle, kind=OrderKind.MAINTENANCE,
        advisor=people.advisor, promised_at=TEN + timedelta(hours=3),
    )  # fmt: skip
    generate(at=TEN + timedelta(minutes=5))
    assert states(MISSED) == ["dropped"]


def test_who_has_an_appointment_again_is_not_called(people, calendar_2026):
    appointment = missed(people)
    generate()
    reception.make_appointment(
        by=people.agent, at=TEN, store=people.store, plate=appointment.plate, kind=OrderKind.MAINTENANCE,
        starts_at=TOMORROW + timedelta(days=3),
    )  # fmt: skip
    generate(at=TEN + timedelta(minutes=5), codes=[MISSED])
    assert states(MISSED) == ["dropped"]


def test_missed_long_ago_is_let_go(people, calendar_2026):
    AppointmentFactory(store=people.store, starts_at=TEN - timedelta(days=40), state=AppointmentState.MISSED)
    assert generate().made == 0


def test_each_store_owes_its_own_calls(people, others, calendar_2026):
    AppointmentFactory(store=others.store, starts_at=TOMORROW)
    assert generate().made == 1
    assert CallTask.objects.get().store == others.store


# ── On the phone ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_script_names_the_time_and_the_page_offers_the_book(client, people, calendar_2026):
    AppointmentFactory(store=people.store, starts_at=TOMORROW, wishes="换刹车片")
    generate()
    task = actions.claim_next(by=people.agent, at=TEN)
    opening = queries.desk(task, people.agent, at=TEN).script[0].text
    assert "10月16日15:00" in opening
    client.force_login(people.agent)
    CallTask.objects.update(claimed_at=datetime.now(tz=people.store.tz))
    html = client.get(reverse("callback:call")).content.decode()
    new = reverse("reception:appointment_new")
    assert (
        f"{new}?way=active" in html,
        reverse("reception:customer_appointments", args=[task.customer_id]) in html,
    ) == (True, True)


def test_the_call_page_costs_no_more_for_an_appointment(people, calendar_2026, django_assert_max_num_queries):
    AppointmentFactory(store=people.store, starts_at=TOMORROW)
    generate()
    about, other = CallTask.objects.get(), CallTaskFactory(store=people.store)
    with django_assert_max_num_queries(11) as first:
        queries.desk(other, people.agent, at=TEN)
    with django_assert_max_num_queries(len(first)):
        queries.desk(about, people.agent, at=TEN)
