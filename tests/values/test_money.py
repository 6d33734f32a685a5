"""Money to the fen: rounding, sharing out, capital numerals."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealer_crm.values import capital_numerals, fen, share_out

amounts = st.decimals(-10_000_000, 10_000_000, places=4)
weights = st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("1.004", "1.00"),
        ("1.005", "1.01"),
        ("1.0049999", "1.00"),
        ("-1.005", "-1.01"),
        ("0", "0.00"),
        ("2812.5", "2812.50"),
    ],
)
def test_amounts_are_rounded_half_up_away_from_zero(amount, rounded):
    assert str(fen(Decimal(amount))) == rounded


def shares(total, *parts):
    return [str(part) for part in share_out(Decimal(total), [Decimal(part) for part in parts])]


@pytest.mark.parametrize(
    ("total", "parts", "shared"),
    [
        # commission.md, A: the worked example
        ("3832.50", ("0.4", "0.4", "0.1"), ["1703.34", "1703.33", "425.83"]),
        # commission.md, C: no fen is missing
        ("3600.00", ("1.2", "1.0", "0.8"), ["1440.00", "1200.00", "960.00"]),
        ("0.01", ("1", "1", "1"), ["0.01", "0.00", "0.00"]),
        ("0.02", ("1", "1", "1"), ["0.01", "0.01", "0.00"]),
        ("-0.02", ("1", "1", "1"), ["-0.01", "-0.01", "0.00"]),
        ("100", ("0", "1"), ["0.00", "100.00"]),
        ("100", ("0", "0"), ["0.00", "0.00"]),
        ("0", ("1", "2"), ["0.00", "0.00"]),
        ("99.995", ("1",), ["100.00"]),
    ],
)
def test_a_pool_is_shared_by_largest_remainder_and_ties_go_to_the_earlier(total, parts, shared):
    assert shares(total, *parts) == shared


@given(amounts, weights)
def test_the_parts_of_a_pool_always_add_up_to_the_rounded_pool(total, parts):
    whole = fen(total) if any(parts) else Decimal("0.00")
    assert sum(share_out(total, parts)) == whole


@given(amounts, weights)
def test_no_part_is_a_whole_fen_away_from_its_exact_share(total, parts):
    if not any(parts):
        return
    for part, weight in zip(share_out(total, parts), parts, strict=True):
        assert abs(part - fen(total) * weight / sum(parts)) < Decimal("0.01001")


@given(amounts, weights)
def test_who_weighs_nothing_gets_nothing_and_nobody_gets_the_other_sign(total, parts):
    for part, weight in zip(share_out(total, parts), parts, strict=True):
        assert part == 0 if weight == 0 else part * total >= 0


@given(st.decimals(0, 100_000, places=2), weights)
def test_who_weighs_more_never_gets_less(total, parts):
    shared = share_out(total, parts)
    ranked = sorted(zip(parts, shared, strict=True), key=lambda pair: pair[0])
    for (lighter, less), (heavier, more) in pairwise(ranked):
        assert lighter == heavier or less <= more


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("100.05", "壹佰元零伍分"),
        ("1234.05", "壹仟贰佰叁拾肆元零伍分"),
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"),
        ("1005.30", "壹仟零伍元叁角整"),
        ("1050.00", "壹仟零伍拾元整"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("10100", "壹万零壹佰元整"),
        ("101000", "壹拾万壹仟元整"),
        ("1000000", "壹佰万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("123456789.12", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
        ("-88.80", "负捌拾捌元捌角整"),
        ("0.004", "零元整"),
        ("9.999", "壹拾元整"),
    ],
)
def test_amounts_are_written_in_capital_numerals(amount, words):
    assert capital_numerals(Decimal(amount)) == words


_VALUES = {digit: place for place, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}


def read_back(words: str) -> Decimal:
    """An amount in capital numerals as a number, by a reading of its own."""
    sign = -1 if words.startswith("负") else 1
    yuan, _mark, rest = words.lstrip("负").rpartition("元") if "元" in words else ("", "", words.lstrip("负"))
    total = group = digit = 0
    for letter in yuan:
        if letter in _VALUES:
            digit = _VALUES[letter]
        elif letter in _UNITS:
            group, digit = group + digit * _UNITS[letter], 0
        else:
            total, group, digit = total + (group + digit) * _GROUPS[letter], 0, 0
    cents = 0
    for letter, unit in pairwise(rest):
        cents += {"角": 10, "分": 1}.get(unit, 0) * _VALUES.get(letter, 0)
    return sign * (Decimal(total + group + digit) + Decimal(cents) / 100)


@given(st.decimals("-9999999999.99", "9999999999.99", places=2))
def test_capital_numerals_can_be_read_back(amount):
    assert read_back(capital_numerals(amount)) == amount
