import pytest

from tests.factories import cast


@pytest.fixture
def people():
    """One person of every role in one store."""
    return cast.of_store()
