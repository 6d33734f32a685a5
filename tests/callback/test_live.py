"""The supervisor's live view: the queue by rule, promised call-backs, handing over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callback import actions, queries
from callback.models import CallTask
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from tests.factories.callback import TEN, CallTaskFactory
from tests.factories.complaints import ComplaintFactory

HOUR = timedelta(hours=1)


def test_the_queue_by_rule_and_what_agents_promised(people):
    now = TEN + HOUR
    CallTaskFactory(store=people.store, due_at=TEN)
    CallTaskFactory(store=people.store)
    CallTaskFactory(store=people.store, code="suggestion", due_at=TEN + timedelta(days=1))
    CallTaskFactory(store=people.store, code="suggestion", next_try_at=now + HOUR)
    day_ends = TEN.replace(hour=23)
    rows = queries.queue_by_rule(people.store, at=now, day_ends_at=day_ends)
    assert [(one.overdue, one.today, one.later, one.waiting) for one in rows] == [(1, 1, 0, 0), (0, 0, 1, 1)]
    for minutes in (-40, -10, 60, 24 * 60):
        CallTaskFactory(store=people.store, agent=people.agent, next_try_at=now + timedelta(minutes=minutes))
    promised = queries.promised_calls(people.store, at=now, until=day_ends, personal_lasts=timedelta(minutes=30))
    assert [(one.is_late, one.is_everyones) for one in promised] == [(True, True), (True, False), (False, False)]


def test_who_is_away_hands_over_and_the_promised_times_stay(people, others):
    tasks = [
        CallTaskFactory(store=people.store, agent=people.agent, next_try_at=TEN + number * HOUR) for number in range(2)
    ]
    said = {"agent": people.agent, "by": people.crc, "at": TEN}
    for to in (others.agent, people.agent):
        with pytest.raises(Refusal):
            actions.hand_over_calls(**said, to=to)
    assert actions.hand_over_calls(**said, to=people.crc) == 2
    kept = CallTask.objects.filter(agent=people.crc).order_by("pk").values_list("next_try_at", flat=True)
    assert list(kept) == [task.next_try_at for task in tasks]
    assert actions.hand_over_calls(agent=people.crc, to=None, by=people.crc, at=TEN) == 2
    assert not CallTask.objects.exclude(agent=None).exists()


def test_who_promised_a_call_back_is_told_when_its_hour_has_come_or_that_a_complaint_holds_it_back(client, people):
    given = {"store": people.store, "agent": people.agent}
    for minutes in (0, 5, -30):
        CallTaskFactory(**given, next_try_at=TEN + minutes * timedelta(minutes=1))
    CallTaskFactory(**given, next_try_at=TEN, claimed_by=people.agent, claimed_at=TEN)
    held = CallTaskFactory(**given, next_try_at=TEN + timedelta(minutes=9))
    complaint = ComplaintFactory(store=people.store, customer=held.customer)
    told = [actions.remind_of_call_backs(store=people.store, at=TEN + timedelta(minutes=m)) for m in (0, 1, 5, 9)]
    notices = Notice.objects.filter(recipient=people.agent)
    assert (told, notices.count(), notices.filter(text__contains=complaint.number).count()) == ([1, 0, 1, 1], 3, 1)
    client.force_login(people.crc)
    for page, pk in (("task", held.pk), ("customer", held.customer_id)):
        assert complaint.number in client.get(reverse(f"callback:{page}", args=[pk])).text


def test_the_live_page_gives_calls_to_others_and_costs_the_same_with_many(client, people):
    client.force_login(people.crc)
    now = timezone.now()

    def cost(rows):
        for number in range(rows):
            CallTaskFactory(
                store=people.store, agent=people.agent, opens_at=now - HOUR, due_at=now + HOUR,
                next_try_at=now - timedelta(minutes=number),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("callback:live")).status_code == 200
        return len(asked)

    cost(1)
    assert cost(1) == cost(28)
    task = CallTask.objects.first()
    answer = client.post(reverse("callback:assign", args=[task.pk]), {"agent": people.crc.pk, "from": "live"})
    task.refresh_from_db()
    assert (answer["Location"], task.agent) == (reverse("callback:live"), people.crc)
    assert f'<option value="{people.crc.pk}">' in client.get(reverse("callback:live")).content.decode()
    waiting = CallTask.objects.filter(agent=people.agent).count()
    client.post(reverse("callback:hand_over", args=[people.agent.pk]), {"agent": people.crc.pk})
    assert CallTask.objects.filter(agent=people.crc).count() == waiting + 1
    client.post(reverse("callback:hand_over", args=[people.crc.pk]))
    assert not CallTask.objects.filter(agent__isnull=False).exists()
