"""What stops a run, what only warns, and what is carried over."""

from datetime import date

import pytest

from commission.formulas import (
    SHIPPED,
    AdjustmentFact,
    ComplaintFact,
    MonthStopped,
    Notice,
    TargetFact,
    compute_month,
    stops,
    warnings,
)
from commission.formulas.books import Books
from commission.formulas.waiting import waiting
from tests.commission.small_month import (
    OCTOBER,
    SEPTEMBER,
    TARGETS,
    accessory,
    accident,
    advisor,
    assistant,
    d,
    labour,
    line,
    month,
    order,
    person,
    receipt,
    scores,
    seller,
    sep,
    settlement,
    target,
    technician,
)

STAFF = (advisor("A01"), seller("S01"), technician("T01"))


def stopped(*orders, staff=STAFF, **more):
    found = said(stops(month(*orders, staff=staff, **more), SHIPPED))
    return [(notice.code.removeprefix("stop."), notice.subject, dict(notice.params)) for notice in found]


def said(notices):
    """Each can be said in words."""
    for notice in notices:
        template, params = notice.sentence()
        assert "%(" not in template % params
    return notices


def warned(*orders, staff=STAFF, **more):
    found = said(warnings(month(*orders, staff=staff, **more), SHIPPED))
    return [(notice.code.removeprefix("warn."), notice.subject) for notice in found]


def test_a_complete_month_is_not_stopped():
    assert stopped(order(lines=[accessory(100, by="S01")], receipts=[receipt(100)])) == []


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (TARGETS[1:], [("target_missing", "output", {"measure": "output"})]),
        (TARGETS[:1], [("target_missing", "car_count", {"measure": "car_count"})]),
        ((target("output", 0), TARGETS[1]), [("target_zero", "output", {"measure": "output"})]),
        ((TARGETS[0], target("car_count", -1)), [("target_zero", "car_count", {"measure": "car_count"})]),
        (
            (target("output", 1, signed=False), TARGETS[1]),
            [("target_unsigned", "output", {"measure": "output"})],
        ),
        ((target("output", 1, "A01"), TARGETS[1]), [("target_missing", "output", {"measure": "output"})]),
        (
            (),
            [
                ("target_missing", "car_count", {"measure": "car_count"}),
                ("target_missing", "output", {"measure": "output"}),
            ],
        ),
    ],
)
def test_the_stores_targets_must_be_there_above_zero_and_signed(given, found):
    assert stopped(targets=given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ((), "seller_target_missing"),
        ((target("accessory_sales", 1000),), "seller_target_missing"),
        ((target("accessory_sales", 1000, "S02"),), "seller_target_missing"),
        ((target("accessory_sales", 0, "S01"),), "seller_target_zero"),
        ((target("accessory_sales", 5, "S01", signed=False),), "seller_target_unsigned"),
    ],
)
def test_a_seller_who_brought_money_in_needs_a_target(given, found):
    sold = order(lines=[accessory(100, by="S01")], receipts=[receipt(100)])
    assert stopped(sold, targets=(*TARGETS[:2], *given)) == [(found, "S01", {"measure": "accessory_sales"})]


def test_a_seller_without_money_in_the_month_needs_no_target():
    later = order(lines=[accessory(100, by="S01")], receipts=[receipt(100, on=date(2026, 10, 1))])
    gift = order("GD81-2", lines=[accessory(100, by="S01", payer="free")])
    assert stopped(later, gift, targets=TARGETS[:2]) == []


@pytest.mark.parametrize(
    ("more", "is_stopped"),
    [
        ({}, True),
        ({"settled": None}, False),
        ({"settled": date(2026, 8, 31)}, False),
        ({"settled": None, "completed_on": sep(30)}, True),
        ({"settled": None, "completed_on": date(2026, 10, 1)}, False),
        ({"settled": date(2026, 8, 31), "receipts": [receipt(5)]}, True),
        ({"settled": date(2026, 8, 31), "receipts": [receipt(5, on=date(2026, 10, 1))]}, False),
    ],
)
def test_an_order_without_advisor_stops_the_month_it_counts_in(more, is_stopped):
    found = order(advisor=None, lines=[line()], **more)
    assert stopped(found) == ([("order_without_advisor", "GD81-1", {})] if is_stopped else [])


def test_everybody_entitled_in_the_pool_needs_a_score():
    staff = (
        advisor("A01"),
        assistant("A02"),
        advisor("A03", regularised_on=None),
        advisor("A04", left_on=date(2026, 8, 31)),
        person("A05", "advisor", "0"),
        advisor("A06", left_on=sep(2)),
        technician("T01"),
    )
    assert stopped(staff=staff, scores=()) == [(("score_missing"), number, {}) for number in ("A01", "A02", "A06")]
    assert stopped(staff=staff, scores=scores(A01=90, A02=0)) == [("score_missing", "A06", {})]


def test_a_seller_nobody_knows_stops_the_month_of_the_sale():
    sold = order(lines=[accessory(100, by="X99"), accessory(100, "2", by="X99")])
    assert stopped(sold) == [("seller_unknown", "X99", {"order": "GD81-1"})]
    assert stopped(order(lines=[accessory(100, by="X99")], settled=None)) == []
    assert stopped(order(lines=[line(seller="X99")])) == []
    as_settled = settlement("S1", lines=(accessory(100, by="X99"),))
    assert stopped(order(settlements=(as_settled,))) == [("seller_unknown", "X99", {"order": "GD81-1"})]


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        (("0.5", "0.5"), []),
        (("0.5", "0.6"), [("line_shares", "GD81-1", {"line": "1", "sum": d("1.1")})]),
        (("0.5", "0.4"), [("line_shares", "GD81-1", {"line": "1", "sum": d("0.9")})]),
        ((), []),
    ],
)
def test_shares_of_a_line_must_add_up(shares, found):
    technicians = tuple((f"T0{place}", d(share)) for place, share in enumerate(shares, start=1))
    worked = order(lines=[labour(1, technicians=technicians)], completed_on=sep(3), settled=None)
    assert stopped(worked) == found


def test_shares_matter_in_the_month_of_completion_and_for_labour_only():
    half = (("T01", d("0.5")),)
    later = order(lines=[labour(1, technicians=half)], completed_on=date(2026, 10, 1), settled=None)
    part = order("GD81-2", lines=[line(technicians=half)], completed_on=sep(3), settled=None)
    assert stopped(later, part) == []


def test_a_stopped_month_is_not_computed_and_names_everything():
    facts = month(order(advisor=None), staff=STAFF, targets=TARGETS[1:])
    with pytest.raises(
        MonthStopped, match=r"stop\.target_missing output, stop\.order_without_advisor GD81-1"
    ) as caught:
        compute_month(facts, SHIPPED)
    assert [stop.code for stop in caught.value.stops] == ["stop.target_missing", "stop.order_without_advisor"]


def test_a_plan_that_looks_at_no_score_needs_none():
    plan = type(SHIPPED)(2, "X", SHIPPED.starts, tuple(b for b in SHIPPED.blocks if b.code != "A.appraisal"))
    assert stops(month(staff=STAFF, scores=()), plan) == ()


def test_a_plan_without_a_measured_rule_needs_no_target():
    plan = type(SHIPPED)(2, "X", SHIPPED.starts, tuple(b for b in SHIPPED.blocks if b.TYPE == "hours_price"))
    assert stops(month(staff=STAFF, targets=(), scores=()), plan) == ()


# ── Warnings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_open_accidents_and_unsettled_orders_warn():
    found = warned(
        accident("GD81-2", 1000, sep(1), None),
        accident("GD81-3", 1000, sep(1), sep(2)),
        order("GD81-1", lines=[line()], completed_on=sep(3), settled=None),
        order("GD81-4", lines=[line()], completed_on=sep(3)),
    )
    assert found == [("order_unsettled", "GD81-1"), ("accident_waiting", "GD81-2")]


def test_complaints_of_the_month_nobody_has_judged_warn():
    found = (
        ComplaintFact("P2", sep(30)),
        ComplaintFact("P1", sep(1)),
        ComplaintFact("P3", date(2026, 8, 31)),
        ComplaintFact("P4", sep(3), False),
        ComplaintFact("P5", sep(3), True),
    )
    assert warned(complaints=found) == [("complaint_undecided", "P1"), ("complaint_undecided", "P2")]


def test_adjustments_nobody_has_decided_on_warn_with_what_they_are_for():
    decided, waiting_one = (
        AdjustmentFact("1", "A01", d(5), True, "表扬"),
        AdjustmentFact("2", "A01", d(-20), False, "迟到"),
    )
    assert said(warnings(month(staff=STAFF, adjustments=(decided, waiting_one)), SHIPPED)) == (
        Notice("warn.adjustment_waiting", "A01", {"amount": d(-20), "reason": "迟到"}),
    )


def test_accessory_money_without_a_line_warns():
    found = order(lines=[line()], receipts=[receipt(100, accessory=40)])
    (notice,) = warnings(month(found, staff=STAFF), SHIPPED)
    assert (notice.code, notice.subject, notice.params) == (
        "warn.accessory_unplaced",
        "GD81-1",
        {"receipt": "R1", "amount": d(40)},
    )


# ── Carried over ─────────────────────────────────────────────────────────────────────────────────────────────────────


def waits(*orders, period=SEPTEMBER):
    found = waiting(month(*orders, period=period))
    said([one.reason for one in found])
    return [(one.reason.code.removeprefix("wait."), one.kind, one.order, one.day, str(one.amount)) for one in found]


@pytest.mark.parametrize(
    ("assessed", "released", "found"),
    [
        (None, None, ("not_assessed_nor_released", None)),
        (sep(1), None, ("not_released", sep(1))),
        (None, sep(2), ("not_assessed", sep(2))),
        (date(2026, 10, 1), sep(2), ("not_assessed", sep(2))),
        (sep(1), date(2026, 10, 1), ("not_released", sep(1))),
        (sep(30), sep(30), None),
    ],
)
def test_accidents_wait_for_assessment_and_release(assessed, released, found):
    expected = [] if found is None else [(found[0], "assessment", "GD81-1", found[1], "1000.00")]
    assert waits(accident("GD81-1", 1000, assessed, released)) == expected


def test_an_accident_without_any_assessment_waits_with_an_unknown_amount():
    assert waits(order(kind="accident")) == [("not_assessed_nor_released", "assessment", "GD81-1", None, "0.00")]


def test_what_was_taken_in_after_the_month_does_not_wait_for_it():
    assert waits(order(kind="accident", arrived_on=date(2026, 10, 1))) == []
    assert len(waits(order(kind="accident", arrived_on=sep(30)))) == 1


def test_finished_orders_wait_for_settlement_with_what_somebody_will_pay():
    lines = [line("1", price="100"), line("2", price="50", payer="warranty"), line("3", price="9", payer="internal")]
    assert waits(order(lines=lines, completed_on=sep(5), settled=date(2026, 10, 2))) == [
        ("not_settled", "order", "GD81-1", sep(5), "150.00")
    ]
    assert waits(order(lines=lines, completed_on=date(2026, 10, 1), settled=None)) == []


def test_money_paid_before_settlement_waits():
    receipts = [
        receipt(30, "R1", sep(5)),
        receipt(20, "R2", sep(30)),
        receipt(5, "R3", date(2026, 10, 1)),
        receipt(70, "R4", sep(9), "warranty"),
    ]
    assert waits(order(lines=[line()], receipts=receipts, settled=None)) == [
        ("paid_unsettled", "receipt", "GD81-1", sep(30), "50.00")
    ]


def test_settled_orders_wait_for_what_their_payers_owe():
    lines = [
        line("1", price="100"),
        line("2", price="50", payer="warranty"),
        accessory(40, "3", payer="insurance"),
        line("4", price="500", payer="insurance"),
        line("5", price="7", payer="free"),
    ]
    receipts = [receipt(60, "R1"), receipt(50, "R2", date(2026, 10, 1), "warranty")]
    found = order(lines=lines, receipts=receipts)
    assert waits(found) == [
        ("customer_unpaid", "settlement", "GD81-1", sep(10), "40.00"),
        ("insurance_unpaid", "settlement", "GD81-1", sep(10), "40.00"),
        ("warranty_unpaid", "settlement", "GD81-1", sep(10), "50.00"),
    ]
    assert [one[0] for one in waits(found, period=OCTOBER)] == ["customer_unpaid", "insurance_unpaid"]


def test_who_has_paid_enough_waits_for_nothing():
    assert waits(order(lines=[line()], receipts=[receipt(100)])) == []
    assert waits(order(lines=[line()], receipts=[receipt(120)])) == []
    assert waits(order(lines=[line()], receipts=[receipt(100, on=sep(30))])) == []
    assert [one[4] for one in waits(order(lines=[line()], receipts=[receipt("99.50")]))] == ["0.50"]


def test_what_is_owed_is_owed_for_the_lines_as_they_were_settled():
    """A line was taken off the order later; the settlement stands as it is."""
    settled = settlement("S1", lines=(line("1", price="100"), line("2", price="40")))
    assert waits(order(lines=[line("1", price="100")], settlements=(settled,))) == [
        ("customer_unpaid", "settlement", "GD81-1", sep(10), "140.00")
    ]


def test_customers_of_accident_orders_owe_for_accessories_only():
    lines = [line("1", price="100"), accessory(40, "2")]
    found = accident("GD81-1", 1000, sep(1), sep(2), lines=lines, receipts=[receipt(70, accessory=15)])
    assert waits(found) == [("customer_unpaid", "settlement", "GD81-1", sep(10), "25.00")]
    unsettled = accident(
        "GD81-1", 1000, sep(1), sep(2), lines=lines, receipts=[receipt(70, accessory=15)], settled=None
    )
    assert waits(unsettled) == [("paid_unsettled", "receipt", "GD81-1", sep(10), "15.00")]


def test_what_an_accident_was_assessed_at_waits_once():
    """For release, not for the settlement as well: only its accessories do."""
    lines = [line("1", price="100", payer="insurance"), accessory(40, "2")]
    found = {"assessed": sep(1), "released": None, "settled": None, "completed_on": sep(5)}
    assert waits(accident("GD81-1", 1000, lines=lines, **found)) == [
        ("not_released", "assessment", "GD81-1", sep(1), "1000.00"),
        ("not_settled", "order", "GD81-1", sep(5), "40.00"),
    ]
    assert [one[0] for one in waits(accident("GD81-1", 1000, lines=lines[:1], **found))] == ["not_released"]


def test_an_order_whose_settlement_was_reversed_waits_again():
    found = order(
        lines=[line()], completed_on=sep(5), receipts=[receipt(100)], settlements=(settlement("S1", sep(10), sep(20)),)
    )
    assert [one[0] for one in waits(found)] == ["not_settled", "paid_unsettled"]


def test_the_books_know_no_target_that_is_not_there():
    books = Books.of(month(targets=TARGETS[:1]), SHIPPED)
    assert books.target_amount("output") == d(1000)
    with pytest.raises(LookupError, match="no target for accessory_sales S01"):
        books.target_amount("accessory_sales", "S01")
    with pytest.raises(LookupError, match=r"no target for car_count$"):
        books.target_amount("car_count")
    with pytest.raises(KeyError, match="weather"):
        books.measure("weather")


def test_targets_of_other_measures_are_nobodys_business():
    assert stopped(targets=(*TARGETS, TargetFact("margin", d(0)))) == []
