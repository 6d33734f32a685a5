"""Where answers come from: link, code, tablet, desk, HTTP; what is refused. Source: satisfaction.md."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.urls import reverse
from rest_framework.test import APIClient

from dealer_crm.journal.models import Entry
from satisfaction import actions, queries
from satisfaction.choices import Channel
from satisfaction.models import Flag, Questionnaire, Response
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory
from tests.factories.satisfaction import ANSWERED, response

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor, state="delivered")


@pytest.mark.parametrize("channel", [Channel.LINK, Channel.QR, Channel.TABLET])
def test_the_way_an_answer_came_is_kept_and_a_bad_one_flagged(client, people, order, channel):
    path = queries.survey_path(order, channel=channel, given_by=people.advisor)
    client.post(path, {"F01": "9", "F07": "3"})
    made = Response.objects.get()
    taken_by = people.advisor if channel == Channel.TABLET else None
    assert (made.source, made.taken_by, made.vehicle, Flag.objects.count()) == (channel, taken_by, order.vehicle, 1)
    # Once an order, whichever way comes next.
    again = client.post(queries.survey_path(order), {"F01": "1"})
    assert ("您已经评价过了。" in again.text, Response.objects.count()) == (True, 1)


def test_who_has_told_us_on_the_phone_is_not_asked_again_by_link(client, people, order):
    response(people, order=order, version=queries.version_in_force(queries.questionnaire_of_kind("ten_questions")),
             answers={"S01": True})  # fmt: skip
    assert client.get(queries.survey_path(order)).context["state"] == "open"
    response(people, order=order)
    assert client.get(queries.survey_path(order)).context["state"] == "answered"


def test_the_customer_turns_the_page_over_to_english_and_answers_there(client, order):
    path = queries.survey_path(order)
    chinese, english = client.get(path), client.get(path, {"lang": "en"})
    assert ("您觉得这次的收费是否合理？" in chinese.text, "English" in chinese.text) == (True, True)
    assert ("Was the price reasonable?" in english.text, 'lang="en"' in english.text) == (True, True)
    thanks = client.post(f"{path}?lang=en", {"F01": "9"})
    assert "Thank you very much." in thanks.text
    assert client.get(path, {"lang": "xx"}).status_code == 200


def test_answers_stay_with_the_version_that_was_read(client, people, order):
    path = queries.survey_path(order)
    shown = re.search(r'name="version" value="(\d+)"', client.get(path).text)[1]
    version = actions.draft_version(questionnaire=queries.csi_version().questionnaire, by=people.crc, at=ANSWERED)
    actions.publish_version(version=version, by=None, at=ANSWERED)
    assert queries.csi_version() == version
    client.post(path, {"version": shown, "F01": "9"})
    assert Response.objects.get().version.number == 1


def test_another_questionnaire_has_a_link_of_its_own(client, order):
    monthly = Questionnaire.objects.get(code="monthly-survey")
    client.post(queries.survey_path(order), {"F01": "9"})
    client.post(queries.survey_path(order, questionnaire=monthly), {"M01": "2", "M03": "9"})
    numbers = {one.number: one.version.questionnaire.code for one in Response.objects.all()}
    assert numbers == {f"link:{order.pk}": "service-csi", f"link:{order.pk}:monthly-survey": "monthly-survey"}
    assert not Flag.objects.exists()  # M01 asks what was expected: a 2 there is nobody's fault


def test_the_tablet_leaves_no_way_back_into_the_program(client, people, order):
    client.force_login(people.advisor)
    page = client.get(reverse("satisfaction:invite", args=[order.pk]), {"questionnaire": "ten-questions"})
    assert page.context["questionnaire"].code == "ten-questions"
    sheet = client.post(reverse("satisfaction:tablet", args=[order.pk]), {"questionnaire": "ten-questions"})
    assert "我们是否提前与您确认了预约时间？" in client.get(sheet.url).text
    inside = reverse("reception:order", args=[order.pk])
    assert client.get(inside).url.startswith("/sign-in/")
    end = client.post(sheet.url, {"S01": "1", "S05": "0"})
    assert f'href="/sign-in/?next={inside}"' in end.text
    made = Response.objects.get()
    assert (made.source, made.taken_by, Flag.objects.count()) == ("tablet", people.advisor, 1)
    assert Entry.objects.get(verb="survey.handed_over").by_name == people.advisor.name


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"order": "NO-SUCH"}, "order"),
        ({"plate": "京Z99999"}, "plate"),
        ({"answered_at": "2099-01-01T10:00"}, "answered_at"),
        ({"source": "factory"}, "source"),
    ],
)
def test_what_is_wrong_at_the_desk_is_said_at_its_field(client, people, sent, field):
    client.force_login(people.agent)
    url = reverse("satisfaction:response_new", args=["sales-ssi"])
    about = client.get(url).context["about"]
    good = {"token": about.initial["token"], "version": about.initial["version"], "source": "call", "X01": "9"}
    answer = client.post(url, good | sent)
    assert (answer.status_code, list(answer.context["about"].errors)) == (422, [field])
    assert not Response.objects.exists()


def test_answers_are_taken_down_at_the_desk_with_and_without_an_order(client, people, order):
    client.force_login(people.agent)
    sales = reverse("satisfaction:response_new", args=["sales-ssi"])
    sheet = {"token": "6f1c1b1e-0d3b-4a55-9a3e-0a6a0f1d0001", "version": "0", "source": "call"}
    client.post(sales, sheet | {"X01": "4", "plate": order.vehicle.plate.lower()})
    client.post(sales, sheet | {"X01": "9"})  # the same sheet sent twice
    sold = Response.objects.get()
    assert (sold.order, sold.vehicle, sold.customer) == (None, order.vehicle, order.vehicle.owner)
    assert (sold.taken_by, sold.store, Flag.objects.count()) == (people.agent, people.store, 1)
    monthly = reverse("satisfaction:response_new", args=["monthly-survey"])
    other = sheet | {"token": "6f1c1b1e-0d3b-4a55-9a3e-0a6a0f1d0002", "order": order.number.lower(), "M03": "9"}
    assert client.post(monthly, other).url == reverse("reception:order", args=[order.pk])
    assert Response.objects.filter(order=order).count() == 1
    for code in ("factory-survey", "staff-survey", "none"):
        assert client.get(reverse("satisfaction:response_new", args=[code])).status_code == 404


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"questionnaire": "staff-survey", "answers": {"N01": 9}}, "anonymous"),
        ({"questionnaire": "factory-survey", "answers": {"C01": 9}}, "factory_by_workbook"),
        ({"version_number": 7}, "version_changed"),
        ({"answers": {"F01": 11}}, "answers_invalid"),
        ({"answers": {}}, "nothing_answered"),
        ({"answered_at": "2099-01-01T10:00:00Z"}, "future"),
    ],
)
def test_the_same_is_refused_over_http(people, sent, code):
    client = APIClient()
    client.force_authenticate(people.agent)
    good = {"questionnaire": "service-csi", "source": "tablet", "answers": {"F01": 9}, "version_number": 1}
    answer = client.post("/api/v1/responses/", good | sent, format="json")
    assert (answer.status_code, answer.data["type"]) == (409, f"urn:dealer-crm:problem:{code}")
    assert client.post("/api/v1/responses/", good | {"source": "factory"}, format="json").status_code == 422
    assert not Response.objects.exists()


def test_an_expired_link_on_the_tablet_leads_back_to_the_sign_in(client, people, order, monkeypatch):
    path = queries.survey_path(order, channel=Channel.TABLET, given_by=people.advisor)
    later = signing.time.time() + timedelta(days=8).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    answer = client.get(path)
    assert (answer.status_code, "链接已过期。" in answer.text) == (410, True)
