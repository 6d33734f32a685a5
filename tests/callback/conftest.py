import pytest

from dealer_crm.workdays.actions import load_year
from tests.factories import cast
from tests.factories.callback import TEN


@pytest.fixture
def people(db):
    """One person of every role in one store."""
    return cast.of_store()


@pytest.fixture
def others(db):
    """The same in another store."""
    return cast.of_second_store()


@pytest.fixture
def calendar_2026(db):
    """The published calendar of 2026, from the holiday library."""
    load_year(year=2026, at=TEN)
