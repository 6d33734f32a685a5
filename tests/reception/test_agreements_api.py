"""Agreements and points over HTTP."""

from datetime import date
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from reception import actions
from reception.actions import ItemDraft
from reception.choices import AgreementKind, LineKind
from tests.factories import cast
from tests.factories.reception import MORNING, CustomerFactory

pytestmark = pytest.mark.django_db


def call(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def agree(people):
    def made(name="保养套餐"):
        return actions.draft_agreement(
            customer=CustomerFactory(store=people.store), store=people.store, kind=AgreementKind.PACKAGE, name=name,
            starts_on=date(2026, 10, 12), ends_on=date(2027, 10, 11), prepaid_amount=Decimal(500),
            items=[ItemDraft(LineKind.LABOUR, "更换机油机滤", "BY01", None, 3)], by=people.advisor, at=MORNING,
        )  # fmt: skip

    return made


def test_an_agreement_says_what_is_left_of_it(people, agree):
    agreement = agree()

    answer = call(people.advisor).get(f"/api/v1/agreements/{agreement.pk}/")

    assert answer.status_code == 200
    assert (answer.data["number"], answer.data["state"], answer.data["balance"]) == (
        agreement.number, "draft", "500.00",
    )  # fmt: skip
    (item,) = answer.data["items"]
    assert (item["name"], item["unit_price"], item["times"], item["left"]) == ("更换机油机滤", None, 3, 3)


def test_the_list_is_found_by_name_and_asks_no_more_for_more(people, agree, django_assert_num_queries):
    agree("车队协议")
    agree()
    client = call(people.advisor)

    assert [one["name"] for one in client.get("/api/v1/agreements/", {"q": "车队"}).data["results"]] == ["车队协议"]
    with django_assert_num_queries(4) as few:
        client.get("/api/v1/agreements/")
    for _ in range(28):
        agree()
    with django_assert_num_queries(len(few)):
        assert len(client.get("/api/v1/agreements/").data["results"]) == 30


def test_agreements_of_another_store_are_not_there(people, agree):
    agreement = agree()

    answer = call(cast.of_second_store().advisor).get(f"/api/v1/agreements/{agreement.pk}/")

    assert answer.status_code == 404


def test_a_customer_carries_class_and_points(people):
    customer = CustomerFactory(store=people.store, value_class="B")
    actions.correct_points(customer=customer, points=120, note="开户", by=people.manager, at=MORNING)

    answer = call(people.advisor).get("/api/v1/customers/", {"value_class": "B"})

    (found,) = answer.data["results"]
    assert (found["value_class"], found["points"]) == ("B", 120)
    assert call(people.advisor).get("/api/v1/customers/", {"value_class": "A"}).data["results"] == []
