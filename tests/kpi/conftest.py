"""The example month in its store, and who reads its figures."""

import pytest

from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Store
from tests.factories.organization import StaffFactory


@pytest.fixture
def store(example_month, db):
    return Store.objects.get(code="GD81")


@pytest.fixture
def manager(client, store):
    person = StaffFactory(role=Role.MANAGER, store=store)
    client.force_login(person)
    return person
