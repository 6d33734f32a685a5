"""Accounts, positions and rights in the browser."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from dealer_crm.journal.models import Entry
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff

pytestmark = pytest.mark.django_db


def names(answer) -> list[str]:
    return [person.name for person, _post, _roles in answer.context["rows"]]


def address(name, *args):
    return reverse(f"office:{name}", args=args)


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "李明"}, ["李明"]),
        ({"q": "li ming"}, ["李明"]),
        ({"q": "bj01-03"}, ["钱芳"]),
        ({"post": Post.TEAM_LEADER}, ["马超"]),
        ({"q": "nobody"}, []),
        ({"state": "left"}, []),
    ],
)
def test_people_are_found_by_name_pinyin_work_number_and_post(as_manager, asked, found):
    assert names(as_manager.get(address("staff"), asked)) == found


def test_who_has_left_is_out_of_the_list_and_found_among_those(as_manager, people):
    Staff.objects.filter(pk=people.cashier.pk).update(left_on=date(2025, 5, 1), is_active=False)
    assert "钱芳" not in names(as_manager.get(address("staff")))
    assert names(as_manager.get(address("staff"), {"state": "left"})) == ["钱芳"]


def test_a_manager_sees_the_own_store_and_the_administrator_every_one(client, people, others):
    client.force_login(people.manager)
    assert {person.store for person, _post, _roles in client.get(address("staff")).context["rows"]} == {people.store}
    client.force_login(people.admin)
    of_the_other = client.get(address("staff"), {"store": others.store.code, "state": "here"}).context["rows"]
    assert {person.store for person, _post, _roles in of_the_other} == {others.store}


def test_the_list_costs_the_same_however_long_it_is(as_manager, people, others, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        as_manager.get(address("staff"))


# ── Entering and changing ────────────────────────────────────────────────────────────────────────────────────────────
NEW = {
    "work_number": "bj01-77", "name": "高翔", "post": "technician", "coefficient": "0.8", "hired_on": "2026-11-01",
}  # fmt: skip


def test_the_administrator_enters_a_person(as_admin, people):
    answer = as_admin.post(address("staff_new"), {**NEW, "store": people.store.pk, "team": people.mechanics.pk})
    entered = Staff.objects.get(work_number="BJ01-77")
    assert answer.url == address("person", entered.pk)
    assert (entered.roles, entered.name_pinyin) == (["technician"], "gao xiang")
    position = entered.positions.get()
    assert (position.post, position.team, position.coefficient) == (Post.TECHNICIAN, people.mechanics, Decimal("0.8"))


def test_a_refusal_stands_at_its_field(as_admin, people, others):
    given = {**NEW, "store": people.store.pk, "team": others.mechanics.pk}
    answer = as_admin.post(address("staff_new"), given)
    assert list(answer.context["form"].errors) == ["team"]
    assert not Staff.objects.filter(work_number="BJ01-77").exists()


def test_a_promotion_holds_from_its_day(as_admin, people):
    given = {"starts_on": "2026-12-01", "post": "team_leader", "team": people.mechanics.pk, "coefficient": "1.2"}
    as_admin.post(address("position_new", people.technician.pk), given)
    held = list(people.technician.positions.order_by("starts_on").values_list("post", "coefficient"))
    assert held == [("technician", Decimal("1.000")), ("team_leader", Decimal("1.200"))]


def test_facts_of_a_person_are_corrected_with_a_line_from_what_to_what(as_admin, people):
    page = as_admin.get(address("person_change", people.advisor.pk))
    given = {name: value if value is not None else "" for name, value in page.context["form"].initial.items()}
    as_admin.post(address("person_change", people.advisor.pk), {**given, "name": "李明明"})
    assert Entry.objects.get(verb="staff.changed").changes == {"name": ["李明", "李明明"]}


def test_rights_are_granted_by_the_administrator_to_others_only(as_admin, people):
    as_admin.post(address("roles", people.advisor.pk), {"roles": ["advisor", "frontdesk"]})
    answer = as_admin.post(address("roles", people.admin.pk), {"roles": ["admin", "finance"]})
    people.advisor.refresh_from_db()
    people.admin.refresh_from_db()
    assert (people.advisor.roles, people.admin.roles) == (["advisor", "frontdesk"], ["admin"])
    assert list(answer.context["form"].errors) == ["__all__"]


def test_leaving_closes_the_account_and_coming_back_opens_it(as_admin, people):
    as_admin.post(address("leave", people.cashier.pk), {"left_on": "2026-01-31"})
    people.cashier.refresh_from_db()
    assert (people.cashier.left_on, people.cashier.is_active) == (date(2026, 1, 31), False)
    as_admin.post(address("come_back", people.cashier.pk))
    people.cashier.refresh_from_db()
    assert (people.cashier.left_on, people.cashier.is_active) == (None, True)


def test_a_new_password_is_shown_once_and_works(as_admin, people, client):
    answer = as_admin.post(address("password_reset", people.cashier.pk))
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    people.cashier.refresh_from_db()
    assert people.cashier.check_password(password)
    assert password not in str(list(Entry.objects.values()))


def test_the_page_of_a_person_shows_the_story_to_who_may_read_the_journal(client, people):
    client.force_login(people.manager)
    assert "story" in client.get(address("person", people.advisor.pk)).context
    client.force_login(people.frontdesk)
    assert "story" not in client.get(address("person", people.advisor.pk)).context


# ── Stores and teams ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_store_is_opened_and_changed(as_admin, people):
    given = {"code": "gz01", "name": "广州店", "opens_at": "08:00", "closes_at": "17:30", "time_zone": "Asia/Shanghai"}
    as_admin.post(address("store_new"), given)
    shown = {store.code: store for store, _teams in as_admin.get(address("stores")).context["stores"]}
    as_admin.post(address("store_change", shown["GZ01"].pk), {**given, "name": "广州天河店"})
    assert as_admin.get(address("stores")).context["stores"][-1][0].name == "广州天河店"
    deeds = Entry.objects.filter(verb__startswith="store.").order_by("id")
    assert [deed.verb for deed in deeds] == ["store.created", "store.changed"]


@pytest.mark.parametrize(
    ("code", "is_taken"), [("91110105MA01ABCD2X", True), ("91110105MA01ABCD2", False), ("91110105MA01ABCDIX", False)]
)
def test_what_stands_on_bills_is_entered_on_the_stores_page(as_admin, people, code, is_taken):
    held = {"name": people.store.name, "opens_at": "08:30", "closes_at": "18:00", "time_zone": "Asia/Shanghai"}
    said = {"legal_name": " 北京远航汽车销售服务有限公司 ", "credit_code": code, "bank_name": "中国工商银行朝阳支行",
            "bank_account": "0200 0033 1920 0123 456"}  # fmt: skip

    answer = as_admin.post(address("store_change", people.store.pk), held | said)

    people.store.refresh_from_db()
    if is_taken:
        assert (people.store.legal_name, people.store.credit_code) == ("北京远航汽车销售服务有限公司", code)
        assert people.store.bank_account in as_admin.get(address("stores")).content.decode()
    else:
        assert (list(answer.context["form"].errors), people.store.credit_code) == (["credit_code"], "")


def test_a_team_is_added_and_shows_its_people(as_admin, people):
    as_admin.post(address("team_new", people.store.pk), {"name": "机电二组", "kind": "mechanical"})
    (_store, teams), *_rest = as_admin.get(address("stores")).context["stores"]
    assert {team.name: team.size for team in teams} == {
        "机电一组": 2, "机电二组": None, "钣喷一组": None, "加装组": None,
    }  # fmt: skip


def test_a_team_name_is_there_once(as_admin, people):
    answer = as_admin.post(address("team_change", people.painters.pk), {"name": "机电一组", "kind": "body_paint"})
    assert list(answer.context["form"].errors) == ["name"]
