"""What the customer says to an add-on reaches the people at the car, and the agreed work the queue."""

import pytest
from django.utils import timezone

from dealer_crm.notices.models import Notice
from reception import actions as reception
from reception.choices import AnswerWay, OrderState
from tests.factories.reception import AddOnFactory, RepairOrderFactory
from tests.factories.workshop import JobFactory
from workshop import actions, queries
from workshop.choices import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def add_on(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS)
    JobFactory(
        order=order, line=order.lines.get(), state=JobState.RUNNING, team=people.mechanics, technician=people.technician
    )
    return AddOnFactory(order=order, proposed_by=people.inspector, proposed_at=order.arrived_at)


def agreed(people, add_on):
    return reception.agree_to_add_on(
        add_on=add_on, answered_by="王女士", way=AnswerWay.PHONE, by=people.advisor, at=timezone.now()
    )


def test_supervisor_hands_and_finder_are_told_once(people, add_on):
    add_on = agreed(people, add_on)

    told = [actions.pass_on_answer(add_on=add_on, at=timezone.now()) for _ in range(2)]

    assert told == [3, 0]
    assert {notice.recipient for notice in Notice.objects.all()} == {
        people.workshop, people.technician, people.inspector
    }  # fmt: skip


def test_nobody_is_told_before_there_is_an_answer(add_on):
    assert actions.pass_on_answer(add_on=add_on, at=timezone.now()) == 0
    assert not Notice.objects.exists()


def test_agreed_labour_waits_for_dispatch_and_proposed_labour_does_not(people, add_on):
    before = queries.dispatch_queue(people.workshop, timezone.now())
    agreed(people, add_on)

    (queued,) = queries.dispatch_queue(people.workshop, timezone.now())

    assert before == []
    assert [work.name for work in queued.works] == ["更换前刹车片"]
