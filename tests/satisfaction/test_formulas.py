"""The arithmetic of satisfaction against cases worked out by hand. Source: spec satisfaction.md."""

from decimal import Decimal
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satisfaction.formulas import (
    DISSATISFIED,
    Factor,
    FactorFigures,
    Interval,
    Level,
    PooledIndex,
    Rules,
    counted,
    csi,
    factor_figures,
    is_bad,
    is_small,
    level_of,
    mean,
    mean_interval,
    net_promoter,
    net_promoter_interval,
    places,
    pooled_csi,
    satisfied_rate,
    share_interval,
    share_of,
    student_t,
    tally_of,
    ten_question_score,
    top_box,
    verdict,
)

TEN_SCORES = tally_of(map(Decimal, [10, 10, 9, 9, 9, 8, 7, 5, 3, 1]))


def score(code, weight, tally):
    return Factor(code, "score", Decimal(weight), tally)


def rounded(interval, places="0.0001"):
    return Interval(interval.low.quantize(Decimal(places)), interval.high.quantize(Decimal(places)))


# ── what an answer counts for ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("score", 10, "10"),
        ("score", 1, "1"),
        ("level", 5, "10"),
        ("level", 4, "7.5"),
        ("level", 3, "5"),
        ("level", 2, "2.5"),
        ("level", 1, "1"),
        ("yes_no", 1, "10"),
        ("yes_no", 0, "1"),
        ("recommend", 0, "0"),
    ],
)
def test_an_answer_counts_by_its_kind(kind, value, expected):
    assert counted(kind, Decimal(value)) == Decimal(expected)


@pytest.mark.parametrize(
    ("kind", "values", "level"),
    [
        ("score", [9, 10], Level.VERY_SATISFIED),
        ("score", [7, 8], Level.SATISFIED),
        ("score", [5, 6], Level.FAIR),
        ("score", [3, 4], Level.DISSATISFIED),
        ("score", [1, 2], Level.VERY_DISSATISFIED),
        ("level", [2], Level.DISSATISFIED),  # counts 2.5, yet stands on its own level
        ("yes_no", [1], Level.VERY_SATISFIED),
        ("yes_no", [0], Level.VERY_DISSATISFIED),
    ],
)
def test_every_value_stands_on_a_level(kind, values, level):
    assert [level_of(kind, Decimal(value)) for value in values] == [level] * len(values)


@pytest.mark.parametrize(
    ("kind", "value", "flags_no", "expected"),
    [
        ("score", 4, False, True),
        ("score", 5, False, False),
        ("level", 2, False, True),
        ("level", 3, False, False),
        ("recommend", 0, False, True),
        ("yes_no", 0, True, True),
        ("yes_no", 0, False, False),
        ("yes_no", 1, True, False),
    ],
)
def test_a_bad_answer_is_a_score_of_four_or_a_no_to_a_marked_question(kind, value, flags_no, expected):
    assert is_bad(kind, Decimal(value), flags_no=flags_no, at_most=Decimal(4)) is expected


def test_mean_top_box_and_rates_of_ten_scores():
    assert mean("score", TEN_SCORES) == Decimal("7.1")
    assert top_box("score", TEN_SCORES) == Decimal("0.5")
    assert satisfied_rate("score", TEN_SCORES) == Decimal("0.7")
    assert share_of("score", TEN_SCORES, DISSATISFIED) == Decimal("0.2")
    assert net_promoter(TEN_SCORES) == Decimal("0.2")  # five of 9–10 less three of 0–6


def test_without_an_answer_there_is_no_figure():
    assert [mean("score", {}), top_box("score", {}), satisfied_rate("score", {}), net_promoter({})] == [None] * 4
    assert [share_interval(None, 0), net_promoter_interval({}), csi([score("F01", 1, {})])] == [None] * 3
    assert ten_question_score(0, 0) is None


# ── the index ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_worked_index_leaves_out_the_factor_nobody_answered():
    factors = [
        score("F01", 60, {Decimal(10): 1, Decimal(9): 1}),  # 9.5
        score("F02", 30, {Decimal(8): 1}),
        score("F03", 10, {}),
    ]
    assert csi(factors) == 900  # 100 × (60 × 9.5 + 30 × 8) ÷ 90


@pytest.mark.parametrize("scale", ["1", "0.01", "37"])
def test_weights_need_not_add_to_a_hundred(scale):
    factors = [
        score("F01", Decimal(2) * Decimal(scale), {Decimal(10): 3}),
        score("F02", Decimal(1) * Decimal(scale), {Decimal(7): 2}),
    ]
    assert csi(factors) == 900


@given(st.lists(st.lists(st.integers(1, 10), min_size=1, max_size=8), min_size=1, max_size=6))
def test_the_index_lies_between_a_hundred_and_a_thousand(scores):
    index = csi([score(f"F{n}", n, tally_of(map(Decimal, given))) for n, given in enumerate(scores, start=1)])
    assert 100 <= index.quantize(Decimal("0.0000001")) <= 1000


def test_two_versions_of_a_month_are_pooled_by_responses_and_never_rescored():
    assert pooled_csi([(30, Decimal(900)), (10, Decimal(940)), (0, None)]) == PooledIndex(40, Decimal(910))
    assert pooled_csi([]) is None


@pytest.mark.parametrize(("yes", "no", "expected"), [(10, 0, "100"), (92, 8, "92"), (0, 4, "0")])
def test_ten_question_check_is_the_share_of_yes(yes, no, expected):
    assert ten_question_score(yes, no) == Decimal(expected)


def test_who_shares_an_index_shares_the_place_and_few_answers_take_none():
    figures = {
        1: (12, Decimal(900)),
        2: (10, Decimal(950)),
        3: (15, Decimal(900)),
        4: (9, Decimal(1000)),
        5: (20, Decimal(880)),
    }
    assert places(figures, smallest_sample=10) == {2: 1, 1: 2, 3: 2, 5: 4}


# ── how sure a figure is ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(1, "12.706205"), (2, "4.302653"), (5, "2.570582"), (10, "2.228139"), (29, "2.045230"), (30, "2.042272"),
     (120, "1.979930"), (200, "1.971896"), (201, "1.971837"), (1000, "1.962339")],
)  # fmt: skip
def test_the_points_of_students_t_are_those_of_the_tables(degrees, expected):
    assert student_t(degrees).quantize(Decimal("0.000001")) == Decimal(expected)


def test_the_interval_of_a_mean_is_that_of_the_textbook():
    values = [10, 10, 9, 9, 9, 8, 7, 5, 3, 1]
    half = Decimal("2.262157163") * Decimal(repr(stdev(values))) / Decimal(10).sqrt()
    figures = factor_figures(score("F01", 6, TEN_SCORES))
    assert rounded(figures.mean_interval) == rounded(Interval(Decimal("7.1") - half, Decimal("7.1") + half))


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [
        ("0.5", 10, "0.2366", "0.7634"),
        ("1", 10, "0.7225", "1.0000"),
        ("0", 20, "0.0000", "0.1611"),
        ("0.9", 100, "0.8256", "0.9448"),
    ],
)
def test_the_interval_of_a_share_is_wilsons_and_stays_between_0_and_1(share, n, low, high):
    assert rounded(share_interval(Decimal(share), n)) == Interval(Decimal(low), Decimal(high))


def test_an_interval_is_cut_to_its_scale_and_needs_two_answers():
    assert mean_interval(Decimal("9.9"), Decimal(1), 3) == Interval(
        Decimal("9.9") - student_t(2) / Decimal(3).sqrt(), Decimal(10)
    )
    assert mean_interval(Decimal(9), None, 1) is None
    assert net_promoter_interval(tally_of([Decimal(9), Decimal(9)])) == Interval(Decimal(1), Decimal(1))


@pytest.mark.parametrize(("n", "expected"), [(0, True), (9, True), (10, False)])
def test_fewer_than_ten_answers_are_greyed(n, expected):
    assert is_small(n, 10) is expected


# ── strength and weakness ────────────────────────────────────────────────────────────────────────────────────────────
def figures(n, top, dissatisfied):
    return FactorFigures("F01", n, Decimal(8), None, Decimal(top), None, Decimal("0.5"), Decimal(dissatisfied))


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (("10", "0.60", "0"), None, "strength"),
        (("10", "0.59", "0"), None, ""),
        (("10", "0.80", "0.01"), None, ""),
        (("9", "0.90", "0"), None, ""),  # too few to be a strength
        (("10", "0.39", "0.10"), None, "weakness"),
        (("10", "0.40", "0.30"), None, ""),
        (("10", "0.39", "0.09"), None, ""),
        (("9", "0.10", "0.50"), None, ""),  # too few to be a weakness
        (("20", "0.75", "0"), ("20", "0.85", "0"), "weakness"),  # fell by ten points: the fall is what counts
        (("20", "0.75", "0"), ("20", "0.84", "0"), "strength"),
        (("20", "0.75", "0"), ("9", "0.99", "0"), "strength"),  # nothing to compare with
        (("20", "0.75", "0"), ("20", "0.60", "0"), "strength"),
    ],
)
def test_strength_and_weakness_by_rule(now, before, expected):
    def as_figures(cells):
        return figures(int(cells[0]), *cells[1:]) if cells else None

    assert verdict(as_figures(now), as_figures(before), Rules()) == expected
