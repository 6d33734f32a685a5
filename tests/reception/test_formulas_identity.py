"""Plates, VINs and running numbers, without a database."""

from datetime import date

import pytest

from reception.formulas.identity import (
    folded_code,
    has_right_check_digit,
    is_vin,
    plate_form,
    plate_of_new_car,
    running_number,
)


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("京A12345", "ordinary"),
        ("京a·12345", "ordinary"),
        ("粤B Z88K8", "ordinary"),
        ("京Ａ１２３４５", "ordinary"),
        ("京AD12345", "new_energy"),
        ("沪AF1A234", None),
        ("沪AFA1234", "new_energy"),
        ("粤B12345D", "new_energy"),
        ("京A1234学", "special"),
        ("冀B1234挂", "special"),
        ("使014578", "special"),
        ("新车R1234567", "without"),
        ("京A1234", None),
        ("京A123456", None),
        ("京I12345", None),
        ("京AO1234", None),
        ("A12345", None),
        ("京AABCDE", None),
        ("", None),
    ],
)
def test_a_plate_has_one_of_the_forms_of_ga_36_or_none(typed, form):
    assert plate_form(folded_code(typed)) == form


@pytest.mark.parametrize(
    ("vin", "is_well_formed", "is_right"),
    [
        ("1M8GDM9AXKP042788", True, True),
        ("LSVAA4187E2184841", True, False),
        ("1M8GDM9AXKP04278", False, False),
        ("1M8GDM9AXKPO42788", False, False),
        ("", False, False),
    ],
)
def test_a_vin_has_seventeen_signs_and_a_check_digit(vin, is_well_formed, is_right):
    assert (is_vin(vin), has_right_check_digit(vin)) == (is_well_formed, is_right)


def test_a_car_without_a_plate_goes_by_the_end_of_its_vin():
    assert plate_form(plate_of_new_car("1M8GDM9AXKP042788")) == "without"


@pytest.mark.parametrize(
    ("last", "number"), [(1, "BJ01-261012-0001"), (9999, "BJ01-261012-9999"), (10_000, "BJ01-261012-10000")]
)
def test_a_running_number_grows_beyond_four_digits(last, number):
    assert running_number(prefix="", store_code="BJ01", day=date(2026, 10, 12), last=last) == number
