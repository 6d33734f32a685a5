"""Months: how they are written, where they begin and end."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealer_crm.values import Period, Quarter, Week

SHANGHAI = ZoneInfo("Asia/Shanghai")
periods = st.builds(Period, st.integers(1901, 9997), st.integers(1, 12))


def test_a_period_is_written_as_year_and_month():
    assert str(Period.parse("2026-03")) == "2026-03"


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-3", "2026/03", "26-03", "2026-03-01", "", "abc"])
def test_what_is_no_month_is_no_period(text):
    with pytest.raises(ValueError, match=r"not a "):
        Period.parse(text)


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        (date(2026, 10, 31), "2026-10"),
        (datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), "2026-10"),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "2026-11"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2027-01"),
    ],
)
def test_a_moment_falls_in_the_month_the_clock_of_the_store_shows(moment, period):
    assert str(Period.of(moment)) == period


def test_a_period_begins_and_ends_at_the_stores_midnight():
    start, end = Period(2026, 10).bounds(SHANGHAI)
    assert (start, end) == (datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC))


@pytest.mark.parametrize(("month", "days"), [((2026, 2), 28), ((2028, 2), 29), ((2026, 4), 30), ((2026, 12), 31)])
def test_a_period_has_the_days_of_its_month(month, days):
    period = Period(*month)
    assert (period.days, period.first_day, period.last_day) == (days, date(*month, 1), date(*month, days))


@pytest.mark.parametrize(
    ("period", "months", "moved"),
    [("2026-12", 1, "2027-01"), ("2026-01", -1, "2025-12"), ("2026-06", 18, "2027-12"), ("2026-06", -6, "2025-12")],
)
def test_periods_are_counted_over_new_year(period, months, moved):
    assert str(Period.parse(period).shifted(months)) == moved


def test_days_belong_to_a_period():
    assert [date(2026, 10, 1) in Period(2026, 10), date(2025, 10, 1) in Period(2026, 10)] == [True, False]


@given(periods)
def test_next_and_previous_undo_each_other_and_writing_and_reading_too(period):
    assert period.next().previous() == period.previous().next() == Period.parse(str(period)) == period


@given(periods)
def test_months_follow_each_other_without_gap_or_overlap(period):
    assert period.bounds()[1] == period.next().bounds()[0]


# ── Weeks and quarters ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("span", "first", "last", "before", "after"),
    [
        (Week(2026, 43), date(2026, 10, 19), date(2026, 10, 25), "2026-W42", "2026-W44"),
        (Week(2026, 53), date(2026, 12, 28), date(2027, 1, 3), "2026-W52", "2027-W01"),
        (Quarter(2026, 4), date(2026, 10, 1), date(2026, 12, 31), "2026-Q3", "2027-Q1"),
        (Quarter(2028, 1), date(2028, 1, 1), date(2028, 3, 31), "2027-Q4", "2028-Q2"),
    ],
    ids=str,
)
def test_a_week_and_a_quarter_are_asked_like_a_month(span, first, last, before, after):
    assert (span.first_day, span.last_day, str(span.previous()), str(span.next())) == (first, last, before, after)
    assert (type(span).parse(str(span)), type(span).of(first), type(span).of(last)) == (span, span, span)
    assert [day in span for day in (first, last, last.replace(year=1999))] == [True, True, False]
    start, end = span.bounds(SHANGHAI)
    assert (start.date(), start.hour, (end - start).days) == (first, 0, span.days)


@pytest.mark.parametrize(
    ("kind", "text"), [(Week, "2026-W54"), (Week, "2025-W53"), (Week, "2026-10"), (Quarter, "2026-Q5"), (Quarter, "Q4")]
)
def test_what_is_no_week_or_quarter_is_refused(kind, text):
    with pytest.raises(ValueError, match=r"not a "):
        kind.parse(text)


def test_a_quarter_is_three_months():
    assert list(map(str, Quarter(2026, 4).months)) == ["2026-10", "2026-11", "2026-12"]
