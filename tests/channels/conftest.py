from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.channels.gateway import SECRET, GatewayDouble
from tests.factories import cast

TEN = datetime(2026, 10, 15, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture(scope="module")
def its_server():
    double = GatewayDouble()
    yield double
    double.stop()


@pytest.fixture
def gateway(its_server, settings):
    """Text messages go to a gateway of our own; it remembers nothing of the test before."""
    its_server.received, its_server.script, its_server.sent, its_server.signed_wrong = [], [], {}, 0
    setup = {"carrier": "gateway", "url": its_server.url, "account": "yuanhang", "secret": SECRET, "timeout": 5}
    settings.CHANNELS = {**settings.CHANNELS, "sms": setup}
    return its_server
