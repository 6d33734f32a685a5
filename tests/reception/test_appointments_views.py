"""The pages of the appointment book: shown, scoped to the store, one act for each form, as many queries for 30 cars."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dealer_crm.ui import home, search
from reception.choices import AppointmentState, OrderState
from reception.models import Appointment, SlotCapacity
from tests.factories import cast
from tests.factories.appointments import AppointmentFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def at(name, *args):
    return reverse(f"reception:{name}", args=args)


@pytest.fixture
def desk(client, people):
    client.force_login(people.agent)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def tomorrow(people):
    """A plain working hour of tomorrow; the tests' calendar is not loaded, so a weekend is as good."""
    now = timezone.now().astimezone(people.store.tz)
    return (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)


def queries_of(client, url, **headers) -> int:
    client.get(url, headers=headers)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url, headers=headers).status_code == 200
    return len(seen)


def booking(moment, **fields):
    return {
        "plate": "京A00001", "kind": "maintenance", "day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}",
        "contact_name": "王小明", "contact_phone": "13812345678", "way": "passive", **fields,
    }  # fmt: skip


# ── Shown ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_day_shows_who_comes_with_a_masked_phone(desk, people, tomorrow):
    AppointmentFactory(store=people.store, starts_at=tomorrow, wishes="换刹车片", contact_name="王小明")
    html = desk.get(at("appointments"), {"day": f"{tomorrow:%Y-%m-%d}"}).content.decode()
    assert ("王小明" in html, "138****5678" in html, "换刹车片" in html, "13812345678" in html) == (
        True, True, True, False,
    )  # fmt: skip


def test_another_stores_book_is_not_there(desk, people, tomorrow):
    theirs = AppointmentFactory(store=cast.of_second_store().store, starts_at=tomorrow, contact_name="浦江客户")
    pages = [at("appointment", theirs.pk), at("appointment_move", theirs.pk), at("appointment_change", theirs.pk)]
    assert [desk.get(url).status_code for url in pages] == [404] * 3
    acts = [
        at("appointment_confirm", theirs.pk),
        at("appointment_cancel", theirs.pk),
        at("appointment_miss", theirs.pk),
    ]
    assert [desk.post(url).status_code for url in acts] == [404] * 3
    day = desk.get(at("appointments"), {"day": f"{tomorrow:%Y-%m-%d}", "store": theirs.store.code})
    assert "浦江客户" not in day.content.decode()


def test_the_group_reads_the_book_of_any_store_and_writes_in_none(client, people, tomorrow):
    theirs = AppointmentFactory(store=cast.of_second_store().store, starts_at=tomorrow, contact_name="浦江客户")
    client.force_login(people.group)
    day = client.get(at("appointments"), {"day": f"{tomorrow:%Y-%m-%d}", "store": theirs.store.code}).content.decode()
    assert ("浦江客户" in day, at("appointment_new") in day) == (True, False)
    assert client.post(at("appointment_confirm", theirs.pk)).status_code == 403


@pytest.mark.parametrize("name", ["appointments", "appointment_week", "appointment_print"])
def test_thirty_cars_cost_as_many_queries_as_one(desk, people, tomorrow, name):
    url = f"{at(name)}?day={tomorrow:%Y-%m-%d}"
    AppointmentFactory(store=people.store, starts_at=tomorrow, advisor=people.advisor)
    one = queries_of(desk, url)
    for number in range(29):
        AppointmentFactory(store=people.store, starts_at=tomorrow + timedelta(hours=number % 6), advisor=people.advisor)
    assert queries_of(desk, url) == one <= 12


def test_the_card_of_a_customer_costs_as_many_queries_for_many(desk, people, tomorrow):
    car = VehicleFactory(store=people.store)
    url = at("customer_appointments", car.owner_id)
    AppointmentFactory(store=people.store, vehicle=car, starts_at=tomorrow)
    one = queries_of(desk, url)
    for number in range(8):
        AppointmentFactory(store=people.store, vehicle=car, starts_at=tomorrow - timedelta(days=30 * number + 2),
                           state=AppointmentState.MISSED)  # fmt: skip
    assert queries_of(desk, url) == one <= 12
    assert desk.get(at("vehicle_appointments", car.pk)).content.decode().count("book-acts") == 1


def test_the_board_of_the_day_shows_who_is_still_to_come(client, people):
    client.force_login(people.advisor)
    noon = timezone.now().astimezone(people.store.tz).replace(hour=12, minute=0, second=0, microsecond=0)
    AppointmentFactory(store=people.store, starts_at=noon, contact_name="等车人")
    AppointmentFactory(store=people.store, starts_at=noon, contact_name="别人的", advisor=people.second_advisor)
    own = client.get(at("today")).content.decode()
    assert ("等车人" in own, "别人的" in own) == (True, False)
    assert "别人的" in client.get(at("today"), {"all": 1}).content.decode()


def test_the_first_page_and_the_search_box_know_who_is_expected(people):
    noon = timezone.now().astimezone(people.store.tz).replace(hour=12, minute=0, second=0, microsecond=0)
    appointment = AppointmentFactory(store=people.store, starts_at=noon + timedelta(hours=11, minutes=30))
    card = next(card for card in home.cards_for(people.agent, noon) if card.url == at("appointments"))
    assert (card.count, [item.url for item in card.items]) == (1, [at("appointment", appointment.pk)])
    hits = [hit.url for section in search.find(people.agent, appointment.plate[2:]) for hit in section.hits]
    assert at("appointment", appointment.pk) in hits


def test_an_order_tells_of_its_appointment(client, people):
    client.force_login(people.advisor)
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.OPEN)
    appointment = AppointmentFactory(
        store=people.store, vehicle=order.vehicle, state=AppointmentState.ARRIVED, order=order, wishes="刹车异响"
    )
    html = client.get(reverse("reception:order", args=[order.pk])).content.decode()
    assert at("appointment", appointment.pk) in html


# ── Made ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_appointment_is_made_on_a_page_or_in_a_dialog(desk, people, tomorrow):
    answer = desk.post(at("appointment_new"), booking(tomorrow))
    first = Appointment.objects.get()
    assert (answer.status_code, answer.url, first.starts_at) == (302, at("appointment", first.pk), tomorrow)

    dialog = desk.post(at("appointment_new"), booking(tomorrow, plate="京A00002"), headers=HTMX)
    assert dialog.status_code == 204
    assert set(json.loads(dialog["HX-Trigger"])) == {"close-dialog", "appointments-changed", "toast"}


@pytest.mark.parametrize(
    ("now", "asked", "day"),
    [
        ("2026-10-12T09:10", {}, "2026-10-12"),
        ("2026-10-12T21:30", {}, "2026-10-13"),  # today's hours are over
        ("2026-10-12T21:30", {"day": "2026-10-20"}, "2026-10-20"),
    ],
)
def test_a_new_appointment_begins_on_the_next_day_with_room(desk, people, monkeypatch, now, asked, day):
    moment = datetime.fromisoformat(now).replace(tzinfo=people.store.tz)
    monkeypatch.setattr("reception.views.appointments.timezone.now", lambda: moment)
    form = desk.get(at("appointment_new"), asked).context["form"]
    assert str(form["day"].value()) == day


def test_a_full_hour_is_told_in_the_form_with_what_was_typed(desk, people, tomorrow):
    SlotCapacity.objects.create(
        store=people.store, weekday=tomorrow.isoweekday(), hour=10, places=1, starts_on=tomorrow.date()
    )
    AppointmentFactory(store=people.store, starts_at=tomorrow)
    answer = desk.post(at("appointment_new"), booking(tomorrow, wishes="换机油"), headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert ("is full" in html, "Next free" in html, "换机油" in html) == (True, True, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": ""}, "Choose an hour."),
        ({"day": ""}, "required"),
        ({"plate": "ABC"}, "is no number plate"),
        ({"contact_phone": "12"}, "is no phone number"),
        ({"contact_name": ""}, "Name who comes."),
    ],
)
def test_bad_input_is_answered_with_a_sentence(desk, tomorrow, change, said):
    answer = desk.post(at("appointment_new"), booking(tomorrow, **change))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Appointment.objects.count() == 0


def test_the_plate_brings_the_car_without_its_whole_phone(desk, people):
    car = VehicleFactory(store=people.store, plate="京A00001",
                         owner=CustomerFactory(store=people.store, name="赵六", phone="+8613812345678"))  # fmt: skip
    html = desk.get(at("appointment_car"), {"plate": "京a00001"}).content.decode()
    assert (car.owner.name in html, "138****5678" in html, "13812345678" in html) == (True, True, False)
    assert "ask for name and phone" in desk.get(at("appointment_car"), {"plate": "京A99999"}).content.decode()
    assert "Not a whole plate" in desk.get(at("appointment_car"), {"plate": "京A"}).content.decode()


def test_the_hours_of_the_chosen_day_say_what_is_free(desk, people, tomorrow):
    for kind, places in (("", 2), ("repair", 1)):
        SlotCapacity.objects.create(
            store=people.store, weekday=tomorrow.isoweekday(), hour=10, kind=kind, places=places,
            starts_on=tomorrow.date(),
        )  # fmt: skip
    AppointmentFactory(store=people.store, starts_at=tomorrow, kind="repair")

    def free(**asked):
        html = desk.get(at("appointment_hours"), {"day": f"{tomorrow:%Y-%m-%d}", **asked}).content.decode()
        return " ".join(re.search(r'value="10:00".*?hour-free">(.*?)</span>', html)[1].split())

    assert (free(kind="maintenance"), free(kind="repair")) == ("1 free", "booked up")
    assert free(besides=Appointment.objects.get().pk) == "1 free"
    assert desk.get(at("appointment_hours"), {"day": "gestern", "kind": "x", "besides": "y"}).status_code == 200


# ── Done with it ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_confirmed_moved_and_cancelled_from_its_page(desk, people, tomorrow):
    appointment = AppointmentFactory(store=people.store, starts_at=tomorrow)
    assert desk.post(at("appointment_confirm", appointment.pk)).status_code == 302
    later = tomorrow.replace(hour=15)
    form = {"day": f"{later:%Y-%m-%d}", "time": "15:00", "version": 2, "reason": "客户改期"}
    assert desk.post(at("appointment_move", appointment.pk), form).status_code == 302
    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.moved_count, appointment.state) == (later, 1, "booked")
    stale = desk.post(at("appointment_cancel", appointment.pk), {"reason": "客户出差", "version": 1})
    assert stale.status_code == 412
    assert desk.post(at("appointment_cancel", appointment.pk), {"reason": "客户出差", "version": 3}).status_code == 302
    html = desk.get(at("appointment", appointment.pk)).content.decode()
    assert ("客户出差" in html, "客户改期" in html) == (True, True)


def test_an_act_pressed_in_a_page_part_tells_the_page_to_ask_again(desk, people, tomorrow):
    appointment = AppointmentFactory(store=people.store, starts_at=tomorrow)
    answer = desk.post(at("appointment_confirm", appointment.pk), headers=HTMX)
    assert (answer.status_code, "appointments-changed" in answer["HX-Trigger"]) == (204, True)
    refused = desk.post(at("appointment_miss", appointment.pk), headers=HTMX)
    assert (refused.status_code, "yet" in refused.content.decode()) == (422, True)


def test_what_is_wanted_is_changed_and_an_empty_phone_stays(desk, people, tomorrow):
    appointment = AppointmentFactory(store=people.store, starts_at=tomorrow)
    url = at("appointment_change", appointment.pk)
    form = {"kind": "repair", "contact_name": "王太太", "contact_phone": "", "wishes": "空调不冷", "version": 1}
    assert desk.post(url, form).status_code == 302
    appointment.refresh_from_db()
    assert (appointment.kind, appointment.contact_name, appointment.contact_phone) == (
        "repair", "王太太", "+8613812345678",
    )  # fmt: skip


def test_the_front_desk_sets_the_places_of_the_week_and_an_agent_does_not(client, desk, people):
    assert desk.get(at("slot_places")).status_code == 403
    client.force_login(people.frontdesk)
    form = client.get(at("slot_places")).context["form"]
    today = timezone.now().astimezone(people.store.tz).date()
    given = {
        "starts_on": today.isoformat(),
        **{name: form[name].value() for name in form.fields if name != "starts_on"},
    }
    assert given["places-1-9"] == 4
    answer = client.post(at("slot_places"), {**given, "places-1-9": 2})
    assert answer.status_code == 302
    assert list(SlotCapacity.objects.values_list("weekday", "hour", "places")) == [(1, 9, 2)]
    assert client.post(at("slot_places"), {**given, "places-1-9": 1000}).status_code == 422
    limit = {"starts_on": today.isoformat(), "places-1-9": 1}
    assert client.post(f"{at('slot_places')}?kind=repair", limit).status_code == 302
    assert SlotCapacity.objects.get(kind="repair").places == 1
    assert client.get(at("slot_places"), {"on": "x", "kind": "nobody"}).status_code == 200


def test_a_day_that_is_no_day_shows_today(desk):
    assert desk.get(at("appointments"), {"day": "2026-99-99"}).status_code == 200
    assert desk.get(at("appointment_week"), {"day": "x"}).status_code == 200


def test_a_booked_hour_outside_the_opening_time_is_still_shown(desk, people):
    late = datetime(2026, 10, 14, 21, 0, tzinfo=people.store.tz)
    AppointmentFactory(store=people.store, starts_at=late, contact_name="夜里来")
    assert "夜里来" in desk.get(at("appointments"), {"day": "2026-10-14"}).content.decode()
