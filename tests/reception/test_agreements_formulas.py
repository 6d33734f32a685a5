"""Best price, drawing down, points: tables of cases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from reception.choices import LineKind, PriceBasis
from reception.formulas.agreements import (
    AGREEMENT,
    MEMBERSHIP,
    PART,
    AskedLine,
    CoveredItem,
    Terms,
    best_offer,
    draw_down,
    points_earned,
)
from reception.formulas.responses import Response

OIL = AskedLine("part", "JY5W30", "全合成机油 5W-30 4L", Decimal(1), Decimal("368.00"))
WORK = AskedLine("labour", "BY01", "更换机油机滤", Decimal("0.80"), Decimal("120.00"))
FREE_OIL = CoveredItem(1, "part", "JY5W30", "机油", None, 2)
OIL_AT_300 = CoveredItem(2, "part", "", "全合成机油 5W-30 4L", Decimal("300.00"))
LEVEL = Terms(MEMBERSHIP, Decimal("0.05"), Decimal("0.10"))


def fleet(*items, labour="0", part="0"):
    return Terms(AGREEMENT, Decimal(labour), Decimal(part), items)


@pytest.mark.parametrize(
    ("line", "terms", "expected"),
    [
        # nothing agreed
        (OIL, [], None),
        (OIL, [fleet(labour="0.2")], None),
        # discounts on labour and on parts
        (WORK, [fleet(labour="0.2")], (AGREEMENT, Decimal("120.00"), Decimal("0.2"), None)),
        (OIL, [LEVEL], (MEMBERSHIP, Decimal("368.00"), Decimal("0.10"), None)),
        # the better of two; the agreement goes before the membership where they give the same
        (OIL, [LEVEL, fleet(part="0.15")], (AGREEMENT, Decimal("368.00"), Decimal("0.15"), None)),
        (OIL, [LEVEL, fleet(part="0.08")], (MEMBERSHIP, Decimal("368.00"), Decimal("0.10"), None)),
        (OIL, [LEVEL, fleet(part="0.10")], (AGREEMENT, Decimal("368.00"), Decimal("0.10"), None)),
        # a covered item by its code, free of charge
        (OIL, [fleet(FREE_OIL), LEVEL], (AGREEMENT, Decimal("368.00"), Decimal(1), 1)),
        # … by its name where it has no code, at the agreed price
        (OIL, [fleet(OIL_AT_300)], (AGREEMENT, Decimal("300.00"), Decimal(0), 2)),
        # a discount that comes to the same or less goes before the item
        (OIL, [fleet(OIL_AT_300, part="0.20")], (AGREEMENT, Decimal("368.00"), Decimal("0.20"), None)),
        # used up, another kind, another code
        (OIL, [fleet(CoveredItem(3, "part", "JY5W30", "机油", None, 0))], None),
        (WORK, [fleet(FREE_OIL)], None),
        (OIL, [fleet(CoveredItem(4, "part", "JY0W20", "全合成机油 5W-30 4L"))], None),
        # an agreed price above the list price is nobody's gain
        (OIL, [fleet(CoveredItem(5, "part", "JY5W30", "机油", Decimal("400.00")))], None),
    ],
)
def test_a_line_gets_the_best_price_agreed(line, terms, expected):
    offer = best_offer(line, terms)

    found = offer and (offer.basis, offer.unit_price, offer.discount_rate, offer.item and offer.item.id)
    assert found == expected


def test_a_better_price_typed_by_the_desk_stands():
    typed = AskedLine("part", "", "蓄电池", Decimal(1), Decimal("680.00"), Decimal("0.15"))

    assert best_offer(typed, [LEVEL]) is None


def test_codes_and_names_are_compared_without_case_and_spaces():
    line = AskedLine("part", "jy5w30", "机油", Decimal(1), Decimal("368.00"))

    assert best_offer(line, [fleet(FREE_OIL)]).item == FREE_OIL
    assert best_offer(AskedLine("part", "", " 机 油", Decimal(1), Decimal(9)), [fleet(FREE_OIL)]).item == FREE_OIL


@pytest.mark.parametrize(
    ("due", "balances", "drawn"),
    [
        ("180.00", [(1, "500.00")], [(1, "180.00")]),
        ("180.00", [(1, "100.00")], [(1, "100.00")]),
        ("180.00", [(1, "100.00"), (2, "500.00")], [(1, "100.00"), (2, "80.00")]),
        ("180.00", [(1, "0.00"), (2, "-5.00")], []),
        ("0.00", [(1, "500.00")], []),
        ("-20.00", [(1, "500.00")], []),
    ],
)
def test_prepaid_balances_pay_what_is_owed_as_far_as_they_reach(due, balances, drawn):
    found = draw_down(Decimal(due), [(place, Decimal(amount)) for place, amount in balances])

    assert found == [(place, Decimal(amount)) for place, amount in drawn]


@pytest.mark.parametrize(
    ("paid", "rate", "points"),
    [("980.00", "1", 980), ("980.99", "1", 980), ("980.00", "0.15", 147), ("9.99", "0.1", 0), ("-5.00", "1", 0)],
)
def test_whole_points_for_what_the_customer_pays(paid, rate, points):
    assert points_earned(Decimal(paid), Decimal(rate)) == points


def test_the_words_of_the_formulas_are_those_of_the_tables():
    assert PriceBasis.values == [AGREEMENT, MEMBERSHIP]
    assert LineKind.PART == PART


@pytest.mark.parametrize(
    ("begun", "now", "is_over", "took", "is_kept"),
    [
        (1, 5, False, 1, True),
        (2, 5, True, 2, True),  # to the minute
        (3, 5, True, 3, False),
        (None, 1, False, 1, None),  # still time
        (None, 3, False, 3, False),  # nobody has begun, and it is too late already
        (None, 9, True, None, None),  # came by workbook: nobody wrote down when
    ],
)
def test_a_car_is_answered_in_time_when_work_begins_within_the_hours_promised(begun, now, is_over, took, is_kept):
    came = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
    hours = {None: None, **{count: timedelta(hours=count) for count in range(10)}}
    response = Response(came, 2, None if begun is None else came + hours[begun], is_over)

    assert (response.took(came + hours[now]), response.is_kept(came + hours[now])) == (hours[took], is_kept)
