"""What two plans pay for the same month, and where two plans differ: what a dry run and the versions' page show."""

from dataclasses import replace

import pytest

from commission.formulas import SHIPPED, SHIPPED_VAT_113, AdjustmentFact, ComplaintFact, PlanParameters, compute_month
from commission.formulas.comparison import BlockChange, ItemChange, block_changes, item_changes, parameter_changes
from commission.formulas.plan import HoursPrice, PoolShare
from tests.commission.small_month import (
    THE_TENTH,
    advisor,
    d,
    labour,
    line,
    month,
    order,
    receipt,
    target,
    technician,
)


def with_blocks(*blocks):
    return PlanParameters(3, "X", SHIPPED.starts, blocks)


def test_a_dry_run_shows_what_everybody_gains_and_loses_item_by_item():
    """Deductions and penalties are taken from the pay, and what is paid alike stands there too."""
    worked = order("GD81-1", lines=(labour(13),), completed_on=THE_TENTH, settled=None)
    sold = order("GD81-2", lines=[line(price="200000")], receipts=[receipt(200000)])
    facts = month(
        worked,
        sold,
        staff=(technician("T01"), advisor("A01")),
        targets=(target("output", 200000), target("car_count", 1)),
        complaints=(ComplaintFact("P1", THE_TENTH, True, None, ("A01",)),),
        adjustments=(AdjustmentFact("1", "A01", d(-50), True), AdjustmentFact("2", "A01", d(30), True)),
    )
    unshared = replace(SHIPPED, blocks=tuple(b for b in SHIPPED.blocks if b.code not in ("C", "C.share")))
    assert item_changes(compute_month(facts, SHIPPED), compute_month(facts, SHIPPED_VAT_113)) == (
        ItemChange("A01", "A.complaints", "Deduction for verified complaints", d("-50.00"), d("-50.00")),
        ItemChange("A01", "A.share", "Share of the front-desk pool", d("1000.00"), d("1000.00")),
        ItemChange("A01", "adjustment", "Adjustment", d("-20.00"), d("-20.00")),
        ItemChange("T01", "C.share", "Share of the team's commission", d("240.00"), d("248.50")),
    )
    [gone] = [
        one for one in item_changes(compute_month(facts, SHIPPED), compute_month(facts, unshared)) if one.after == 0
    ]
    assert (gone.staff, gone.code, str(gone.before), str(gone.after)) == ("T01", "C.share", "240.00", "0.00")


C, D, SHARE, TIERS = (SHIPPED.block(code) for code in ("C", "D", "C.share", "A.complaints"))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((C, D), (D, C), [("D", D, D, ()), ("C", C, C, ())]),  # in the order of the later plan
        ((C, D), (D,), [("D", D, D, ()), ("C", C, None, ())]),  # what it lacks stands at the end
        ((D,), (C, D), [("C", None, C, ()), ("D", D, D, ())]),
        (
            (C,),
            (replace(C, rate=d("0.2"), divisor=d("1.13")),),
            [("C", C, replace(C, rate=d("0.2"), divisor=d("1.13")), ("divisor", "rate"))],
        ),
        (
            (C,),
            (replace(C, payers=C.payers[::-1]),),  # lists say the same in any order
            [("C", C, replace(C, payers=C.payers[::-1]), ())],
        ),
        (
            (TIERS,),
            (replace(TIERS, tiers=TIERS.tiers[::-1]),),
            [("A.complaints", TIERS, replace(TIERS, tiers=TIERS.tiers[::-1]), ())],
        ),
        (
            (C,),
            (replace(C, payers=C.payers[1:]),),
            [("C", C, replace(C, payers=C.payers[1:]), ("payers",))],
        ),
        ((C,), (replace(SHARE, code="C"),), [("C", C, replace(SHARE, code="C"), ("type",))]),
    ],
)
def test_rules_of_two_versions_stand_side_by_side(before, after, found):
    changes = block_changes(with_blocks(*before), with_blocks(*after))
    assert changes == tuple(BlockChange(*one) for one in found)
    assert [one.is_same for one in changes] == [
        None not in (old, new) and not names for _code, old, new, names in found
    ]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((C,), (C,), []),
        ((C,), (replace(C, rate=d("0.2")),), [("C.rate", d("0.18"), d("0.2"))]),
        ((C,), (), [("C", "hours_price", None)]),
        ((), (C,), [("C", None, "hours_price")]),
        ((C,), (replace(SHARE, code="C"),), [("C", "hours_price", "pool_share")]),
        (
            (C, D),
            (replace(SHARE, code="C"), replace(D, rate=d(0))),
            [("C", "hours_price", "pool_share"), ("D.rate", d("0.20"), d(0))],
        ),
    ],
)
def test_the_journal_names_each_parameter_with_what_it_was_and_is(before, after, found):
    assert list(parameter_changes(with_blocks(*before), with_blocks(*after))) == found
    assert {HoursPrice.TYPE, PoolShare.TYPE} == {"hours_price", "pool_share"}
