import pytest
from django.dispatch import Signal

from commission.actions import install_plan
from commission.models import Run
from tests.factories import cast
from tests.factories.reception import MORNING
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


@pytest.fixture
def pay_of(people):
    """`pay_of("2026-10")`: the store's month is paid and locked."""

    def lock(period):
        plan = install_plan(store=people.store, at=MORNING)
        return Run.objects.create(
            store=people.store, period=period, state="locked", plan_version=plan.versions.first(), computed_at=MORNING,
            locked_at=MORNING,
        )  # fmt: skip

    return lock
