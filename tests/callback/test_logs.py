"""工作日志: filled from what was done, completed by hand, read by the supervisor."""

from datetime import timedelta

import pytest
from django.urls import reverse

from callback import actions, queries
from callback.choices import Direction, Outcome
from callback.models import WorkLog
from dealer_crm.values import Refusal
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory, ReferralFactory


def test_the_day_is_filled_from_what_was_done(people):
    said = {"store": people.store, "agent": people.agent, "at": TEN}
    for outcome in (Outcome.COMPLETED, Outcome.COMPLETED, Outcome.BUSY, Outcome.CALL_LATER, Outcome.WRONG_NUMBER):
        ContactFactory(outcome=outcome, **said)
    ContactFactory(direction=Direction.IN, record_points=80, **said)
    ContactFactory(**{**said, "at": TEN - timedelta(days=1)})
    ContactFactory(**{**said, "agent": people.crc})
    ReferralFactory(task=CallTaskFactory(store=people.store), person=people.workshop, asked_by=people.agent)
    done = queries.day_done(people.agent, people.store, TEN.date())
    assert (done.calls, done.connected, done.completed, done.agreed, done.wrong_numbers) == (5, 3, 2, 1, 1)
    assert (done.came_in, done.asked, done.confirmed, done.points, done.texts) == (1, 1, 0, 80, 0)


def test_the_day_is_completed_by_hand_and_read_by_the_supervisor(client, people):
    client.force_login(people.agent)
    address = reverse("callback:log")
    client.post(address, {"also_done": "整理客户档案", "unsolved": "", "for_tomorrow": "补打3个电话"})
    log = WorkLog.objects.get()
    assert (log.agent, log.for_tomorrow, log.version) == (people.agent, "补打3个电话", 1)
    client.post(address, {"also_done": "a", "version": 9})  # written in another window meanwhile
    log.refresh_from_db()
    assert log.also_done == "整理客户档案"
    client.force_login(people.crc)
    page = client.get(address, {"agent": people.agent.pk})
    assert (page.context["log"], page.context["form"], page.context["may_read"]) == (log, None, True)
    client.post(reverse("callback:log_read", args=[log.pk]), {"reason": "很好"})
    log.refresh_from_db()
    assert (log.seen_by, log.remark) == (people.crc, "很好")
    assert "整理客户档案" in client.get(reverse("callback:log_print"), {"agent": people.agent.pk}).content.decode()
    # Written again, it is to be read again.
    assert actions.keep_log(day=log.day, by=people.agent, at=log.kept_at, also_done="b").seen_at is None


def test_days_that_are_too_old_or_still_to_come_are_refused(people):
    for days in (-8, 1):
        with pytest.raises(Refusal):
            actions.keep_log(day=TEN.date() + timedelta(days=days), by=people.agent, at=TEN, also_done="x")
    own = actions.keep_log(day=TEN.date(), by=people.crc, at=TEN, also_done="x")
    with pytest.raises(Refusal):
        actions.read_log(log=own, by=people.crc, at=TEN)
