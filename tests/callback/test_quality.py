"""通话品质: the sample nobody chooses, the weighted form, the agent's comment."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from callback import actions, queries
from callback.choices import Outcome, QualityPoint
from callback.formulas import quality_points
from callback.models import CallScore
from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from tests.factories.callback import TEN, ContactFactory

MARKS = {"opening": 10, "wording": 8, "listening": 9, "handling": 7, "closing": 10, "record": 6}


@pytest.mark.parametrize(
    ("marks", "weights", "points"),
    [
        (dict.fromkeys("abc", 10), {"a": 10, "b": 20, "c": 70}, "100.0"),
        (dict.fromkeys("abc", 0), {"a": 10, "b": 20, "c": 70}, "0.0"),
        ({"a": 10, "b": 0}, {"a": 1, "b": 2}, "33.3"),
        ({"a": 7, "b": 8}, {"a": 1, "b": 0}, "70.0"),
        ({"a": 7}, {"a": 0}, "0.0"),
    ],
)
def test_points_are_the_weighted_mean_of_the_marks(marks, weights, points):
    assert quality_points(marks, weights) == Decimal(points)


def test_the_sample_takes_some_talks_of_every_agent_and_always_the_same(people):
    begin = datetime.combine(date(2026, 10, 12), TEN.min.time(), TEN.tzinfo)
    for agent, talks in ((people.agent, 9), (people.crc, 3)):
        for number in range(talks):
            ContactFactory(store=people.store, agent=agent, at=begin + timedelta(hours=10 * number))
    ContactFactory(store=people.store, agent=people.crc, at=begin, outcome=Outcome.BUSY)
    ContactFactory(store=people.store, agent=people.crc, at=begin - timedelta(hours=1))
    drawn = [list(queries.quality_sample(people.store, begin.date(), begin)) for _again in range(2)]
    assert drawn[0] == drawn[1]
    assert sorted(one.agent.name for one in drawn[0]) == sorted([people.agent.name] * 5 + [people.crc.name] * 3)
    other = queries.quality_sample(people.store, date(2026, 10, 5), begin)
    assert {one.pk for one in other} != {one.pk for one in drawn[0]}


def test_a_call_is_judged_by_another_and_commented_on_by_its_agent(client, people):
    contact = ContactFactory(store=people.store, agent=people.agent)
    said = {"contact": contact, "marks": MARKS, "by": people.crc, "at": TEN}
    refused = [
        ({"by": people.agent}, "own_call"), ({"marks": {"opening": 11}}, "marks_missing"),
        ({"contact": ContactFactory(store=people.store, outcome=Outcome.BUSY)}, "not_talked"),
    ]  # fmt: skip
    for wrong, code in refused:
        with pytest.raises(Refusal) as refusal:
            actions.score_call(**said | wrong)
        assert refusal.value.code == code
    client.force_login(people.crc)
    address = reverse("callback:score", args=[contact.pk])
    assert client.post(address, {**MARKS, "opening": 12}).status_code == 422
    client.post(address, {**MARKS, "remark": "收尾很好"})
    score = CallScore.objects.get()
    assert (score.points, set(score.weights), score.seed[:8]) == (Decimal("80.5"), set(QualityPoint.values), "quality:")
    assert Notice.objects.filter(recipient=people.agent).count() == 1
    assert client.get(reverse("callback:quality")).context["agents"] is not None

    client.force_login(people.agent)
    assert client.get(address).context["comment_form"]
    client.post(reverse("callback:score_comment", args=[contact.pk]), {"comment": "当时线路不好", "version": 1})
    score.refresh_from_db()
    assert (score.comment, Notice.objects.filter(recipient=people.crc).count()) == ("当时线路不好", 1)
    foreign = ContactFactory(store=people.store, agent=people.crc)
    assert client.get(reverse("callback:score", args=[foreign.pk])).status_code == 404
    assert list(client.get(reverse("callback:quality")).context["page"].rows) == [score]
