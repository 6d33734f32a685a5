"""What a month's money cost: cost goes with the money it earned, and what nobody knows is told,
never taken for nothing."""

from datetime import date
from decimal import Decimal

import pytest

from dealer_crm.kpi.formulas import month_costs, month_margin, month_output
from tests.commission.small_month import (
    OCTOBER,
    SEPTEMBER,
    accessory,
    accident,
    d,
    labour,
    line,
    order,
    receipt,
    sep,
    settlement,
)

OCT_2 = date(2026, 10, 2)


def part(price="200", cost="120", number="1", **more):
    return line(number, "part", price, unit_cost=None if cost is None else d(cost), **more)


def told(orders, period):
    """(material, accessory money, lines without a purchase price, what those were sold for) of a month."""
    found = month_costs(orders, period)
    return (
        str(sum((row.counted for row in found.rows), Decimal(0)).normalize() + 0),
        str(sum((row.counted for row in found.accessories), Decimal(0)).normalize() + 0),
        len(found.uncosted),
        str(sum((row.counted for row in found.uncosted), Decimal(0)).normalize() + 0),
    )


def of(material="0", accessories="0", lines=0, sold="0"):
    return material, accessories, lines, sold


WORK = [part(), labour("1", "2", price="100")]
NOTHING = of()
CASES = {
    "cost counts with the customer's money": (
        order(lines=WORK, receipts=[receipt(300)]), of("120"), NOTHING,
    ),
    "settled in September, paid in October": (
        order(lines=WORK, receipts=[receipt(300, on=OCT_2)]), NOTHING, of("120"),
    ),
    "half the money, half the cost": (
        order(lines=WORK, receipts=[receipt(150), receipt(150, "R2", OCT_2)]), of("60"), of("60"),
    ),
    "money back, cost back": (
        order(lines=WORK, receipts=[receipt(300), receipt(-150, "R2", OCT_2)]), of("120"), of("-60"),
    ),
    "not paid, no cost yet": (order(lines=WORK), NOTHING, NOTHING),
    "not settled, no cost yet": (order(lines=WORK, receipts=[receipt(300)], settled=None), NOTHING, NOTHING),
    "a reversal gives back what it cost then, whatever the line costs now": (
        order(
            lines=[part(cost="150")], receipts=[receipt(200)],
            settlements=[settlement(on=sep(10), reversed_on=OCT_2, lines=(part(cost="120"),))],
        ),
        of("120"), of("-120"),
    ),
    "the manufacturer's money comes later, and the cost with it": (
        order(kind="warranty", lines=[part(payer="warranty")], receipts=[receipt(200, on=OCT_2, payer="warranty")]),
        NOTHING, of("120"),
    ),
    "each payer's lines go with that payer": (
        order(lines=[part(), part("80", "50", "2", payer="warranty")], receipts=[receipt(200)]), of("120"), NOTHING,
    ),
    "an accident counts whole with its assessed amount, the insurer's money brings nothing more": (
        accident(
            "U1", 1000, sep(20), sep(28), lines=[part(payer="insurance"), part("90", "40", "2")],
            receipts=[receipt(200, on=OCT_2, payer="insurance"), receipt(90, "R2")],
        ),
        of("160"), NOTHING,
    ),
    "an accessory sold on an accident order goes by its own money": (
        accident("U1", 1000, sep(20), OCT_2, lines=[accessory("300", unit_cost=d(150))], receipts=[receipt(300)]),
        of("150", "300"), NOTHING,
    ),
    "insurance money on an ordinary order is no output, so its cost is none": (
        order(lines=[part(payer="insurance")], receipts=[receipt(200, payer="insurance")]), NOTHING, NOTHING,
    ),
    "a comeback is paid by the house, with its settlement": (
        order(kind="comeback", lines=[part(payer="internal")]), of("120"), NOTHING,
    ),
    "so are gifts and items of a package": (
        order(lines=[accessory("300", payer="free", unit_cost=d(150)), part(discount="1", number="2")]),
        of("270"), NOTHING,
    ),
    "accessory money is no output but earns too": (
        order(lines=[*WORK, accessory("300", "3", unit_cost=d(150))], receipts=[receipt(600)]),
        of("270", "300"), NOTHING,
    ),
    "outside work costs what the other workshop asks": (
        order(lines=[line("1", "sublet", "500", unit_cost=d(400))], receipts=[receipt(500)]), of("400"), NOTHING,
    ),
    "an unknown price is no price of nothing": (
        order(lines=[part(cost=None), part("100", "60", "2")], receipts=[receipt(300)]), of("60", "0", 1, "200"),
        NOTHING,
    ),
    "an unknown line that came in two parts of a month is one line": (
        order(lines=[part(cost=None)], receipts=[receipt(50), receipt(150, "R2")]), of("0", "0", 1, "200"), NOTHING,
    ),
    "a gift of unknown price brought no money": (
        order(lines=[part(cost=None, payer="free")]), of("0", "0", 1, "0"), NOTHING,
    ),
    "known to have cost nothing": (order(lines=[part(cost="0")], receipts=[receipt(200)]), NOTHING, NOTHING),
    "labour and other charges have no material": (
        order(lines=[labour("1"), line("2", "other", "80")], receipts=[receipt(200)]), NOTHING, NOTHING,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_what_counts_when(what):
    made, september, october = CASES[what]
    assert (told([made], SEPTEMBER), told([made], OCTOBER)) == (september, october)


@pytest.mark.parametrize(("period", "margin"), [(SEPTEMBER, "330"), (OCTOBER, "-330")])
def test_margin_is_money_less_cost_without_what_is_unknown_and_a_reversal_takes_all_of_it_back(period, margin):
    lines = (*WORK, accessory("300", "3", unit_cost=d(150)), part(cost=None, number="4"))
    made = order(
        lines=lines, receipts=[receipt(800)],
        settlements=[settlement(on=sep(10), reversed_on=OCT_2, lines=lines)],
    )  # fmt: skip
    assert month_output([made], period).amount == (500 if period == SEPTEMBER else -500)
    assert month_margin([made], period) == d(margin)


def test_a_row_says_which_line_how_many_at_what_price_and_which_part_of_it():
    made = order(lines=[part(quantity="2")], receipts=[receipt(100)])
    [row] = month_costs([made], SEPTEMBER).rows
    assert (row.order, row.number, row.day) == ("GD81-1", "1.  2 × 120 · 25%", sep(10))
