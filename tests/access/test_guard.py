"""The guard of pages and the middleware behind it."""

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role, permissions_of
from dealer_crm.access.routes import guarded, page, public_page
from dealer_crm.ui import urls as ui_urls
from dealer_crm.values import Refusal, Stale
from tests.factories import cast

pytestmark = pytest.mark.django_db


def shown(request):
    return HttpResponse("shown")


def refused(request):
    raise Refusal("此工单已结算。", details=["先红冲结算单"])


def stale(request):
    raise Stale("他人已修改。")


urlpatterns = [
    path("", include((ui_urls.urlpatterns, "ui"))),
    path("notices/", include("dealer_crm.notices.urls")),
    page("orders/", shown, Permission.ORDER_VIEW, name="orders"),
    page("refused/", refused, Permission.HOME_VIEW, name="refused"),
    page("stale/", stale, Permission.HOME_VIEW, name="stale"),
    public_page("open/", shown, name="open"),
    path("forgotten/", shown, name="forgotten"),
]


@pytest.fixture(autouse=True)
def _addresses_of_these_tests():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def people():
    return cast.of_store()


def test_a_page_without_a_declared_permission_is_shown_to_nobody(client, people):
    assert client.get("/forgotten/").status_code == 403
    client.force_login(people.manager)
    assert client.get("/forgotten/").status_code == 403


def test_a_public_page_is_shown_to_everybody(client):
    assert client.get("/open/").content == b"shown"


def test_who_is_not_signed_in_comes_back_to_the_page_after_signing_in(client):
    answer = client.get("/orders/?state=open")
    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/orders/%3Fstate%3Dopen")


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client):
    answer = client.post("/orders/", headers={"referer": "http://testserver/orders/7/"})
    assert answer.url == "/sign-in/?next=http%3A//testserver/orders/7/"


def test_a_fragment_asked_without_a_session_moves_the_whole_page(client):
    answer = client.get("/orders/", headers={"hx-request": "true", "hx-current-url": "http://testserver/orders/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=http%3A//testserver/orders/")


def test_nobody_is_led_to_another_house(client):
    answer = client.post("/orders/", headers={"referer": "https://elsewhere.example/orders/"})
    assert answer.url == "/sign-in/?next=/"


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_the_roles_that_hold_its_permission(client, people, role):
    client.force_login(getattr(people, role.value))
    expected = 200 if Permission.ORDER_VIEW in PERMISSIONS[role] else 403
    assert client.get("/orders/").status_code == expected


def test_an_account_that_is_closed_opens_nothing_any_more(client, people):
    client.force_login(people.advisor)
    people.advisor.is_active = False
    people.advisor.save()
    assert client.get("/orders/").status_code == 302


def test_a_refusal_on_a_page_is_said_on_the_page_before(client, people):
    client.force_login(people.advisor)
    answer = client.post("/refused/", headers={"referer": "http://testserver/orders/"})
    assert (answer.status_code, answer.url) == (302, "http://testserver/orders/")
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["此工单已结算。 先红冲结算单"]


def test_a_refusal_never_leads_back_to_itself(client, people):
    client.force_login(people.advisor)
    assert client.get("/refused/", headers={"referer": "http://testserver/refused/"}).url == "/"


@pytest.mark.parametrize(("address", "status"), [("/refused/", 422), ("/stale/", 412)])
def test_a_refusal_of_a_fragment_is_a_toast(client, people, address, status):
    client.force_login(people.advisor)
    answer = client.post(address, headers={"hx-request": "true"})
    assert (answer.status_code, answer.templates[0].name) == (status, "ui/toast.html")


def test_a_guarded_view_keeps_its_name_and_says_what_it_needs():
    view = guarded(shown, Permission.ORDER_VIEW)
    assert (view.__name__, view.permission) == ("shown", Permission.ORDER_VIEW)


def test_several_roles_may_what_either_may():
    both = permissions_of(["cashier", "agent"])
    assert both == PERMISSIONS[Role.CASHIER] | PERMISSIONS[Role.AGENT]


def test_every_permission_is_held_by_somebody():
    assert set(Permission) - frozenset().union(*PERMISSIONS.values()) == set()


def test_a_page_somebody_may_not_open_is_one_line_in_the_log(client, people, caplog):
    client.force_login(people.cashier)
    assert client.get("/forgotten/").status_code == 403
    assert [record.exc_info for record in caplog.records if record.name == "django.request"] == [None]
