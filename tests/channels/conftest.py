from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.factories import cast

TEN = datetime(2026, 10, 15, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people(db):
    return cast.of_store()
