"""What people type wrong: the same clear refusal at the desk and over HTTP, and nothing half-done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from dealer_crm.journal.models import Entry
from reception.choices import OrderState
from reception.models import Customer, OrderLine, Promise, Receipt, RepairOrder, Settlement, Vehicle
from tests.factories.reception import RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db

WRONG_VIN = "LSVAA4187E2184841"


@pytest.fixture
def api(people):
    def call_as(person) -> APIClient:
        client = APIClient()
        client.force_authenticate(person)
        return client

    return call_as


@pytest.fixture
def kept():
    """Everything an intake, a change or the till could leave behind."""

    def count():
        models = (Customer, Vehicle, RepairOrder, OrderLine, Promise, Settlement, Receipt, Entry)
        states = list(RepairOrder.objects.order_by("pk").values_list("state", "version", "mileage"))
        return [model.objects.count() for model in models], states

    return count


def in_hours(hours) -> str:
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


LINE = {"kind": "part", "name": "机油", "quantity": "1", "unit_price": "100", "payer": "customer"}

# what is wrong → what is typed at the gate beside the ordinary, the field that is told
AT_THE_GATE = {
    "mileage_falls": ({"mileage": 29_999}, "mileage"),
    "promise_before_arrival": ({"promised_at": in_hours(-24)}, "promised_at"),
    "promise_too_late": ({"promised_at": in_hours(24 * 400)}, "promised_at"),
    "arrival_wrong": ({"arrived_at": in_hours(48), "promised_at": in_hours(50)}, "arrived_at"),
    "greeted_early": ({"greeted_at": in_hours(-2)}, "greeted_at"),
    "greeted_late": ({"greeted_at": in_hours(2)}, "greeted_at"),
    "original_missing": ({"kind": "comeback"}, "original"),
}


@pytest.mark.parametrize("code", AT_THE_GATE)
def test_a_wrong_intake_is_refused_alike_at_the_desk_and_over_http(client, api, people, kept, code):
    car = VehicleFactory(store=people.store, mileage=30_000)
    wrong, field = AT_THE_GATE[code]
    said = {"kind": "repair", "mileage": 30_001, "promised_at": in_hours(3), **wrong}
    before = kept()

    told = api(people.advisor).post("/api/v1/repair-orders/", {"vehicle": car.pk, **said}, format="json")
    client.force_login(people.advisor)
    page = client.post(reverse("reception:intake"), {"plate": car.plate, "advisor": people.advisor.pk, **said})

    assert (told.status_code, told.data["type"]) == (409, f"urn:dealer-crm:problem:{code}")
    assert told.data["errors"] == [{"field": field, "message": told.data["title"]}]
    assert (page.status_code, page.context["form"].errors[field]) == (422, [told.data["title"]])
    assert kept() == before


# what is wrong → the car and customer nobody knows yet
AT_THE_ARCHIVE = {
    "plate_wrong": {"plate": "京A1"},
    "vin_wrong": {"vin": WRONG_VIN[:-1]},
    "vin_check_digit": {"vin": WRONG_VIN},
}


@pytest.mark.parametrize("code", AT_THE_ARCHIVE)
def test_a_wrong_car_is_refused_alike_on_its_page_at_the_gate_and_over_http(client, api, people, kept, code):
    car = {"plate": "京A77777", **AT_THE_ARCHIVE[code]}
    customer = {"customer_name": "王芳", "customer_phone": "13812345678", "customer_kind": "person"}
    visit = {"kind": "repair", "advisor": people.advisor.pk, "mileage": 10, "promised_at": in_hours(3)}
    client.force_login(people.advisor)
    before = kept()

    told = api(people.advisor).post("/api/v1/vehicles/", car, format="json")
    page = client.post(reverse("reception:vehicle_new"), car)
    gate = client.post(reverse("reception:intake"), {**visit, **customer, **car})

    assert (told.status_code, told.data["type"]) == (409, f"urn:dealer-crm:problem:{code}")
    field = told.data["errors"][0]["field"]
    for answer in (page, gate):
        assert (answer.status_code, answer.context["form"].errors[field]) == (422, [told.data["title"]])
    assert kept() == before


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"phone": "123"}, "phone_wrong"),
        ({"birthday": "2999-01-01"}, "birthday_wrong"),
    ],
)
def test_a_wrong_customer_is_refused_alike_on_the_page_and_over_http(client, api, people, kept, wrong, code):
    said = {"name": "王芳", "phone": "13812345678", **wrong}
    client.force_login(people.advisor)
    before = kept()

    told = api(people.advisor).post("/api/v1/customers/", {**said, "phones": [said["phone"]]}, format="json")
    page = client.post(reverse("reception:customer_new"), {**said, "kind": "person", "level": "ordinary"})

    assert (told.status_code, told.data["type"]) == (409, f"urn:dealer-crm:problem:{code}")
    assert (page.status_code, list(page.context["form"].errors.values())) == (422, [[told.data["title"]]])
    assert kept() == before


def test_an_hour_no_day_has_is_refused_on_the_page_and_over_http(client, api, people, kept):
    known = RepairOrderFactory(advisor=people.advisor).customer
    typed = {"name": known.name, "kind": "person", "level": "ordinary", "contact_channel": "phone", "contact_hour": 24}
    client.force_login(people.advisor)
    before = kept()

    told = api(people.advisor).patch(f"/api/v1/customers/{known.pk}/", {"contact_hour": 24}, format="json")
    page = client.post(reverse("reception:customer_edit", args=[known.pk]), typed)

    assert (told.status_code, told.data["type"]) == (409, "urn:dealer-crm:problem:hour_wrong")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["contact_hour"])
    assert kept() == before


# what is wrong → the line as typed over HTTP
IN_A_LINE = {
    "discount_needs_approval": {"discount_rate": "0.2001"},
    "discount_wrong": {"discount_rate": "1.5"},
    "quantity_not_positive": {"quantity": "0"},
    "price_negative": {"unit_price": "-1"},
    "amount_too_large": {"quantity": "99999999.99", "unit_price": "99999999999.99"},
}


@pytest.mark.parametrize("code", IN_A_LINE)
def test_a_wrong_line_is_refused_alike_in_the_editor_and_over_http(client, api, people, kept, code):
    order = RepairOrderFactory(advisor=people.advisor, lines=0)
    wrong, address = IN_A_LINE[code], f"/api/v1/repair-orders/{order.pk}/lines/"
    before = kept()

    told = api(people.advisor).post(address, {**LINE, **wrong}, format="json")
    assert (told.status_code, told.data["type"]) == (409, f"urn:dealer-crm:problem:{code}")
    if code != "discount_wrong":  # the editor asks for percent and says 100 at most
        percent = {"discount_percent": "20.01"} if "discount_rate" in wrong else {}
        typed = {**LINE, **wrong, **percent}
        rows = {"version": 1, "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0}
        client.force_login(people.advisor)
        page = client.post(
            reverse("reception:order_lines", args=[order.pk]),
            rows | {f"lines-0-{name}": value for name, value in typed.items()},
        )
        assert page.status_code == 422
        assert told.data["title"] in page.content.decode()
    assert kept() == before


def test_exactly_the_limit_needs_no_approval(api, people):
    order = RepairOrderFactory(advisor=people.advisor, lines=0)
    said = {**LINE, "discount_rate": "0.2"}
    assert api(people.advisor).post(f"/api/v1/repair-orders/{order.pk}/lines/", said).status_code == 201
    assert order.lines.get().discount_approved_by is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"mileage": 99_999_999_999}, "mileage_wrong"),
        ({"greeted_at": in_hours(2)}, "greeted_late"),
        ({"estimated_amount": "-5"}, "amount_negative"),
        ({"kind": "comeback", "original": "itself"}, "original_not_delivered"),
    ],
)
def test_a_visit_is_changed_by_the_rules_it_was_entered_by(api, people, kept, wrong, code):
    order = RepairOrderFactory(advisor=people.advisor, arrived_at=timezone.now() - timedelta(minutes=5))
    said = {name: order.pk if value == "itself" else value for name, value in wrong.items()}
    before = kept()

    told = api(people.advisor).patch(
        f"/api/v1/repair-orders/{order.pk}/", said, format="json", headers={"If-Match": f'"{order.version}"'}
    )

    assert (told.status_code, told.data["type"]) == (409, f"urn:dealer-crm:problem:{code}")
    assert kept() == before


def test_what_is_too_late_at_the_till_and_at_delivery_is_refused_alike(client, api, people, kept):
    working = RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS)
    settled = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)
    at = reverse
    before = kept()

    def told(person, path, said):
        answer = api(person).post(f"/api/v1/{path}/", said, format="json")
        assert answer.status_code == 409
        return answer.data["title"]

    def shown(person, name, pk, said):
        client.force_login(person)
        answer = client.post(at(f"reception:{name}", args=[pk]), said, follow=True)
        return answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')

    money = {"payer": "customer", "amount": "180.01", "method": "cash"}
    today = f"{timezone.localdate()}"
    for person, path, said, name, order in (
        (people.advisor, f"repair-orders/{working.pk}/cancel", {"reason": "不修了"}, "order_cancel", working),
        (people.cashier, f"repair-orders/{settled.pk}/settle", {}, "order_settle", settled),
        (people.cashier, f"repair-orders/{working.pk}/settle", {}, "order_settle", working),
        (people.cashier, "receipts", {**money, "order": settled.pk}, "receipt_new", settled),
        (
            people.cashier, "receipts", {**money, "amount": "1.00", "order": settled.pk, "received_on": "2001-01-01"},
            "receipt_new", settled,
        ),
        (
            people.advisor, f"repair-orders/{settled.pk}/deliver",
            {"delay_cause": "shop", "next_service_km": 99_999_999_999}, "order_deliver", settled,
        ),
    ):  # fmt: skip
        sentence = told(person, path, said)
        typed = {"received_on": today, "explained": "on", "was_explained": "on", **said}
        assert sentence in shown(person, name, order.pk, typed), (name, sentence)
    assert kept() == before
