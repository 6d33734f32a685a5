"""A customer asks to be forgotten: the person goes, money and statistics stay."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from callback.actions import enter_lead
from callback.models import Contact, LeadTalk
from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal
from reception import actions, queries
from reception.choices import AppointmentState, OrderState
from reception.models import Appointment, ChangeRequest, Customer, Receipt, VehicleDriver
from tests.factories.appointments import AppointmentFactory
from tests.factories.callback import ContactFactory
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=30)
NAME, NUMBER = "欧阳倩倩", "+8613987651234"


@pytest.fixture
def customer(people):
    return CustomerFactory(
        store=people.store, name=NAME, phone=NUMBER, birthday="1988-03-05", address="平安大街 8 号", tags=["爱喝茶"],
        area="海淀",
    )  # fmt: skip


@pytest.fixture
def car(people, customer):
    return VehicleFactory(store=people.store, owner=customer)


def erase(customer, people, **said):
    return actions.erase_customer(customer=customer, by=people.crc, at=LATER, reason="本人书面申请", **said)


def test_the_person_goes_and_the_money_stays(people, customer, car):
    order = RepairOrderFactory(advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED, paid=True)
    VehicleDriver.objects.create(vehicle=car, name="欧阳妈妈", phone="+8613900000000")
    AppointmentFactory(
        store=people.store, customer=customer, vehicle=car, contact_name=NAME, contact_phone=NUMBER,
        state=AppointmentState.MISSED, ended_at=MORNING,
    )  # fmt: skip
    ContactFactory(store=people.store, customer=customer, phone=NUMBER, agent=people.agent)
    actions.change_customer(customer=customer, by=people.advisor, at=MORNING, name="欧阳倩", reason="证件")

    erased = erase(customer, people)

    assert (erased.name == NAME, erased.birthday, erased.address, erased.tags) == (False, None, "", [])
    assert (erased.area, erased.refuses_calls, erased.phones.count()) == ("海淀", True, 0)
    assert (car.drivers.count(), Receipt.objects.filter(order=order).count()) == (0, 1)
    assert set(Appointment.objects.values_list("contact_name", "contact_phone")) == {(erased.name, "")}
    assert Contact.objects.get().phone == ""
    request = ChangeRequest.objects.get()
    assert (request.before, request.after, request.decision) == ("", "", "withdrawn")
    assert not queries.customers_found(people.crc, NAME)
    assert not queries.customers_found(people.crc, NUMBER[-4:])


def test_a_lead_with_the_number_is_forgotten_though_nobody_knew_whose_it_was(people, customer):
    said = {
        "source": "walk_in",
        "level": "H",
        "by": people.agent,
        "at": LATER,
        "said": "想换大车",
        "features": "开旧款",
    }
    theirs = enter_lead(store=people.store, name=NAME, phone=NUMBER, **said)
    other = enter_lead(store=people.store, name="孙浩", **said)
    erase(customer, people)
    for lead in (theirs, other):
        lead.refresh_from_db()
    assert (theirs.name, theirs.phone, theirs.features, theirs.state) == ("", "", "", "lost")
    assert (other.name, other.features, other.state) == ("孙浩", "开旧款", "open")
    assert list(LeadTalk.objects.order_by("lead_id").values_list("said", flat=True)) == ["", "想换大车"]
    told = Entry.objects.get(verb="lead.forgotten")
    assert NAME not in told.subject_label


def test_a_double_that_was_merged_is_forgotten_too(people, customer):
    double = CustomerFactory(store=people.store, name="欧阳茜茜")
    actions.merge_customers(kept=customer, double=double, by=people.crc, at=MORNING)
    erase(customer, people)
    assert not Customer.objects.filter(name__startswith="欧阳").exists()


@pytest.mark.parametrize(
    "state", [OrderState.DRAFT, OrderState.IN_PROGRESS, OrderState.DELIVERED], ids=["draft", "in shop", "unpaid"]
)
def test_nobody_is_forgotten_while_the_name_is_needed(people, customer, car, state):
    order = RepairOrderFactory(advisor=people.advisor, vehicle=car, state=state)
    with pytest.raises(Refusal) as refused:
        erase(customer, people)
    assert refused.value.code == "still_needed"
    assert [order.number in str(line) for line in refused.value.details] == [True]
    customer.refresh_from_db()
    assert customer.name == NAME


def test_a_car_of_somebody_forgotten_comes_in_with_a_new_owner(people, customer, car):
    erase(customer, people)
    visit = {
        "store": people.store, "vehicle": car, "kind": "repair", "advisor": people.advisor, "by": people.advisor,
        "at": LATER, "promised_at": LATER + timedelta(hours=2),
    }  # fmt: skip
    with pytest.raises(Refusal) as refused:
        actions.open_order(**visit)
    assert refused.value.code == "erased"

    owner = CustomerFactory(store=people.store, name="新车主")
    actions.change_vehicle(vehicle=car, owner=owner, by=people.advisor, at=LATER)
    assert actions.open_order(**visit).customer == owner


def test_what_was_forgotten_is_no_flaw_and_is_told_no_more(client, people, customer):
    actions.change_customer(customer=customer, by=people.crc, at=MORNING, name="欧阳倩")
    erase(customer, people)
    actions.find_flaws(by=None, at=LATER)
    assert not queries.open_flaws(people.crc).exists()
    customer.refresh_from_db()
    assert [NAME in deed.detail for deed in queries.story_of(customer)] == [False]


def test_the_supervisor_erases_on_the_page_and_over_http_and_nobody_else(client, people, customer):
    address = reverse("reception:customer_erase", args=[customer.pk])
    client.force_login(people.manager)
    assert client.post(address, {"reason": "申请"}).status_code == 403

    client.force_login(people.crc)
    assert address in client.get(reverse("reception:customer", args=[customer.pk])).content.decode()
    assert client.post(address, {"reason": "", "version": customer.version}).status_code == 422
    assert client.post(address, {"reason": "本人申请", "version": customer.version}).status_code == 302
    assert NAME not in client.get(reverse("reception:customer", args=[customer.pk])).content.decode()

    api = APIClient()
    api.force_authenticate(people.crc)
    again = api.post(f"/api/v1/customers/{customer.pk}/erase/", {"reason": "本人申请"})
    assert (again.status_code, again.data["type"]) == (409, "urn:dealer-crm:problem:erased")
    assert api.get(f"/api/v1/customers/{customer.pk}/").data["erased_at"]
