"""Which hours a day has and how many cars still fit into them; no database."""

from datetime import date, time

import pytest

from reception.formulas.slots import NO_LIMIT, Capacity, Opening, in_force, is_closed, lowest_free, slots_of

WEDNESDAY = date(2026, 10, 14)
OPENING = Opening(time(8, 30), time(18), usual_places=4)


def row(hour, places, *, kind="", weekday=3, starts_on=date(2026, 1, 1)):
    return Capacity(weekday, hour, kind, places, starts_on)


def hours(rows=(), taken=None, *, closed=False, opening=OPENING, day=WEDNESDAY):
    return {slot.hour: slot for slot in slots_of(day, rows, opening, taken or {}, is_closed=closed)}


@pytest.mark.parametrize(
    ("opens", "closes", "first", "last"),
    [
        (time(8, 30), time(18), 8, 17),
        (time(9), time(17, 30), 9, 17),
        (time(8), time(8, 30), 8, 8),
        (time(0), time(23, 59), 0, 23),
    ],
)
def test_the_hours_of_a_day_lie_within_the_opening_time(opens, closes, first, last):
    found = Opening(opens, closes, 4).hours()
    assert (found[0], found[-1], len(found)) == (first, last, last - first + 1)


def test_a_new_store_takes_the_usual_number_in_every_hour_it_is_open():
    found = hours()
    assert {hour: slot.places for hour, slot in found.items()} == dict.fromkeys(range(8, 18), 4)
    assert (found[8].begins, found[9].begins) == (time(8, 30), time(9))


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([row(9, 2)], 2),
        ([row(9, 2), row(9, 3, starts_on=date(2026, 10, 14))], 3),
        ([row(9, 2), row(9, 3, starts_on=date(2026, 10, 15))], 2),
        ([row(9, 3, starts_on=date(2026, 10, 1)), row(9, 2)], 3),
        ([row(9, 0)], 0),
        ([row(9, 7, weekday=4)], 4),
    ],
    ids=["own row", "the latest that started", "not yet begun", "whatever the order", "none", "another weekday"],
)
def test_the_row_in_force_decides_how_many_cars_an_hour_takes(rows, places):
    assert hours(rows)[9].places == places


def test_an_evening_hour_outside_the_opening_time_is_taken_when_a_row_says_so():
    assert hours([row(19, 2)])[19].places == 2
    assert 19 not in hours([row(19, 0)])


@pytest.mark.parametrize(
    ("rows", "taken", "kind", "free"),
    [
        ([], {}, "repair", 4),
        ([], {(9, "repair"): 3, (9, "maintenance"): 1}, "repair", 0),
        ([row(9, 1, kind="repair")], {}, "repair", 1),
        ([row(9, 1, kind="repair")], {(9, "repair"): 1}, "repair", 0),
        ([row(9, 1, kind="repair")], {(9, "repair"): 1}, "maintenance", 3),
        ([row(9, 3, kind="repair")], {(9, "maintenance"): 3}, "repair", 1),
        ([row(9, NO_LIMIT, kind="repair")], {(9, "repair"): 3}, "repair", 1),
        ([row(9, 2)], {(9, "repair"): 3}, "repair", 0),
    ],
    ids=["empty", "full", "limit", "limit reached", "others still fit", "the whole hour holds too", "limit taken away",
         "lowered below what is booked"],
)  # fmt: skip
def test_a_type_fits_within_its_own_limit_and_the_whole_hour(rows, taken, kind, free):
    assert hours(rows, taken)[9].free_for(kind) == free


def test_a_closed_day_takes_nobody_but_shows_who_is_booked():
    found = hours([row(9, 5)], {(9, "repair"): 2}, closed=True)
    assert {hour: (slot.places, slot.taken, slot.free) for hour, slot in found.items()} == {9: (0, 2, 0)}


@pytest.mark.parametrize(
    ("day", "is_working", "name", "closed"),
    [
        (date(2026, 10, 14), True, "", False),
        (date(2026, 10, 17), False, "", False),
        (date(2026, 10, 10), True, "调休上班", False),
        (date(2026, 10, 1), False, "国庆节", True),
        (date(2026, 10, 3), False, "国庆节", True),
        (date(2026, 10, 14), False, "", True),
        (date(2026, 10, 17), False, "盘点", True),
    ],
    ids=["weekday", "plain Saturday", "make-up Saturday", "holiday", "holiday on a Saturday", "weekday of rest",
         "Saturday closed by the store"],
)  # fmt: skip
def test_holidays_and_own_days_of_rest_are_closed_and_plain_weekends_are_not(day, is_working, name, closed):
    assert is_closed(is_working=is_working, name=name, day=day) is closed


def test_rows_of_a_day_are_those_of_its_weekday_that_have_begun():
    rows = [row(9, 2), row(9, 1, kind="repair"), row(10, 3, weekday=4), row(11, 1, starts_on=date(2027, 1, 1))]
    assert in_force(rows, WEDNESDAY) == {(9, ""): 2, (9, "repair"): 1}


@pytest.mark.parametrize(("taken", "number"), [([], 1), ([1, 2], 3), ([2, 3], 1), ([1, 3], 2), ([3, 1, 2], 4)])
def test_the_lowest_free_place_is_given_out(taken, number):
    assert lowest_free(taken) == number
