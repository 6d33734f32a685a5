from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from callback.formulas import (
    CallFigures,
    Hours,
    NextStep,
    QuietHours,
    RetryPlan,
    Step,
    after_unreached,
    call_window,
    fill_in,
    propose_times,
    rate,
    unknown_names,
)
from dealer_crm.values import WorkCalendar

TZ = ZoneInfo("Asia/Shanghai")
HOURS = Hours(opens=time(9), closes=time(18), tz=TZ)
PLAN = RetryPlan(tries=3, quiet=QuietHours(time(9), time(20), time(12), time(13, 30)))


def _calendar_2026() -> WorkCalendar:
    """The two months around Golden Week 2026 as published: 1–7 October free, 20 September and 10 October worked."""
    days, names = {}, {}
    day = date(2026, 9, 1)
    while day <= date(2026, 11, 30):
        days[day] = day.weekday() < 5
        day += timedelta(days=1)
    for number in range(1, 8):
        days[date(2026, 10, number)] = False
        names[date(2026, 10, number)] = "国庆节"
    for make_up in (date(2026, 9, 20), date(2026, 10, 10)):
        days[make_up] = True
        names[make_up] = "调休上班"
    return WorkCalendar(days, names)


CALENDAR = _calendar_2026()


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TZ)


@pytest.mark.parametrize(
    ("delivered", "first", "due", "shifted", "code"),
    [
        # An ordinary week: Monday's car until Thursday, Thursday's until Friday, Friday's until Monday.
        (date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 15), False, "last_day"),
        (date(2026, 10, 13), date(2026, 10, 14), date(2026, 10, 16), False, "last_day"),
        (date(2026, 10, 14), date(2026, 10, 15), date(2026, 10, 16), False, "last_working_day"),
        (date(2026, 10, 15), date(2026, 10, 16), date(2026, 10, 16), False, "last_working_day"),
        (date(2026, 10, 16), date(2026, 10, 17), date(2026, 10, 19), False, "last_day"),
        # Golden Week, day by day.
        (date(2026, 9, 27), date(2026, 9, 28), date(2026, 9, 30), False, "last_day"),
        (date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30), False, "last_working_day"),
        (date(2026, 9, 29), date(2026, 9, 30), date(2026, 9, 30), False, "last_working_day"),
        (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 8), True, "shifted"),
        (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 8), True, "shifted"),
        (date(2026, 10, 4), date(2026, 10, 5), date(2026, 10, 8), True, "shifted"),
        (date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 8), False, "last_day"),
        (date(2026, 10, 6), date(2026, 10, 7), date(2026, 10, 9), False, "last_day"),
        # The make-up Saturday 10 October is a day to call.
        (date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 10), False, "last_day"),
        (date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10), False, "last_working_day"),
        (date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 12), False, "last_day"),
        # The make-up Sunday 20 September as well.
        (date(2026, 9, 18), date(2026, 9, 19), date(2026, 9, 21), False, "last_day"),
        (date(2026, 9, 17), date(2026, 9, 18), date(2026, 9, 20), False, "last_day"),
    ],
)
def test_a_delivered_car_is_owed_a_call_by_the_last_working_day_of_three(delivered, first, due, shifted, code):
    window = call_window(event_on=delivered, opens_after=1, closes_after=3, calendar=CALENDAR, hours=HOURS)
    assert window.opens_at == datetime.combine(first, time(9), TZ)
    assert window.due_at == datetime.combine(due, time(18), TZ)
    assert (window.was_shifted, window.why["code"]) == (shifted, code)


def test_a_due_date_keeps_why_it_is_what_it_is():
    window = call_window(event_on=date(2026, 9, 30), opens_after=1, closes_after=3, calendar=CALENDAR, hours=HOURS)
    assert window.why == {
        "code": "shifted",
        "event": "2026-09-30",
        "lead": 0,
        "first": "2026-10-01",
        "last": "2026-10-03",
        "due": "2026-10-08",
        "free": ["国庆节"],
        "assumed": False,
    }


def test_the_call_after_a_complaint_solved_on_friday_is_made_on_monday():
    window = call_window(event_on=date(2026, 10, 16), opens_after=1, closes_after=1, calendar=CALENDAR, hours=HOURS)
    assert (window.due_at, window.was_shifted) == (at(19, 18), True)


def test_a_reminder_is_counted_from_the_days_before():
    window = call_window(
        event_on=date(2026, 11, 30), opens_after=0, closes_after=5, calendar=CALENDAR, hours=HOURS, lead_days=30
    )
    assert (window.opens_at, window.due_at) == (at(31, 9), at(5, 18, month=11))


def test_a_year_nobody_loaded_is_assumed_and_says_so():
    window = call_window(
        event_on=date(2031, 5, 6), opens_after=1, closes_after=3, calendar=WorkCalendar({}), hours=HOURS
    )
    assert (window.due_at.date(), window.why["assumed"]) == (date(2031, 5, 9), True)


@pytest.mark.parametrize(
    ("tried", "due", "may_text", "expected"),
    [
        # Morning → the same afternoon; then the next morning.
        ([at(13, 10)], at(15, 18), True, NextStep(Step.RETRY, at(13, 13, 30))),
        ([at(13, 10), at(13, 14)], at(15, 18), True, NextStep(Step.RETRY, at(14, 9))),
        # Afternoon → the next morning; a weekend is jumped over.
        ([at(13, 15)], at(15, 18), True, NextStep(Step.RETRY, at(14, 9))),
        ([at(16, 15)], at(19, 18), True, NextStep(Step.RETRY, at(19, 9))),
        # A try during the noon rest belongs to the afternoon.
        ([at(13, 12, 30)], at(15, 18), True, NextStep(Step.RETRY, at(14, 9))),
        # The third call in vain: a text, or nothing for who wants none.
        ([at(13, 10), at(13, 14), at(14, 9)], at(15, 18), True, NextStep(Step.TEXT)),
        ([at(13, 10), at(13, 14), at(14, 9)], at(15, 18), False, NextStep(Step.UNREACHED)),
        # No other half-day inside the window.
        ([at(15, 14)], at(15, 18), True, NextStep(Step.TEXT)),
        ([at(15, 14)], at(15, 18), False, NextStep(Step.UNREACHED)),
        # The same half-day twice is one half-day; the window ends on its day.
        ([at(15, 9, 30)], at(15, 18), True, NextStep(Step.RETRY, at(15, 13, 30))),
        # Overdue: nothing lies inside the window any more.
        ([at(16, 10)], at(15, 18), True, NextStep(Step.TEXT)),
        # Golden Week is not called through.
        ([at(30, 15, month=9)], at(8, 18), True, NextStep(Step.RETRY, at(8, 9))),
    ],
)
def test_a_call_in_vain_is_tried_in_another_half_day_then_texted(tried, due, may_text, expected):
    step = after_unreached(tried=tried, due_at=due, may_text=may_text, plan=PLAN, hours=HOURS, calendar=CALENDAR)
    assert step == expected


def test_the_next_try_is_set_to_the_hour_the_customer_prefers():
    step = after_unreached(
        tried=[at(13, 10)],
        due_at=at(15, 18),
        may_text=True,
        plan=PLAN,
        hours=HOURS,
        calendar=CALENDAR,
        preferred_hour=16,
    )
    assert step == NextStep(Step.RETRY, at(13, 16))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(13, 9, 7), [at(13, 10, 5), at(13, 13, 30), at(14, 9)]),
        (at(13, 11, 15), [at(13, 13, 30), at(14, 9)]),  # in an hour is the noon rest
        (at(16, 19, 30), [at(19, 9), at(19, 13, 30)]),  # Friday evening
    ],
)
def test_call_backs_are_offered_outside_the_quiet_hours(now, expected):
    assert propose_times(now=now, plan=PLAN, hours=HOURS, calendar=CALENDAR) == expected


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (at(13, 8, 59), True), (at(13, 9), False), (at(13, 11, 59), False), (at(13, 12), True),
        (at(13, 13, 29), True), (at(13, 13, 30), False), (at(13, 19, 59), False), (at(13, 20), True),
    ],
)  # fmt: skip
def test_nobody_is_called_early_late_or_at_noon(moment, quiet):
    assert PLAN.quiet.covers(moment) is quiet


def test_names_are_filled_into_the_script_and_strange_ones_stay_visible():
    text = "{客户}您好，{车牌}已完工，{颜色}。"
    assert fill_in(text, {"客户": "王伟先生", "车牌": "京A00001"}) == "王伟先生您好，京A00001已完工，{颜色}。"
    assert unknown_names(text, {"客户", "车牌"}) == ["颜色"]


def test_coverage_counts_what_was_owed_and_a_day_without_calls_has_no_rate():
    figures = CallFigures(owed=8, called=6, called_inside=4, calls=12, connected=9) + CallFigures(owed=2, called=2)
    assert (figures.coverage_rate, figures.inside_rate) == (Decimal("0.8000"), Decimal("0.4000"))
    assert figures.connect_rate == Decimal("0.7500")
    assert rate(0, 0) is None
