"""The small stores beside a made-up one: a past to compare with, and no today."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dealer_crm.access.roles import Role
from dealer_crm.kpi.actions import count_month
from dealer_crm.kpi.queries import compared_stores
from dealer_crm.kpi.queries.stores import FIRST_SHOWN
from dealer_crm.organization.models import Staff, Store
from dealer_crm.seeding.scene import NEIGHBOUR_ORDERS, seed_stores
from dealer_crm.values import Period
from reception.models import RepairOrder

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


def test_a_neighbour_has_a_figure_in_every_usual_column_and_nobody_who_signs_in_to_the_demo():
    said = []
    seed_stores(
        stores=1, orders=0, months=2, random_seed=7, is_demo=False, at=NOON, say=said.append, neighbours=1
    )  # fmt: skip
    own, neighbour = Store.objects.order_by("code")
    assert said == [f"{own.code} {own.name}: 0", f"{neighbour.code} {neighbour.name}: {NEIGHBOUR_ORDERS}"]
    assert neighbour.brands.get() != own.brands.get()
    assert RepairOrder.objects.in_shop().filter(store=neighbour).count() == 0
    assert not Staff.objects.filter(store=neighbour, username__in=[role.value for role in Role]).exists()

    october = Period(2026, 10)
    count_month(store=neighbour, period=october, at=NOON)
    (row,) = compared_stores([neighbour], october, FIRST_SHOWN).rows
    assert [cell.entry.code for cell in row.cells if cell.found.value is None] == []
