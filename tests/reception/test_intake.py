"""The intake page as one: order, estimate, suggestions, appointment, walk-round, photos: all or nothing."""

import html
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.organization.models import Store
from reception.choices import LineKind, OrderKind, OrderState, SuggestionState
from reception.models import OrderPhoto, RepairOrder, Suggestion, Vehicle, WalkRound
from tests.factories import cast
from tests.factories.files import photo, upload
from tests.factories.reception import CustomerFactory, RepairOrderFactory, SuggestionFactory, VehicleFactory

pytestmark = pytest.mark.django_db

INTAKE = reverse("reception:intake")


@pytest.fixture
def desk(client, people):
    client.force_login(people.advisor)
    return client


@pytest.fixture
def car(people):
    return VehicleFactory(store=people.store, plate="京A12345", owner=CustomerFactory(store=people.store))


def said(people, **more) -> dict:
    promised = timezone.localtime() + timedelta(hours=3)
    return {
        "plate": "京A12345", "kind": "maintenance", "advisor": people.advisor.pk, "mileage": 25_000,
        "promised_at": f"{promised:%Y-%m-%dT%H:%M}", **more,
    }  # fmt: skip


def estimate(*lines) -> dict:
    rows = {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}
    for place, line in enumerate(lines):
        typed = {"kind": "labour", "name": "", "quantity": "1", "unit_price": "", "payer": "customer", **line}
        rows |= {f"lines-{place}-{name}": value for name, value in typed.items()}
    return rows


def test_an_estimate_is_given_at_the_gate_and_labour_has_its_hourly_rate(desk, people, car):
    typed = estimate(
        {"name": "常规保养", "quantity": "1.5"},
        {"kind": "part", "name": "机油", "quantity": "4", "unit_price": "68"},
        {},  # the empty row that waits
    )
    desk.post(INTAKE, said(people, **typed, estimated_amount="450"))

    order = RepairOrder.objects.get()
    assert [(line.name, line.payable_amount) for line in order.lines.all()] == [
        ("常规保养", Decimal("180.00")),
        ("机油", Decimal("272.00")),
    ]
    assert order.estimated_amount == Decimal(450)


def test_a_part_without_a_price_is_told_in_its_row(desk, people, car):
    answer = desk.post(INTAKE, said(people, **estimate({"kind": "part", "name": "机油"})))

    assert answer.status_code == 422
    assert list(answer.context["lines"].forms[0].errors) == ["unit_price"]
    assert not RepairOrder.objects.exists()


def test_what_was_suggested_last_time_is_shown_and_taken_up_by_a_tick(desk, people, car):
    wanted = SuggestionFactory(vehicle=car, name="更换前刹车片", quoted_amount=Decimal(680), made_at=timezone.now())
    left = SuggestionFactory(vehicle=car, name="更换轮胎", made_at=timezone.now())
    page = desk.get(reverse("reception:intake_lookup"), {"plate": "京A12345"}, headers={"HX-Request": "true"})
    assert "更换前刹车片" in page.content.decode()
    assert "更换轮胎" in page.content.decode()

    desk.post(INTAKE, said(people, suggestions=[wanted.pk]))

    order = RepairOrder.objects.get()
    assert [(line.kind, line.name, line.payable_amount) for line in order.lines.all()] == [
        (LineKind.LABOUR, "更换前刹车片", Decimal("680.00"))
    ]
    states = dict(Suggestion.objects.values_list("pk", "state"))
    assert states == {wanted.pk: SuggestionState.DONE, left.pk: SuggestionState.OPEN}


def test_somebody_elses_suggestion_is_not_taken_up(desk, people, car):
    other = SuggestionFactory(vehicle=VehicleFactory(store=people.store), made_at=timezone.now())

    assert desk.post(INTAKE, said(people, suggestions=[other.pk])).status_code == 422
    assert not RepairOrder.objects.exists()


def test_walk_round_and_photos_come_with_the_order(desk, people, car):
    marks = {"marks-TOTAL_FORMS": 1, "marks-INITIAL_FORMS": 0, "marks-0-kind": "dent", "marks-0-part": "roof"}
    desk.post(INTAKE, said(people, **marks, belongings=["papers"], photos=[photo(), photo()]))

    assert WalkRound.objects.get().marks.get().kind == "dent"
    assert OrderPhoto.objects.count() == 2


def test_a_photo_that_cannot_be_read_opens_no_order(desk, people, car):
    answer = desk.post(INTAKE, said(people, photos=[photo(), upload(b"<svg/>", "a.jpg")]))

    assert list(answer.context["form"].errors) == ["photos"]
    assert not RepairOrder.objects.exists()


def test_an_untouched_sheet_is_no_walk_round(desk, people, car):
    desk.post(INTAKE, said(people, **{"marks-TOTAL_FORMS": 0, "marks-INITIAL_FORMS": 0}))

    assert RepairOrder.objects.exists()
    assert not WalkRound.objects.exists()


def test_the_way_leads_on_to_the_signature(desk, people, car):
    answer = desk.post(INTAKE, said(people, then="sign"))

    order = RepairOrder.objects.get()
    assert answer.url == reverse("reception:order_sign", args=[order.pk, "order"])
    assert desk.get(answer.url).status_code == 200


def test_arrival_and_greeting_are_kept_and_a_greeting_before_the_arrival_is_refused(desk, people, car):
    arrived = timezone.localtime().replace(second=0, microsecond=0) - timedelta(minutes=20)
    early = {
        "arrived_at": f"{arrived:%Y-%m-%dT%H:%M}",
        "greeted_at": f"{arrived - timedelta(minutes=1):%Y-%m-%dT%H:%M}",
    }
    assert list(desk.post(INTAKE, said(people, **early)).context["form"].errors) == ["greeted_at"]

    desk.post(INTAKE, said(people, **early | {"greeted_at": f"{arrived + timedelta(minutes=3):%Y-%m-%dT%H:%M}"}))
    order = RepairOrder.objects.get()
    assert order.greeted_at - order.arrived_at == timedelta(minutes=3)


@pytest.mark.parametrize("kind", [kind for kind in OrderKind if kind != OrderKind.COMEBACK])
def test_every_kind_of_order_is_opened_at_the_gate(desk, people, car, kind):
    desk.post(INTAKE, said(people, kind=kind))

    assert RepairOrder.objects.get().kind == kind


def test_a_comeback_names_its_original(desk, people, car):
    original = RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED)
    nameless = desk.post(INTAKE, said(people, kind="comeback"))
    assert list(nameless.context["form"].errors) == ["original"]

    desk.post(INTAKE, said(people, kind="comeback", original=original.pk))
    assert RepairOrder.objects.get(kind="comeback").original == original


def test_a_draft_waits_without_walk_round(desk, people, car):
    desk.post(INTAKE, said(people, is_draft="on", then="sign"))

    assert RepairOrder.objects.get().state == OrderState.DRAFT


# ── By appointment ───────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def book(people):
    from reception.models import Appointment

    def entered(**fields):
        now = timezone.now()
        given = {
            "number": f"YY{Appointment.objects.count()}", "store": people.store, "plate": "京A12345", "way": "active",
            "contact_name": "王先生", "contact_phone": "+8613812345678", "kind": OrderKind.REPAIR, "starts_at": now,
            "slot_at": now, "place": 1, "wishes": "空调不制冷", "made_at": now, **fields,
        }  # fmt: skip
        return Appointment.objects.create(**given)

    return entered


def test_an_appointment_fills_in_what_was_said_on_the_telephone(desk, people, car, book):
    expected = book(vehicle=car, customer=car.owner, advisor=people.second_advisor)

    page = desk.get(INTAKE, {"plate": "京A12345", "appointment": expected.pk})
    form = page.context["form"]
    assert (form["kind"].value(), form["symptoms"].value(), form["advisor"].value()) == (
        "repair",
        "空调不制冷",
        people.second_advisor.pk,
    )
    desk.post(INTAKE, said(people, kind="repair", appointment=expected.pk))

    expected.refresh_from_db()
    assert (expected.state, expected.order) == ("arrived", RepairOrder.objects.get())


def test_a_new_car_by_appointment_belongs_to_who_made_it(desk, people, book):
    caller = CustomerFactory(store=people.store, name="王先生")
    expected = book(customer=caller)

    page = desk.get(reverse("reception:intake_lookup"), {"plate": "京A12345"}, headers={"HX-Request": "true"})
    assert f'name="owner" value="{caller.pk}"' in page.content.decode()
    desk.post(INTAKE, said(people, owner=caller.pk, appointment=expected.pk, brand="红旗"))

    assert Vehicle.objects.get().owner == caller
    assert RepairOrder.objects.get().customer == caller


# ── What is wrong is told at once ────────────────────────────────────────────────────────────────────────────────────
def test_everything_wrong_with_a_new_car_is_told_at_once_each_at_its_field(desk, people):
    moment = timezone.localtime()
    typed = {
        "plate": "京A1234", "vin": "LFPH3ACC0N1E1234", "customer_name": " ", "customer_phone": "1391077886",
        "mileage": "", "kind": "comeback", "promised_at": f"{moment - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "greeted_at": f"{moment + timedelta(hours=2):%Y-%m-%dT%H:%M}", "advisor": "",
    }  # fmt: skip
    answer = desk.post(INTAKE, said(people, **typed))
    form = answer.context["form"]
    assert set(form.errors) == {
        "plate", "vin", "customer_name", "customer_phone", "mileage", "original", "promised_at", "greeted_at",
        "advisor",
    }  # fmt: skip
    assert {len(told) for told in form.errors.values()} == {1}
    assert all(told[0] in html.unescape(answer.content.decode()) for told in form.errors.values())
    assert not CustomerFactory._meta.model.objects.exists()


def test_a_known_car_with_an_open_order_and_a_falling_mileage_hears_of_both(desk, people, car):
    RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.OPEN)
    Vehicle.objects.filter(pk=car.pk).update(mileage=30_000)
    answer = desk.post(INTAKE, said(people))
    assert set(answer.context["form"].errors) == {"confirmed", "mileage"}

    desk.post(INTAKE, said(people, confirmed="on", mileage_reason="换表"))
    assert RepairOrder.objects.get(mileage=25_000)


def test_a_car_in_another_stores_shop_is_taken_in_once_that_is_confirmed(desk, people, car):
    RepairOrderFactory(advisor=cast.of_second_store().advisor, vehicle=car, state=OrderState.OPEN)
    answer = desk.post(INTAKE, said(people))
    assert 'name="confirmed"' in answer.content.decode()


@pytest.mark.parametrize(
    ("came_at", "proposed"),
    [(time(9, 10), "11-10 12:30"), (time(16, 0), "11-11 09:30"), (time(20, 0), "11-11 11:30")],
)
def test_the_first_delivery_time_proposed_lies_within_opening_hours(desk, people, monkeypatch, came_at, proposed):
    Store.objects.update(opens_at=time(8, 30), closes_at=time(18))
    now = datetime.combine(date(2026, 11, 10), came_at, people.store.tz)
    monkeypatch.setattr(timezone, "now", lambda: now)
    form = desk.get(INTAKE).context["form"]
    assert f"{form['promised_at'].initial:%m-%d %H:%M}" == proposed
