"""The staff survey: anonymous, once a month, nothing shown of a small group. Source: satisfaction.md."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from dealer_crm.journal.models import Entry
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff
from dealer_crm.values import Period, Refusal
from satisfaction import actions, queries
from satisfaction.choices import QuestionnaireKind
from satisfaction.models import Ballot, Flag, Response
from tests.factories import cast
from tests.factories.satisfaction import ANSWERED

OCTOBER = Period(2026, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    return cast.of_store()


def version():
    return queries.version_in_force(queries.questionnaire_of_kind(QuestionnaireKind.STAFF))


def answer(person, score=8, **answers):
    actions.answer_staff_survey(version=version(), answers={"N01": score, **answers}, by=person, at=ANSWERED)


def staff(people):
    return [people.advisor, people.technician, people.agent, people.cashier, people.workshop, people.crc]


def test_nothing_leads_from_a_sheet_to_who_wrote_it(people):
    before = Entry.objects.count()
    for person in reversed(staff(people)):
        answer(person, score=1, NYJ="希望少加班")
    told = Response.objects.order_by().values("taken_by", "customer", "advisor", "number", "answered_at")
    sheets = list(told.distinct())
    assert sheets == [
        {"taken_by": None, "customer": None, "advisor": None, "number": None,
         "answered_at": ANSWERED.replace(day=1, hour=12)},
    ]  # fmt: skip
    in_order = [one.staff.work_number for one in Ballot.objects.order_by("pk").select_related("staff")]
    assert in_order == sorted(in_order)  # the order of rows says nothing either
    assert (Entry.objects.count(), Flag.objects.count()) == (before, 0)
    assert queries.responses_matching(people.manager, queries.Scope(people.store, OCTOBER)).count() == 0


def test_everybody_answers_once_a_month(people):
    answer(people.advisor)
    with pytest.raises(Refusal, match="您已参加过本期调查。"):
        answer(people.advisor)
    with pytest.raises(Refusal):
        actions.answer_staff_survey(
            version=queries.csi_version(), answers={"F01": 9}, by=people.technician, at=ANSWERED
        )
    assert Response.objects.count() == 1


def test_a_small_group_or_an_open_month_is_not_shown(people):
    over, within = OCTOBER.last_day + timedelta(days=1), OCTOBER.last_day
    for person in staff(people)[:4]:
        answer(person)
    four = queries.staff_round(people.store, OCTOBER, on=over)
    assert (four.answered, four.is_shown, four.index, four.factors, four.words) == (4, False, None, [], [])
    answer(staff(people)[4], score=3, NYJ="空调太吵")
    assert queries.staff_round(people.store, OCTOBER, on=within).factors == []
    five = queries.staff_round(people.store, OCTOBER, on=over)
    assert (five.answered, five.index, five.words) == (5, 700, ["空调太吵"])  # (4 × 8 + 3) ÷ 5 = 7
    assert (round(five.index_interval.low), round(five.index_interval.high)) == (422, 978)  # 700 ± 2.776 × 223.6 ÷ √5
    assert [(row.question.code, row.figures.n, row.is_small) for row in five.factors] == [("N01", 5, True)]


def test_everybody_is_asked_once_a_round(people):
    answer(people.advisor)
    told = actions.call_staff_survey(store=people.store, period=OCTOBER, by=people.crc, at=ANSWERED)
    assert told == Staff.objects.filter(store=people.store, is_active=True).count() - 1
    assert not Notice.objects.filter(recipient=people.advisor).exists()
    assert actions.call_staff_survey(store=people.store, period=OCTOBER, by=people.crc, at=ANSWERED) == 0


def test_the_sheet_is_filled_in_and_the_round_looked_at_in_the_browser(client, people):
    client.force_login(people.technician)
    url = reverse("satisfaction:staff_survey")
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"N01": "9", "NTJ": "10"}).url == url
    assert client.get(url).context["is_answered"]
    client.force_login(people.crc)
    shown = client.get(reverse("satisfaction:staff_round"), {"period": "2026-10"})
    assert "少于 5 人作答" in shown.text
    client.post(reverse("satisfaction:staff_call"))
    assert Notice.objects.filter(recipient=people.technician).count() == 0
    assert Notice.objects.filter(recipient=people.agent).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sheets_of_one_person_at_the_same_moment_are_one():
    people = cast.of_store("XA01", "西安店")
    gate, refused = threading.Barrier(2), []

    def send():
        gate.wait()
        try:
            answer(people.advisor)
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (Response.objects.count(), Ballot.objects.count(), refused) == (1, 1, ["answered_already"])
