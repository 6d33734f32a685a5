from dataclasses import dataclass, field

import pytest

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role, permissions_of
from dealer_crm.ui import navigation
from dealer_crm.ui.navigation import Entry, Group, Link

pytestmark = pytest.mark.urls("tests.ui.addresses")


@dataclass
class Person:
    role: Role
    is_authenticated: bool = True
    permissions: frozenset = field(init=False)
    roles: list = field(init=False)

    def __post_init__(self):
        self.roles = [self.role.value]
        self.permissions = permissions_of(self.roles)

    def can(self, permission):
        return permission in self.permissions


@pytest.fixture(autouse=True)
def entries(_no_other_apps):
    navigation.register(
        Entry("Locked runs", "runs", Permission.RUN_LOCK, icon="lock", group=Group.COMMISSION),
        Entry("Old orders", "old_orders", Permission.ORDER_VIEW, icon="car", group=Group.RECEPTION, order=20),
        Entry("Orders", "orders", Permission.ORDER_VIEW, icon="car", group=Group.RECEPTION, order=10),
        Entry("Not wired in", "nowhere:at_all", Permission.ORDER_VIEW, icon="car", group=Group.RECEPTION),
    )


def shown(person, path="/"):
    return [(group.title, [link.label for link in group.links]) for group in navigation.groups_for(person, path)]


def test_a_person_sees_the_entries_of_their_role_only():
    assert shown(Person(Role.ADVISOR)) == [(Group.RECEPTION.label, ["Orders", "Old orders"])]
    assert shown(Person(Role.FINANCE)) == [
        (Group.RECEPTION.label, ["Orders", "Old orders"]),
        (Group.COMMISSION.label, ["Locked runs"]),
    ]
    assert shown(Person(Role.ADMIN)) == []


def test_who_is_not_signed_in_sees_nothing():
    assert shown(Person(Role.FINANCE, is_authenticated=False)) == []
    assert shown(None) == []


@pytest.mark.parametrize(
    ("path", "active"),
    [
        ("/orders/", ["/orders/"]),
        ("/orders/17/", ["/orders/"]),
        ("/orders/old/3/", ["/orders/old/"]),
        ("/ordersandmore/", []),
    ],
)
def test_the_entry_of_the_page_one_is_on_is_marked(path, active):
    groups = navigation.groups_for(Person(Role.FINANCE), path)
    assert [link.url for group in groups for link in group.links if link.active] == active


def test_the_same_address_registered_again_replaces_the_former_entry():
    navigation.register(
        Entry("All orders", "orders", Permission.ORDER_VIEW, icon="car", group=Group.RECEPTION, order=10)
    )
    assert shown(Person(Role.ADVISOR)) == [(Group.RECEPTION.label, ["All orders", "Old orders"])]


def test_a_group_that_does_not_exist_is_refused():
    with pytest.raises(TypeError):
        navigation.register(Entry("Orders", "orders", Permission.ORDER_VIEW, icon="car", group="reception"))


def test_a_link_knows_its_address_and_icon():
    assert navigation.groups_for(Person(Role.ADVISOR), "/")[0].links[0] == Link(
        "Orders", "/orders/", "car", active=False
    )


def test_a_long_navigation_is_folded_but_for_the_group_one_is_in_or_works_in(monkeypatch):
    def folded(path):
        return [(group.is_long, group.is_open) for group in navigation.groups_for(Person(Role.FINANCE), path)]

    assert folded("/orders/17/") == [(False, True), (False, False)]
    monkeypatch.setattr(navigation, "SEEN_AT_ONCE", 2)
    assert folded("/orders/17/") == [(True, True), (True, False)]
    assert folded("/") == [(True, False), (True, True)]
