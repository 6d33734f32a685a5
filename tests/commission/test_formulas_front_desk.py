"""Rule A: the advisors' pool, its sharing and the deductions."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from commission.formulas import (
    SHIPPED,
    AdjustmentFact,
    ComplaintFact,
    compute_month,
    plan_from_json,
    plan_to_json,
    sentence,
)
from commission.formulas.complaints import counting_period, verified_complaints
from commission.formulas.pools import shown
from tests.commission.small_month import (
    OCTOBER,
    SEPTEMBER,
    STORE,
    THE_TENTH,
    accessory,
    accident,
    advisor,
    amounts,
    assistant,
    d,
    line,
    month,
    order,
    paid,
    person,
    position,
    receipt,
    scores,
    sep,
    settlement,
    target,
)


def complaint(number, on=THE_TENTH, by="A01", verified=True, verified_at=None):
    return ComplaintFact(number, on, verified, verified_at, (by,) if isinstance(by, str) else tuple(by))


def worked_example(**more):
    """Output 500 000, targets 400 000 and 500 cars, 450 cars, 20 000 for accessories of which 3 000 sold at 80 %."""
    main = order(
        "GD81-1",
        lines=[
            line("1", price="300000"),
            accessory("17000", "2"),
            accessory("3750", "3", discount="0.2"),
            line("4", price="50000", payer="warranty"),
        ],
        receipts=[receipt(320000, "R1", accessory=20000), receipt(50000, "R2", payer="warranty")],
    )
    cars = [order(f"GD81-C{number:03d}") for number in range(448)]
    more.setdefault("staff", (advisor("A01"), advisor("A02"), assistant("A03")))
    more.setdefault("scores", scores(A01=95, A02=100, A03=100))
    more.setdefault("complaints", (complaint("P1"), complaint("P2")))
    targets = (target("output", 400000), target("car_count", 500))
    return month(main, accident("GD81-2", 150000, sep(3), sep(4)), *cars, targets=targets, **more)


def test_the_worked_example_of_the_rule_comes_out_to_the_fen():
    result = compute_month(worked_example(), SHIPPED)
    assert {figure.name: str(figure.value) for figure in result.figures} == {
        "客户实收": "300000.00",
        "索赔回款": "50000.00",
        "事故定审": "150000.00",
        "产值": "500000.00",
        "产值目标": "400000",
        "产值达成率": "1.2500",
        "台次": "450",
        "台次目标": "500",
        "台次达成率": "0.9000",
        "产值提成": "2812.50",
        "精品实收": "20000.00",
        "不计提精品": "3000.00",
        "精品提成": "1020.00",
        "提成池": "3832.50",
    }
    assert [(line.staff, str(line.amount)) for line in result.lines if line.code == "A.share"] == [
        ("A01", "1703.34"),
        ("A02", "1703.33"),
        ("A03", "425.83"),
    ]
    with pytest.raises(KeyError, match="天气"):
        result.figure("天气")
    first = result.summaries[0]
    assert first.complaints + first.appraisal == Decimal("511.00")
    assert paid(result) == {"A01": "1192.34", "A02": "1703.33", "A03": "425.83"}


def in_words(explanation):
    template, params = sentence(explanation)
    return template % params


def test_every_figure_of_the_worked_example_is_said_in_words():
    result = compute_month(worked_example(), SHIPPED)
    working = "500,000.00 × 0.5 % × 500,000.00 ÷ 400,000.00 × 450 ÷ 500"
    assert [in_words(figure.explanation) for figure in result.figures] == [
        "Customers paid 300,000.00 on settled ordinary orders, accessories not included (1 receipts).",
        "The manufacturer paid 50,000.00 for warranty work in the month (1 receipts).",
        "1 accident orders were assessed and released: 150,000.00.",
        "Output is customer money 300,000.00, warranty money 50,000.00 and accident orders 150,000.00: 500,000.00.",
        "The signed target of the month is 400,000.00.",
        "500,000.00 of a target of 400,000.00 were reached: 125 %.",
        "450 cars were settled in the month; PDI and comebacks are not counted.",
        "The signed target of the month is 500.",
        "450 of a target of 500 were reached: 90 %.",
        f"Output commission: {working} = 2,812.50.",
        "Customers paid 20,000.00 for accessories sold at the front desk.",
        "3,000.00 of it was sold at the price limit or below it and earns nothing.",
        "Accessories: 17,000.00 × 6 % = 1,020.00.",
        f"The pool is {working} + 17,000.00 × 6 % = 3,832.50.",
    ]
    assert [in_words(line.explanation) for line in result.of("A01")] == [
        "The pool of 3,832.50 is shared by coefficient. Your part is 0.4 of 0.9: 1,703.34.",
        "2 verified complaints by your fault: 20 % of your share of 1,703.34 is taken off, 340.67.",
        "Your appraisal score is 95: 10 % of your share of 1,703.34 is taken off, 170.33.",
    ]


def test_figures_point_at_the_figures_they_are_made_of():
    result = compute_month(worked_example(), SHIPPED)
    keys = [figure.key for figure in result.figures]
    pointed = {figure.key: {value.figure for value in figure.explanation.values} - {""} for figure in result.figures}
    assert all(target in keys for targets in pointed.values() for target in targets)
    assert {key: sorted(targets) for key, targets in pointed.items() if targets} == {
        "output": ["accident_money", "customer_money", "warranty_money"],
        "output_target": ["output_target"],
        "output_achievement": ["output", "output_target"],
        "car_count_target": ["car_count_target"],
        "car_count_achievement": ["car_count", "car_count_target"],
        "output_commission": ["car_count", "car_count_target", "output", "output_target"],
        "pool": ["accessory_commission", "car_count", "car_count_target", "output", "output_target"],
    }
    assert [line.explanation.values[0].figure for line in result.lines if line.code == "A.share"] == ["pool"] * 3


def test_the_rows_of_the_example_are_listed_under_their_rules():
    result = compute_month(worked_example(), SHIPPED)
    rows = [
        (row.code, row.receiver, row.kind, row.number, row.order, str(row.value), str(row.counted), row.note)
        for row in result.details
        if not row.order.startswith("GD81-C")
    ]
    assert rows == [
        ("A.output", "", "receipt", "R1", "GD81-1", "320000", "300000", "row.accessory_part"),
        ("A.output", "", "receipt", "R2", "GD81-1", "50000", "50000", ""),
        ("A.output", "", "assessment", "GD81-2", "GD81-2", "150000", "150000", ""),
        ("A.cars", "", "settlement", "GD81-1-S", "GD81-1", "1", "1", ""),
        ("A.cars", "", "settlement", "GD81-2-S", "GD81-2", "1", "1", ""),
        ("A.accessories", "", "receipt", "R1/2", "GD81-1", "17000.000000000000", "17000.000000000000", ""),
        ("A.accessories", "", "receipt", "R1/3", "GD81-1", "3000.000000000000", "0", "row.below_price"),
        ("A.complaints", "A01", "complaint", "P1", "", "1", "1", ""),
        ("A.complaints", "A01", "complaint", "P2", "", "1", "1", ""),
        ("A.appraisal", "A01", "score", "A01", "", "95", "95", ""),
    ]


def test_the_parts_of_a_deduction_add_up_to_the_deduction_rounded_once():
    result = compute_month(worked_example(), SHIPPED)
    assert amounts(result, "A01") == {"A.share": "1703.34", "A.complaints": "340.67", "A.appraisal": "170.33"}


def test_the_pool_is_rounded_once_and_not_from_its_rounded_halves():
    """Output commission 1.0049, accessories 1.0044: 2.0093 in all, not 1.00 + 1.00."""
    found = order(
        lines=[line("1", price="200.98"), accessory("16.74", "2")], receipts=[receipt("217.72", accessory="16.74")]
    )
    targets = (target("output", "200.98"), target("car_count", 1))
    result = compute_month(month(found, staff=[advisor()], targets=targets), SHIPPED)
    assert {name: str(result.figure(name).value) for name in ("产值提成", "精品提成", "提成池")} == {
        "产值提成": "1.00",
        "精品提成": "1.00",
        "提成池": "2.01",
    }


def shares(*staff, pool="1000", **more):
    """A pool of exactly this much, from output alone."""
    found = order(lines=[line(price=d(pool) * 200)], receipts=[receipt(d(pool) * 200)])
    targets = (target("output", d(pool) * 200), target("car_count", 1))
    return compute_month(month(found, staff=staff, targets=targets, **more), SHIPPED)


def test_one_pool_is_shared_by_coefficient_among_advisors_and_assistants_only():
    others = [person(f"X{n}", post, "1") for n, post in enumerate(["frontdesk_supervisor", "technician", "cashier"])]
    result = shares(advisor("A01"), assistant("A02"), *others, pool="500")
    assert paid(result) == {"A01": "400.00", "A02": "100.00"}


@pytest.mark.parametrize(
    ("regularised", "share"),
    [
        (None, None),
        (date(2026, 8, 31), "500.00"),
        (sep(1), "500.00"),
        (sep(2), None),
        (sep(30), None),
        (date(2026, 10, 1), None),
    ],
)
def test_one_is_entitled_from_the_first_full_month_after_regularisation(regularised, share):
    result = shares(advisor("A01"), advisor("A02", regularised_on=regularised))
    assert paid(result) == ({"A01": "500.00", "A02": share} if share else {"A01": "1000.00"})


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ({"left_on": sep(15)}, 15),
        ({"left_on": sep(30)}, 30),
        ({"left_on": date(2026, 10, 3)}, 30),
        ({"left_on": sep(1)}, 1),
        ({"left_on": date(2026, 8, 31)}, 0),
        ({"hired_on": date(2026, 10, 1)}, 0),
    ],
)
def test_who_leaves_shares_by_days_leaving_day_included(dates, days):
    result = shares(advisor("A01"), advisor("A02", **dates), pool="10000")
    expected = d(10000) * days / (30 + days)
    assert [line.amount for line in result.of("A02")] == ([expected.quantize(d("0.01"))] if days else [])


def test_who_joins_another_position_in_the_month_shares_in_both_by_days():
    changed = person(
        "A02", "", positions=[position("technician", "0.8", "机电一组"), position("advisor", "0.4", starts_on=sep(11))]
    )
    result = shares(advisor("A01"), changed, pool="1000")
    assert paid(result) == {"A01": "600.00", "A02": "400.00"}
    (mine,) = [line for line in result.of("A02") if line.code == "A.share"]
    assert (mine.explanation.rule, mine.explanation.value("days"), mine.explanation.value("month_days")) == (
        "pool_share_by_days",
        20,
        30,
    )
    assert (str(mine.rate), str(mine.factor)) == ("0.4000000000", "0.2666666667")


def test_a_new_coefficient_in_the_month_counts_from_its_day():
    changed = person("A02", "", positions=[position("advisor", "0.4"), position("advisor", "0.1", starts_on=sep(16))])
    result = shares(advisor("A01"), changed, pool="650")
    assert paid(result) == {"A01": "400.00", "A02": "250.00"}
    (mine,) = result.of("A02")
    assert mine.explanation.rule == "pool_share"
    assert [str(share.weight) for share in mine.explanation.shares] == ["0.400", "0.250"]


def test_a_position_in_another_store_earns_nothing_here():
    away = person(
        "A02", "", positions=[position("advisor", "0.4"), position("advisor", "0.4", starts_on=sep(16), store="X")]
    )
    result = shares(advisor("A01"), away, pool="300")
    assert paid(result) == {"A01": "200.00", "A02": "100.00"}
    assert (position("advisor").store, result.store) == (STORE, STORE)


def test_remainders_of_a_fen_go_to_the_largest_and_among_equals_to_the_lower_work_number():
    result = shares(advisor("A02"), advisor("A03"), advisor("A01"), pool="100.01")
    assert paid(result) == {"A01": "33.34", "A02": "33.34", "A03": "33.33"}


def test_nobody_entitled_leaves_the_pool_unpaid_and_says_so():
    result = shares(advisor("A01", regularised_on=None))
    assert result.lines == ()
    assert ("warn.pool_unshared", "front_desk", {"amount": d("1000.00")}) in [
        (notice.code, notice.subject, notice.params) for notice in result.warnings
    ]


def test_a_coefficient_of_zero_is_no_share_and_is_pointed_out():
    result = shares(advisor("A01"), person("A02", "advisor", "0"))
    assert paid(result) == {"A01": "1000.00"}
    assert [(notice.code, notice.subject) for notice in result.warnings] == [("warn.no_coefficient", "A02")]


@pytest.mark.parametrize(
    ("count", "taken"), [(0, "0.00"), (1, "50.00"), (2, "200.00"), (3, "500.00"), (4, "500.00"), (9, "500.00")]
)
def test_verified_complaints_take_off_by_their_number(count, taken):
    result = shares(advisor("A01"), complaints=tuple(complaint(f"P{number}") for number in range(count)))
    assert str(result.summaries[0].complaints) == taken
    assert str(result.summaries[0].net) == str(1000 - d(taken))


def test_only_verified_complaints_of_the_month_by_ones_own_fault_count():
    found = (
        complaint("P1", verified=False),
        complaint("P2", verified=None),
        complaint("P3", by=()),
        complaint("P4", by="A02"),
        complaint("P5", on=date(2026, 8, 31)),
        complaint("P6", on=date(2026, 10, 1)),
        complaint("P7", on=sep(30), by=("A02", "A01")),
    )
    result = shares(advisor("A01"), advisor("A02"), complaints=found)
    assert {summary.staff: str(summary.complaints) for summary in result.summaries} == {"A01": "25.00", "A02": "100.00"}
    (off,) = [line for line in result.of("A01") if line.code == "A.complaints"]
    assert [(row.kind, row.number, row.day) for row in off.explanation.rows] == [("complaint", "P7", sep(30))]
    assert (off.base, off.rate, off.factor) == (d("500.00"), d("0.05"), d(1))


@pytest.mark.parametrize(
    ("received", "verified", "locks", "counts"),
    [
        (sep(5), None, {}, SEPTEMBER),
        (sep(5), datetime(2026, 10, 8, 9, tzinfo=UTC), {}, SEPTEMBER),
        (sep(5), datetime(2026, 10, 8, 9, tzinfo=UTC), {SEPTEMBER: datetime(2026, 10, 8, 10, tzinfo=UTC)}, SEPTEMBER),
        (sep(5), datetime(2026, 10, 8, 9, tzinfo=UTC), {SEPTEMBER: datetime(2026, 10, 8, 9, tzinfo=UTC)}, OCTOBER),
        (sep(5), None, {SEPTEMBER: datetime(2026, 10, 5, tzinfo=UTC)}, SEPTEMBER),
        (
            sep(5),
            datetime(2026, 11, 20, tzinfo=UTC),
            {SEPTEMBER: datetime(2026, 10, 5, tzinfo=UTC), OCTOBER: datetime(2026, 11, 5, tzinfo=UTC)},
            OCTOBER.next(),
        ),
    ],
)
def test_a_complaint_verified_after_the_lock_counts_in_the_next_open_month(received, verified, locks, counts):
    assert counting_period(complaint("P1", received, verified_at=verified), locks, "A01") == counts


def test_a_complaint_stays_in_the_month_it_was_taken_off_and_is_charged_to_who_is_named_later():
    """A01 answered for it in September; judged anew after the lock, A02 is named too and charged in October."""
    anew = replace(
        complaint("P1", sep(5), by=("A01", "A02"), verified_at=datetime(2026, 10, 20, tzinfo=UTC)),
        counted=(("A01", SEPTEMBER),),
    )
    locks = ((SEPTEMBER, datetime(2026, 10, 5, tzinfo=UTC)),)
    for period, charged in ((SEPTEMBER, ["A01"]), (OCTOBER, ["A02"])):
        facts = month(period=period, complaints=(anew,), locks=locks)
        assert [staff for staff in ("A01", "A02") if verified_complaints(facts, staff)] == charged


def test_a_late_verified_complaint_counts_with_those_of_the_month():
    late = complaint("P1", date(2026, 8, 20), verified_at=datetime(2026, 9, 20, tzinfo=UTC))
    locks = ((SEPTEMBER.previous(), datetime(2026, 9, 5, tzinfo=UTC)),)
    result = shares(advisor("A01"), complaints=(late, complaint("P2")), locks=locks)
    assert str(result.summaries[0].complaints) == "200.00"


@pytest.mark.parametrize(("score", "taken"), [("95.99", "100.00"), ("96", "0.00"), ("96.01", "0.00"), ("0", "100.00")])
def test_a_score_below_96_takes_off_a_tenth_and_96_itself_is_not_below(score, taken):
    result = shares(advisor("A01"), scores=scores(A01=score))
    assert str(result.summaries[0].appraisal) == taken
    assert str(result.summaries[0].complaints) == "0.00"


def harsh_plan(rate):
    stored = plan_to_json(SHIPPED)
    for block in stored["blocks"]:
        if block["code"] == "A.complaints":
            block["tiers"][-1]["rate"] = rate
    return plan_from_json(stored)


def test_deductions_never_take_more_than_the_share():
    found = tuple(complaint(f"P{number}") for number in range(3))
    facts = month(
        order(lines=[line(price="200000")], receipts=[receipt(200000)]),
        staff=[advisor("A01")],
        scores=scores(A01=50),
        complaints=found,
        targets=(target("output", 200000), target("car_count", 1)),
    )
    result = compute_month(facts, harsh_plan("1"))
    assert amounts(result, "A01") == {"A.share": "1000.00", "A.complaints": "909.09", "A.appraisal": "90.91"}
    assert paid(result) == {"A01": "0.00"}


def refund_month(*, output="-1000", accessories="-500"):
    lines = [line("1", price="5000"), accessory("5000", "2")]
    back = receipt(d(output) + d(accessories), "R2", accessory=accessories)
    return month(order(lines=lines, receipts=[back]), staff=[advisor("A01")], scores=scores(A01=50))


def test_a_month_of_refunds_reaches_nothing_of_its_target_and_takes_accessories_back():
    result = compute_month(refund_month(), SHIPPED)
    assert {name: str(result.figure(name).value) for name in ("产值", "产值达成率", "产值提成", "精品提成")} == {
        "产值": "-1000.00",
        "产值达成率": "0.0000",
        "产值提成": "0.00",
        "精品提成": "-30.00",
    }


def test_nothing_is_taken_off_a_share_that_is_below_zero():
    result = compute_month(refund_month(), SHIPPED)
    assert paid(result) == {"A01": "-30.00"}
    assert str(result.summaries[0].appraisal) == "0.00"


def test_reversed_settlements_alone_make_no_negative_achievement():
    """Output −1000 and −1 car: two minuses must not make a plus."""
    gone = settlement("S1", date(2026, 8, 20), sep(3), lines=(line(price="1000"),))
    found = order(lines=[line(price="1000")], settlements=(gone,), receipts=[receipt(1000, on=date(2026, 8, 20))])
    result = compute_month(month(found, staff=[advisor("A01")]), SHIPPED)
    assert [str(result.figure(name).value) for name in ("产值", "台次", "产值提成", "提成池")] == [
        "-1000.00",
        "-1",
        "0.00",
        "0.00",
    ]


def capped_plan(cap):
    stored = plan_to_json(SHIPPED)
    stored["blocks"][0]["achievement_cap"] = cap
    return plan_from_json(stored)


def test_a_plan_may_cap_achievement():
    result = compute_month(worked_example(), capped_plan("1.1"))
    assert str(result.figure("产值提成").value) == "2475.00"  # 500 000 × 0.005 × 1.1 × 0.9


def test_approved_adjustments_are_lines_of_their_own_and_change_the_net():
    adjustments = (
        AdjustmentFact("2", "A01", d("-20"), True, "服装不整"),
        AdjustmentFact("1", "A01", d("100"), True, "表扬"),
        AdjustmentFact("3", "A01", d("1000"), False, "待批"),
        AdjustmentFact("4", "X09", d("5"), True, "带教"),
    )
    result = shares(advisor("A01"), adjustments=adjustments)
    assert [str(line.amount) for line in result.of("A01")] == ["1000.00", "100.00", "-20.00"]
    first, second = result.summaries
    assert (str(first.gross), str(first.adjustments), str(first.net)) == ("1000.00", "80.00", "1080.00")
    assert (second.staff, str(second.gross), str(second.net)) == ("X09", "0.00", "5.00")


def test_summaries_tell_where_a_person_was_at_the_end_of_the_month():
    moved = person(
        "A02", "", positions=[position("advisor", "0.4"), position("technician", "1", "机电一组", starts_on=sep(16))]
    )
    left = advisor("A03", left_on=sep(20))
    away = person("A04", "", positions=[position("advisor", "0.4"), position("cashier", starts_on=sep(2), store="X")])
    result = shares(advisor("A01"), moved, left, away)
    assert [(s.staff, s.name, s.post, s.team) for s in result.summaries] == [
        ("A01", "员工A01", "advisor", None),
        ("A02", "员工A02", "technician", "机电一组"),
        ("A03", "员工A03", "advisor", None),
        ("A04", "员工A04", "advisor", None),
    ]


@pytest.mark.parametrize(
    ("targets", "shown_targets"),
    [
        ((), []),
        ((target("output", 0), target("car_count", -1)), []),
        ((target("output", "0.5"),), ["output_target", "output_achievement"]),
    ],
)
def test_a_plan_that_pays_no_output_shows_the_targets_there_are(targets, shown_targets):
    plan = replace(SHIPPED, blocks=tuple(block for block in SHIPPED.blocks if block.code != "A.output"))
    keys = [figure.key for figure in compute_month(month(staff=[advisor()], targets=targets), plan).figures]
    assert [key for key in keys if "target" in key or "achievement" in key] == shown_targets
    assert compute_month(month(staff=[advisor()], targets=targets), plan).figure("output_commission").value == 0


def test_a_quotient_on_a_sheet_is_rounded_half_up_in_its_tenth_digit():
    assert [shown(d(value)) for value in ("0.12345678905", "0.33333333333")] == [d("0.1234567891"), d("0.3333333333")]
