"""Working-day arithmetic over recorded days; nobody's year is a crash."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealer_crm.values import WorkCalendar

# Golden Week 2026: rest from 1 to 7 October, made up on Sunday 20 September and Saturday 10 October.
GOLDEN_WEEK = WorkCalendar(
    {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 9, 20): True, date(2026, 10, 10): True},
    {date(2026, 10, 1): "国庆节"},
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
calendars = st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=60).map(
    WorkCalendar
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 20), True),  # a Sunday, made up
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday, made up
        (date(2026, 10, 11), False),
    ],
)
def test_holidays_rest_and_make_up_days_work(day, works):
    assert GOLDEN_WEEK.is_working(day) is works


def test_the_days_around_golden_week():
    assert GOLDEN_WEEK.next_working(date(2026, 9, 30)) == date(2026, 10, 8)
    assert GOLDEN_WEEK.previous_working(date(2026, 10, 8)) == date(2026, 9, 30)
    assert GOLDEN_WEEK.on_or_after(date(2026, 10, 3)) == date(2026, 10, 8)
    assert GOLDEN_WEEK.on_or_before(date(2026, 10, 3)) == date(2026, 9, 30)
    assert GOLDEN_WEEK.on_or_after(date(2026, 10, 10)) == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 29), 3, date(2026, 10, 9)),
        (date(2026, 9, 29), 4, date(2026, 10, 10)),
        (date(2026, 9, 29), 5, date(2026, 10, 12)),
        (date(2026, 10, 12), -3, date(2026, 10, 8)),
        (date(2026, 10, 3), 0, date(2026, 10, 3)),
    ],
)
def test_working_days_are_counted_over_the_holiday_and_the_make_up_saturday(start, count, end):
    assert GOLDEN_WEEK.add_working_days(start, count) == end


def test_the_working_days_of_a_span():
    span = GOLDEN_WEEK.working_days(date(2026, 9, 30), date(2026, 10, 11))
    assert [day.day for day in span] == [30, 8, 9, 10]


def test_a_year_nobody_loaded_works_monday_to_friday_and_says_that_it_is_assumed():
    empty = WorkCalendar({})
    saturday = date(2031, 10, 4)
    assert (empty.is_working(saturday), empty.next_working(saturday)) == (False, date(2031, 10, 6))
    assert (empty.is_assumed(saturday), GOLDEN_WEEK.is_assumed(date(2026, 10, 1))) == (True, False)


def test_a_day_says_why_it_is_special():
    assert [GOLDEN_WEEK.name(date(2026, 10, day)) for day in (1, 8)] == ["国庆节", ""]


def test_a_store_closed_for_months_still_gets_an_answer():
    closed = WorkCalendar({date(2026, 1, 1) + timedelta(days=offset): False for offset in range(120)})
    assert closed.next_working(date(2026, 1, 1)).weekday() < 5


@given(calendars, days)
def test_the_next_working_day_is_later_works_and_nothing_between_does(calendar, day):
    found = calendar.next_working(day)
    between = [day + timedelta(days=offset) for offset in range(1, (found - day).days)]
    assert found > day
    assert calendar.is_working(found)
    assert not any(map(calendar.is_working, between))


@given(calendars, days, st.integers(0, 15))
def test_going_forth_and_back_ends_on_a_working_day_not_after_the_start(calendar, day, count):
    there = calendar.add_working_days(calendar.on_or_after(day), count)
    assert calendar.add_working_days(there, -count) == calendar.on_or_after(day)
