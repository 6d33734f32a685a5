"""What held on a day: positions and figures; who sees whom."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dealer_crm.access.roles import Role
from dealer_crm.organization import queries
from dealer_crm.organization.actions import set_figure
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Staff, StoreFigure, Team
from dealer_crm.values import Figure, Refusal
from dealer_crm.values.figures import REGISTERED
from tests.factories import cast
from tests.factories.organization import PositionFactory, StaffFactory, TeamFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def patience():
    before = dict(REGISTERED)
    yield Figure("tests.patience", 30, "Patience")
    REGISTERED.clear()
    REGISTERED.update(before)


# ── Positions in force ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def promoted(people):
    """A technician until 14 October, leader of the painters from the 15th."""
    person = StaffFactory(role=Role.TECHNICIAN, team=people.mechanics, coefficient=Decimal("1.000"))
    PositionFactory(
        staff=person, post=Post.TEAM_LEADER, team=people.painters, coefficient=Decimal("1.300"),
        starts_on=date(2026, 10, 15),
    )  # fmt: skip
    return person


@pytest.mark.parametrize(
    ("day", "post", "team", "coefficient"),
    [
        (date(2020, 3, 1), None, None, None),
        (date(2020, 3, 2), Post.TECHNICIAN, "机电一组", Decimal("1.000")),
        (date(2026, 10, 14), Post.TECHNICIAN, "机电一组", Decimal("1.000")),
        (date(2026, 10, 15), Post.TEAM_LEADER, "钣喷一组", Decimal("1.300")),
        (date(2030, 1, 1), Post.TEAM_LEADER, "钣喷一组", Decimal("1.300")),
    ],
)
def test_a_person_is_on_a_day_what_the_latest_position_begun_by_then_says(promoted, day, post, team, coefficient):
    found = Staff.objects.with_position(day).get(pk=promoted.pk)
    name = Team.objects.get(pk=found.team_id_now).name if found.team_id_now else None
    assert (found.post, name, found.coefficient) == (post, team, coefficient)
    in_force = Position.objects.in_force_on(day).filter(staff=promoted)
    assert [position.post for position in in_force] == ([post] if post else [])


def test_positions_that_come_later_do_not_hide_what_holds_now(promoted):
    assert [one.post for one in queries.positions_of(promoted)] == [Post.TEAM_LEADER, Post.TECHNICIAN]


def test_teams_count_the_people_of_the_day(people, promoted):
    def sizes(day):
        return {team.name: team.size or 0 for team in queries.teams_with_size(people.manager, on=day)}

    assert sizes(date(2026, 10, 14)) == {"机电一组": 3, "钣喷一组": 0, "加装组": 0}
    assert sizes(date(2026, 10, 15)) == {"机电一组": 2, "钣喷一组": 1, "加装组": 0}


@pytest.mark.parametrize(
    ("day", "employed"), [(date(2020, 3, 1), False), (date(2020, 3, 2), True), (date(2026, 10, 31), True),
                          (date(2026, 11, 1), False)],
)  # fmt: skip
def test_people_are_employed_from_their_first_to_their_last_day(day, employed):
    person = StaffFactory(left_on=date(2026, 10, 31))
    assert Staff.objects.employed_on(day).filter(pk=person.pk).exists() is employed


# ── Figures in force ─────────────────────────────────────────────────────────────────────────────────────────────────
def decide(people, patience, value, day, store=None):
    return set_figure(figure=patience, store=store, value=value, starts_on=day, by=people.admin, at=AT)


def test_a_figure_holds_as_shipped_until_somebody_decides(people, patience):
    assert queries.figure(patience, store=people.store, on=date(2026, 10, 1)) == 30


@pytest.mark.parametrize(
    ("day", "own", "other"),
    [
        (date(2026, 9, 30), 30, 30),
        (date(2026, 10, 1), 40, 40),
        (date(2026, 11, 1), 50, 40),
        (date(2026, 12, 1), 50, 60),
    ],
)
def test_the_stores_own_decision_goes_before_the_groups_and_later_before_earlier(people, patience, day, own, other):
    second = cast.of_second_store()
    decide(people, patience, 40, date(2026, 10, 1))
    decide(people, patience, 50, date(2026, 11, 1), people.store)
    decide(people, patience, 60, date(2026, 12, 1))
    stores = (people.store, second.store)
    assert [queries.figure(patience, store=store, on=day) for store in stores] == [own, other]
    assert [queries.figures("tests.", store=store, on=day)["tests.patience"] for store in stores] == [own, other]


def test_without_a_store_the_groups_decision_holds_and_no_stores(people, patience):
    decide(people, patience, 50, date(2026, 10, 1), people.store)
    assert queries.figure(patience, on=date(2026, 10, 2)) == 30


def test_a_decision_of_the_same_day_is_corrected_not_doubled(people, patience):
    for value in (40, 45):
        decide(people, patience, value, date(2026, 10, 1), people.store)
    assert [row.value for row in StoreFigure.objects.filter(code="tests.patience")] == [45]


def test_all_figures_of_an_app_cost_one_query(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.figures("workshop.", store=people.store, on=date(2026, 10, 1))


def test_a_manager_decides_for_the_own_store_only(people, patience):
    with pytest.raises(Refusal):
        set_figure(figure=patience, store=None, value=1, starts_on=date(2026, 10, 1), by=people.manager, at=AT)


def test_a_value_of_another_kind_is_refused(people, patience):
    with pytest.raises(Refusal) as caught:
        decide(people, patience, "bald", date(2026, 10, 1))
    assert caught.value.field == "value"


# ── Who sees whom ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_people_see_the_rows_of_their_store_and_group_roles_see_all(people):
    second = cast.of_second_store()
    teams = {one: {team.store for team in Team.objects.visible_to(one)} for one in (people.advisor, people.group)}
    assert teams == {people.advisor: {people.store}, people.group: {people.store, second.store}}
    assert list(queries.stores_visible_to(people.advisor)) == [people.store]


def test_the_union_of_roles_is_what_a_person_may_do():
    both = StaffFactory(roles=["cashier", "technician"])
    single = [StaffFactory(roles=[role]) for role in both.roles]
    assert both.permissions == single[0].permissions | single[1].permissions


def test_an_account_that_is_closed_may_do_nothing(people):
    permission = next(iter(people.cashier.permissions))
    people.cashier.is_active = False
    assert people.cashier.can(permission) is False


def test_people_of_a_role_are_those_who_may_still_sign_in(people):
    StaffFactory(role=Role.CASHIER, store=people.store, is_active=False)
    StaffFactory(role=Role.CASHIER)
    assert list(queries.staff_with_role(people.store, Role.CASHIER)) == [people.cashier]


def test_who_belongs_to_no_store_enters_nothing():
    with pytest.raises(Refusal):
        queries.store_of(StaffFactory(store=None, role=Role.ADMIN))


def test_a_team_is_named_once_per_store(people):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        TeamFactory(store=people.store, name=people.mechanics.name)
