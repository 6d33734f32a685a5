"""What the database itself never lets happen, and the rows the other tests stand on."""

import pytest

from reception.choices import OrderState
from reception.models import RepairOrder
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", OrderState)
def test_an_order_of_every_state_can_be_made(state):
    order = RepairOrderFactory(state=state, lines=2)

    assert RepairOrder.objects.get().state == state
    assert order.store == order.advisor.store == order.vehicle.store == order.customer.store


def test_a_person_knows_only_the_cars_and_orders_of_the_own_store():
    here, there = cast.of_store(), cast.of_second_store()
    own = RepairOrderFactory(advisor=here.advisor)
    RepairOrderFactory(advisor=there.advisor)

    assert list(RepairOrder.objects.visible_to(here.cashier)) == [own]
    assert RepairOrder.objects.visible_to(here.group).count() == 2
