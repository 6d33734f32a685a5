"""Entering people, what they are from a day on, what they may do, their leaving; stores and teams."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dealer_crm.access.roles import Role
from dealer_crm.journal.models import Entry
from dealer_crm.organization import actions
from dealer_crm.organization.choices import ROLES_OF_POST, Post, TeamKind
from dealer_crm.organization.models import Position, Staff
from dealer_crm.values import Refusal
from tests.factories import cast
from tests.factories.organization import HIRED

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = AT.date()


@pytest.fixture
def people():
    return cast.of_store()


def enter(people, **fields):
    return actions.create_staff(
        **{
            "work_number": " a-77 ", "name": "杨帆", "store": people.store, "post": Post.TECHNICIAN,
            "team": people.mechanics, "coefficient": Decimal("0.8"), "hired_on": TODAY, "by": people.admin, "at": AT,
            **fields,
        }
    )  # fmt: skip


def refused_at(deed, *args, **fields) -> str:
    with pytest.raises(Refusal) as caught:
        deed(*args, **fields)
    return caught.value.field


# ── Entering ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_new_person_has_the_rights_of_the_post_a_position_and_no_password(people):
    person = enter(people)
    position = person.positions.get()
    assert (person.work_number, person.username, person.roles) == ("A-77", "a-77", ["technician"])
    assert (position.post, position.team, position.coefficient, position.starts_on) == (
        Post.TECHNICIAN, people.mechanics, Decimal("0.8"), TODAY,
    )  # fmt: skip
    assert person.has_usable_password() is False


@pytest.mark.parametrize("post", Post)
def test_every_post_knows_its_rights(post):
    assert {Role(role) for role in ROLES_OF_POST[post]} == set(ROLES_OF_POST[post])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"work_number": "bj01-05"}, "work_number"),
        ({"username": "BJ01-05"}, "work_number"),
        ({"regularised_on": TODAY - timedelta(days=1)}, "regularised_on"),
    ],
)
def test_a_work_number_is_given_once_whatever_its_case_and_days_are_in_order(people, fields, field):
    assert refused_at(enter, people, **fields) == field


def test_a_team_of_another_store_is_refused(people):
    assert refused_at(enter, people, team=cast.of_second_store().mechanics) == "team"


def test_people_sign_in_with_the_work_number_in_any_case(people):
    assert Staff.objects.get_by_natural_key("bj01-05") == Staff.objects.get_by_natural_key("BJ01-05")


# ── Positions ────────────────────────────────────────────────────────────────────────────────────────────────────────
def move(people, **fields):
    return actions.change_position(
        **{
            "staff": people.technician, "starts_on": TODAY, "post": Post.TEAM_LEADER, "team": people.painters,
            "coefficient": Decimal("1.3"), "by": people.admin, "at": AT, **fields,
        }
    )  # fmt: skip


def test_a_new_position_holds_from_its_day_and_leaves_the_past_alone(people):
    before = people.technician.positions.get()
    move(people)
    before.refresh_from_db()
    assert (before.post, before.team, people.technician.positions.count()) == (Post.TECHNICIAN, people.mechanics, 2)


def test_a_position_of_the_same_day_is_corrected(people):
    move(people)
    move(people, coefficient=Decimal("1.2"))
    assert Position.objects.get(staff=people.technician, starts_on=TODAY).coefficient == Decimal("1.2")


def test_the_journal_says_from_what_to_what(people):
    move(people)
    changes = Entry.objects.get(verb="position.started").changes
    assert (changes["post"], changes["team"], changes["coefficient"]) == (
        ["technician", "team_leader"], ["机电一组", "钣喷一组"], ["1.000", "1.3"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field"), [({"starts_on": HIRED - timedelta(days=1)}, "starts_on"), ({"team": "other"}, "team")]
)
def test_impossible_positions_are_refused(people, fields, field):
    if fields.get("team") == "other":
        fields = {"team": cast.of_second_store().painters}
    assert refused_at(move, people, **fields) == field


# ── Rights ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_rights_are_granted_by_somebody_else_and_noted(people):
    actions.grant_roles(staff=people.technician, roles=[Role.TECHNICIAN, Role.INSPECTOR], by=people.admin, at=AT)
    people.technician.refresh_from_db()
    assert people.technician.roles == ["inspector", "technician"]
    assert Entry.objects.get(verb="staff.roles_granted").changes["roles"] == [
        ["technician"], ["inspector", "technician"],
    ]  # fmt: skip


def test_nobody_changes_their_own_rights(people):
    with pytest.raises(Refusal):
        actions.grant_roles(staff=people.admin, roles=[Role.DIRECTOR], by=people.admin, at=AT)


# ── Leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def leave(people, left_on):
    return actions.end_employment(staff=people.technician, left_on=left_on, by=people.admin, at=AT)


@pytest.mark.parametrize(("left_on", "open_still"), [(TODAY, False), (TODAY + timedelta(days=9), True)])
def test_an_account_closes_after_the_last_day(people, left_on, open_still):
    assert leave(people, left_on).is_active is open_still


def test_accounts_of_those_whose_last_day_is_over_close_by_themselves(people):
    leave(people, TODAY + timedelta(days=1))
    assert [actions.close_left_accounts(at=AT + timedelta(days=days)) for days in (1, 2, 3)] == [0, 1, 0]


def test_who_comes_back_has_the_rights_of_before(people):
    leave(people, TODAY)
    person = actions.resume_employment(staff=people.technician, by=people.admin, at=AT)
    assert (person.is_active, person.left_on, person.roles) == (True, None, ["technician"])
    with pytest.raises(Refusal):
        actions.resume_employment(staff=people.technician, by=people.admin, at=AT)


def test_nobody_leaves_before_coming(people):
    assert refused_at(leave, people, HIRED - timedelta(days=1)) == "left_on"


def test_a_password_is_given_anew_and_works(people):
    password = actions.reset_password(staff=people.technician, by=people.admin, at=AT)
    people.technician.refresh_from_db()
    assert people.technician.check_password(password)
    assert password not in str(list(Entry.objects.values()))


def test_a_password_is_not_reset_for_oneself_or_a_closed_account(people):
    leave(people, TODAY)
    for person in (people.admin, people.technician):
        with pytest.raises(Refusal):
            actions.reset_password(staff=person, by=people.admin, at=AT)


# ── Stores and teams ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "bj01"}, "code"),
        ({"closes_at": time(8)}, "closes_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_impossible_stores_are_refused(people, fields, field):
    store = {"code": "GZ01", "name": "广州店", "by": people.admin, "at": AT}
    assert refused_at(actions.create_store, **store | fields) == field


def test_a_store_and_its_teams_are_opened_and_changed(people):
    store = actions.create_store(code=" gz01 ", name="广州店", by=people.admin, at=AT)
    team = actions.create_team(store=store, name="机电一组", kind=TeamKind.MECHANICAL, by=people.admin, at=AT)
    actions.change_store(store=store, name="广州天河店", by=people.admin, at=AT)
    actions.change_team(team=team, name="机电二组", kind=TeamKind.BODY_PAINT, by=people.admin, at=AT)
    store.refresh_from_db()
    team.refresh_from_db()
    assert (store.code, store.name, team.name, team.kind) == ("GZ01", "广州天河店", "机电二组", "body_paint")


def test_a_team_name_is_given_once_per_store(people):
    team = {"name": people.mechanics.name, "kind": TeamKind.MECHANICAL, "by": people.admin, "at": AT}
    assert refused_at(actions.create_team, store=people.store, **team) == "name"
    assert refused_at(actions.change_team, team=people.painters, **team) == "name"
