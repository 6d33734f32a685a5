"""Teams paid by standard hours. Rules C and D."""

from datetime import date

import pytest

from commission.formulas import (
    SHIPPED,
    CoefficientChangeFact,
    ComebackFact,
    ConsumableFact,
    HourDeductionFact,
    compute_month,
    sentence,
)
from tests.commission.small_month import (
    OCTOBER,
    THE_TENTH,
    amounts,
    d,
    labour,
    line,
    month,
    order,
    paid,
    person,
    position,
    sep,
    team_amounts,
    technician,
)

TRIO = (technician("T01", "1.2"), technician("T02", "1.0"), technician("T03", "0.8"))


def finished(*lines, number="GD81-1", on=THE_TENTH, **more):
    more.setdefault("settled", None)
    return order(number, lines=lines, completed_on=on, **more)


def consumables(amount, team="机电一组", on=THE_TENTH, number="L1"):
    return ConsumableFact(number, team, on, d(amount))


def pay(*orders, staff=TRIO, **more):
    return compute_month(month(*orders, staff=staff, **more), SHIPPED)


def hours(result, team="机电一组"):
    (found,) = [line for line in result.teams if line.team == team]
    return str(found.hours)


def test_the_worked_example_of_the_rule_comes_out_to_the_fen():
    result = pay(finished(labour("200.00")), consumables=(consumables(600),))
    (team,) = [found for found in result.teams if found.team == "机电一组"]
    assert (team.kind, team.code, team.hours, team.hour_price, team.consumables, team.divisor, team.rate) == (
        "mechanical",
        "C",
        d(200),
        d(120),
        d(600),
        d("1.17"),
        d("0.18"),
    )
    assert str(team.amount) == "3600.00"
    assert paid(result) == {"T01": "1440.00", "T02": "1200.00", "T03": "960.00"}


def test_a_team_and_a_deduction_are_said_in_words():
    deducted = (deduction("1.5"),)
    result = pay(finished(labour("200.00")), consumables=(consumables(600),), hour_deductions=deducted)
    said = [sentence(part.explanation) for part in (result.teams[0], *result.of("T02"))]
    assert [template % params for template, params in said] == [
        "200 standard hours at 120.00 less consumables of 600.00: (200 × 120.00 − 600.00) ÷ 1.17 × 18 % = 3,600.00.",
        "The pool of 3,600.00 is shared by coefficient. Your part is 1 of 3: 1,200.00.",
        "1.5 hours are taken off your share: −1.5 × 120.00 ÷ 1.17 × 18 % = -27.69. Reason: 漏检",
    ]
    listed = [(row.code, row.receiver, row.kind, row.number) for row in result.details]
    assert listed == [
        ("C", "机电一组", "labour", "GD81-1/1"),
        ("C", "机电一组", "consumable", "L1"),
        ("C.hours", "T02", "hour_deduction", "K1"),
    ]
    assert [line.explanation.value("pool") for line in result.of("T02")[:1]] == [d("3600.00")]
    assert [line.explanation.values[0].figure for line in result.of("T02")[:1]] == ["C:机电一组"]


def test_body_and_paint_teams_have_their_own_price_and_rate():
    staff = (technician("T01", "1", "钣喷一组"),)
    result = pay(finished(labour("60.2", team="钣喷一组")), staff=staff, consumables=(consumables(1841, "钣喷一组"),))
    assert team_amounts(result)["钣喷一组"] == "714.36"
    assert amounts(result, "T01") == {"D.share": "714.36"}


def test_consumables_beyond_the_hours_leave_nothing_and_no_debt():
    result = pay(finished(labour(10)), consumables=(consumables(1300),))
    assert team_amounts(result)["机电一组"] == "0.00"
    assert paid(result) == {"T01": "0.00", "T02": "0.00", "T03": "0.00"}


def test_consumables_count_by_date_of_issue_and_team():
    issued = (
        consumables(10, number="L1", on=sep(1)),
        consumables(20, number="L2", on=sep(30)),
        consumables(40, number="L3", on=date(2026, 8, 31)),
        consumables(80, number="L4", on=date(2026, 10, 1)),
        consumables(160, number="L5", team="钣喷一组"),
    )
    result = pay(finished(labour(10)), consumables=issued)
    (team,) = [found for found in result.teams if found.team == "机电一组"]
    assert team.consumables == d(30)
    assert [row.number for row in team.explanation.rows if row.kind == "consumable"] == ["L1", "L2"]


@pytest.mark.parametrize(
    ("on", "counted"),
    [
        (sep(1), "10"),
        (sep(30), "10"),
        (date(2026, 8, 31), "0"),
        (date(2026, 10, 1), "0"),
        (None, "0"),
    ],
)
def test_hours_count_in_the_month_of_the_final_inspection(on, counted):
    assert hours(pay(finished(labour(10), on=on))) == counted


def test_hours_count_whatever_was_discounted_unpaid_or_unsettled():
    found = [
        finished(labour(1, discount="1"), number="GD81-1"),
        finished(labour(2, discount="0.5", payer="warranty"), number="GD81-2", settled=date(2026, 10, 8)),
        finished(labour(4, payer="insurance", price="0"), number="GD81-3", settled=sep(20)),
    ]
    assert hours(pay(*found)) == "7"


@pytest.mark.parametrize("payer", ["internal", "free"])
def test_hours_nobody_outside_pays_for_are_listed_and_not_counted(payer):
    result = pay(finished(labour(10, payer=payer), labour(1, "2")))
    assert hours(result) == "1"
    rows = [(row.number, row.value, row.counted, row.note) for row in result.details if row.kind == "labour"]
    assert rows == [("GD81-1/1", d(10), d(0), "row.payer"), ("GD81-1/2", d(1), d(1), "")]


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("pdi", "0"),
        ("campaign", "0"),
        ("accessory", "0"),
        ("maintenance", "10"),
        ("first_service", "10"),
        ("accident", "10"),
        ("warranty", "10"),
        ("comeback", "10"),
    ],
)
def test_some_kinds_of_orders_give_no_hours(kind, counted):
    result = pay(finished(labour(10), kind=kind))
    assert hours(result) == counted
    notes = [row.note for row in result.details if row.kind == "labour"]
    assert notes == (["row.order_kind"] if counted == "0" else [""])


def test_only_labour_gives_hours():
    assert hours(pay(finished(line("1", quantity="5", team="机电一组"), labour(1, "2")))) == "1"


# ── Comebacks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def comeback(*decisions, **more):
    redone = finished(labour(3, "1"), labour(4, "2", team="钣喷一组"), kind="comeback", **more)
    result = pay(redone, comebacks=decisions)
    return hours(result), hours(result, "钣喷一组")


def test_rework_is_unpaid_for_the_team_found_at_fault_only():
    assert comeback(ComebackFact("GD81-1", True, ("机电一组",))) == ("0", "4")
    assert comeback(ComebackFact("GD81-1", True, ("机电一组", "钣喷一组"))) == ("0", "0")


def test_a_comeback_that_doesnt_count_or_is_nobodys_fault_is_paid():
    assert comeback(ComebackFact("GD81-1", False, ("机电一组",))) == ("3", "4")
    assert comeback(ComebackFact("GD81-1", True, ())) == ("3", "4")
    assert comeback(ComebackFact("GD81-9", True, ("机电一组",))) == ("3", "4")


def test_without_a_decision_nobody_has_been_found_at_fault_and_the_run_says_so():
    assert comeback() == ("3", "4")
    result = pay(finished(labour(3), kind="comeback"))
    assert [(n.code, n.subject) for n in result.warnings if "comeback" in n.code] == [
        ("warn.comeback_undecided", "GD81-1")
    ]


def test_a_decided_or_unpaid_comeback_needs_no_warning():
    decided = pay(finished(labour(3), kind="comeback"), comebacks=(ComebackFact("GD81-1", True),))
    internal = pay(finished(labour(3, payer="internal"), kind="comeback"))
    ordinary = pay(finished(labour(3)))
    for result in (decided, internal, ordinary):
        assert [n.code for n in result.warnings if "comeback" in n.code] == []


def test_fault_belongs_to_comebacks_only():
    assert hours(pay(finished(labour(3)), comebacks=(ComebackFact("GD81-1", True, ("机电一组",)),))) == "3"


def test_unpaid_rework_is_listed_with_its_reason():
    result = pay(finished(labour(3), kind="comeback"), comebacks=(ComebackFact("GD81-1", True, ("机电一组",)),))
    assert [row.note for row in result.details if row.kind == "labour"] == ["row.rework"]


# ── Technicians on lines ─────────────────────────────────────────────────────────────────────────────────────────────


def test_several_technicians_share_a_line_for_their_own_teams():
    staff = (*TRIO, technician("B01", "1", "钣喷一组"))
    shared = labour(10, team=None, technicians=(("T01", d("0.5")), ("T02", d("0.2")), ("B01", d("0.3"))))
    result = pay(finished(shared), staff=staff)
    assert (d(hours(result)), d(hours(result, "钣喷一组"))) == (d(7), d(3))


def test_a_team_named_on_the_line_comes_before_the_technicians_own():
    staff = (*TRIO, technician("B01", "1", "钣喷一组"))
    result = pay(finished(labour(10, technicians=(("B01", d(1)),))), staff=staff)
    assert (hours(result), hours(result, "钣喷一组")) == ("10", "0")


def test_the_team_a_technician_was_in_on_the_day_of_completion_gets_the_hours():
    moved = person(
        "T09",
        "",
        positions=[
            position("technician", "1", "机电一组"),
            position("technician", "1", "钣喷一组", starts_on=sep(16)),
        ],
    )
    found = [
        pay(finished(labour(10, team=None, technicians=(("T09", d(1)),)), on=sep(day)), staff=(moved,))
        for day in (15, 16)
    ]
    assert [(d(hours(result)), d(hours(result, "钣喷一组"))) for result in found] == [(10, 0), (0, 10)]


@pytest.mark.parametrize("technicians", [(), (("T77", d(1)),), (("A01", d(1)),)])
def test_labour_of_nobodys_team_is_pointed_out(technicians):
    staff = (*TRIO, person("A01", "advisor"))
    result = pay(finished(labour(10, team=None, technicians=technicians)), staff=staff)
    assert hours(result) == "0"
    assert ("warn.labour_uncredited", "GD81-1", {"line": "1"}) in [
        (n.code, n.subject, n.params) for n in result.warnings
    ]


# ── Shares and deductions ────────────────────────────────────────────────────────────────────────────────────────────


def test_members_on_probation_share_in_a_team_like_others():
    staff = (technician("T01", "1"), technician("T02", "1", regularised_on=None))
    assert paid(pay(finished(labour(130)), staff=staff)) == {"T01": "1200.00", "T02": "1200.00"}


def test_members_share_by_the_days_they_were_in_the_team():
    staff = (technician("T01", "1"), technician("T02", "1", hired_on=sep(16)), technician("T03", "1", left_on=sep(15)))
    assert paid(pay(finished(labour(130)), staff=staff)) == {"T01": "1200.00", "T02": "600.00", "T03": "600.00"}


def test_a_month_of_31_days_shares_by_coefficient_days():
    staff = (technician("T01", "1"), technician("T02", "1", left_on=date(2026, 10, 10)))
    result = pay(finished(labour(130), on=date(2026, 10, 5)), staff=staff, period=OCTOBER)
    assert paid(result) == {"T01": "1814.63", "T02": "585.37"}  # 2400 × 31 ÷ 41
    (mine,) = result.of("T02")
    assert [str(share.weight) for share in mine.explanation.shares] == ["31", "10"]


def deduction(hours, staff="T02", on=THE_TENTH, number="K1"):
    return HourDeductionFact(number, staff, on, d(hours), "漏检")


def test_deducted_hours_come_out_of_that_persons_share_and_go_to_nobody():
    result = pay(finished(labour(200)), consumables=(consumables(600),), hour_deductions=(deduction("1.5"),))
    assert amounts(result, "T02") == {"C.share": "1200.00", "C.hours": "-27.69"}  # 1.5 × 120 ÷ 1.17 × 18 %
    assert paid(result) == {"T01": "1440.00", "T02": "1172.31", "T03": "960.00"}
    (off,) = [line for line in result.of("T02") if line.code == "C.hours"]
    assert (off.base, off.rate, off.factor) == (d("1.5"), d("0.18"), d(120))


def test_several_deductions_of_a_person_are_one_line_rounded_once():
    found = (
        deduction("0.5", number="K2", on=sep(12)),
        deduction("0.7", number="K1", on=sep(12)),
        deduction("0.1", on=sep(2)),
    )
    result = pay(finished(labour(200)), hour_deductions=found)
    (off,) = [line for line in result.of("T02") if line.code == "C.hours"]
    assert (str(off.amount), off.base) == ("-24.00", d("1.3"))
    assert [(row.number, row.day) for row in off.explanation.rows] == [("K1", sep(2)), ("K1", sep(12)), ("K2", sep(12))]


def test_a_deduction_takes_no_more_than_the_share():
    result = pay(finished(labour(13)), staff=(technician("T02", "1"),), hour_deductions=(deduction(14),))
    assert amounts(result, "T02") == {"C.share": "240.00", "C.hours": "-240.00"}


def test_deductions_count_in_their_own_month():
    found = tuple(deduction(1, on=on, number=str(on)) for on in (date(2026, 8, 31), date(2026, 10, 1)))
    result = pay(finished(labour(200)), hour_deductions=found)
    assert [line.code for line in result.of("T02")] == ["C.share"]
    assert [n for n in result.warnings if n.code == "warn.hours_not_deducted"] == []


def test_a_deduction_hits_the_share_of_the_team_one_was_in_that_day():
    moved = person(
        "T02",
        "",
        positions=[
            position("technician", "1", "机电一组"),
            position("technician", "1", "钣喷一组", starts_on=sep(16)),
        ],
    )
    work = finished(labour(130, "1"), labour(117, "2", team="钣喷一组"))
    for day, code in ((15, "C.hours"), (16, "D.hours")):
        result = pay(work, staff=(moved,), hour_deductions=(deduction(1, on=sep(day)),))
        assert [line.code for line in result.of("T02") if line.code.endswith("hours")] == [code]


@pytest.mark.parametrize("staff", ["A01", "I01", "X99"])
def test_a_deduction_from_somebody_not_paid_by_hours_is_pointed_out(staff):
    people = (*TRIO, person("A01", "advisor"), technician("I01", "1", "加装组"))
    result = pay(finished(labour(200)), staff=people, hour_deductions=(deduction(1, staff),))
    assert [(n.code, n.subject) for n in result.warnings if "hours" in n.code] == [("warn.hours_not_deducted", "K1")]
    assert [line for line in result.lines if line.code.endswith("hours")] == []


def change(coefficient, *, approved=True, team="机电一组"):
    return CoefficientChangeFact("T03", team, d(coefficient), approved, "带徒")


def test_a_temporary_coefficient_counts_after_approval_only():
    work = finished(labour(200))
    before = paid(pay(work, consumables=(consumables(600),)))
    waiting = pay(work, consumables=(consumables(600),), coefficient_changes=(change("1.4", approved=False),))
    assert paid(waiting) == before
    approved = pay(work, consumables=(consumables(600),), coefficient_changes=(change("1.4"),))
    assert paid(approved) == {"T01": "1200.00", "T02": "1000.00", "T03": "1400.00"}
    elsewhere = pay(work, consumables=(consumables(600),), coefficient_changes=(change("1.4", team="钣喷一组"),))
    assert paid(elsewhere) == before


def test_two_temporary_coefficients_are_both_told_with_their_days_and_reasons():
    changes = (
        CoefficientChangeFact("T03", "机电一组", d("1.4"), True, "带徒", sep(1), sep(10)),
        CoefficientChangeFact("T03", "机电一组", d("1.1"), True, "", sep(21), None),
    )
    [own] = pay(finished(labour(195)), coefficient_changes=changes).of("T03")
    template, params = sentence(own.explanation)
    assert template % params == (
        "The pool of 3,600.00 is shared by coefficient and days. By approved temporary coefficients "
        "(09-01 – 09-10 带徒; 09-21 – 09-30) yours comes to (1.4 × 10 + 0.8 × 10 + 1.1 × 10) ÷ 30; "
        "your part is 1.1 of 3.3: 1,200.00."
    )


def test_a_member_without_a_coefficient_is_pointed_out_where_there_is_something_to_share():
    staff = (technician("T01"), technician("T09", "0"), technician("B09", "0", "钣喷一组"))
    result = pay(finished(labour(13)), staff=staff)
    assert [(one.code, one.subject) for one in result.warnings if "coefficient" in one.code] == [
        ("warn.no_coefficient", "T09")
    ]
