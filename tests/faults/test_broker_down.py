"""Nobody can be woken: the page works all the same, and the next sweep makes up for the wake-up that was lost."""

import pytest
from django.urls import reverse
from kombu import pools
from kombu.exceptions import OperationalError

from callback.choices import RuleCode
from callback.models import CallTask
from callback.tasks import generate_callbacks
from dealer_crm.celery import app
from reception.choices import OrderState
from reception.models import RepairOrder
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker_down():
    """A broker address where nobody listens."""

    def connect(address):
        app.conf.broker_url = address
        pools.reset()
        app._after_fork()  # Celery's only way to forget the connections it holds

    before = app.conf.broker_url
    connect("redis+socket:///nobody/listens.sock")
    yield
    connect(before)


@pytest.fixture
def deliver(client):
    """The advisor hands a settled car over in the browser."""
    people = cast.of_store()
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, paid=True)
    client.force_login(people.advisor, "django.contrib.auth.backends.ModelBackend")
    page = reverse("reception:order_deliver", args=[order.pk])
    shown = client.get(page)

    def press():
        form = shown.context["form"]
        given = {name: form.initial.get(name) or "" for name in form.fields}
        given["was_explained"] = "on"
        given |= {"delay_cause": "shop", "delay_note": "等配件"} if "delay_cause" in form.fields else {}
        return client.post(page, given)

    return press


def owed_calls() -> int:
    return CallTask.objects.filter(rule__code=RuleCode.SERVICE_3D).count()


def test_a_car_is_delivered_and_the_sweep_makes_its_call(broker_down, deliver):
    answer = deliver()
    assert (answer.status_code, RepairOrder.objects.get().state) == (302, OrderState.DELIVERED)
    assert owed_calls() == 0  # nobody was woken
    generate_callbacks()
    generate_callbacks()
    assert owed_calls() == 1


def test_control_a_page_that_wakes_the_worker_itself_would_fail(broker_down, deliver, monkeypatch):
    monkeypatch.setattr("callback.receivers.later", lambda task, *args: task.delay(*args))
    with pytest.raises(OperationalError):
        deliver()
