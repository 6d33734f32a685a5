"""Keyset paging over real rows (notices stand in for any list)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dealer_crm.notices.models import Notice
from dealer_crm.ui.paging import keyset_page
from tests.factories.organization import StaffFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 21, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ORDER = ("-at", "-pk")


@pytest.fixture
def notices():
    """Seven notices; three of them at the same moment, so that the second field of the order decides."""
    person = StaffFactory()
    minutes = [0, 1, 2, 2, 2, 3, 4]
    Notice.objects.bulk_create(
        Notice(recipient=person, key=f"k{n}", text=f"{n}", at=START + timedelta(minutes=minute))
        for n, minute in enumerate(minutes)
    )
    return Notice.objects.all()


def texts(page):
    return "".join(row.text for row in page.rows)


def test_walking_forth_and_back_shows_every_row_once(notices):
    first = keyset_page(notices, {}, order=ORDER, size=3)
    second = keyset_page(notices, {"after": first.next}, order=ORDER, size=3)
    third = keyset_page(notices, {"after": second.next}, order=ORDER, size=3)
    assert [texts(page) for page in (first, second, third)] == ["654", "321", "0"]
    assert [bool(page.next) for page in (first, second, third)] == [True, True, False]
    assert [bool(page.previous) for page in (first, second, third)] == [False, True, True]
    back = keyset_page(notices, {"before": third.previous}, order=ORDER, size=3)
    assert (texts(back), bool(back.next), bool(back.previous)) == ("321", True, True)
    start = keyset_page(notices, {"before": back.previous}, order=ORDER, size=3)
    assert (texts(start), bool(start.next), bool(start.previous)) == ("654", True, False)


def test_an_ascending_order_and_dictionaries_page_too(notices):
    rows = notices.values("id", "at", "text")
    first = keyset_page(rows, {}, order=("at", "id"), size=4)
    second = keyset_page(rows, {"after": first.next}, order=("at", "id"), size=4)
    assert ["".join(row["text"] for row in page) for page in (first, second)] == ["0123", "456"]


def test_a_row_that_comes_in_meanwhile_moves_nothing(notices):
    first = keyset_page(notices, {}, order=ORDER, size=3)
    Notice.objects.create(recipient=notices[0].recipient, key="new", text="N", at=START + timedelta(hours=1))
    assert texts(keyset_page(notices, {"after": first.next}, order=ORDER, size=3)) == "321"


@pytest.mark.parametrize("cursor", ["rubbish", "!!", "WzFd", "W3sieCI6MX0sMl0", "bnVsbA", "WyJub3QgYSBkYXRlIiwxXQ"])
def test_a_damaged_cursor_shows_the_first_page(notices, cursor):
    assert texts(keyset_page(notices, {"after": cursor}, order=ORDER, size=3)) == "654"


def test_a_page_is_one_query_without_a_count(notices):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset_page(notices, {}, order=ORDER, size=3)
    assert [("COUNT" in query["sql"], "LIMIT 4" in query["sql"]) for query in queries] == [(False, True)]


def test_an_empty_list_has_no_ways():
    page = keyset_page(Notice.objects.none(), {}, order=ORDER)
    assert (page.rows, page.next, page.previous) == ([], "", "")
