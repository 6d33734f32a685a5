"""The plan as data: what ships, what is refused, what is stored."""

import json
from dataclasses import replace

import pytest

from commission.formulas import SHIPPED, SHIPPED_VAT_113, plan_from_json, plan_to_json, validate
from commission.formulas.plan import (
    BLOCKS,
    HoursPrice,
    LineSplit,
    MeasureRate,
    Part,
    PlanParameters,
    PoolShare,
    Tier,
    TierDeduction,
    block_from_json,
    identifier,
)
from commission.formulas.wording import Notice
from dealer_crm.kpi.choices import Measure
from dealer_crm.organization.choices import Post, TeamKind
from dealer_crm.values import Period
from reception.choices import OrderKind, Payer
from tests.commission.small_month import d


def changed(code, **values):
    blocks = tuple(replace(block, **values) if block.code == code else block for block in SHIPPED.blocks)
    return PlanParameters(3, "X", Period(2026, 10), blocks)


def without(code):
    return PlanParameters(3, "X", Period(2026, 10), tuple(block for block in SHIPPED.blocks if block.code != code))


def with_block(block):
    return PlanParameters(3, "X", Period(2026, 10), (*SHIPPED.blocks, block))


def problems(plan):
    found = validate(plan)
    assert all(notice.subject in notice.sentence()[0] % notice.sentence()[1] for notice in found)
    return [(notice.code.removeprefix("plan."), notice.subject) for notice in found]


def test_the_shipped_versions_are_in_order():
    assert validate(SHIPPED) == ()
    assert validate(SHIPPED_VAT_113) == ()


def test_the_second_shipped_version_differs_in_number_start_and_divisor_only():
    assert (SHIPPED.number, SHIPPED_VAT_113.number, SHIPPED_VAT_113.starts) == (1, 2, Period(2019, 4))
    assert SHIPPED.label == "Shipped plan v1"
    different = {
        (before.code, after.divisor)
        for before, after in zip(SHIPPED.blocks, SHIPPED_VAT_113.blocks, strict=True)
        if before != after
    }
    assert different == {("C", d("1.13")), ("D", d("1.13"))}
    assert {block.divisor for block in SHIPPED.of(HoursPrice)} == {d("1.17")}
    assert SHIPPED.with_divisor(d("1.13"), number=2, name="Shipped plan", starts=Period(2019, 4)) == SHIPPED_VAT_113


def test_the_shipped_plan_speaks_the_codes_of_the_house():
    posts = {post for block in SHIPPED.of(PoolShare) for post in block.posts}
    posts |= {seller for block in SHIPPED.of(LineSplit) for seller in block.sellers}
    assert posts - {"no_seller", "anyone_else", "gift"} - set(Post) == set()
    assert {block.team_kind for block in SHIPPED.of(HoursPrice)} - set(TeamKind) == set()
    assert {kind for block in SHIPPED.of(HoursPrice) for kind in block.excluded_kinds} - set(OrderKind) == set()
    assert {payer for block in SHIPPED.of(HoursPrice) for payer in block.payers} - set(Payer) == set()
    measures = {m for block in SHIPPED.of(MeasureRate) for m in block.achievements}
    measures |= {block.achievement for block in SHIPPED.of(LineSplit) if block.achievement}
    assert measures - set(Measure) == set()


@pytest.mark.parametrize(
    ("code", "rate"),
    [
        ("A.output", "0.005"),
        ("A.accessories", "0.10"),
        ("B.sales", "0.10"),
        ("B.other", "0.02"),
        ("C", "0.18"),
        ("D", "0.20"),
    ],
)
def test_the_shipped_rates_are_those_of_the_rules(code, rate):
    assert SHIPPED.block(code).rate == d(rate)


@pytest.mark.parametrize("plan", [SHIPPED, SHIPPED_VAT_113])
def test_a_plan_survives_being_stored(plan):
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


def test_a_stored_plan_is_readable():
    stored = plan_to_json(SHIPPED)
    assert (stored["number"], stored["name"], stored["starts"]) == (1, "Shipped plan", "2000-01")
    assert stored["blocks"][0] == {
        "type": "measure_rate",
        "code": "A.output",
        "title": "Output commission",
        "measure": "output",
        "rate": "0.005",
        "achievements": ["output", "car_count"],
        "pool": "front_desk",
        "achievement_cap": None,
    }
    tiers = next(block for block in stored["blocks"] if block["code"] == "A.appraisal")["tiers"]
    assert tiers == [{"lower": None, "upper": "96", "rate": "0.10"}, {"lower": "96", "upper": None, "rate": "0"}]


def test_what_a_stored_split_says_is_fixed_because_plans_are_kept_for_ever():
    stored = next(block for block in plan_to_json(SHIPPED)["blocks"] if block["code"] == "B.other")
    assert stored == {
        "type": "line_split",
        "code": "B.other",
        "title": "Accessories sold or given by another department",
        "sellers": ["anyone_else", "gift"],
        "basis": "selling_price",
        "rate": "0.02",
        "installed": [
            {"receiver": "seller", "share": "0.35"},
            {"receiver": "installers", "share": "0.35"},
            {"receiver": "parts", "share": "0.3"},
        ],
        "not_installed": [
            {"receiver": "seller", "share": "0.35"},
            {"receiver": "nobody", "share": "0.35"},
            {"receiver": "parts", "share": "0.3"},
        ],
        "sold_above": None,
        "achievement": "",
        "achievement_cap": None,
    }
    front = next(block for block in plan_to_json(SHIPPED)["blocks"] if block["code"] == "A.accessories")
    assert (front["sellers"], front["basis"]) == (["no_seller", "advisor", "advisor_assistant"], "received")


def test_every_kind_of_block_is_known_by_its_type():
    assert {block.TYPE for block in SHIPPED.blocks} == set(BLOCKS)


def test_a_block_is_found_by_its_code():
    assert SHIPPED.block("D").team_kind == "body_paint"
    with pytest.raises(KeyError, match="Z"):
        SHIPPED.block("Z")


def test_a_plan_without_a_rule_for_anyone_else_pays_only_those_it_names():
    splits = [without("B.other").split_for(seller) for seller in ("advisor", "cashier", "gift")]
    assert splits == [SHIPPED.block("A.accessories"), None, None]


def test_a_code_makes_a_name_for_formulas():
    assert [identifier(code) for code in ("A.output", "C", "B-2 x")] == ["A_output", "C", "B_2_x"]


# ── Mistakes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


WHOLE = [("shares_not_whole", "A.accessories")]


@pytest.mark.parametrize(
    ("installed", "found"),
    [
        ([("front_desk", "0.6"), ("installers", "0.5")], [("shares_not_whole", "A.accessories")]),
        ([("front_desk", "0.6"), ("installers", "0.3")], [("shares_not_whole", "A.accessories")]),
        (
            [("front_desk", "1.1"), ("installers", "-0.1")],
            [("not_a_share", "A.accessories"), ("not_a_share", "A.accessories")],
        ),
        ([("front_desk", "1"), ("installers", "0")], []),
        ([("front_desk", "0.7"), ("installers", "0.3")], []),
    ],
)
def test_shares_must_add_up_to_the_whole(installed, found):
    parts = tuple(Part(receiver, d(share)) for receiver, share in installed)
    assert problems(changed("A.accessories", installed=parts)) == found
    assert [p for p in problems(changed("A.accessories", not_installed=parts)) if p[0] != "pool_without_money"] == found
    sums = [{"sum": 100 * sum(part.share for part in parts)}]
    values = [{"value": 100 * part.share} for part in parts]
    for place in ("installed", "not_installed"):
        notices = [notice for notice in validate(changed("A.accessories", **{place: parts})) if notice.place == place]
        assert [notice.params for notice in notices] == (sums if found[:1] == WHOLE else values if found else [])


def tiers(*bounds):
    return tuple(
        Tier(None if low is None else d(low), None if up is None else d(up), d(rate)) for low, up, rate in bounds
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([(None, 2, "0"), (2, None, "0.1")], []),
        ([(0, 2, "0"), (2, None, "0.1")], []),
        ([(2, None, "0.1"), (None, 2, "0")], []),
        ([(5, None, "0.2"), (2, 5, "0.1"), (0, 2, "0")], []),
        ([(0, "0.5", "0"), ("0.5", None, "0.1")], []),
        ([(None, None, "0.1")], []),
        ([(None, 2, "0"), (3, None, "0.1")], ["tiers_gap"]),
        ([(1, 2, "0"), (2, None, "0.1")], ["tiers_gap"]),
        ([(None, 3, "0"), (2, None, "0.1")], ["tiers_overlap"]),
        ([(None, None, "0"), (2, None, "0.1")], ["tiers_overlap"]),
        ([(None, 3, "0"), (None, None, "0.1")], ["tiers_overlap"]),
        ([(None, 2, "0"), (2, 5, "0.1")], ["tiers_end"]),
        ([], ["tiers_end"]),
        ([(None, 2, "0"), (2, None, "1.1")], ["not_a_share"]),
        ([(None, 2, "0"), (2, None, "-0.1")], ["not_a_share"]),
        ([(None, 2, "0"), (2, 2, "0"), (2, None, "0.1")], ["tier_empty"]),
        ([(None, 5, "0"), (5, 3, "0"), (5, None, "0.1")], ["tier_empty"]),
    ],
)
def test_tiers_hold_every_value_exactly_once(given, found):
    plan = changed("A.complaints", tiers=tiers(*given))
    assert problems(plan) == [(code, "A.complaints") for code in found]
    assert {notice.place for notice in validate(plan)} <= {"tiers"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ([(None, 2, "0"), (3, None, "0.1")], {"lower": 2, "upper": 3}),
        ([(1, 2, "0"), (2, None, "0.1")], {"lower": 0, "upper": 1}),
        ([(None, 3, "0"), (2, None, "0.1")], {"value": 2}),
        ([(None, 3, "0"), (2, 2, "0"), (3, None, "0.1")], {"lower": 2, "upper": 2}),
        ([(None, 2, "0"), (2, 5, "0.1")], {"value": 5}),
        ([], {"value": 0}),
        ([(None, 2, "0"), (2, None, "1.1")], {"value": 110}),
    ],
)
def test_what_is_wrong_with_tiers_is_named_in_numbers(given, named):
    notice = validate(changed("A.complaints", tiers=tiers(*given)))[0]
    assert notice.params == named


@pytest.mark.parametrize(
    ("code", "values", "found", "params"),
    [
        ("C", {"divisor": d(0)}, "divisor_not_positive", {"value": d(0)}),
        ("C", {"divisor": d(-1)}, "divisor_not_positive", {"value": d(-1)}),
        ("C", {"rate": d("-0.1")}, "negative", {"value": d("-0.1")}),
        ("C", {"hour_price": d(-1)}, "negative", {"value": d(-1)}),
        ("C", {"payers": ()}, "no_payers", {}),
        ("A.output", {"rate": d("-0.1")}, "negative", {"value": d("-0.1")}),
        ("A.output", {"achievement_cap": d("-0.1")}, "negative", {"value": d("-0.1")}),
        ("A.output", {"measure": "weather"}, "unknown_measure", {"measure": "weather"}),
        ("A.output", {"achievements": ("output", "weather")}, "unknown_measure", {"measure": "weather"}),
        ("A.accessories", {"rate": d("-0.1")}, "negative", {"value": d("-0.1")}),
        ("A.accessories", {"basis": "guess"}, "unknown_basis", {"basis": "guess"}),
        ("A.accessories", {"sold_above": d("1.2")}, "not_a_share", {"value": d(120)}),
        ("A.accessories", {"sold_above": d("-0.2")}, "not_a_share", {"value": d(-20)}),
        ("B.sales", {"achievement": "weather"}, "unknown_measure", {"measure": "weather"}),
        ("B.sales", {"achievement_cap": d(-1)}, "negative", {"value": d(-1)}),
        ("A.complaints", {"measure": "weather"}, "unknown_measure", {"measure": "weather"}),
        ("A.appraisal", {"pool": "C"}, "score_without_posts", {}),
    ],
)
def test_impossible_parameters_are_named(code, values, found, params):
    """And where on the form: the notice carries the parameter and what stands there."""
    (place,) = values
    assert validate(changed(code, **values)) == (Notice(f"plan.{found}", code, params, place),)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("C", {"rate": d(0), "hour_price": d(0), "divisor": d("0.5")}),
        ("A.output", {"achievement_cap": d("1.5"), "achievements": ()}),
        ("A.accessories", {"sold_above": d(0)}),
        ("A.accessories", {"sold_above": d(1)}),
        ("A.complaints", {"tiers": (Tier(None, None, d(1)),)}),
        ("B.sales", {"achievement": "", "basis": "selling_price"}),
    ],
)
def test_unusual_parameters_are_allowed(code, values):
    assert problems(changed(code, **values)) == []


def test_two_rules_may_not_have_one_code():
    twice = PoolShare("A.share", "x", "front_desk")
    assert ("code_twice", "A.share") in problems(with_block(twice))


def test_every_seller_falls_under_exactly_one_rule():
    assert problems(changed("B.sales", sellers=("accessory_seller", "advisor"))) == [("seller_twice", "advisor")]
    assert problems(changed("B.other", sellers=("anyone_else",))) == [("seller_without_rule", "gift")]
    assert problems(changed("B.other", sellers=("gift",))) == [("seller_without_rule", "anyone_else")]
    assert problems(changed("A.accessories", sellers=("advisor",))) == [("seller_without_rule", "no_seller")]


def test_every_pool_with_money_is_shared_once_and_no_other():
    assert problems(without("C.share")) == [("pool_not_shared", "C")]
    assert problems(without("B.parts")) == [("pool_not_shared", "parts")]
    assert problems(without("D")) == [("pool_without_money", "D")]
    assert problems(with_block(PoolShare("A.share2", "x", "front_desk"))) == [("pool_shared_twice", "front_desk")]
    assert problems(changed("A.complaints", pool="elsewhere")) == [("pool_without_money", "elsewhere")]
    assert problems(changed("A.output", pool="bonus")) == [("pool_not_shared", "bonus")]


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        (without("C.share"), "pool"),
        (without("D"), "pool"),
        (with_block(PoolShare("A.share2", "x", "front_desk")), "pool"),
        (changed("A.complaints", pool="elsewhere"), "pool"),
        (with_block(PoolShare("A.share", "x", "front_desk")), "code"),
        (changed("D", team_kind="mechanical"), "team_kind"),
        (changed("B.sales", sellers=("accessory_seller", "advisor")), "sellers"),
        (changed("B.other", sellers=("gift",)), "sellers"),
    ],
)
def test_what_rules_do_to_each_other_has_its_place_on_the_form_too(plan, place):
    assert validate(plan)[0].place == place


def test_teams_of_a_kind_are_paid_by_one_rule():
    found = problems(changed("D", team_kind="mechanical"))
    assert found == [("team_kind_twice", "mechanical")]


def test_a_deduction_without_a_tier_for_a_value_is_an_error():
    block = TierDeduction("X", "x", "verified_complaints", "front_desk", tiers((1, 2, "0.1")))
    assert block.rate(d(1)) == d("0.1")
    for value in (0, 2):
        with pytest.raises(ValueError, match="no tier"):
            block.rate(d(value))


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def stored_block(code="C", **values):
    block = next(dict(block) for block in plan_to_json(SHIPPED)["blocks"] if block["code"] == code)
    return block | values


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (stored_block(type="formula"), "unknown rule block"),
        ({"code": "C"}, "unknown rule block"),
        ("C", "unknown rule block"),
        (stored_block(rate="eighteen"), r"C\.rate: not a number: 'eighteen'"),
        (stored_block(rate="NaN"), r"C\.rate: not a number"),
        (stored_block(rate=None), r"C\.rate: not a number"),
        (stored_block(payers="customer"), r"C\.payers: a list is needed"),
        (stored_block(payers=3), r"C\.payers: a list is needed"),
        (stored_block(payers=[3]), r"C\.payers: wrong kind of value: 3"),
        (stored_block(title=5), r"C\.title: wrong kind of value: 5"),
        (stored_block(colour="red"), "C: unknown field colour"),
        ({k: v for k, v in stored_block().items() if k != "divisor"}, "C: divisor is missing"),
        ({"type": "pool_share", "title": "x"}, "^pool_share: code is missing"),
        (stored_block("A.share", probation_shares="no"), r"A\.share\.probation_shares: wrong kind of value"),
        (stored_block("A.appraisal", tiers=[{"lower": "1"}]), r"A\.appraisal\.tiers: upper is missing"),
        (stored_block("A.appraisal", tiers=["x"]), r"A\.appraisal\.tiers: wrong kind of value"),
    ],
)
def test_what_cannot_be_read_is_named(stored, message):
    with pytest.raises(ValueError, match=message):
        block_from_json(stored)


def test_optional_parameters_may_be_left_out_or_empty():
    stored = {k: v for k, v in stored_block("A.output").items() if k != "achievement_cap"}
    assert block_from_json(stored).achievement_cap is None
    assert block_from_json(stored_block("A.output", achievement_cap=None)).achievement_cap is None
    assert block_from_json(stored_block("A.output", achievement_cap="1.5")).achievement_cap == d("1.5")
    assert block_from_json(stored_block("C", rate=0.25)).rate == d("0.25")


@pytest.mark.parametrize("name", ["number", "name", "starts", "blocks"])
def test_a_plan_needs_all_its_parts(name):
    stored = plan_to_json(SHIPPED)
    del stored[name]
    with pytest.raises(ValueError, match=f"{name} is missing"):
        plan_from_json(stored)


def test_a_plan_starts_in_a_month():
    with pytest.raises(ValueError, match="not a period"):
        plan_from_json(plan_to_json(SHIPPED) | {"starts": "soon"})
