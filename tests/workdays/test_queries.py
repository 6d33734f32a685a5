"""What is asked of the working calendar, years nobody loaded included."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from dealer_crm.workdays import actions, queries
from dealer_crm.workdays.models import CalendarDay
from tests.factories import cast

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_year_nobody_loaded_works_monday_to_friday_and_says_so():
    calendar = queries.work_calendar(None, date(2027, 3, 1), date(2027, 3, 31))
    assert [calendar.is_working(date(2027, 3, day)) for day in (5, 6, 7, 8)] == [True, False, False, True]
    assert calendar.is_assumed(date(2027, 3, 5))


def test_a_due_date_at_the_edge_of_the_asked_span_is_still_right():
    actions.load_year(year=2026, at=AT)
    calendar = queries.work_calendar(None, date(2026, 9, 30), date(2026, 9, 30))
    assert calendar.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_a_calendar_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.work_calendar(None, date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2026, 10, 1), date(2026, 12, 20), date(2027, 1, 1)])
def test_working_days_are_as_many_within_a_statement_as_in_the_calendar(first):
    store, last = cast.of_store().store, date(2027, 1, 31)  # a year that is not loaded follows
    actions.load_year(year=2026, at=AT)
    for day, is_working in ((date(2026, 10, 2), True), (date(2026, 10, 12), False)):
        actions.set_day(day=day, store=store, is_working=is_working, name="本店安排", by=None, at=AT)
    sql, arguments = queries.working_days_counted(store, first, last)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", arguments)
        assert cursor.fetchone() == (len(queries.work_calendar(store, first, last).working_days(first, last)),)


@pytest.mark.parametrize(
    ("loaded", "today", "missing"),
    [
        ([], date(2026, 6, 1), [2026]),
        ([2026], date(2026, 6, 1), []),
        ([2026], date(2026, 11, 21), [2027]),
        ([2026, 2027], date(2026, 11, 21), []),
        ([2026], date(2027, 1, 2), [2027]),
    ],
)
def test_a_missing_year_is_noticed_weeks_before_it_begins(loaded, today, missing):
    for year in loaded:
        CalendarDay.objects.create(day=date(year, 1, 1), is_working=False)
    assert queries.missing_years(today, weeks_ahead=8) == missing


def test_a_year_loaded_before_its_make_up_days_were_announced_is_provisional():
    for year in (2026, 2027):
        CalendarDay.objects.create(day=date(year, 1, 1), is_working=False)
    CalendarDay.objects.create(day=date(2026, 10, 10), is_working=True, name=queries.MAKE_UP_DAY)
    assert queries.provisional_years(date(2026, 11, 21), weeks_ahead=8) == [2027]
