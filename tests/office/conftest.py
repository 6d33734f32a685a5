import pytest

from tests.factories import cast


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def others():
    return cast.of_second_store()


@pytest.fixture
def as_admin(client, people):
    client.force_login(people.admin)
    return client


@pytest.fixture
def as_manager(client, people):
    client.force_login(people.manager)
    return client
