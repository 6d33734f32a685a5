"""Whole months against the file that was worked out by hand, and against an independent script."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commission.formulas import SHIPPED, SHIPPED_VAT_113, compute_month, from_json, recompute, sentence, to_json
from commission.formulas.lines import DEDUCTION
from commission.formulas.wording import NOTICES
from tests.commission import random_month, reference
from tests.commission.workbook_facts import month_facts

MONTHS = Path(__file__).parents[1] / "months"
SEEDS = range(40)


def shared_sheets():
    return reference.read_sheets(MONTHS / "2026-09" / "month.xlsx")


def expected():
    return json.loads((MONTHS / "2026-09" / "expected.json").read_text())


@pytest.fixture(scope="module")
def shared():
    return compute_month(month_facts(shared_sheets(), "GD81", "2026-09"), SHIPPED)


def pool_of(result, names):
    return {name: Decimal(str(result.figure(name).value)) for name in names}


def people_of(result):
    return {
        summary.staff: {
            "gross": summary.gross,
            "complaints": summary.complaints,
            "appraisal": summary.appraisal,
            "net": summary.net,
        }
        for summary in result.summaries
    }


def as_money(people):
    """Reference and file leave out what doesn't apply; sellers of nothing are nobody's business."""
    keys = ("gross", "complaints", "appraisal", "net")
    found = {number: {key: Decimal(amounts.get(key, "0")) for key in keys} for number, amounts in people.items()}
    return {number: amounts for number, amounts in found.items() if any(amounts.values())}


def test_the_reference_script_gives_the_expected_pay_of_the_example_month():
    found = reference.compute(shared_sheets(), "GD81", "2026-09")
    wanted = expected()
    assert as_money(found.pop("people")) == as_money(wanted.pop("people"))
    assert found == wanted


def test_the_example_month_pays_what_was_worked_out_by_hand(shared):
    wanted = expected()
    pool = {name: Decimal(str(value)) for name, value in wanted["pool"].items()}
    assert pool_of(shared, pool) == pool
    assert as_money(people_of(shared)) == as_money(wanted["people"])
    teams = {team.team: team for team in shared.teams}
    assert {team: str(teams[team].amount) for team in wanted["teams"]} == wanted["teams"]
    assert {team: str(teams[team].hours) for team in wanted["hours"]} == wanted["hours"]
    assert str(teams["加装组"].amount) == wanted["installers"]
    assert str(teams["配件部"].amount) == wanted["parts_dept"]


def test_staff_on_probation_or_just_regularised_have_no_line(shared):
    assert shared.of("A05") == ()
    assert shared.of("A06") == ()


def test_the_figures_of_the_pool_have_the_names_and_the_order_of_the_sheet(shared):
    output = "客户实收 索赔回款 事故定审 产值 产值目标 产值达成率 台次 台次目标 台次达成率 产值提成"
    accessories = "精品实收 不计提精品 精品提成 提成池"
    assert [figure.name for figure in shared.figures] == [*output.split(), *accessories.split()]
    assert {name: str(shared.figure(name).value) for name in ("产值目标", "产值达成率", "台次目标", "台次达成率")} == {
        "产值目标": "200000",
        "产值达成率": "0.9727",
        "台次目标": "60",
        "台次达成率": "1.4833",
    }


def explanations(result):
    parts = [*result.figures, *result.teams, *result.lines]
    return [(part, part.explanation) for part in parts]


@pytest.mark.parametrize("seed", ["shared", *SEEDS])
def test_every_amount_comes_out_again_of_its_stored_explanation_alone(seed, shared):
    result = shared if seed == "shared" else computed(seed)
    for part, explanation in explanations(result):
        stored = json.loads(json.dumps(to_json(explanation)))
        read = from_json(stored)
        assert read == explanation
        assert recompute(read) == explanation.amount
        assert getattr(part, "amount", None) in (explanation.amount, None)
        assert getattr(part, "value", None) in (explanation.amount, None)


def test_every_amount_has_a_sentence_with_everything_filled_in(shared):
    for _part, explanation in explanations(shared):
        template, params = sentence(explanation)
        assert "%(" not in template % params


def test_every_person_amount_belongs_to_the_plan_version(shared):
    assert {line.explanation.plan for line in shared.lines} == {SHIPPED.label}


def computed(seed, plan=SHIPPED):
    return compute_month(month_facts(random_month.sheets(seed), random_month.STORE, random_month.PERIOD), plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_months_agree_with_the_independent_script(seed):
    wanted = reference.compute(random_month.sheets(seed), random_month.STORE, random_month.PERIOD)
    result = computed(seed)
    pool = {name: Decimal(str(value)) for name, value in wanted["pool"].items()}
    assert pool_of(result, pool) == pool
    assert as_money({n: {k: str(v) for k, v in a.items()} for n, a in people_of(result).items()}) == as_money(
        wanted["people"]
    )
    teams = {team.team: str(team.amount) for team in result.teams}
    assert teams == wanted["teams"] | {"加装组": wanted["installers"], "配件组": wanted["parts_dept"]}


def test_the_second_shipped_version_divides_by_1_13():
    wanted = reference.compute(shared_sheets(), "GD81", "2026-09", divisor=reference.Fraction(113, 100))
    result = compute_month(month_facts(shared_sheets(), "GD81", "2026-09"), SHIPPED_VAT_113)
    assert {team.team: str(team.amount) for team in result.teams if team.hours is not None} == wanted["teams"]
    assert as_money({n: {k: str(v) for k, v in a.items()} for n, a in people_of(result).items()}) == as_money(
        wanted["people"]
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6), dice=st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(seed, dice):
    sheets = random_month.sheets(seed, orders=15)
    before = compute_month(month_facts(sheets, "GD81", "2026-09"), SHIPPED)
    for rows in sheets.values():
        dice.shuffle(rows)
    assert compute_month(month_facts(sheets, "GD81", "2026-09"), SHIPPED) == before


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10**6))
def test_shares_add_up_to_their_pool_and_nobody_loses_more_than_they_have(seed):
    result = computed(seed)
    pools = {"A.share": result.figure("pool").value, "B.parts": result.teams[-1].amount}
    for code, amount in pools.items():
        shares = [line.amount for line in result.lines if line.code == code]
        assert not shares or sum(shares) == amount
    for team in result.teams:
        shares = [
            line
            for line in result.lines
            if line.code in (f"{team.code}.share", "B.installers") and line.explanation.value("pool") == team.amount
        ]
        by_team = [line.amount for line in shares if line.explanation.values[0].label == team.team]
        assert not by_team or sum(by_team) == team.amount
    for summary in result.summaries:
        lines = result.of(summary.staff)
        share = sum(line.amount for line in lines if line.code == "A.share")
        assert summary.complaints + summary.appraisal <= max(share, 0)
        assert all(line.amount >= 0 for line in lines if line.kind == DEDUCTION)
        assert summary.net == summary.gross - summary.complaints - summary.appraisal + summary.adjustments


def test_every_reason_of_a_row_can_be_said_or_was_given_by_whoever_decided(shared):
    of_decisions = {detail.note for detail in shared.details if detail.kind == "hour_deduction"}
    assert of_decisions == {"漏检"}
    assert {detail.note for detail in shared.details} - set(NOTICES) - of_decisions == {""}


def test_every_row_behind_an_amount_is_listed(shared):
    listed = {(detail.kind, detail.number) for detail in shared.details}
    behind = {(row.kind, row.number) for _part, explanation in explanations(shared) for row in explanation.rows}
    assert listed == behind
