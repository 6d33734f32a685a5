"""Accessories: whose rule a line falls under, who gets which part, and when. Rules A and B."""

from datetime import date

import pytest

from commission.formulas import SHIPPED, TeamFact, compute_month, sentence
from tests.commission.small_month import (
    OCTOBER,
    SEPTEMBER,
    TARGETS,
    TEAMS,
    THE_TENTH,
    accessory,
    advisor,
    amounts,
    d,
    line,
    month,
    order,
    person,
    position,
    receipt,
    seller,
    sep,
    settlement,
    target,
    team_amounts,
    technician,
)

INSTALLERS = (technician("I01", "0.8", "加装组"), technician("I02", "1", "加装组"))
STAFF = (advisor("A01"), seller("S01"), technician("T01"), *INSTALLERS)


def sale(
    *lines, paid_amount=1000, period=SEPTEMBER, staff=STAFF, targets=TARGETS, on=THE_TENTH, settled=THE_TENTH, **more
):
    receipts = [receipt(paid_amount, on=on, accessory=paid_amount)] if paid_amount else []
    found = order(lines=lines, receipts=receipts, settled=settled)
    return compute_month(month(found, staff=staff, targets=targets, period=period, **more), SHIPPED)


def pool(result):
    return [str(result.figure(name).value) for name in ("精品实收", "不计提精品", "精品提成")]


@pytest.mark.parametrize("by", ["A01", "A09", None])
def test_advisors_assistants_and_nobody_sell_for_the_front_desk(by):
    staff = (*STAFF, person("A09", "advisor_assistant", "0.1"))
    result = sale(accessory(1000, by=by), staff=staff)
    assert pool(result) == ["1000.00", "0.00", "60.00"]
    assert team_amounts(result)["加装组"] == "0.00"
    assert amounts(result, "A09") == {"A.share": "12.00"}


def test_an_advisor_on_probation_sells_for_the_front_desk_and_shares_nothing():
    staff = (*STAFF, advisor("A09", regularised_on=None))
    assert pool(sale(accessory(1000, by="A09"), staff=staff))[2] == "60.00"


def test_installed_by_the_team_the_front_desk_keeps_six_and_the_team_gets_four_percent():
    result = sale(accessory(1000, by="A01", installed=True, team="加装组"))
    assert pool(result) == ["1000.00", "0.00", "60.00"]
    assert team_amounts(result)["加装组"] == "40.00"
    assert (amounts(result, "I01"), amounts(result, "I02")) == ({"B.installers": "17.78"}, {"B.installers": "22.22"})


def test_an_installation_team_named_on_a_line_that_was_not_installed_gets_nothing():
    assert team_amounts(sale(accessory(1000, by="A01", team="加装组")))["加装组"] == "0.00"


def test_installed_without_a_team_named_means_the_stores_only_installation_team():
    assert team_amounts(sale(accessory(1000, by="A01", installed=True)))["加装组"] == "40.00"


def test_installed_without_a_team_named_among_several_is_paid_to_nobody_and_pointed_out():
    teams = (*TEAMS, TeamFact("加装二组", "installation"))
    result = sale(accessory(1000, by="A01", installed=True), teams=teams)
    assert [team_amounts(result)[name] for name in ("加装组", "加装二组")] == ["0.00", "0.00"]
    assert pool(result)[2] == "60.00"
    assert ("warn.installer_unknown", "GD81-1", {"line": "1"}) in [
        (notice.code, notice.subject, notice.params) for notice in result.warnings
    ]


def test_a_team_of_another_kind_that_installed_is_paid_like_installers():
    result = sale(accessory(1000, by="A01", installed=True, team="机电一组"))
    assert amounts(result, "T01") == {"B.installers": "40.00", "C.share": "0.00"}


@pytest.mark.parametrize(
    ("discount", "received", "barred", "commission"),
    [
        ("0.19", "1000.00", "0.00", "60.00"),
        ("0.1999", "1000.00", "0.00", "60.00"),
        ("0.2", "1000.00", "1000.00", "0.00"),
        ("0.25", "1000.00", "1000.00", "0.00"),
        ("0.99", "1000.00", "1000.00", "0.00"),
    ],
)
def test_a_line_sold_at_eighty_percent_of_list_price_or_below_earns_nothing(discount, received, barred, commission):
    result = sale(accessory(5000, by="A01", installed=True, team="加装组", discount=discount))
    assert pool(result) == [received, barred, commission]
    assert team_amounts(result)["加装组"] == ("40.00" if commission != "0.00" else "0.00")


def test_the_price_limit_is_judged_line_by_line():
    lines = (accessory(500, "1", by="A01", discount="0.2"), accessory(400, "2", by="A01"))
    assert pool(sale(*lines, paid_amount=400)) == ["400.00", "200.00", "12.00"]


def test_money_is_split_over_an_orders_accessory_lines_by_payable_amount():
    lines = (line("1", price="800"), accessory(600, "2", by="A01"), accessory(200, "3", by="S01"))
    result = sale(*lines, paid_amount=400)
    assert pool(result) == ["300.00", "0.00", "18.00"]
    assert amounts(result, "S01") == {"B.sales": "1.00"}  # 100 × 10 % × 100 ÷ 1000


@pytest.mark.parametrize(
    ("settled", "received", "months"),
    [
        (date(2026, 8, 31), sep(1), ["60.00", "0.00"]),
        (sep(1), date(2026, 8, 31), ["60.00", "0.00"]),
        (sep(30), date(2026, 10, 1), ["0.00", "60.00"]),
        (date(2026, 10, 1), sep(30), ["0.00", "60.00"]),
        (None, sep(30), ["0.00", "0.00"]),
    ],
)
def test_accessory_money_counts_in_the_later_of_settlement_and_receipt_month(settled, received, months):
    found = [
        sale(accessory(1000, by="A01"), on=received, settled=settled, period=period) for period in (SEPTEMBER, OCTOBER)
    ]
    assert [pool(result)[2] for result in found] == months


def test_insurers_and_manufacturers_pay_for_accessories_too():
    found = order(
        kind="accident",
        lines=[accessory(300, "1", payer="insurance"), accessory(200, "2", payer="warranty"), line("3", price="100")],
        receipts=[
            receipt(300, "R1", payer="insurance"),
            receipt(200, "R2", payer="warranty"),
            receipt(100, "R3", accessory=0),
        ],
    )
    result = compute_month(month(found, staff=STAFF), SHIPPED)
    assert pool(result) == ["500.00", "0.00", "30.00"]


def test_a_reversed_settlement_takes_accessory_money_back_and_says_so():
    gone = settlement("S1", date(2026, 8, 20), sep(3), lines=(accessory(1000, by="A01"),))
    found = order(settlements=(gone,), receipts=[receipt(1000, on=date(2026, 8, 20), accessory=1000)])
    result = compute_month(month(found, staff=STAFF), SHIPPED)
    assert pool(result) == ["-1000.00", "0.00", "-60.00"]
    (row,) = result.figure("精品提成").explanation.rows
    assert (row.kind, row.number, row.day, row.value, row.note) == ("receipt", "R1/1", sep(3), d(-1000), "row.reversed")


# ── B: accessory sellers ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_seller_gets_ten_percent_times_achievement_when_not_installed():
    result = sale(accessory(1000, by="S01"), targets=(*TARGETS[:2], target("accessory_sales", 800, "S01")))
    assert amounts(result, "S01") == {"B.sales": "125.00"}  # 1000 × 10 % × 1.25
    assert pool(result) == ["0.00", "0.00", "0.00"]


def test_installed_the_seller_gets_sixty_and_the_team_forty_percent_of_the_value():
    result = sale(
        accessory(1000, by="S01", installed=True, team="加装组"),
        targets=(*TARGETS[:2], target("accessory_sales", 800, "S01")),
    )
    assert amounts(result, "S01") == {"B.sales": "75.00"}
    assert team_amounts(result)["加装组"] == "50.00"


def test_achievement_counts_all_money_the_seller_brought_in_also_what_earns_nothing():
    lines = (accessory(500, "1", by="S01"), accessory(625, "2", by="S01", discount="0.2"))
    result = sale(*lines, paid_amount=1000)
    (mine,) = result.of("S01")
    assert str(mine.amount) == "50.00"  # 500 × 10 % × 1000 ÷ 1000
    assert (mine.base, mine.rate, mine.factor) == (d(500), d("0.10"), d(1))
    assert [(row.number, row.value, row.counted, row.note) for row in mine.explanation.rows] == [
        ("R1/1", d(500), d(500), ""),
        ("R1/2", d(500), d(0), "row.below_price"),
    ]


def test_everything_sold_too_cheaply_is_a_line_of_nothing_with_its_reason():
    result = sale(accessory(1250, by="S01", discount="0.2"))
    (mine,) = result.of("S01")
    assert (str(mine.amount), mine.explanation.formula, len(mine.explanation.rows)) == ("0.00", "total(none)", 1)


def test_a_sellers_mixed_lines_are_rounded_once():
    lines = (
        accessory("333.33", "1", by="S01"),
        accessory("333.33", "2", by="S01", installed=True, team="加装组"),
        accessory("333.34", "3", by="S01"),
    )
    result = sale(*lines)
    assert amounts(result, "S01") == {"B.sales": "86.67"}  # (33.333 + 19.9998 + 33.334) × 1
    assert team_amounts(result)["加装组"] == "13.33"


def test_two_sellers_reach_their_own_targets():
    staff = (*STAFF, seller("S02"))
    targets = (*TARGETS[:2], target("accessory_sales", 2000, "S01"), target("accessory_sales", 500, "S02"))
    lines = (
        accessory(500, "1", by="S01", installed=True, team="加装组"),
        accessory(500, "2", by="S02", installed=True, team="加装组"),
    )
    result = sale(*lines, staff=staff, targets=targets)
    assert amounts(result, "S01") == {"B.sales": "7.50"}  # 500 × 6 % × 0.25
    assert amounts(result, "S02") == {"B.sales": "30.00"}  # 500 × 6 % × 1
    assert team_amounts(result)["加装组"] == "25.00"  # 500 × 4 % × (0.25 + 1)


def test_a_seller_with_refunds_only_owes_nothing_by_two_minuses():
    result = sale(accessory(1000, by="S01"), paid_amount=-500)
    (mine,) = result.of("S01")
    assert (str(mine.amount), mine.factor) == ("0.00", d(0))


# ── B: another department ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("post", ["technician", "team_leader", "frontdesk_supervisor", "service_manager"])
def test_anyone_else_sells_as_another_department_for_two_percent_of_the_selling_price(post):
    staff = (*STAFF, person("X01", post))
    result = sale(accessory(1000, by="X01", discount="0.1", installed=True, team="加装组"), staff=staff)
    assert amounts(result, "X01") == {"B.other": "6.30"}  # 900 × 0.7 %
    assert [(line.base, line.rate, line.factor) for line in result.of("X01")] == [(d(900), d("0.0070"), d(1))]
    assert (team_amounts(result)["加装组"], team_amounts(result)["配件组"]) == ("6.30", "5.40")
    assert pool(result) == ["0.00", "0.00", "0.00"]


def test_another_department_is_paid_in_the_settlement_month_paid_or_not():
    months = [
        sale(accessory(1000, by="T01"), paid_amount=0, settled=date(2026, 10, 2), period=period)
        for period in (SEPTEMBER, OCTOBER)
    ]
    assert [amounts(result, "T01").get("B.other") for result in months] == [None, "7.00"]


def test_another_department_knows_no_price_limit():
    assert amounts(sale(accessory(1000, by="T01", discount="0.5")), "T01")["B.other"] == "3.50"


@pytest.mark.parametrize("payer", ["internal", "free"])
@pytest.mark.parametrize("by", ["A01", "S01", "T01"])
def test_a_gift_earns_on_its_list_price_whoever_gave_it(payer, by):
    result = sale(accessory(1000, by=by, discount="1", payer=payer, quantity=2), paid_amount=0)
    assert amounts(result, by)["B.other"] == "14.00"
    assert team_amounts(result)["配件组"] == "12.00"
    assert team_amounts(result)["加装组"] == "0.00"
    assert pool(result) == ["0.00", "0.00", "0.00"]


def test_a_gift_of_nobody_pays_installers_and_parts_only():
    result = sale(accessory(1000, payer="free", installed=True, team="加装组"), paid_amount=0)
    assert (team_amounts(result)["加装组"], team_amounts(result)["配件组"]) == ("7.00", "6.00")
    assert [line.code for line in result.lines if line.code == "B.other"] == []


def test_the_parts_department_shares_by_coefficient_when_it_has_people():
    clerks = (person("P01", "parts_clerk", "1", "配件组"), person("P02", "parts_clerk", "2", "配件组"))
    result = sale(accessory(1000, by="T01"), staff=(*STAFF, *clerks))
    assert (amounts(result, "P01"), amounts(result, "P02")) == ({"B.parts": "2.00"}, {"B.parts": "4.00"})


def test_without_a_parts_team_its_part_is_shown_and_paid_to_nobody():
    result = sale(accessory(1000, by="T01"), teams=TEAMS[:3])
    assert team_amounts(result)["配件部"] == "6.00"
    assert [line.code for line in result.lines if line.code == "B.parts"] == []
    assert ("warn.pool_unshared", "配件部") in [(notice.code, notice.subject) for notice in result.warnings]


def test_several_parts_teams_are_one_department():
    teams = (*TEAMS, TeamFact("配件二组", "parts"))
    clerks = (person("P01", "parts_clerk", "1", "配件组"), person("P02", "parts_clerk", "1", "配件二组"))
    result = sale(accessory(1000, by="T01"), staff=(*STAFF, *clerks), teams=teams)
    assert team_amounts(result)["配件部"] == "6.00"
    assert (amounts(result, "P01"), amounts(result, "P02")) == ({"B.parts": "3.00"}, {"B.parts": "3.00"})


def test_a_reversed_sale_of_another_department_is_taken_back():
    gone = settlement("S1", date(2026, 8, 20), sep(3), lines=(accessory(1000, by="T01"),))
    result = compute_month(month(order(settlements=(gone,)), staff=STAFF), SHIPPED)
    (mine,) = [line for line in result.of("T01") if line.code == "B.other"]
    assert str(mine.amount) == "-7.00"
    (row,) = mine.explanation.rows
    assert (row.kind, row.number, row.day, row.note) == ("sale", "S1/1", sep(3), "row.reversed")


def test_the_sellers_post_on_the_day_of_the_settlement_decides():
    changed = person("X01", "", positions=[position("accessory_seller"), position("advisor", "0.4", starts_on=sep(11))])
    staff = (advisor("A01"), changed)
    targets = (*TARGETS[:2], target("accessory_sales", 1000, "X01"))
    found = [
        sale(accessory(1000, by="X01"), settled=settled, on=sep(20), staff=staff, targets=targets)
        for settled in (sep(10), sep(11))
    ]
    assert [pool(result)[0] for result in found] == ["0.00", "1000.00"]
    assert [amounts(result, "X01").get("B.sales") for result in found] == ["100.00", None]


def test_a_sale_before_the_sellers_first_position_counts_for_the_first_one():
    first, later = position("advisor", "0.4", starts_on=sep(20)), position("cashier", starts_on=sep(25))
    newcomer = person("X01", "", positions=[later, first], hired_on=sep(20))
    result = sale(accessory(1000, by="X01"), staff=(advisor("A01"), newcomer))
    assert pool(result)[0] == "1000.00"


def test_teams_of_accessories_say_what_they_are():
    found = {team.team: (team.kind, team.code, team.hours) for team in sale(accessory(1000)).teams}
    assert found == {
        "机电一组": ("mechanical", "C", d(0)),
        "钣喷一组": ("body_paint", "D", d(0)),
        "加装组": ("installation", "B.installers", None),
        "配件组": ("parts", "B.parts", None),
    }


def in_words(explanation):
    template, params = sentence(explanation)
    return template % params


def test_what_sellers_and_installers_earned_is_said_in_words():
    lines = (
        accessory(500, "1", by="S01", installed=True, team="加装组"),
        accessory(500, "2", by="S01"),
        accessory(1000, "3", by="T01", payer="free", installed=True, team="加装组"),
        accessory(1000, "4", by="A01", installed=True, team="加装组"),
    )
    targets = (*TARGETS[:2], target("accessory_sales", 500, "S01"))
    result = sale(*lines, paid_amount=2000, targets=targets)
    assert [in_words(line.explanation) for line in result.of("S01")] == [
        "Customers paid 1,000.00 for accessories you sold above the price limit: "
        "500.00 × 6 % × 1,000.00 ÷ 500.00 + 500.00 × 10 % × 1,000.00 ÷ 500.00 = 160.00."
    ]
    assert [in_words(line.explanation) for line in result.of("T01") if line.code == "B.other"] == [
        "Accessories you sold or gave from another department for 1,000.00: 1,000.00 × 0.7 % = 7.00."
    ]
    assert [in_words(team.explanation) for team in result.teams[2:]] == [
        "Your team installed accessories: "
        "1,000.00 × 4 % + 1,000.00 × 0.7 % + 500.00 × 4 % × 1,000.00 ÷ 500.00 = 87.00.",
        "The parts department's part of accessories: 1,000.00 × 0.6 % = 6.00.",
    ]


def test_parts_and_labour_earn_nothing_as_accessories():
    result = sale(line("1", price="500"), line("2", "labour", "500", seller="T01"), paid_amount=0)
    assert [line.code for line in result.lines if line.code.startswith("B.other")] == []
