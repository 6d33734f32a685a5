"""The journal: one line for each deed, in the deed's transaction, never changed."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions, guards, queries
from dealer_crm.journal.models import Entry
from tests.factories import cast
from tests.factories.organization import StoreFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def people():
    return cast.of_store()


def written():
    """Lines of these tests; what shipped with the program (questionnaires) has lines too."""
    return Entry.objects.filter(subject_type__startswith="organization.").order_by("pk")


def note(people, subject=None, verb="store.changed", **fields):
    return actions.record(by=people.admin, at=AT, verb=verb, subject=subject or people.store, **fields)


def test_a_line_says_who_did_what_to_which_thing_when_and_where(people):
    line = note(people, people.technician, store=people.store, note="改名")
    who, thing = people.admin, people.technician
    assert (line.by_id, line.by_name, line.at, line.store_code) == (str(who.pk), who.name, AT, people.store.code)
    assert (line.subject_type, line.subject_id, line.subject_label) == ("organization.staff", str(thing.pk), thing.name)


def test_the_store_is_the_things_own_when_none_is_named(people):
    assert note(people, people.technician).store_code == people.store.code


def test_the_program_itself_has_no_name(people):
    line = actions.record(by=None, at=AT, verb="store.changed", subject=people.store)
    assert (line.by_id, line.by_name) == ("", "")


def test_changes_are_kept_as_plain_values_without_losing_a_digit(people):
    changes = {
        "amount": [Decimal("1.10"), Decimal("2.00")], "day": [None, date(2026, 10, 1)],
        "team": [people.mechanics, None],
        "roles": [["advisor"], []], "flag": [False, True],
    }  # fmt: skip
    note(people, changes=changes)
    assert written().get().changes == {
        "amount": ["1.10", "2.00"], "day": [None, "2026-10-01"], "team": ["机电一组", None], "roles": [["advisor"], []],
        "flag": [False, True],
    }  # fmt: skip


def test_only_fields_that_differ_are_changes(people):
    before = {"name": people.store.name, "address": "旧址"}
    assert actions.changed_fields(before, people.store) == {"address": ["旧址", people.store.address]}


def test_a_deed_that_fails_leaves_no_line(people):
    with pytest.raises(RuntimeError), transaction.atomic():
        note(people)
        raise RuntimeError
    assert written().count() == 0


@pytest.mark.parametrize(
    "deed", [lambda lines: lines.update(note="anders"), lambda lines: lines.delete()], ids=["update", "delete"]
)
def test_the_database_itself_refuses_to_change_or_lose_a_line(people, deed):
    note(people)
    with pytest.raises(DatabaseError), transaction.atomic():
        deed(written())
    assert written().get().note == ""


def test_the_story_of_things_is_newest_first_and_of_nothing_else(people):
    other = StoreFactory()
    lines = [note(people), note(people, other), note(people, people.technician), note(people)]
    story = queries.entries_about(people.store, people.technician)
    assert list(story) == [lines[3], lines[2], lines[0]]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({}, ["store.changed", "staff.changed"]),
        ({"verb": "staff.changed"}, ["staff.changed"]),
        ({"subject": "王"}, ["staff.changed"]),
        ({"subject_type": "organization.store"}, ["store.changed"]),
        ({"store_code": "XX"}, []),
        ({"since": AT}, ["store.changed", "staff.changed"]),
        ({"until": AT}, []),
        ({"by_ids": []}, []),
    ],
)
def test_the_journal_is_searched_by_deed_thing_person_and_moment(people, condition, found):
    note(people)
    note(people, people.technician, verb="staff.changed")
    matching = queries.entries_matching(**condition) & written()
    assert sorted(line.verb for line in matching) == sorted(found)


def test_a_line_is_read_in_words(people):
    note(people, people.technician, verb="staff.changed", changes={
        "name": ["王刚", ""], "unknown": [None, True], "net_amount": ["-12345.6", 0],
        "rates": [{}, {"A": "0.05", "B": None}],
    })  # fmt: skip
    [line] = queries.read_lines(written())
    assert {(before, after) for _name, before, after in line.changes} == {
        ("王刚", "—"), ("—", "是"), ("-12,345.60", "0.00"), ("—", "A 0.05、B —"),
    }  # fmt: skip


def test_what_is_guarded_is_read_by_who_may_and_by_nobody_where_the_reader_is_not_known(people, monkeypatch):
    """A change, a deed, a kind of thing: each names its permission; what was empty is seen to be empty."""
    monkeypatch.setattr(guards, "_kept", {})
    guards.keep(Permission.COST_VIEW, "unit_cost")
    guards.keep(Permission.RUN_VIEW, "staff.paid", "organization.team")
    told = {"changes": {"unit_cost": [None, "31.37"], "unit": ["件", "箱"]}, "note": "涨价"}
    note(people, people.technician, verb="staff.changed", **told)
    note(people, people.technician, verb="staff.paid", **told)
    note(people, people.mechanics, verb="team.changed", **told)

    def read(reader) -> list:
        lines = queries.read_lines(written(), reader=reader)
        return [(line.thing, [pair for _name, *pair in line.changes], line.note) for line in lines]

    person, team, all_of_it = str(people.technician), str(people.mechanics), [["件", "箱"], ["—", "31.37"]]
    assert read(people.finance) == [(person, all_of_it, "涨价"), (person, all_of_it, "涨价"), (team, all_of_it, "涨价")]
    hidden = [
        (person, [["件", "箱"], ["—", "•••"]], "涨价"),
        (person, [["•••", "•••"], ["—", "•••"]], "•••"),
        ("•••", [["•••", "•••"], ["—", "•••"]], "•••"),
    ]
    assert (read(people.admin), read(None)) == (hidden, hidden)
