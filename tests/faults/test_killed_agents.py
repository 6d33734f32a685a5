"""Six agents empty one queue while their processes are killed (kill -9) again and again: every call is spoken once."""

from collections import Counter

import pytest
from django.utils import timezone

from callback.actions import claim_next, record_outcome
from callback.choices import Outcome, TaskState
from callback.models import CallTask, Contact
from dealer_crm.access.roles import Role
from tests.factories import cast
from tests.factories.callback import CallTaskFactory
from tests.factories.organization import StaffFactory
from tests.faults.mortal import TRANSACTION, live_together

pytestmark = pytest.mark.django_db(transaction=True)

AGENTS, CALLS = 6, 72
LAST_STEPS = range(4, 16)
"""In each shift everybody dies at another step: over all of them at every step from a claim to its outcome."""


def work(agent):
    """Take calls and write down what came of them, until there is none left."""
    while task := claim_next(by=agent, at=timezone.now()):
        record_outcome(task=task, outcome=Outcome.REFUSED, by=agent, at=timezone.now())


def shifts_with_crashes(without=""):
    """Shift after shift all agents work at once and die; the last shift lives."""
    store = cast.of_store().store
    agents = [StaffFactory(role=Role.AGENT, store=store) for _number in range(AGENTS)]
    now = timezone.now()
    CallTaskFactory.create_batch(CALLS, store=store, opens_at=now.replace(year=now.year - 1), due_at=now)
    shift = [lambda agent=agent: work(agent) for agent in agents]
    deaths = 0
    for step in LAST_STEPS:
        deaths += sum(steps < 0 for steps in live_together(shift, dies_at=step, without=without))
    live_together(shift)
    spoken = Counter(Contact.objects.values_list("task", flat=True))
    return deaths, CallTask.objects.filter(state=TaskState.OPEN).count(), spoken


def test_every_call_is_spoken_once_whoever_dies():
    deaths, left_over, spoken = shifts_with_crashes()
    assert deaths >= AGENTS * len(LAST_STEPS) // 2
    assert left_over == 0
    assert (len(spoken), set(spoken.values())) == (CALLS, {1})


def test_control_without_the_transaction_around_the_outcome_customers_are_called_twice():
    _deaths, _left_over, spoken = shifts_with_crashes(without=TRANSACTION)
    assert max(spoken.values()) > 1
