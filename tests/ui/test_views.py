import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.notices.actions import notify
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff
from dealer_crm.ui import home, search
from tests.factories.organization import StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.addresses")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def advisor(client):
    staff = StaffFactory(role=Role.ADVISOR, name="李明")
    client.force_login(staff, "django.contrib.auth.backends.ModelBackend")
    return staff


# ── Search ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def cars(staff, query):
    return [search.Hit(f"京A{n}{query}", staff.name, f"/orders/?{n}") for n in range(9)]


def one_run(staff, query):
    return [search.Hit("2026-10", "提成", "/runs/")]


def test_the_box_asks_only_what_the_person_may_see_and_at_most_eight_of_each(client, advisor):
    search.register(cars, title="车辆", permission=Permission.ORDER_VIEW)
    search.register(one_run, title="提成", permission=Permission.RUN_LOCK)
    sections = search.find(advisor, "  8K ")
    assert [(section.title, len(section.hits), section.hits[0]) for section in sections] == [
        ("车辆", 8, search.Hit("京A08K", "李明", "/orders/?0"))
    ]


def test_one_character_is_not_searched(advisor):
    search.register(cars)
    assert search.find(advisor, " 京 ") == []


def test_the_box_answers_a_fragment_and_enter_a_page(client, advisor):
    search.register(cars, title="车辆")
    fragment = client.get("/search/", {"q": "8K"}, headers=HTMX)
    assert (fragment.text.count("<a href="), "<html" in fragment.text) == (8, False)
    page = client.get("/search/", {"q": "8K"})
    assert [template.name for template in page.templates][:2] == ["ui/search.html", "base.html"]


def test_a_single_hit_is_opened_at_once(client, advisor):
    search.register(one_run)
    assert client.get("/search/", {"q": "2026"})["Location"] == "/runs/"


def test_nothing_found_is_said(client, advisor):
    assert "没有找到。" in client.get("/search/", {"q": "zz"}, headers=HTMX).text


# ── First page ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _people(staff, at):
    return Staff.objects.order_by("work_number")


@home.among(_people)
def to_read(staff, at, people):
    return home.Card("可看", [home.Item(people.first(1)[0].name)])


@home.among(_people, lambda staff, at: Staff.objects.filter(pk__in=[]), lambda staff, at: None)
def calls(staff, at, people, nobody, not_mine):
    items = [home.Item(one.name, "11-21", "/orders/") for one in (*people.first(1), *nobody.first())]
    return home.Card("待回访", items, "/orders/", people.count + nobody.count + not_mine.count, "warning")


@home.among(lambda staff, at: Staff.objects.filter(name="没有"), lambda staff, at: Staff.objects.none())
def nothing(staff, at, _nobody, _none):
    raise AssertionError("asked about nothing")


@home.among(_people)
def nothing_of_mine(staff, at, people):
    return home.Card("没有我的", [], count=0)


@home.among(_people)
def locked(staff, at, people):
    return home.Card("待锁定", count=1)


def test_the_first_page_asks_two_questions_for_all_cards_and_shows_those_with_something_to_do_first(
    client, advisor, django_assert_num_queries
):
    home.register(to_read, order=1)
    home.register(calls, permission=Permission.ORDER_VIEW, order=2)
    home.register(nothing)
    home.register(nothing_of_mine)
    home.register(locked, permission=Permission.RUN_LOCK)
    with django_assert_num_queries(2):  # how many of each, and the first rows of those there are
        cards = home.cards_for(advisor, timezone.now())
    assert [(card.title, card.count) for card in cards] == [("待回访", Staff.objects.count()), ("可看", None)]
    page = client.get("/").text
    assert f'<span class="count-bubble badge-warning ms-auto">{Staff.objects.count()}</span>' in page
    assert '<li><a href="/orders/"><span>' in page


# ── Notices ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_bell_counts_what_is_unread_and_opening_a_notice_reads_it(client, advisor, django_assert_max_num_queries):
    at = "2026-11-21T08:00+08:00"
    notify(recipients=[advisor, StaffFactory()], key="a", text="投诉待回复", url="/orders/", at=at)
    notify(recipients=[advisor], key="b", text="不安全的链接", url="https://elsewhere.example/", at=at)
    with django_assert_max_num_queries(3):
        assert client.get("/notices/bell/", headers=HTMX).text.startswith('<span class="bell-count">2</span>')
    first, second = Notice.objects.filter(recipient=advisor).order_by("key")
    assert client.get(f"/notices/{first.pk}/")["Location"] == "/orders/"
    assert client.get(f"/notices/{second.pk}/")["Location"] == "/notices/"
    assert client.get("/notices/bell/", headers=HTMX).text == ""
    assert list(Notice.objects.filter(read_at=None).values_list("recipient_id", flat=True)) != [advisor.pk]


def test_somebody_else_s_notice_does_not_exist(client, advisor):
    notify(recipients=[StaffFactory()], key="a", text="别人的", at="2026-11-21T08:00+08:00")
    assert client.get(f"/notices/{Notice.objects.get().pk}/").status_code == 404


def test_all_notices_are_marked_as_read_by_one_press_but_not_by_looking(client, advisor):
    notify(recipients=[advisor], key="a", text="甲", at="2026-11-21T08:00+08:00")
    client.get("/notices/read/")
    assert Notice.objects.filter(read_at=None).count() == 1
    client.post("/notices/read/")
    assert Notice.objects.filter(read_at=None).count() == 0


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_signing_in_with_the_work_number_leads_to_the_page_that_was_asked(client):
    get_user_model().objects.create_user(
        "liming", "correct horse", work_number="BJ01-01", name="李明", roles=[Role.ADVISOR]
    )
    assert client.get("/orders/")["Location"] == "/sign-in/?next=/orders/"
    answer = client.post(
        "/sign-in/?next=/orders/", {"username": "bj01-01", "password": "correct horse", "next": "/orders/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")


def test_the_demo_lists_its_sign_ins_and_nobody_else_does(client, settings):
    assert client.get("/sign-in/").context["demo_sign_ins"] == []
    settings.DEMO = True
    assert [code for code, _label in client.get("/sign-in/").context["demo_sign_ins"]] == [role.value for role in Role]


def test_signing_out_needs_a_post(client, advisor):
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_changing_the_password_asks_for_the_old_one(client, advisor):
    advisor.set_password("correct horse")
    advisor.save()
    client.force_login(advisor, "django.contrib.auth.backends.ModelBackend")
    new = {"new_password1": "battery staple 9", "new_password2": "battery staple 9"}
    assert client.post("/password/", {"old_password": "wrong", **new}).status_code == 200
    assert client.post("/password/", {"old_password": "correct horse", **new})["Location"] == "/"


def test_the_language_is_switched_and_kept(client, advisor):
    assert "工作台" in client.get("/").text
    client.post("/language/", {"language": "en", "next": "/"})
    assert '<html lang="en">' in client.get("/").text


# ── When something is wrong ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/nowhere/", 404, "页面不存在。"), ("/runs/", 403, "您没有查看权限。"), ("/broken/", 500, "系统出错了")],
)
def test_an_error_page_says_in_chinese_what_to_do(client, advisor, path, status, words):
    client.raise_request_exception = False
    answer = client.get(path)
    assert answer.status_code == status
    assert f'<h1 class="h2 mt-3">{words}</h1>' in answer.text


def test_a_form_that_was_open_too_long_is_explained(advisor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(advisor, "django.contrib.auth.backends.ModelBackend")
    answer = strict.post("/saved/")
    assert (answer.status_code, "页面已过期。" in answer.text) == (403, True)


def test_an_error_for_htmx_is_a_toast(client, advisor):
    answer = client.get("/nowhere/", headers=HTMX)
    assert (answer.status_code, [template.name for template in answer.templates]) == (404, ["ui/toast.html"])


def test_the_frame_costs_the_same_queries_whatever_it_shows(client, advisor, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get("/")
