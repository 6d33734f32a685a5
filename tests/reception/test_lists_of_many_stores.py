"""Lists of reception for who sees several stores: one of them is picked in the list's search."""

import pytest
from django.urls import reverse

from tests.factories import cast
from tests.factories.reception import RepairOrderFactory

pytestmark = pytest.mark.django_db
LISTS = ("orders", "customers", "vehicles", "receivables", "suggestions", "parts")


@pytest.mark.parametrize("name", LISTS)
def test_the_group_picks_a_store_and_the_store_is_not_asked(client, people, name):
    others = cast.of_second_store()
    ours, theirs = (
        RepairOrderFactory(
            store=one.store, vehicle__store=one.store, vehicle__owner__store=one.store, advisor=one.advisor
        )
        for one in (people, others)
    )
    shown = {"orders": theirs.number, "vehicles": theirs.vehicle.plate, "customers": theirs.vehicle.owner.name}.get(
        name
    )
    hidden = {"orders": ours.number, "vehicles": ours.vehicle.plate}.get(name)
    address = reverse(f"reception:{name}")
    client.force_login(people.group)
    for store, in_page in (("", (shown, hidden)), (others.store.code, (shown,))):
        page = client.get(address, {"store": store}).content.decode()
        assert f'<option value="{others.store.code}"' in page
        assert [text for text in (shown, hidden) if text and text in page] == [text for text in in_page if text]
    client.force_login(people.manager)
    assert "<option" not in client.get(address).content.decode().partition('name="store"')[2].partition(">")[0]
    assert f'<option value="{others.store.code}"' not in client.get(address).content.decode()
