"""Correlation, Pareto, control charts, gaps, composite scores against cases worked by hand. Source: satisfaction.md."""

from decimal import Decimal
from statistics import correlation as textbook_correlation

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from satisfaction.formulas import (
    ControlRules,
    Interval,
    Moments,
    Point,
    Problem,
    Subgroup,
    composite,
    correlation,
    cs_ratio,
    gap,
    individuals_chart,
    moments_of,
    p_chart,
    pareto,
    point_of,
    quadrant,
    ranks,
    tally_of,
)

RULES = ControlRules(smallest_sample=10, least_points=8, run=8)


def moments(*values) -> Moments:
    return moments_of("score", tally_of(map(Decimal, values)))


def pairs_of(rows):
    found = {}
    for row in rows:
        pair = tuple(map(Decimal, row))
        found[pair] = found.get(pair, 0) + 1
    return found


# ── importance ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("rows", "r"),
    [
        ([(1, 2), (2, 4), (3, 6)], "1"),
        ([(1, 6), (2, 4), (3, 2)], "-1"),
        ([(10, 9), (9, 9), (8, 7), (5, 6), (7, 8)], "0.87720"),
        ([(9, 8), (9, 7), (9, 10)], None),  # everybody gave the factor the same score: nothing moves together
        ([(9, 8), (7, 8), (8, 8)], None),
        ([(9, 8), (8, 7)], None),  # two points always lie on one line
        ([], None),
    ],
)
def test_importance_is_the_correlation_with_the_overall_satisfaction(rows, r):
    found = correlation(pairs_of(rows))
    assert found.n == len(rows)
    assert (found.r and found.r.quantize(Decimal("0.00001"))) == (r and Decimal(r).quantize(Decimal("0.00001")))


def test_the_interval_of_a_correlation_is_fishers():
    # artanh r ± 1.959964 ÷ √25, 28 pairs
    rows = [(1, 1)] * 9 + [(1, 2)] * 3 + [(2, 1)] * 4 + [(2, 2)] * 12
    found = correlation(pairs_of(rows))
    assert found.r.quantize(Decimal("0.0001")) == Decimal("0.4961")
    ends = [end.quantize(Decimal("0.0001")) for end in (found.interval.low, found.interval.high)]
    assert ends == [Decimal("0.1510"), Decimal("0.7335")]


def test_pairs_on_one_line_have_no_interval():
    assert correlation(pairs_of([(1, 2), (2, 4), (3, 6), (4, 8)])).interval is None


@given(st.lists(st.tuples(st.integers(1, 10), st.integers(1, 10)), min_size=4, max_size=40))
def test_the_correlation_is_that_of_the_textbook_and_lies_within_its_interval(rows):
    xs, ys = zip(*rows, strict=True)
    assume(len(set(xs)) > 1 and len(set(ys)) > 1)
    found = correlation(pairs_of(rows))
    assert float(found.r) == pytest.approx(textbook_correlation(xs, ys), abs=1e-9)
    assert -1 <= found.r <= 1
    assert found.interval is None or -1 <= found.interval.low <= found.r <= found.interval.high <= 1


@pytest.mark.parametrize(
    ("importance", "performance", "expected"),
    [("0.6", "9.1", "keep"), ("0.6", "8.9", "improve"), ("0.4", "8.9", "watch"), ("0.4", "9.1", "hold"),
     ("0.5", "9.0", "keep")],
)  # fmt: skip
def test_a_factor_stands_in_a_quadrant(importance, performance, expected):
    middles = {"middle_importance": Decimal("0.5"), "middle_performance": Decimal("9.0")}
    assert quadrant(Decimal(importance), Decimal(performance), **middles) == expected


def test_problem_factors_stand_by_their_bad_answers_and_the_vital_few_are_marked():
    found = pareto({"F01": 2, "F02": 10, "F03": 0, "F04": 6, "F05": 2}, vital_few=Decimal("0.80"))
    assert found == [
        Problem("F02", 10, Decimal("0.5"), Decimal("0.5"), True),
        Problem("F04", 6, Decimal("0.3"), Decimal("0.8"), True),
        Problem("F01", 2, Decimal("0.1"), Decimal("0.9"), False),
        Problem("F05", 2, Decimal("0.1"), Decimal(1), False),
    ]
    assert pareto({"F01": 0}, vital_few=Decimal("0.80")) == []


# ── control charts ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_limits_of_a_p_chart_follow_from_all_customers_and_the_size_of_each_week():
    chart = p_chart(
        [Subgroup(str(n), 100, 10) for n in range(7)] + [Subgroup("7", 100, 20), Subgroup("8", 25, 2)], RULES
    )
    assert chart.centre == Decimal(92) / 825
    wide, narrow = chart.points[8], chart.points[0]
    assert narrow.high.quantize(Decimal("0.0001")) == Decimal("0.2059")  # 0.11152 + 3 × √(0.11152 × 0.88848 ÷ 100)
    assert (wide.low, wide.high > narrow.high) == (0, True)
    assert [point.signal for point in chart.points] == [""] * 9


def test_a_week_beyond_its_limits_is_marked_and_noise_is_not():
    chart = p_chart([Subgroup(str(n), 100, count) for n, count in enumerate([9, 11, 8, 12, 10, 9, 35, 10])], RULES)
    assert [point.label for point in chart.signals] == ["6"]
    assert chart.points[6].signal == "beyond"


def test_eight_in_a_row_on_one_side_are_a_lasting_shift():
    counts = [12, 8] * 5 + [13] * 8
    chart = p_chart([Subgroup(str(n), 100, count) for n, count in enumerate(counts)], RULES)
    assert [point.signal for point in chart.points] == [""] * 10 + ["run"] * 8
    shorter = p_chart([Subgroup(str(n), 100, count) for n, count in enumerate(counts[:-1])], RULES)
    assert shorter.signals == []


def test_few_customers_move_no_limit_signal_nothing_and_break_no_run():
    weeks = [Subgroup(str(n), 100, 10) for n in range(8)]
    with_small = [*weeks[:4], Subgroup("small", 9, 9), Subgroup("none", 0, 0), *weeks[4:]]
    chart = p_chart(with_small, RULES)
    assert chart.centre == p_chart(weeks, RULES).centre == Decimal("0.1")
    assert [(point.is_small, point.signal) for point in chart.points[4:6]] == [(True, ""), (True, "")]
    assert chart.points[5].value is None


def test_fewer_than_eight_points_have_no_limits():
    chart = p_chart([Subgroup(str(n), 100, n * 10) for n in range(7)], RULES)
    assert (chart.centre, chart.signals, {point.high for point in chart.points}) == (None, [], {None})


def test_the_limits_of_the_index_follow_from_its_moving_range():
    values = [900, 910, 900, 910, 900, 910, 900, 910, 860]
    chart = individuals_chart(
        [Point(str(n), 50, Decimal(value)) for n, value in enumerate(values)],
        RULES,
        least=Decimal(100),
        most=Decimal(1000),
    )
    middle, half = Decimal(8100) / 9, Decimal("2.66") * Decimal(120) / 8  # ranges: seven of 10, one of 50
    assert chart.centre == middle
    assert (chart.points[0].low, chart.points[0].high) == (middle - half, middle + half)
    assert [point.label for point in chart.signals] == ["8"]


def test_limits_are_cut_to_the_scale():
    values = [1000, 700, 1000, 700, 1000, 700, 1000, 700]
    chart = individuals_chart(
        [Point(str(n), 50, Decimal(value)) for n, value in enumerate(values)],
        RULES,
        least=Decimal(100),
        most=Decimal(1000),
    )
    assert (chart.points[0].low, chart.points[0].high) == (100, 1000)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=30))
def test_a_p_chart_stays_between_0_and_1_and_marks_only_judged_points(rows):
    chart = p_chart([Subgroup(str(n), max(pair), min(pair)) for n, pair in enumerate(rows)], RULES)
    assert len(chart.points) == len(rows)
    for point in chart.points:
        assert point.value is None or 0 <= point.value <= 1
        assert point.high is None or 0 <= point.low <= chart.centre <= point.high <= 1
        assert not (point.signal and point.is_small)


# ── gaps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_gap_is_a_difference_with_its_interval_and_the_cs_ratio():
    found = gap(moments(8, 9, 10), moments(9, 10, 10, 9))
    assert (found.difference, found.left.n, found.right.n) == (Decimal("-0.5"), 3, 4)
    half = Decimal("4.302653") * (Decimal(1) / 3 + Decimal(1) / 12).sqrt()  # t(2), s² = 1 and 1/3
    assert found.interval.high.quantize(Decimal("0.0001")) == (half - Decimal("0.5")).quantize(Decimal("0.0001"))
    assert (found.ratio, found.is_real) == (Decimal(9) / Decimal("9.5"), False)


def test_a_gap_whose_interval_leaves_zero_out_is_real():
    assert gap(moments(*[6, 7] * 10), moments(*[9, 10] * 10)).is_real


def test_a_side_without_an_answer_makes_no_gap():
    found = gap(moments(8, 9), Moments())
    assert (found.difference, found.interval, found.ratio, found.left_interval is not None) == (None, None, None, True)
    assert gap(moments(8), moments(9)).interval is None
    assert cs_ratio(None, Decimal(9)) is None


def test_places_by_value_are_shared():
    assert ranks({"F01": Decimal(9), "F02": Decimal(8), "F03": Decimal(9)}) == {"F01": 1, "F02": 3, "F03": 1}


# ── composites ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "value", "point"),
    [("score", 1, "0"), ("score", 10, "100"), ("score", "5.5", "50"), ("recommend", 0, "0"), ("recommend", 7, "70"),
     ("level", 5, "100"), ("level", 1, "0"), ("yes_no", 1, "100"), ("yes_no", 0, "0")],
)  # fmt: skip
def test_every_answer_has_a_point_from_0_to_100(kind, value, point):
    assert point_of(kind, Decimal(value)) == Decimal(point)


def test_a_composite_is_the_mean_of_the_customers_with_students_interval():
    found = composite(Moments(3, Decimal(270), Decimal(24500)))  # 80, 90, 100 → 90, s = 10
    half = Decimal("4.302653") * 10 / Decimal(3).sqrt()
    assert (found.n, found.score, found.interval.high) == (3, 90, 100)
    assert found.interval.low.quantize(Decimal("0.001")) == (90 - half).quantize(Decimal("0.001"))
    assert composite(Moments()).score is None


@given(st.lists(st.integers(1, 10), max_size=20), st.lists(st.integers(1, 10), max_size=20))
def test_two_sets_of_moments_add_up_to_those_of_all_values(left, right):
    assert moments(*left) + moments(*right) == moments(*left, *right)


def test_an_interval_compares_by_its_ends():
    assert Interval(Decimal(1), Decimal(2)) == Interval(Decimal("1.0"), Decimal("2.0"))
