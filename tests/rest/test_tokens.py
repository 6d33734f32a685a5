"""Programs come with a token: how a person gets one, what it opens, how it ends."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from dealer_crm.journal.models import Entry
from dealer_crm.organization import actions
from tests.factories import cast
from tests.factories.reception import MORNING

pytestmark = pytest.mark.django_db

TARGETS = "/api/v1/targets/"


@pytest.fixture
def people():
    return cast.of_store()


def with_token(key: str) -> Client:
    return Client(headers={"authorization": f"Token {key}"})


def test_a_person_makes_their_own_token_and_sees_it_once(client, people):
    client.force_login(people.manager)
    page = reverse("ui:api_token")
    shown = client.post(page)
    key = Token.objects.get(user=people.manager).key
    assert (shown.content.decode().count(key), client.get(page).content.decode().count(key)) == (2, 0)
    assert with_token(key).get(TARGETS).status_code == 200
    assert Entry.objects.get(verb="staff.api_token_given").by_name == people.manager.name


def test_a_new_token_ends_the_former_one_and_withdrawing_ends_it_for_good(client, people):
    first = actions.give_api_token(staff=people.manager, by=people.manager, at=MORNING)
    second = actions.give_api_token(staff=people.manager, by=people.manager, at=MORNING)
    assert [with_token(key).get(TARGETS).status_code for key in (first, second)] == [401, 200]
    client.force_login(people.manager)
    client.post(reverse("ui:api_token_off"))
    assert with_token(second).get(TARGETS).status_code == 401


def test_a_token_has_the_rights_of_its_person(people):
    key = actions.give_api_token(staff=people.technician, by=people.technician, at=MORNING)
    assert with_token(key).get(TARGETS).status_code == 403


def test_a_reset_password_or_a_closed_account_ends_the_token(people):
    key = actions.give_api_token(staff=people.manager, by=people.manager, at=MORNING)
    actions.reset_password(staff=people.manager, by=people.admin, at=MORNING)
    assert with_token(key).get(TARGETS).status_code == 401
    key = actions.give_api_token(staff=people.advisor, by=people.advisor, at=MORNING)
    people.advisor.is_active = False
    people.advisor.save()
    assert with_token(key).get("/api/v1/customers/").status_code == 401


def test_the_description_of_the_api_opens_with_a_token(people):
    key = actions.give_api_token(staff=people.manager, by=people.manager, at=MORNING)
    assert with_token(key).get("/api/docs/").status_code == 200
    assert with_token("wrong").get("/api/docs/").status_code == 401
    assert Client().get("/api/docs/").status_code == 302


@pytest.mark.parametrize(
    ("language", "title"), [(None, "页面不存在。"), ("en", "There is nothing here."), ("zh-CN", "页面不存在。")]
)
def test_an_unknown_address_of_the_api_is_a_problem_in_the_readers_language(language, title):
    answer = Client().get("/api/v1/nothing/", headers={"accept-language": language} if language else {})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert (answer.json()["title"], answer.json()["status"]) == (title, 404)
