"""Explanations: read off, stored, read again, worked out again, said in words."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commission.formulas import (
    NamedValue,
    Share,
    SourceRow,
    explain,
    from_json,
    recompute,
    sentence,
    to_json,
    worked_formula,
)
from commission.formulas.explanation import exact, group_totals
from commission.formulas.wording import NOTICES, SENTENCES, Notice, plain, written
from tests.commission.small_month import d

ROWS = (
    SourceRow("hours", "labour", "GD81-1/1", date(2026, 9, 3), d(4), d(4), "GD81-1"),
    SourceRow("hours", "labour", "GD81-2/1", date(2026, 9, 4), d(3), d(0), "GD81-2", "row.payer"),
    SourceRow("money", "receipt", "R1", None, d("10.50"), d("10.50")),
)
VALUES = (
    NamedValue("a", d(7)),
    NamedValue("b", d("0.18"), "rate"),
    NamedValue("c", d(3), "hours"),
    NamedValue("minus", d(-2)),
    NamedValue("nought", d(0)),
)


def made(formula, **more):
    return explain("target", formula, plan="v1", values=VALUES, rows=ROWS, **more)


@pytest.mark.parametrize(
    ("formula", "amount"),
    [
        ("a", "7.00"),
        ("a + c", "10.00"),
        ("a - c", "4.00"),
        ("a * b", "1.26"),
        ("a / c", "2.33"),
        ("-a / c", "-2.33"),
        ("a - (c - minus)", "2.00"),
        ("a / (c * minus)", "-1.17"),
        ("total(hours)", "4.00"),
        ("total(money) + total(nothing)", "10.50"),
        ("positive(minus)", "0.00"),
        ("positive(a)", "7.00"),
        ("least(a, c)", "3.00"),
        ("least(c, a)", "3.00"),
        ("-positive(minus)", "0.00"),
        ("minus * nought", "0.00"),
    ],
)
def test_a_formula_is_plain_arithmetic_over_values_and_rows(formula, amount):
    assert str(made(formula).amount) == amount


@pytest.mark.parametrize(
    "formula",
    [
        "unknown",
        "a ** c",
        "a % c",
        "2 * a",
        "total(a + c)",
        "maximum(a, c)",
        "a.real",
        "a if c else b",
        "a == c",
        "positive(a, c)",
        "total()",
    ],
)
def test_anything_else_is_no_pay_formula(formula):
    with pytest.raises(ValueError, match="not part of a pay formula"):
        made(formula)


def test_nothing_else_is_shown_as_one_either():
    with pytest.raises(ValueError, match=r"not part of a pay formula: a\.real"):
        worked_formula(replace(made("a"), formula="a.real"), written)


@pytest.mark.parametrize(
    ("rounding", "amount"),
    [("fen", "2.33"), ("rate", "2.3333"), ("exact", "2.3333333333333333333333333333333333333333333333333")],
)
def test_an_amount_is_rounded_as_the_explanation_says(rounding, amount):
    assert str(made("a / c", rounding=rounding).amount) == amount


def test_half_of_the_last_digit_of_a_rate_goes_up():
    values = (NamedValue("reached", d("0.0001")), NamedValue("target", d(2)))
    assert str(explain("achievement", "reached / target", plan="v1", rounding="rate", values=values).amount) == "0.0001"


def test_amounts_of_many_millions_are_rounded_like_others():
    values = (NamedValue("n", d("98765432109.125")), NamedValue("one", d(1)))
    assert str(explain("target", "n / one", plan="v1", values=values).amount) == "98765432109.13"


def test_an_unknown_rounding_is_an_error():
    with pytest.raises(ValueError, match="unknown rounding: up"):
        made("a", rounding="up")


@pytest.mark.parametrize(
    ("numerator", "divisor", "amount"),
    [
        ("0.015", "3", "0.01"),  # exactly half a fen goes up
        ("0.0449999", "3", "0.01"),
        ("1.365", "1.17", "1.17"),
        ("-0.015", "3", "-0.01"),
    ],
)
def test_half_a_fen_goes_up_also_after_a_division(numerator, divisor, amount):
    values = (NamedValue("n", d(numerator)), NamedValue("m", d(divisor)))
    assert str(explain("target", "n / m", plan="v1", values=values).amount) == amount


def test_a_half_fen_lost_in_the_last_digit_of_a_division_is_still_a_half_fen():
    """A third of half a fen, three times, is 0.00499…9 in any number of digits, and half a fen in truth."""
    values = (NamedValue("n", d("0.005")), NamedValue("three", d(3)))
    assert str(explain("target", "n / three * three", plan="v1", values=values).amount) == "0.01"


def test_a_share_is_the_part_of_the_rounded_total_with_the_largest_remainder_rule():
    shares = (Share("A01", d(1)), Share("A02", d(1)), Share("A03", d(1)))
    parts = [made("total(money)", rounding="share", shares=shares, part=share.key).amount for share in shares]
    assert [str(part) for part in parts] == ["3.50", "3.50", "3.50"]
    uneven = [made("a / c", rounding="share", shares=shares, part=share.key).amount for share in shares]
    assert [str(part) for part in uneven] == ["0.78", "0.78", "0.77"]


def test_an_explanation_survives_being_stored():
    before = made(
        "total(hours) * a",
        rounding="share",
        shares=(Share("A01", d("0.4")), Share("A02", d("0.10"))),
        part="A02",
        unit="hours",
    )
    stored = json.loads(json.dumps(to_json(before)))
    assert from_json(stored) == before
    assert recompute(from_json(stored)) == before.amount
    assert stored["rows"][1] == {
        "group": "hours",
        "kind": "labour",
        "number": "GD81-2/1",
        "day": "2026-09-04",
        "value": "3",
        "counted": "0",
        "order": "GD81-2",
        "note": "row.payer",
    }
    assert stored["values"][1] == {"name": "b", "value": "0.18", "unit": "rate", "label": "", "figure": ""}
    assert stored["shares"] == [["A01", "0.4"], ["A02", "0.10"]]
    assert (stored["rows"][2]["day"], stored["amount"], stored["plan"]) == (None, str(before.amount), "v1")


def test_recomputing_looks_at_everything_but_the_amount():
    before = made("a * b")
    assert recompute(replace(before, amount=d(99))) == before.amount
    changed = replace(before, values=(NamedValue("a", d(8)), *VALUES[1:]))
    assert recompute(changed) == d("1.44")


def test_a_value_is_found_by_name():
    assert made("a").value("minus") == d(-2)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("a * b", "7.00 × 18 %"),
        ("(a - c) / minus", "(7.00 − 3) ÷ -2.00"),
        ("a - (c - minus)", "7.00 − (3 − -2.00)"),
        ("a - c - minus", "7.00 − 3 − -2.00"),
        ("a + c * b", "7.00 + 3 × 18 %"),
        ("a / (c * minus)", "7.00 ÷ (3 × -2.00)"),
        ("a / c * minus", "7.00 ÷ 3 × -2.00"),
        ("positive((a - c) * b)", "(7.00 − 3) × 18 %"),
        ("positive(a - c) * b", "(7.00 − 3) × 18 %"),
        ("positive(minus) * b", "0 × 18 %"),
        ("positive(nought) * b", "0.00 × 18 %"),
        ("positive(positive(a)) * b", "7.00 × 18 %"),
        ("least(a, c) * b", "3 × 18 %"),
        ("least(a, a + nought) * b", "7.00 × 18 %"),
        ("least(least(a, c), a) * b", "3 × 18 %"),
        ("-least(a * b, positive(c))", "−7.00 × 18 %"),
        ("-(a + c)", "−(7.00 + 3)"),
        ("a / -(a * c)", "7.00 ÷ (−7.00 × 3)"),
        ("a / -a", "7.00 ÷ −7.00"),
        ("a / -positive(a * c)", "7.00 ÷ (−7.00 × 3)"),
        ("total(hours) * b", "4 × 18 %"),
        ("total(money)", "10.50"),
        ("total(none) + a", "0 + 7.00"),
    ],
)
def test_a_worked_formula_shows_the_numbers_and_keeps_the_brackets_it_needs(formula, shown):
    assert worked_formula(made(formula), written) == shown


names = st.sampled_from(["a", "b", "c", "minus"])
formulas = st.recursive(
    names,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        inner.map(lambda piece: f"positive({piece})"),
        inner.map(lambda piece: f"-({piece})"),
        st.tuples(inner, inner).map(lambda p: f"least({p[0]}, {p[1]})"),
    ),
    max_leaves=8,
)


@example(formula="a / -(a * a)")
@given(formula=formulas)
def test_a_worked_formula_comes_to_the_same_as_the_formula(formula):
    try:
        explanation = made(formula, rounding="exact")
    except ArithmeticError:
        return
    shown = worked_formula(explanation, lambda value, _unit: f"({value})")
    python = shown.replace("×", "*").replace("÷", "/").replace("−", "-")
    python = "".join(f"Decimal('{word}')" if word[:1].isdigit() else word for word in _words(python))
    assert abs(eval(python) - explanation.amount) < d("0.000001") * max(abs(explanation.amount), 1)


def _words(text):
    word = ""
    for letter in text:
        if letter.isdigit() or letter == ".":
            word += letter
            continue
        yield from (piece for piece in (word, letter) if piece)
        word = ""
    if word:
        yield word


def test_the_totals_of_groups_know_what_they_count():
    assert group_totals(made("total(hours) * a + total(money) - total(none)")) == {
        "hours": (d(4), "hours"),
        "money": (d("10.50"), "CNY"),
        "none": (d(0), ""),
    }


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("labour", "hours"),
        ("hour_deduction", "hours"),
        ("settlement", "cars"),
        ("complaint", "count"),
        ("score", "score"),
        ("receipt", "CNY"),
        ("consumable", "CNY"),
    ],
)
def test_rows_of_a_kind_have_their_unit(kind, unit):
    row = SourceRow("group", kind, "1", None, d(2), d(2))
    explanation = explain("target", "total(group)", plan="v1", rows=(row, row))
    assert group_totals(explanation) == {"group": (d(4), unit)}


def test_exact_keeps_fifty_digits():
    assert exact(made("a / c")) == Decimal("2." + "3" * 49)


# ── In words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1234567.5", "CNY", "1,234,567.50"),
        ("0.005", "CNY", "0.01"),
        ("-27.69", "CNY", "-27.69"),
        ("0.005", "rate", "0.5 %"),
        ("0.10", "rate", "10 %"),
        ("1", "rate", "100 %"),
        ("1234.5", "points", "1,234.50"),
        ("0.9333", "share", "93.33 %"),
        ("167.40", "hours", "167.4"),
        ("100", "days", "100"),
        ("0.00", "hours", "0"),
    ],
)
def test_numbers_are_written_as_people_read_them(value, unit, shown):
    assert written(d(value), unit) == shown


def test_plain_numbers_are_never_written_as_powers_of_ten():
    assert [plain(d(value)) for value in ("1E+3", "100", "0.40", "0E-5", "-0.00")] == ["1000", "100", "0.4", "0", "0"]


def test_a_sentence_is_filled_from_the_explanation():
    shares = (Share("T01", d("1.2")), Share("T02", d("0.80")))
    explanation = explain(
        "pool_share",
        "pool",
        plan="v1",
        rounding="share",
        shares=shares,
        part="T02",
        values=(NamedValue("pool", d(1000)),),
    )
    template, params = sentence(explanation)
    assert template == SENTENCES["pool_share"]
    assert template % params == ("The pool of 1,000.00 is shared by coefficient. Your part is 0.8 of 2: 400.00.")


def test_a_sentence_counts_rows_and_shows_the_working():
    explanation = made("total(hours) * a")
    _template, params = sentence(explanation)
    assert (params["rows"], params["worked"], params["amount"], params["hours"]) == ("3", "4 × 7.00", "28.00", "4")
    assert "own" not in params


def test_a_sentence_gives_the_reasons_people_gave_each_once_and_not_the_programs_own():
    reasons = ("漏检", "row.below_price", "迟到", "", "漏检")
    rows = tuple(SourceRow("k", "adjustment", str(n), None, d(1), d(1), note=why) for n, why in enumerate(reasons))
    found = [sentence(explain("adjustment", "total(k)", plan="v1", rows=given)) for given in (rows, rows[1:2])]
    assert [template % params for template, params in found] == [
        "Adjustment approved by the station manager: 5.00. Reason: 漏检; 迟到",
        "Adjustment approved by the station manager: 1.00. Reason: —",
    ]


def test_a_notice_says_its_sentence():
    template, params = Notice("plan.shares_not_whole", "A.output", {"sum": d("110.0")}).sentence()
    assert template % params == "A.output: the shares add up to 110 %, not to 100 %."
    template, params = Notice(
        "warn.incentive_waiting", "M01", {"day": date(2026, 9, 3), "amount": d("50.00")}
    ).sentence()
    assert template % params == "50 for M01 on 2026-09-03 is not approved and not paid."


@pytest.mark.parametrize("code", sorted(NOTICES))
def test_every_notice_can_be_filled(code):
    params = {"measure": "m", "order": "o", "line": "1", "sum": d(1), "amount": d(1), "receipt": "r", "basis": "b"}
    params |= {"coefficient": d(1), "days": "1", "value": d(1), "lower": d(1), "upper": d(2)}
    params |= {"rule": "r", "day": "2026-09-01", "level": d(1), "reason": "r", "reasons": "r"}
    template, filled = Notice(code, "subject", params).sentence()
    assert "%(" not in template % filled
