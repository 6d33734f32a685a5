import pytest
from django.dispatch import Signal

from tests.factories import cast
from workshop import events


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def others():
    return cast.of_second_store()


@pytest.fixture
def heard():
    """Every event of the workshop as (name, facts)."""
    found = []

    def listen(name):
        def receive(sender, signal, **facts):
            found.append((name, facts))

        return receive

    signals = {name: signal for name, signal in vars(events).items() if isinstance(signal, Signal)}
    receivers = {name: listen(name) for name in signals}
    for name, signal in signals.items():
        signal.connect(receivers[name])
    yield found
    for name, signal in signals.items():
        signal.disconnect(receivers[name])
