from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception import choices
from reception.formulas import (
    ACCESSORY,
    ACCIDENT,
    COMEBACK,
    CUSTOMER,
    FREE,
    GIFT_PAYERS,
    INSURANCE,
    INTERNAL,
    LABOUR,
    PAYING,
    PDI,
    WARRANTY,
    PayerTotal,
    line_payable,
    settlement_totals,
    split_receipt,
)
from tests.commission.small_month import accessory, d, line, order, receipt, sep, settlement


def test_the_codes_of_the_formulas_are_those_of_the_reception():
    assert {ACCIDENT, PDI, COMEBACK} == {choices.OrderKind.ACCIDENT, choices.OrderKind.PDI, choices.OrderKind.COMEBACK}
    assert {LABOUR, ACCESSORY} == {choices.LineKind.LABOUR, choices.LineKind.ACCESSORY}
    assert {CUSTOMER, WARRANTY, INSURANCE, INTERNAL, FREE} == set(choices.Payer)
    assert set(choices.PAYING) == PAYING
    assert set(choices.Payer) - PAYING == GIFT_PAYERS


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "payable"),
    [
        ("1", "100", "0", "100.00"),
        ("2", "835", "0.1", "1503.00"),
        ("5.1", "120", "0.5", "306.00"),
        ("1", "0.05", "0.1", "0.05"),  # 0.045 goes up
        ("3", "0.33", "0.5", "0.50"),  # 0.495 goes up
        ("1", "99.99", "1", "0.00"),
        ("0", "99.99", "0", "0.00"),
    ],
)
def test_a_line_costs_quantity_times_price_less_discount_rounded_half_up(quantity, price, discount, payable):
    found = line_payable(quantity=d(quantity), unit_price=d(price), discount_rate=d(discount))
    assert str(found) == payable


def test_a_line_without_discount_costs_its_list_price():
    assert line_payable(quantity=Decimal(2), unit_price=Decimal("3.50")) == Decimal("7.00")


def split(amount, *lines, **more):
    found = split_receipt(receipt(amount, **more), lines)
    assert found.accessory + found.other == d(amount)
    return found


def by_number(found):
    return {taken.number: str(amount) for taken, amount in found.by_line}


def test_a_receipt_that_names_its_accessory_part_is_believed():
    found = split("500", line("1"), accessory("900", "2"), accessory="120")
    assert (found.accessory, found.other, found.unplaced) == (d(120), d(380), d(0))
    assert by_number(found) == {"2": "120"}


def test_a_receipt_that_names_nothing_is_split_in_proportion_to_that_payers_lines():
    lines = (
        line("1", price="300"),
        accessory("100", "2"),
        accessory("100", "3", payer="insurance"),
        accessory("100", "4", payer="internal"),
    )
    found = split("200", *lines)
    assert (found.accessory, found.other) == (d(50), d(150))
    assert by_number(found) == {"2": "50.000000000000"}


def test_an_accessory_part_is_divided_by_payable_amount_and_nothing_is_lost():
    found = split("100", accessory("100", "1"), accessory("100", "2"), accessory("100", "3"), accessory="100")
    assert by_number(found) == {"1": "33.333333333333", "2": "33.333333333333", "3": "33.333333333334"}


def test_the_division_over_lines_counts_lines_as_people_do():
    lines = [accessory("100", str(number)) for number in (10, 9, 2)]
    found = split_receipt(receipt("1", accessory="1"), lines)
    assert [taken.number for taken, _amount in found.by_line] == ["2", "9", "10"]


def test_a_receipt_saying_zero_has_no_accessory_part_even_when_there_are_accessories():
    found = split("500", accessory("500", "1"), accessory="0")
    assert (found.accessory, found.other, found.by_line) == (d(0), d(500), ())


def test_a_refund_is_split_like_the_receipt_it_takes_back():
    found = split("-200", line("1", price="300"), accessory("100", "2"))
    assert (found.accessory, found.other) == (d(-50), d(-150))
    assert by_number(found) == {"2": "-50.000000000000"}


def test_a_payer_without_lines_pays_for_no_accessories():
    found = split("200", accessory("100", "1", payer="insurance"))
    assert (found.accessory, found.other) == (d(0), d(200))


def test_lines_given_away_completely_take_part_in_no_proportion():
    found = split("200", accessory("100", "1", discount="1"))
    assert (found.accessory, found.other, found.by_line) == (d(0), d(200), ())


def test_a_named_accessory_part_of_a_payer_without_accessories_goes_to_the_other_paying_parties_lines():
    lines = (line("1"), accessory("100", "2", payer="insurance"), accessory("100", "3", payer="free"))
    assert by_number(split("90", *lines, accessory="40")) == {"2": "40"}


def test_an_accessory_part_without_any_accessory_line_is_left_over():
    found = split("90", line("1"), accessory="40")
    assert (found.accessory, found.other, found.by_line, found.unplaced) == (d(40), d(50), (), d(40))


def test_gifts_take_no_money():
    found = split("90", accessory("100", "1", payer="internal"), accessory="40")
    assert (found.by_line, found.unplaced) == ((), d(40))


cents = st.integers(min_value=-10_000_000, max_value=10_000_000).map(lambda cent: Decimal(cent) / 100)
prices = st.integers(min_value=0, max_value=500_000).map(lambda cent: Decimal(cent) / 100)


@given(amount=cents, accessory_prices=st.lists(prices, max_size=6), other=prices)
def test_a_split_adds_up_exactly(amount, accessory_prices, other):
    lines = [line("0", price=other)] + [accessory(price, str(i)) for i, price in enumerate(accessory_prices, start=1)]
    found = split_receipt(receipt(amount), lines)
    assert found.accessory + found.other == amount
    assert sum((part for _line, part in found.by_line), Decimal(0)) + found.unplaced == found.accessory


@given(amount=cents, accessory_prices=st.lists(prices, max_size=6), seed=st.randoms())
def test_a_split_does_not_depend_on_the_order_of_the_lines(amount, accessory_prices, seed):
    lines = [accessory(price, str(i)) for i, price in enumerate(accessory_prices)]
    shuffled = list(lines)
    seed.shuffle(shuffled)
    assert split_receipt(receipt(amount), lines) == split_receipt(receipt(amount), shuffled)


def test_a_settlement_asks_each_payer_for_their_own_lines():
    lines = (
        line("1", price="10"),
        accessory("5", "2"),
        line("3", price="7", payer="warranty"),
        accessory("3", "4", payer="internal"),
        line("5", price="0.50"),
    )
    assert settlement_totals(lines) == (
        PayerTotal("customer", d("15.50"), d("5.00")),
        PayerTotal("warranty", d("7.00"), d("0")),
        PayerTotal("internal", d("3.00"), d("3.00")),
    )


def test_a_settlement_stands_from_its_day_until_the_day_before_its_reversal():
    found = settlement(on=sep(10), reversed_on=sep(20))
    assert [found.is_live_on(sep(day)) for day in (9, 10, 19, 20, 21)] == [False, True, True, False, False]


def test_an_order_knows_the_settlement_of_a_day_and_the_lines_it_froze():
    first = settlement("S1", sep(10), sep(20), lines=(line("1", price="80"),))
    second = settlement("S2", sep(25))
    found = order(lines=[line("1", price="90")], settlements=(first, second))
    assert [found.settlement_on(sep(day)) for day in (9, 15, 22, 25)] == [None, first, None, second]
    assert [found.lines_under(one)[0].payable for one in (first, second, None)] == [d("80.00"), d("90.00"), d("90.00")]
    assert list(found.accessory_lines(first)) == []
