"""How the centre did, and that every figure leads to as many calls as it counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from callback import queries
from callback.choices import Outcome, TaskState
from callback.queries.queue import in_view
from reception.choices import Channel
from satisfaction.actions import draft_version, install_questionnaires
from satisfaction.choices import QuestionKind, ResponseSource
from satisfaction.models import Question, Response
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory, ReferralFactory

DAY = date(2026, 10, 15)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def day(people):
    """Five owed calls (one left out, one too late, one not called), their contacts, two of them with scores."""
    install_questionnaires(by=None, at=TEN)
    scored = Question.objects.filter(kind=QuestionKind.SCORE).select_related("version").first()
    draft = draft_version(questionnaire=scored.version.questionnaire, by=None, at=TEN)
    levels = draft.questions.get(code=scored.code)
    levels.kind = QuestionKind.LEVEL
    levels.save()
    facts = [
        {"state": TaskState.DONE, "first_called_at": TEN},
        {"state": TaskState.REFUSED, "first_called_at": TEN.replace(hour=19)},
        {"first_called_at": TEN},
        {},
        {"state": TaskState.DROPPED},
    ]
    first, *others = [CallTaskFactory(store=people.store, due_at=TEN.replace(hour=18), **one) for one in facts]
    said = [
        (first, 0, Outcome.COMPLETED, {"was_on_time": False}),
        (others[0], 20, Outcome.REFUSED, {}),
        (others[1], 70, Outcome.WRONG_NUMBER, {"started_at": None}),
        (others[1], 80, Outcome.COMPLETED, {}),
        (first, 90, Outcome.SMS, {"channel": Channel.SMS}),
    ]
    contacts = [
        ContactFactory(
            **{"task": task, "agent": people.agent, "at": TEN + minutes * MINUTE, "outcome": outcome,
               "started_at": TEN + (minutes - 3) * MINUTE} | more
        )
        for task, minutes, outcome, more in said
    ]  # fmt: skip
    for contact, score, level in ((contacts[0], 9, 3), (contacts[3], 3, 4)):
        contact.response = Response.objects.create(
            version=scored.version, store=people.store, source=ResponseSource.CALL, answered_at=contact.at
        )
        contact.save()
        for question, value in ((scored, score), (levels, level)):
            contact.response.answers.create(question=question, score=value)
    return people.store


def test_calls_are_counted_by_what_came_of_them(people, day):
    ((_day, one),) = queries.daily_figures(day, DAY, DAY)
    assert (one.owed, one.called, one.called_inside, one.dropped, one.calls, one.connected, one.wrong_numbers) == (
        4, 3, 2, 1, 4, 3, 1,
    )  # fmt: skip
    # 9 and 3 of 5 (6 of 10) make 7.5; 3 and 4 of 5 (8 of 10) make 5.5.
    assert (one.satisfied_rate, one.calls_per_hour, one.handling_minutes) == (Decimal("0.5"), 2, 3)
    (agent,) = queries.figures_by_agent(day, DAY, DAY)
    assert (agent["figures"].calls, agent["figures"].satisfied, agent["figures"].hours) == (4, 1, 2)
    total = queries.figures_of_span(queries.daily_figures(day, DAY - timedelta(days=6), DAY))
    assert (total.calls, total.handling, total.hours) == (4, 9 * MINUTE, 2)


def test_every_figure_leads_to_as_many_calls(client, people, day):
    ((_day, one),) = queries.daily_figures(day, DAY, DAY)
    tasks = queries.tasks_in_list(people.crc)
    counted = {"owed": one.owed, "called": one.called, "inside": one.called_inside, "too_late": 1, "uncalled": 1,
               "done": one.completed, "refused": one.refused, "dropped": one.dropped}  # fmt: skip
    assert {view: in_view(tasks, view, at=TEN, day_ends_at=TEN).count() for view in counted} == counted
    calls = {"calls": one.calls, "connected": one.connected, "wrong": one.wrong_numbers, "said_late": one.said_late,
             "complaints": one.complaints, "rated": one.rated, "satisfied": one.satisfied, "dissatisfied": 1,
             "completed": 2, "timed": one.timed}  # fmt: skip
    assert set(calls) == set(queries.CALL_VIEWS)
    client.force_login(people.crc)
    for view, count in calls.items():
        page = client.get(reverse("callback:contacts"), {"view": view, "first": DAY, "last": DAY})
        assert (view, len(page.context["page"].rows)) == (view, count)
    task = ReferralFactory(store=day, person=people.workshop)
    page = client.get(reverse("callback:figures"), {"first": DAY, "last": DAY})
    assert [(row.key, row.due, row.late) for row in page.context["referrals"]] == [("", 1, 1), ("parts", 1, 1)]
    sheet = client.get(reverse("callback:sheet"), {"view": "due", "department": "parts", "first": DAY, "last": DAY})
    assert sheet.context["page"].rows == [task]
    other = client.get(reverse("callback:sheet"), {"view": "due", "first": DAY + timedelta(days=1)})
    assert other.context["page"].rows == []
