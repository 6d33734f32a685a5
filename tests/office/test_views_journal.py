"""The journal in the browser."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from dealer_crm.journal.actions import record

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def deeds(people, others):
    """Three lines of the own store on three days, one of the other store, one of no store."""
    for days, (who, verb) in enumerate(
        [("manager", "staff.changed"), ("admin", "staff.left"), ("manager", "team.changed")]
    ):
        subject = people.mechanics if verb.startswith("team") else people.advisor
        record(by=getattr(people, who), at=NOON + timedelta(days=days), verb=verb, subject=subject)
    record(by=others.manager, at=NOON, verb="staff.changed", subject=others.advisor)
    record(by=None, at=NOON, verb="calendar.loaded", subject=people.store.brands.first())


def found(client, **asked) -> list[tuple[str, str]]:
    lines = client.get(reverse("office:journal"), asked).context["lines"]
    return [(line.entry.verb, line.entry.store_code) for line in lines]


def test_a_manager_reads_the_own_store_newest_first(as_manager, deeds):
    assert found(as_manager) == [("team.changed", "BJ01"), ("staff.left", "BJ01"), ("staff.changed", "BJ01")]


def test_a_manager_asking_for_another_store_reads_the_own(as_manager, deeds, others):
    assert {store for _verb, store in found(as_manager, store=others.store.code)} == {"BJ01"}


def test_the_administrator_reads_everything_and_any_one_store(as_admin, deeds, others):
    assert {store for _verb, store in found(as_admin)} == {"BJ01", "SH01", ""}
    assert found(as_admin, store=others.store.code) == [("staff.changed", "SH01")]


@pytest.mark.parametrize(
    ("asked", "verbs"),
    [
        ({"verb": "staff.left"}, ["staff.left"]),
        ({"person": "赵建国"}, ["team.changed", "staff.changed"]),
        ({"person": "bj01-13"}, ["staff.left"]),
        ({"person": "nobody"}, []),
        ({"subject": "机电"}, ["team.changed"]),
        ({"since": "2026-11-21"}, ["team.changed", "staff.left"]),
        ({"until": "2026-11-20"}, ["staff.changed"]),
        ({"since": "2026-11-21", "until": "2026-11-21"}, ["staff.left"]),
    ],
)
def test_it_is_searched_by_deed_person_thing_and_day(as_manager, deeds, asked, verbs):
    assert [verb for verb, _store in found(as_manager, **asked)] == verbs


def test_it_turns_pages_without_losing_a_line(as_admin, people):
    for number in range(120):
        record(by=None, at=NOON, verb=f"test.{number:03d}", subject=people.advisor)
    seen, cursor = [], {"subject": "李明"}
    while True:
        page = as_admin.get(reverse("office:journal"), cursor).context["page"]
        seen += [entry.verb for entry in page.rows]
        if not page.next:
            break
        cursor["after"] = page.next
    assert seen == [f"test.{number:03d}" for number in reversed(range(120))]


def test_the_page_costs_the_same_however_long_it_is(as_admin, deeds, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        as_admin.get(reverse("office:journal"))
