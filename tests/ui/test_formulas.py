from datetime import timedelta
from decimal import Decimal

import pytest

from dealer_crm.ui import formulas


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (Decimal("1234.5"), 2, "1,234.50"),
        (Decimal("0.005"), 2, "0.01"),
        (Decimal("-0.004"), 2, "0.00"),
        (Decimal("-1234567.891"), 2, "-1,234,567.89"),
        ("12345", 0, "12,345"),
        (0, 2, "0.00"),
        (2.5, 0, "3"),
        (None, 2, "—"),
        ("", 2, "—"),
        ("text", 2, "—"),
        (Decimal("NaN"), 2, "—"),
    ],
)
def test_numbers_are_grouped_and_rounded_half_up(value, places, written):
    assert formulas.grouped(value, places) == written


@pytest.mark.parametrize(
    ("rate", "places", "written"),
    [("0.853", 1, "85.3%"), ("1", 0, "100%"), ("1.2345", 1, "123.5%"), (None, 1, "—"), (0, 1, "0.0%")],
)
def test_rates_are_written_as_percent(rate, places, written):
    assert formulas.percentage(rate, places) == written


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+8613812345678", "138****5678"),
        ("13812345678", "138****5678"),
        ("0086 138 1234 5678", "138****5678"),
        ("010-84567890", "010****7890"),
        ("84567890", "84**7890"),
        ("12345", "*****"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_a_phone_hides_its_middle(phone, masked):
    assert formulas.masked_phone(phone) == masked


@pytest.mark.parametrize(
    ("plate", "masked"), [("京A12345", "京A***45"), ("京AD12345", "京A****45"), ("京A", "—"), (None, "—")]
)
def test_a_plate_in_the_lounge_hides_its_middle(plate, masked):
    assert formulas.masked_plate(plate) == masked


@pytest.mark.parametrize(
    ("length", "parts"),
    [
        (timedelta(minutes=65), (1, 5)),
        (timedelta(minutes=-65), (1, 5)),
        (timedelta(seconds=59), (0, 0)),
        (timedelta(days=1, minutes=1), (24, 1)),
    ],
)
def test_a_length_is_cut_to_the_minute(length, parts):
    assert formulas.hours_and_minutes(length) == parts


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("107.50", "壹佰零柒元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("10001", "壹万零壹元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("1000010", "壹佰万零壹拾元整"),
        ("20000000", "贰仟万元整"),
        ("100010001.01", "壹亿零壹万零壹元零壹分"),
        ("-325.04", "负叁佰贰拾伍元零肆分"),
        ("-0.001", "零元整"),
        (None, "—"),
    ],
)
def test_amounts_in_capital_numerals(amount, words):
    assert formulas.capital_amount(amount) == words
