"""Every address × every role × own and other store: what is declared is what happens.

The expected answer is derived from the declared permission alone. For an address that names an object see
`tests/access/objects.py`. An app's addresses are one test, and every cell that is wrong is told of; some addresses
alone: `ADDRESS="workshop:clock*" pytest tests/access/test_matrix.py`.
"""

import copy
import functools
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from dealer_crm.access.middleware import declares_permission
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import GROUP_ROLES, PERMISSIONS, Role
from dealer_crm.access.routes import PUBLIC
from tests.access.objects import COSTLY, MARK, MONTH, RECIPES, WRITES_ON_GET, Stage
from tests.factories import cast

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Address:
    """One address of the program: a page, or one resource of the API with its methods."""

    name: str
    route: str
    view: object
    has_arguments: bool

    @property
    def is_api(self) -> bool:
        return getattr(self.view, "actions", None) is not None

    def permissions(self) -> dict[str, str | None]:
        """HTTP method → what it needs. A page needs the same for all."""
        if self.is_api:
            declared = self.view.cls.permissions
            return {method: declared.get(action) for method, action in self.view.actions.items() if method != "head"}
        needed = getattr(self.view, "permission", None)
        return {"get": needed, "post": needed}

    @property
    def app(self) -> str:
        """Whose it is; the API's addresses stand apart."""
        if not self.is_api:
            return self.name.rpartition(":")[0] or "house"
        return f"{self.view.cls.__module__.removeprefix('dealer_crm.').split('.')[0]} api"


def addresses(patterns=None, namespace="", route="") -> Iterator[Address]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, here)
        else:
            arguments = bool(re.search(r"<\w+(:\w+)?>", here))
            yield Address(f"{namespace}{pattern.name}", here, pattern.callback, arguments)


ADDRESSES = sorted(addresses(), key=lambda address: address.name)
PAGES = [address for address in ADDRESSES if not address.is_api]
WITH_ARGUMENTS = [address for address in ADDRESSES if address.has_arguments]
GUARDED = [address for address in ADDRESSES if PUBLIC not in address.permissions().values()]
OPEN = [address for address in ADDRESSES if PUBLIC in address.permissions().values()]


def by_app(chosen: Iterable[Address]):
    """One test for each app's addresses: thousands of their own would cost more than what they ask."""
    apps = defaultdict(list)
    for address in chosen:
        if fnmatch(address.name, os.environ.get("ADDRESS", "*")):
            apps[address.app].append(address)
    return pytest.mark.parametrize("addresses", apps.values(), ids=apps.keys())


# ── The world: two stores with everything, in one transaction that is never kept ─────────────────────────────────────
class World:
    def __init__(self):
        self.own, self.other = Stage(cast.of_store()), Stage(cast.of_second_store())
        for stage in (self.own, self.other):
            stage.everything()
        self.people = self.own.people.by_role()
        self.client = Client(raise_request_exception=False)  # one for all: a new one reads every static file's name
        self.sessions = {role: _session_of(person) for role, person in self.people.items()}
        self.urls = {address.name: self._urls_of(address) for address in ADDRESSES}
        # What refers to what is looked at once, here, and not again behind every test.
        connection.check_constraints()

    def _urls_of(self, address: Address) -> dict[tuple[Stage, Role], str]:
        """For who opens it their own; for who may not open it at all the manager's."""
        opens = {role for role in Role if set(address.permissions().values()) & PERMISSIONS[role]} | {Role.MANAGER}
        if not address.has_arguments or address.name not in RECIPES:
            plain = "" if address.has_arguments else reverse(address.name)
            return {(stage, role): plain for stage in (self.own, self.other) for role in opens}
        arguments = RECIPES[address.name].arguments
        return {
            (stage, role): reverse(address.name, kwargs=arguments(stage, stage.colleague_of(self.people[role])))
            for stage in (self.own, self.other)
            for role in opens
        }

    def url(self, address: Address, stage: Stage, role: Role) -> str:
        urls = self.urls[address.name]
        return urls.get((stage, role)) or urls[stage, Role.MANAGER]

    def ask(self, method: str, url: str, role: Role | None, **headers):
        """One request as a role (None: nobody), whose changes are taken back."""
        self.client.cookies.clear()
        if role is not None:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        with transaction.atomic():
            body = {} if method == "get" else {"content_type": "application/json"}
            answer = getattr(self.client, method)(url, {}, headers=headers, **body)
            said = _text(answer)
            transaction.set_rollback(True)
        return answer, said


FRAGMENT = {"hx_request": "true"}
"""Asked as a fragment the answer's status is the same, and its making a tenth of the page's."""


def _session_of(person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _text(answer) -> str:
    """What the answer says; files aren't looked into."""
    if not answer.get("Content-Type", "").startswith(("text/html", "application/json")):
        return ""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    # Sessions in the cookie itself, people read once: thousands of requests, each two queries less.
    sessions = override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies")
    with sessions, pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock(), transaction.atomic():
        patched.setattr(ModelBackend, "get_user", _known_person)
        yield World()
        transaction.set_rollback(True)


_get_user = functools.cache(ModelBackend().get_user)


def _known_person(_backend, pk):
    """The person as the database has them, for each request anew: what it hangs on them is nobody else's."""
    known = _get_user(pk)
    person = type(known).__new__(type(known))
    person.__dict__ = known.__dict__ | {"_state": copy.copy(known._state)}
    person._state.fields_cache = {}
    return person


@pytest.fixture(autouse=True)
def _forget_what_was_counted():
    cache.clear()  # how often an address asked for a survey


# ── Declared at all ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_address_declares_its_permission():
    assert [address.route for address in ADDRESSES if not declares_permission(address.view)] == []


def test_every_method_of_the_api_declares_a_permission():
    unsaid = [
        f"{address.route} {method}"
        for address in ADDRESSES
        for method, needed in address.permissions().items()
        if needed is None or needed not in {*Permission, PUBLIC}
    ]
    assert unsaid == []


def test_every_address_has_a_name_of_its_own():
    names = [address.name for address in ADDRESSES]
    assert sorted({name for name in names if names.count(name) > 1 or name.endswith("None")}) == []


def test_every_address_with_arguments_has_a_recipe():
    """Add what is missing to RECIPES in tests/access/objects.py."""
    assert [address.name for address in WITH_ARGUMENTS if address.name not in RECIPES] == []


def test_no_recipe_is_left_over():
    known = {address.name for address in WITH_ARGUMENTS}
    assert sorted(set(RECIPES) - known) == []
    assert sorted(set(WRITES_ON_GET) - {address.name for address in ADDRESSES}) == []


# ── Nobody, the wrong role, the right role ───────────────────────────────────────────────────────────────────────────
@by_app(GUARDED)
def test_who_is_not_signed_in_is_sent_to_sign_in(world, addresses):
    let_in = []
    for address in addresses:
        url = world.url(address, world.own, Role.MANAGER)
        for method in address.permissions():
            answer, _said = world.ask(method, url, None)
            where_to = answer.headers.get("Location", "").partition("?")[0]
            if (answer.status_code, where_to) != ((401, "") if address.is_api else (302, "/sign-in/")):
                let_in.append((address.name, method, answer.status_code, where_to))
    assert let_in == []


@by_app(GUARDED)
def test_who_lacks_the_permission_is_turned_away(world, addresses):
    """By every method of the API; a page's guard stands before its methods, so roles take turns with looking at the own
    store's object and sending a form to the other's."""
    let_in = []
    for address, turn, role, method in _turns(addresses, permitted=False):
        if not address.is_api and turn:
            continue
        stage = world.own if method == "get" else world.other
        answer, _said = world.ask(method, world.url(address, stage, role), role, **FRAGMENT)
        if answer.status_code != 403:
            let_in.append((address.name, role.value, method, answer.status_code))
    assert let_in == []


@by_app(GUARDED)
def test_who_has_the_permission_gets_in(world, addresses):
    """By every method of the API. A page's guard stands before its methods, so roles take turns with looking at it and
    sending an empty form; the frame around it depends on the role alone and is shown to one, another from page to page.
    """
    kept_out, leaking, writing = [], [], []
    for address, turn, role, method in _turns(addresses, permitted=True):
        is_framed = role == _framed(address)
        if not address.is_api and not is_framed and turn:
            continue
        with _Writes() as writes:
            as_page = {} if address.is_api or (method == "get" and is_framed) else FRAGMENT
            answer, said = world.ask(method, world.url(address, world.own, role), role, **as_page)
        cell = (address.name, role.value, method)
        if _is_shut(answer.status_code, address):
            kept_out.append((*cell, answer.status_code))
        if method == "get" and writes.found and address.name not in WRITES_ON_GET:
            writing.append((*cell, sorted(writes.found)))
        if role not in GROUP_ROLES and MARK in said:
            leaking.append((*cell, _around(said)))
    assert kept_out == [], "kept out although permitted"
    assert writing == [], "a GET changes something"
    assert leaking == [], "shows what belongs to the other store"


def _framed(address: Address) -> Role | None:
    """The role that is shown the whole page."""
    looks = [role for role, method in _cells(address, permitted=True) if method == "get"]
    return looks[ADDRESSES.index(address) % len(looks)] if looks else None


OF_A_STORE = [one for one in GUARDED if one.has_arguments and not (one.name in RECIPES and RECIPES[one.name].is_shared)]


@by_app(OF_A_STORE)
def test_another_stores_object_is_not_there(world, addresses):
    """Looked up before a page asks for the method: roles take turns with looking at it and sending a form to it."""
    wrong = []
    for address, turn, role, method in _turns(addresses, permitted=True):
        if not address.is_api and turn:
            continue
        answer, _said = world.ask(method, world.url(address, world.other, role), role, **FRAGMENT)
        if role in GROUP_ROLES and not RECIPES[address.name].is_personal:
            is_right = not _is_shut(answer.status_code, address)
        else:
            is_right = answer.status_code == 404 or (answer.status_code == 405 and not address.is_api)
        if not is_right:
            wrong.append((address.name, role.value, method, answer.status_code))
    assert wrong == []


@by_app(one for one in GUARDED if not one.has_arguments)
def test_asking_for_another_store_by_its_code_shows_nothing_of_it(world, addresses):
    """Of the roles let in two take their turn, from address to address."""
    asked = urlencode({"store": world.other.store.code, "period": MONTH})
    leaking = []
    for address in addresses:
        roles = [role for role, method in _cells(address, permitted=True) if method == "get"]
        roles = [role for role in roles if role not in GROUP_ROLES]
        turn = ADDRESSES.index(address)
        for role in {roles[(turn + step) % len(roles)] for step in range(2) if roles}:
            answer, said = world.ask("get", f"{world.url(address, world.own, role)}?{asked}", role, **FRAGMENT)
            if MARK in said or answer.status_code >= 500:
                leaking.append((address.name, role.value, answer.status_code, _around(said)))
    assert leaking == []


@by_app(OPEN)
def test_what_is_open_is_open(world, broker, addresses):
    shut = []
    for address in addresses:
        answer, _said = world.ask("get", world.url(address, world.own, Role.MANAGER), None)
        is_answered = answer.status_code in ({200, 503} if address.name == "readyz" else {200, 302, 401, 405})
        if not is_answered or "sign-in/?next" in answer.headers.get("Location", ""):
            shut.append((address.name, answer.status_code))
    assert shut == []


def _turns(addresses: list[Address], *, permitted: bool) -> Iterator[tuple[Address, int, Role, str]]:
    """All cells of the addresses. At a page two roles after each other take turns: whose turn it isn't has 1."""
    for address in addresses:
        for number, (role, method) in enumerate(_cells(address, permitted=permitted)):
            yield address, (number // 2 + number) % 2, role, method


def _cells(address: Address, *, permitted: bool) -> Iterator[tuple[Role, str]]:
    """The roles and methods whose declared permission the role holds, or lacks."""
    cells = [
        (role, method)
        for role in Role
        for method, needed in address.permissions().items()
        if (needed in PERMISSIONS[role]) == permitted
    ]
    yield from cells[:1] if address.name in COSTLY else cells


def _is_shut(status: int, address: Address) -> bool:
    """A page for forms only answers 405 to a look at it; the API offers what it declares."""
    return status in (403, 404) or status >= 500 or (status == 405 and address.is_api)


# ── What a page costs ────────────────────────────────────────────────────────────────────────────────────────────────
MOST = 11
"""Questions to the database, the session's besides."""
SEVERAL_LISTS_IN_ONE = {
    "ui:home": 15, "reporting:csi": 16, "reporting:workshop": 17, "reporting:kpi": 24, "reporting:complaints": 13,
    "kpi:dashboard": 12, "reporting:customer_relations": 19,
    "appraisal:star_choice": 19,
}  # fmt: skip
"""A card from every app; the sheets of a workbook below each other: a question or two for each."""
LISTS = [one for one in GUARDED if not (one.has_arguments or one.is_api) and ":" in one.name]


def test_no_page_asks_more_than_a_dozen_questions(world):
    many = {}
    for address in LISTS:
        role = next(role for role in (Role.MANAGER, *Role) if address.permissions()["get"] in PERMISSIONS[role])
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            world.ask("get", f"{world.url(address, world.own, role)}?{urlencode({'period': MONTH})}", role)
        questions = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
        if len(questions) > SEVERAL_LISTS_IN_ONE.get(address.name, MOST):
            many[address.name] = len(questions)
    assert many == {}


# ── Roles as a whole ─────────────────────────────────────────────────────────────────────────────────────────────────
BUSINESS = {
    "reception", "workshop", "satisfaction", "complaints", "callback", "kpi", "appraisal", "commission", "reporting",
}  # fmt: skip


def test_the_administrator_opens_no_page_of_the_business():
    """Accounts, stores, settings, and bringing a new store's workbook; not what the house does with its customers."""
    opened = [
        address.name
        for address in GUARDED
        if (address.is_api or address.name.split(":")[0] in BUSINESS)
        and set(address.permissions().values()) & PERMISSIONS[Role.ADMIN]
    ]
    assert opened == []


def test_the_group_reads_and_never_writes():
    """The only methods beyond reading that the group's role opens are those of one's own account and notices."""
    changes = {
        permission
        for permission in PERMISSIONS[Role.GROUP]
        if permission.value.endswith((".change", ".create", ".approve", ".cancel", ".decide", ".lock", ".review"))
    }
    assert changes == {Permission.ACCOUNT_CHANGE}


NO_STORE_IN_ROWS = {"consumable-list", "job-list", "kpi-list", "receipt-list", "settlement-list"}
"""Lists of the API whose rows name no store: an order, a team or a figure, whose own list does."""

LISTS_OF_THE_GROUP = [
    one
    for one in ADDRESSES
    if one.is_api
    and one.name.endswith("-list")
    and one.permissions().get("get") in PERMISSIONS[Role.GROUP]
    and one.name not in NO_STORE_IN_ROWS
]


@by_app(LISTS_OF_THE_GROUP)
def test_the_group_reads_every_store(world, addresses):
    stores_in = {}
    for address in addresses:
        answer, _said = world.ask("get", world.url(address, world.own, Role.GROUP), Role.GROUP)
        stores_in[address.name] = len({str(row["store"]) for row in answer.json()["results"]})
    assert set(stores_in.values()) == {2}, stores_in


class _Writes:
    """What is written while it is open: (verb, table), sessions aside."""

    def __enter__(self):
        self.found: set[tuple[str, str]] = set()
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error):
        self._wrapper.__exit__(*error)

    def _note(self, execute, sql, params, many, context):
        match = re.match(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', sql)
        if match and match[2] != "django_session":
            self.found.add((match[1], match[2]))
        return execute(sql, params, many, context)


def _around(text: str) -> str:
    place = text.find(MARK)
    return text[max(0, place - 60) : place + 60] if place >= 0 else ""
