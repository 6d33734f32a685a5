"""Whose a customer and a car are when a workbook does not say: in a house where nothing stands yet."""

import pytest

from dealer_crm.organization.models import Store
from reception.models import Customer, Vehicle
from tests.factories import cast
from tests.importing.workbooks import month_tables, take_in, told, written

pytestmark = pytest.mark.django_db


def customers_and_cars() -> dict:
    tables = month_tables()
    return {"客户": tables["客户"][:3], "车辆": tables["车辆"][:3]}


def test_without_orders_the_only_store_is_home():
    Store.objects.create(code="GD81", name="金标测试店")
    take_in(written(customers_and_cars()))
    assert set(Vehicle.objects.values_list("store__code", flat=True)) == {"GD81"}


def test_with_several_stores_and_no_order_it_is_asked_for():
    cast.of_store()
    cast.of_second_store()
    assert told(take_in(written(customers_and_cars()))) == [
        ("客户", 2, "客户编号"), ("客户", 3, "客户编号"), ("车辆", 2, "车牌号"), ("车辆", 3, "车牌号"),
    ]  # fmt: skip


def test_the_importing_persons_store_is_home():
    cast.of_second_store()
    people = cast.of_store()
    assert take_in(written(customers_and_cars()), by=people.manager).problems == []
    assert set(Customer.objects.values_list("store__code", flat=True)) == {people.store.code}


def test_the_store_of_the_first_order_is_home():
    tables = month_tables()
    tables["门店"].append(["GD80", "另一家店", "别克"])
    assert take_in(written(tables)).problems == []
    assert Vehicle.objects.get(plate="沪A00017").store.code == "GD81"
