from datetime import date

import pytest

from dealer_crm.kpi.formulas import (
    achievement,
    car_count,
    month_output,
    recognised_receipts,
    settlement_changes,
)
from tests.commission.small_month import (
    OCTOBER,
    SEPTEMBER,
    accessory,
    accident,
    d,
    line,
    order,
    receipt,
    sep,
    settlement,
)

AUGUST = SEPTEMBER.previous()
NOVEMBER = OCTOBER.next()


def output(*orders, period=SEPTEMBER):
    found = month_output(orders, period)
    return tuple(str(amount) for amount in (found.customer_amount, found.warranty_amount, found.accident_amount))


def by_month(*orders):
    """Customer money month by month, August to November."""
    return [output(*orders, period=period)[0] for period in (AUGUST, SEPTEMBER, OCTOBER, NOVEMBER)]


@pytest.mark.parametrize(
    ("settled", "received", "counted"),
    [
        (date(2026, 8, 31), date(2026, 8, 31), ["100", "0", "0", "0"]),
        (date(2026, 8, 31), date(2026, 9, 1), ["0", "100", "0", "0"]),
        (date(2026, 9, 30), date(2026, 8, 2), ["0", "100", "0", "0"]),
        (date(2026, 10, 1), date(2026, 9, 30), ["0", "0", "100", "0"]),
        (date(2026, 8, 1), date(2026, 11, 30), ["0", "0", "0", "100"]),
        (None, date(2026, 9, 10), ["0", "0", "0", "0"]),
    ],
)
def test_customer_money_counts_in_the_later_of_settlement_and_receipt_month(settled, received, counted):
    assert by_month(order(lines=[line()], receipts=[receipt(100, on=received)], settled=settled)) == counted


def test_receipts_of_one_order_count_each_in_its_own_month():
    receipts = [receipt(60, "R1", sep(10)), receipt(40, "R2", date(2026, 10, 4)), receipt(-15, "R3", date(2026, 11, 2))]
    assert by_month(order(lines=[line()], receipts=receipts)) == ["0", "60", "40", "-15"]


def test_a_reversal_takes_back_in_its_own_month_what_the_settlement_brought():
    reversed_in_october = settlement(on=sep(10), reversed_on=date(2026, 10, 5))
    found = order(lines=[line()], receipts=[receipt(100)], settlements=[reversed_in_october])
    assert by_month(found) == ["0", "100", "-100", "0"]


def test_a_new_settlement_after_a_reversal_counts_again_and_the_lines_as_they_are_now():
    first = settlement("S1", sep(10), date(2026, 10, 5), lines=(line("1", price="100"),))
    second = settlement("S2", date(2026, 11, 2))
    found = order(
        lines=[line("1", price="60"), accessory("40", "2")],
        receipts=[receipt(100)],
        settlements=[first, second],
    )
    assert by_month(found) == ["0", "100", "-100", "60.000000000000"]


def test_a_reversal_and_a_new_settlement_in_one_month_leave_only_the_difference():
    first = settlement("S1", sep(10), date(2026, 10, 5), lines=(line("1", price="100"),))
    second = settlement("S2", date(2026, 10, 6))
    found = order(
        lines=[line("1", price="60"), accessory("40", "2")], receipts=[receipt(100)], settlements=[first, second]
    )
    assert by_month(found) == ["0", "100", "-40.000000000000", "0"]
    rows = [(one.sign, one.day, one.settlement.number) for one in recognised_receipts(found, OCTOBER)]
    assert rows == [(-1, date(2026, 10, 5), "S1"), (1, date(2026, 10, 6), "S2")]


def test_a_settlement_made_and_reversed_in_one_month_never_was():
    found = order(lines=[line()], receipts=[receipt(100)], settlements=[settlement(on=sep(10), reversed_on=sep(12))])
    assert by_month(found) == ["0", "0", "0", "0"]
    assert list(settlement_changes(found, SEPTEMBER)) == []


def test_money_received_between_two_settlements_counts_with_the_second():
    first = settlement("S1", sep(1), sep(5))
    second = settlement("S2", sep(25))
    found = order(lines=[line()], receipts=[receipt(100, on=sep(10))], settlements=[first, second])
    assert [(one.sign, one.day) for one in recognised_receipts(found, SEPTEMBER)] == [(1, sep(25))]


def test_accessory_money_is_never_output():
    found = order(lines=[line(), accessory("300", "2")], receipts=[receipt(400)])
    assert output(found) == ("100.000000000000", "0", "0")
    named = order(lines=[line(), accessory("300", "2")], receipts=[receipt(400, accessory="250")])
    assert output(named) == ("150", "0", "0")


def test_insurers_pay_for_no_output():
    found = order(lines=[line(payer="insurance")], receipts=[receipt(100, payer="insurance")])
    assert output(found) == ("0", "0", "0")


@pytest.mark.parametrize("settled", [None, date(2026, 8, 3), sep(3), date(2026, 10, 3)])
def test_warranty_money_counts_in_its_receipt_month_settled_or_not(settled):
    found = order(
        kind="warranty",
        lines=[line(payer="warranty")],
        receipts=[receipt(80, "R1", payer="warranty"), receipt(20, "R2", date(2026, 10, 1), "warranty")],
        settled=settled,
    )
    assert output(found) == ("0", "80", "0")
    assert output(found, period=OCTOBER) == ("0", "20", "0")


def test_warranty_money_for_accessories_is_no_output_either():
    lines = [line("1", price="30", payer="warranty"), accessory("10", "2", payer="warranty")]
    found = order(lines=lines, receipts=[receipt(40, payer="warranty")])
    assert output(found) == ("0", "30.000000000000", "0")


def test_warranty_money_on_an_accident_order_is_warranty_money():
    found = accident("GD81-1", 1000, lines=[line(payer="warranty")], receipts=[receipt(80, payer="warranty")])
    assert output(found) == ("0", "80", "0")


@pytest.mark.parametrize(
    ("assessed", "released", "counted"),
    [
        (sep(1), sep(30), "1000"),
        (date(2026, 8, 31), sep(1), "1000"),
        (sep(30), date(2026, 8, 1), "1000"),
        (sep(1), date(2026, 10, 1), "0"),
        (date(2026, 8, 1), date(2026, 8, 31), "0"),
        (sep(1), None, "0"),
        (None, sep(1), "0"),
        (None, None, "0"),
    ],
)
def test_accident_orders_count_in_the_later_of_release_and_assessment_month(assessed, released, counted):
    assert output(accident("GD81-1", 1000, assessed, released)) == ("0", "0", counted)


def test_receipts_on_accident_orders_are_not_counted_again():
    found = accident("GD81-1", 1000, sep(1), sep(2), lines=[line()], receipts=[receipt(300)])
    assert output(found) == ("0", "0", "1000")


def test_an_assessment_belongs_to_accident_orders_only():
    assert output(order(kind="repair", assessment=accident("X", 1000, sep(1), sep(2)).assessment)) == ("0", "0", "0")
    assert output(order(kind="accident")) == ("0", "0", "0")


def test_output_is_the_sum_of_its_three_sources_with_every_row_named():
    orders = [
        order("GD81-2", lines=[line(), accessory("100", "2")], receipts=[receipt(200, "R2", sep(12))]),
        order("GD81-1", lines=[line(payer="warranty")], receipts=[receipt(50, "R1", sep(9), "warranty")]),
        accident("GD81-3", 700, sep(3), sep(4)),
    ]
    found = month_output(orders, SEPTEMBER)
    assert found.amount == d(850)
    rows = [
        (row.kind, row.number, row.order, row.day, row.value, row.counted)
        for row in (*found.customer, *found.warranty, *found.accident)
    ]
    assert rows == [
        ("receipt", "R2", "GD81-2", sep(12), d(200), d(100)),
        ("receipt", "R1", "GD81-1", sep(9), d(50), d(50)),
        ("assessment", "GD81-3", "GD81-3", sep(4), d(700), d(700)),
    ]


def test_rows_stand_by_day_and_number_whatever_order_they_are_read_in():
    early = order("GD81-2", lines=[line()], receipts=[receipt(1, "R9", sep(11)), receipt(2, "R3", sep(11))])
    late = order("GD81-1", lines=[line()], receipts=[receipt(3, "R1", sep(12))])
    for orders in ([early, late], [late, early]):
        assert [row.number for row in month_output(orders, SEPTEMBER).customer] == ["R3", "R9", "R1"]


def cars(*orders, period=SEPTEMBER):
    return [(row.order, str(row.counted)) for row in car_count(orders, period)]


@pytest.mark.parametrize(
    "kind", ["maintenance", "first_service", "repair", "accident", "warranty", "campaign", "accessory"]
)
def test_orders_settled_in_the_month_are_received_cars(kind):
    assert cars(order(kind=kind)) == [("GD81-1", "1")]
    assert cars(order(kind=kind), period=OCTOBER) == []


@pytest.mark.parametrize("kind", ["pdi", "comeback"])
def test_pdi_and_comebacks_are_left_out(kind):
    assert cars(order(kind=kind)) == []


def test_an_unsettled_order_is_no_received_car_yet():
    assert cars(order(settled=None)) == []


def test_a_reversed_settlement_takes_the_car_back_in_the_month_of_the_reversal():
    found = order(settlements=[settlement("S1", sep(10), date(2026, 10, 5)), settlement("S2", date(2026, 11, 3))])
    counted = [cars(found, period=period) for period in (SEPTEMBER, OCTOBER, NOVEMBER)]
    assert counted == [[("GD81-1", "1")], [("GD81-1", "-1")], [("GD81-1", "1")]]
    (row,) = car_count([found], OCTOBER)
    assert (row.kind, row.number, row.day, row.value) == ("settlement", "S1", date(2026, 10, 5), d(-1))


@pytest.mark.parametrize(
    ("actual", "target", "cap", "reached"),
    [
        ("500000", "400000", None, "1.25"),
        ("450", "500", None, "0.9"),
        ("0", "500", None, "0"),
        ("-10", "500", None, "0"),
        ("750", "500", "1.2", "1.2"),
        ("550", "500", "1.2", "1.1"),
        ("600", "500", "1.2", "1.2"),
    ],
)
def test_achievement_is_actual_to_target_uncapped_unless_told_otherwise(actual, target, cap, reached):
    assert achievement(d(actual), d(target), cap=None if cap is None else d(cap)) == d(reached)


@pytest.mark.parametrize("target", ["0", "-1"])
def test_there_is_no_achievement_of_a_target_of_nothing(target):
    with pytest.raises(ValueError, match="above zero"):
        achievement(d(1), d(target))
