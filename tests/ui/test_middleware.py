"""A view answers a page and a fragment alike."""

import json

import pytest
from django.urls import reverse

from dealer_crm.access.roles import Role
from tests.factories.organization import StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.addresses")]
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/orders/?state=open"}


@pytest.fixture
def advisor(client):
    staff = StaffFactory(role=Role.ADVISOR)
    client.force_login(staff, "django.contrib.auth.backends.ModelBackend")
    return staff


def test_a_redirect_moves_the_whole_page_and_the_message_waits_for_it(client, advisor):
    answer = client.post("/saved/", headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (204, reverse("orders"), b"")
    page = client.get("/")
    assert [str(message) for message in page.context["messages"]] == ["已保存"]


def test_a_message_with_a_fragment_becomes_a_toast_beside_the_view_s_own_event(client, advisor):
    answer = client.post("/saved/?stay=1", headers=HTMX)
    assert json.loads(answer["HX-Trigger"]) == {"row-saved": {}, "toast": [{"tone": "success", "text": "已保存"}]}
    assert list(client.get("/").context["messages"]) == []


def test_without_htmx_the_answer_is_left_as_it_is(client, advisor):
    answer = client.post("/saved/")
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")


def test_a_refusal_is_a_toast_for_htmx_and_a_message_for_a_page(client, advisor):
    toast = client.post("/refused/", headers=HTMX)
    assert (toast.status_code, [template.name for template in toast.templates]) == (422, ["ui/toast.html"])
    assert "data-toast" in toast.text
    assert "<div>此工单已结算。<ul><li>先红冲结算单</li></ul></div>" in toast.text
    page = client.post("/refused/", follow=True)
    assert [str(message) for message in page.context["messages"]] == ["此工单已结算。 先红冲结算单"]


def test_a_fragment_asked_after_the_session_ended_leads_to_sign_in_and_back_to_the_page(client):
    answer = client.get("/orders/", headers={**HTMX, "Referer": "http://testserver/orders/?state=open"})
    assert answer["HX-Redirect"] == "/sign-in/?next=http%3A//testserver/orders/%3Fstate%3Dopen"


def test_page_and_fragment_are_kept_apart_by_caches(client, advisor):
    assert "HX-Request" in [name.strip() for name in client.get("/").headers["Vary"].split(",")]
