"""What a page costs in questions to the database: at most twelve, with everything on it that it can show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reception import actions
from reception.choices import MarkKind, OrderKind, OrderState
from tests.factories.agreements import AgreementFactory, MembershipTermsFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.reception import AddOnFactory, RepairOrderFactory, SuggestionFactory
from tests.factories.visits import OrderPhotoFactory, SignatureFactory
from tests.factories.workshop import JobFactory

pytestmark = pytest.mark.django_db

AT_MOST = 12


def at(name, *args):
    return reverse(f"reception:{name}", args=args)


def asked_by(person, url) -> list[str]:
    """What the page asks; in words, so that a page that asks too much says what."""
    client = Client()
    client.force_login(person)
    client.get(url)  # what is loaded once per process doesn't count
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in seen.captured_queries]


@pytest.fixture
def paid(people):
    """A delivered and paid visit by appointment, with everything that can hang on an order."""
    now = timezone.now()
    order = RepairOrderFactory(
        advisor=people.advisor, state=OrderState.DELIVERED, paid=True, kind=OrderKind.ACCIDENT, lines=3
    )
    AppointmentFactory(store=people.store, vehicle=order.vehicle, state="arrived", order=order)
    AgreementFactory(store=people.store, customer=order.customer, made_by=people.advisor, approver=people.manager)
    MembershipTermsFactory(store=people.store, level=order.customer.level)
    AddOnFactory(order=order, lines=2)
    SuggestionFactory(vehicle=order.vehicle, order=order)
    SuggestionFactory(vehicle=order.vehicle)
    JobFactory(order=order, technician=people.technician, team=people.mechanics)
    OrderPhotoFactory(order=order)
    SignatureFactory(order=order)
    open_again = RepairOrderFactory(advisor=people.advisor, vehicle=order.vehicle, customer=order.customer)
    mark = actions.MarkDraft(MarkKind.DENT, 100, 500)
    actions.record_walk_round(order=open_again, marks=[mark], by=people.advisor, at=now)
    open_again.walk_round.delete()
    return order


@pytest.mark.parametrize(
    "name", ["order", "order_findings", "order_favour", "order_evidence", "order_story", "order_lines"]
)
def test_no_part_of_an_order_asks_more_than_a_page_may(people, paid, name):
    if name == "order_lines":
        paid = RepairOrderFactory(advisor=people.advisor, vehicle=paid.vehicle, customer=paid.customer, lines=3)

    asked = asked_by(people.frontdesk, at(name, paid.pk))

    assert len(asked) <= AT_MOST, "\n".join(asked)


@pytest.mark.parametrize("name", ["customer", "customer_value", "customer_story", "vehicle"])
def test_no_page_of_the_archive_asks_more_than_a_page_may(people, paid, name):
    asked = asked_by(people.frontdesk, at(name, paid.vehicle_id if name == "vehicle" else paid.customer_id))

    assert len(asked) <= AT_MOST, "\n".join(asked)


def test_no_desk_asks_more_than_a_page_may(people, paid):
    pages = [
        (people.advisor, at("intake")), (people.advisor, f"{at('intake')}?plate={paid.vehicle.plate}"),
        (people.advisor, f"{at('intake_lookup')}?plate={paid.vehicle.plate}"), (people.advisor, at("today")),
        (people.advisor, f"{at('intake_favour')}?plate={paid.vehicle.plate}"),
        (people.advisor, at("order_print", paid.pk)), (people.advisor, at("estimate_print", paid.pk)),
        (people.advisor, at("delivery_print", paid.pk)),
        (people.cashier, at("cashier")), (people.finance, at("receivables")),
        (people.cashier, at("settlement", paid.settlements.get().pk)),
    ]  # fmt: skip

    too_many = {url: asked for person, url in pages if len(asked := asked_by(person, url)) > AT_MOST}

    assert not too_many, "\n".join(f"{url}: {len(asked)}\n" + "\n".join(asked) for url, asked in too_many.items())


def test_the_order_page_says_where_the_rest_of_it_is_without_scripts(people, paid):
    client = Client()
    client.force_login(people.frontdesk)

    page = client.get(at("order", paid.pk)).text

    for name in ("order_findings", "order_favour", "order_evidence", "order_story"):
        part = at(name, paid.pk)
        assert f'href="{part}"' in page
        assert client.get(part).templates[0].name == "reception/order_part.html"
        assert "<html" in client.get(part).text
        assert "<html" not in client.get(part, headers={"HX-Request": "true"}).text
