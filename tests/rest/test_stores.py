"""One convention for stores in every list: `?store=CODE` narrows it, a row names its store by that code."""

import pytest
from django.test import Client
from rest_framework import serializers

from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.api import router
from dealer_crm.kpi.actions import set_target
from dealer_crm.rest.viewsets import ScopedViewSet
from dealer_crm.values import Period
from tests.factories import cast
from tests.factories.reception import MORNING

pytestmark = pytest.mark.django_db

LISTS = {name: view for name, view, _base in router.registry if "list" in view.permissions}
WITH_ROWS = [name for name, view in LISTS.items() if issubclass(view, ScopedViewSet)]


def test_every_list_takes_the_code_of_a_store():
    stores = [cast.of_store(), cast.of_second_store()]
    for people in stores:
        set_target(store=people.store, period=Period(2026, 11), measure="output", goal=1, by=people.manager, at=MORNING)
    people, asked = stores[0].by_role(), {}
    for name, view in LISTS.items():
        role = next(role for role in (Role.GROUP, *Role) if view.permissions["list"] in PERMISSIONS[role])
        client = Client()
        client.force_login(people[role])
        asked[name] = client.get(f"/api/v1/{name}/", {"store": "sh01", "period": "2026-11"}).status_code
    assert set(asked.values()) == {200}, asked
    client.force_login(people[Role.GROUP])
    found = [
        {row["store"] for row in client.get("/api/v1/targets/", {"store": code}).json()["results"]}
        for code in ("", "sh01", "BJ01", "XX99")
    ]
    assert found == [{"BJ01", "SH01"}, {"SH01"}, {"BJ01"}, set()]


@pytest.mark.parametrize("name", WITH_ROWS)
def test_a_row_names_its_store_by_the_code(name):
    field = LISTS[name].serializer_class().fields.get("store")
    assert isinstance(field, serializers.SlugRelatedField | serializers.CharField)
