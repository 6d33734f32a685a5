"""A worker is woken when the work is safe, and a page never fails because nobody could be woken."""

import pytest
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from dealer_crm.celery import app
from dealer_crm.later import later

woken = []


@shared_task(name="tests.wake")
def wake(*args, **kwargs):
    woken.append((args, kwargs))


@pytest.fixture(autouse=True)
def _done_at_once(settings):
    woken.clear()
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


@pytest.fixture
def broker_is_down():
    """A broker address where nobody listens."""
    from kombu import pools

    before, app.conf.broker_url = app.conf.broker_url, "redis+socket:///nobody/listens.sock"
    app.conf.task_always_eager = False
    pools.reset()
    app._after_fork()
    yield
    app.conf.broker_url = before
    pools.reset()
    app._after_fork()


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_after_the_transaction():
    with transaction.atomic():
        later(wake, 7, why="settled")
        assert woken == []
    assert woken == [((7,), {"why": "settled"})]


@pytest.mark.django_db(transaction=True)
def test_nobody_is_woken_for_what_was_taken_back():
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        later(wake, 7)
        raise ValueError("no")
    assert woken == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_fails_nothing(broker_is_down, caplog):
    with pytest.raises(OperationalError):
        wake.apply_async(retry=False)
    with transaction.atomic():
        later(wake, 7)
    assert [record.name for record in caplog.records if "broker not reached" in record.message] == ["dealer_crm.later"]
