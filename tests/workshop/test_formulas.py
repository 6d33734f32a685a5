"""What the workshop counts, without a database."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.formulas import (
    FINAL,
    TEAM,
    CheckFact,
    countdown,
    demanded_levels,
    density,
    levels_due,
    minutes_left,
    promise_tone,
    shares_add_up,
    shares_by_clock,
    shift_end,
    shown_promise,
    spans,
    unconfirmed,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 10, 12, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("minutes", "shares"),
    [
        ({1: Decimal(60)}, {1: Decimal(1)}),
        ({1: Decimal(30), 2: Decimal(90)}, {1: Decimal("0.2500"), 2: Decimal("0.7500")}),
        (
            {1: Decimal(1), 2: Decimal(1), 3: Decimal(1)},
            {1: Decimal("0.3334"), 2: Decimal("0.3333"), 3: Decimal("0.3333")},
        ),
        ({1: Decimal(0)}, {1: Decimal(1)}),
        ({1: Decimal(0), 2: Decimal(10)}, {2: Decimal(1)}),
    ],
)
def test_a_line_is_shared_by_the_minutes_clocked(minutes, shares):
    assert shares_by_clock(minutes) == shares


@given(st.lists(st.integers(0, 1_000_000), min_size=1, max_size=9))
def test_shares_by_the_clock_make_one_whole_whatever_was_clocked(hundredths):
    minutes = {person: Decimal(clocked) / 100 for person, clocked in enumerate(hundredths)}
    assert shares_add_up(shares_by_clock(minutes).values())


@pytest.mark.parametrize(
    ("shares", "whole"),
    [
        (["1"], True),
        (["0.6", "0.4"], True),
        (["0.6", "0.3"], False),
        (["0.6", "0.6"], False),
        (["1.5", "-0.5"], False),
        (["1", "0"], False),
        ([], False),
    ],
)
def test_shares_add_up_to_a_whole_and_nobody_gets_nothing(shares, whole):
    assert shares_add_up(map(Decimal, shares)) is whole


@pytest.mark.parametrize(
    ("started", "end"),
    [
        (datetime(2026, 10, 12, 9, 0), datetime(2026, 10, 12, 18, 0)),
        (datetime(2026, 10, 12, 17, 59), datetime(2026, 10, 12, 18, 0)),
        (datetime(2026, 10, 12, 18, 0), datetime(2026, 10, 13, 0, 0)),
        (datetime(2026, 10, 12, 23, 30), datetime(2026, 10, 13, 0, 0)),
    ],
)
def test_a_shift_ends_at_closing_time_and_overtime_at_midnight(started, end):
    started = started.replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert shift_end(started, time(18), SHANGHAI) == end.replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("kind", "levels"), [("maintenance", (FINAL,)), ("accident", (TEAM, FINAL))])
def test_an_order_demands_the_checks_of_its_type(kind, levels):
    assert demanded_levels(kind, ["accident", "comeback"]) == levels


@pytest.mark.parametrize(
    ("passed", "due"),
    [
        ([], (TEAM, FINAL)),
        ([CheckFact(TEAM, NOON)], (FINAL,)),
        ([CheckFact(TEAM, NOON), CheckFact(FINAL, NOON)], ()),
        ([CheckFact(TEAM, NOON - timedelta(minutes=1)), CheckFact(FINAL, NOON)], (TEAM,)),
    ],
)
def test_a_check_made_before_the_last_work_was_finished_does_not_count(passed, due):
    assert levels_due((TEAM, FINAL), passed, NOON) == due


def test_points_nobody_confirmed_are_named():
    assert unconfirmed({"试车正常": True, "油液液位正常": False}) == ["油液液位正常"]


@pytest.mark.parametrize(
    ("minutes", "seconds", "left", "tone"),
    [
        (31, 0, 31, "success"),
        (30, 30, 30, "warning"),
        (30, 0, 30, "warning"),
        (0, 0, 0, "warning"),
        (0, -1, -1, "danger"),
        (-61, 0, -61, "danger"),
    ],
)
def test_a_car_is_green_then_amber_from_thirty_minutes_on_then_red(minutes, seconds, left, tone):
    found = minutes_left(NOON + timedelta(minutes=minutes, seconds=seconds), NOON)
    assert (found, promise_tone(found)) == (left, tone)


def test_a_car_without_a_promise_has_no_colour():
    assert promise_tone(minutes_left(None, NOON)) == "neutral"


def test_the_wall_gives_its_width_to_the_fullest_stages():
    assert spans([3, 8, 80, 30, 12, 67]) == [1, 1, 4, 2, 1, 3]


@given(st.lists(st.integers(0, 300), min_size=6, max_size=6))
def test_the_columns_always_fill_the_wall(counts):
    assert sum(spans(counts)) == 12


@pytest.mark.parametrize(
    ("left", "shown"),
    [(95, "1:35"), (5, "0:05"), (0, "0:00"), (-20, "−0:20"), (-1440, ""), (1439, "23:59"), (1440, ""), (None, "—")],
)
def test_the_countdown_is_short_enough_for_a_wall(left, shown):
    assert countdown(left) == shown


@pytest.mark.parametrize(
    ("hours", "shown"), [(3, "15:00"), (11.99, "23:59"), (12, "10-13 00:00"), (-13, "10-11 23:00"), (None, "")]
)
def test_a_promise_of_another_day_says_which(hours, shown):
    promised = None if hours is None else NOON + timedelta(hours=hours)
    assert shown_promise(promised, NOON, NOON.tzinfo) == shown


@pytest.mark.parametrize(
    ("cars", "closely"), [(0, "roomy"), (36, "roomy"), (37, "snug"), (110, "snug"), (111, "dense"), (200, "dense")]
)
def test_the_more_cars_the_closer_they_stand_on_the_wall(cars, closely):
    assert density(cars) == closely
