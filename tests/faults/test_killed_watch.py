"""The watch over complaints killed (kill -9) a hundred times at random moments: everybody is told everything, once, in
the program and over the channel."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from complaints.models import Arrangement, ClockAlarm, Complaint
from complaints.tasks import watch_clocks
from dealer_crm.channels.models import Message
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff
from tests.factories import cast
from tests.factories.complaints import ComplaintFactory
from tests.faults.mortal import TRANSACTION, live

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 100


def killed_at_random_moments(kills, without=""):
    """Kill the watch at a random step, again and again; whenever one came through there is something new to tell. How
    many died, and who was told what how often."""
    people, random = cast.of_store(), Random(261121)
    Staff.objects.filter(pk__in=[people.crc.pk, people.manager.pk, people.agent.pk]).update(phone="13800138000")
    _new_trouble(people)
    steps, died = live(watch_clocks), 0
    while died < kills:
        _new_trouble(people)
        while live(watch_clocks, dies_at=random.randint(1, steps), without=without) < 0 and died < kills:
            died += 1
    live(watch_clocks)
    return died, Counter(Notice.objects.values_list("key", "recipient"))


def _new_trouble(people):
    """A complaint nobody answered for three hours, and a promise whose time has come."""
    now = timezone.now()
    complaint = ComplaintFactory(store=people.store, received_at=now - timedelta(hours=3))
    Arrangement.objects.create(
        complaint=complaint, promised_at=now - timedelta(minutes=5), text="到店复检", made_by=people.agent,
        made_at=now - timedelta(hours=2),
    )  # fmt: skip


def _owed() -> set[str]:
    """Half an hour's warning and the breach of each first reply, and each promise."""
    marks = {f"complaint:{pk}:reply:{mark}:1" for pk in Complaint.objects.values_list("pk", flat=True)
             for mark in ("warning", "breach")}  # fmt: skip
    promises = Arrangement.objects.values_list("complaint_id", "pk")
    return marks | {f"complaint:{complaint}:arranged:{pk}" for complaint, pk in promises}


def test_a_hundred_kills_lose_no_notice_and_double_none():
    died, told = killed_at_random_moments(KILLS)
    assert died == KILLS
    assert {key for key, _person in told} == _owed()
    assert set(told.values()) == {1}
    assert ClockAlarm.objects.count() == 2 * Complaint.objects.count()
    sent = Counter(Message.objects.values_list("key", flat=True))
    assert sent == Counter(f"{key}:{person}" for key, person in told)


def test_control_without_the_transaction_the_same_kills_lose_notices():
    _died, told = killed_at_random_moments(KILLS // 10, without=TRANSACTION)
    assert {key for key, _person in told} != _owed()
