"""Scales: a figure becomes points, and the points can be worked out again from what is stored."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from dealer_crm.appraisal.formulas import (
    AT_LEAST,
    AT_MOST,
    BONUS,
    DEDUCTION,
    EACH,
    EACH_OVER,
    EVENTS,
    FAILURES,
    FIGURE,
    GIVEN,
    INDICATOR,
    LINEAR,
    Fact,
    Item,
    Row,
    Rule,
    Step,
    Tier,
    explain,
    from_json,
    recompute,
    sentence,
    to_json,
    total,
    validate,
)
from dealer_crm.appraisal.shipped import ADVISOR, AGENT, CARDS, MANAGER, RELATIONS, TECHNICIAN

GOALS = {"advisor_on_time": "0.04", "technician_on_time": "0.04", "comebacks": "0.005"}
WITH_GOAL = frozenset(GOALS)
FORMS = {
    **dict.fromkeys(
        ["advisor_on_time", "technician_on_time", "unreported_numbers", "feedback_in_time", "daily_reports",
         "work_logs",
         "calls_complaint", "calls_weekly", "calls_monthly", "calls_recheck", "calls_service", "complaint_speed",
         "complaint_satisfied"],
        FAILURES,
    ),
    **dict.fromkeys(["comebacks", "rework", "own_complaints", "wrong_entries", "wrong_numbers", "relations_report"],
                    EVENTS),
}  # fmt: skip


def number(value) -> Decimal:
    return Decimal(str(value))


def rows(count: int) -> tuple[Row, ...]:
    return tuple(Row("order", f"R{place}") for place in range(count))


def item_of(card, name: str) -> Item:
    return next(item for item, _note in card.items if item.name == name)


def points(rule: Rule, *facts: Fact) -> Decimal:
    """Explained, stored, read again: the same points whichever way."""
    explained = explain(rule, facts)
    stored = from_json(json.loads(json.dumps(to_json(explained))))
    assert stored == explained
    assert recompute(stored) == explained.points
    return explained.points


def counted(card, name: str, *counts: int | tuple[int, int]) -> Decimal:
    """The points of a line from how many events there were (of how many)."""
    rule = item_of(card, name).rule
    facts = []
    for step, count in zip(rule.steps, counts, strict=True):
        happened, base = count if isinstance(count, tuple) else (count, None)
        goal = GOALS.get(step.source)
        facts.append(
            Fact(step.source, FORMS[step.source], rows(happened), base if base is None else number(base),
                 goal=number(goal) if goal else None)
        )  # fmt: skip
    return points(rule, *facts)


def figured(card, name: str, figure) -> Decimal:
    rule = item_of(card, name).rule
    return points(
        rule, Fact(rule.steps[0].source, FIGURE, figure=None if figure is None else number(figure))
    )  # fmt: skip


# ── The cards as the page says ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.code)
def test_shipped_cards_have_100_points_and_no_mistakes(card):
    assert validate((item for item, _note in card.items), Decimal(100), with_goal=WITH_GOAL) == ()


@pytest.mark.parametrize(
    ("section", "full"),
    [("回访", 17), ("信息", 11), ("投诉", 15), ("日常工作", 24), ("学习与汇报", 15), ("行为规范", 18)],
)
def test_the_callback_agent_s_hundred_points(section, full):
    weights = {
        "回访": [5, 3, 6, 3], "信息": [3, 3, 5], "投诉": [5, 5, 5], "日常工作": [5, 4, 4, 3, 4, 4],
        "学习与汇报": [5, 5, 5], "行为规范": [8, 5, 5],
    }[section]  # fmt: skip
    assert [item.rule.full for item, _note in AGENT.items if item.section == section] == weights
    assert sum(weights) == full


@pytest.mark.parametrize(
    ("name", "happened", "expected"),
    [
        ("信息反馈及时率", (0, 100), 5), ("信息反馈及时率", (2, 100), 5), ("信息反馈及时率", (3, 100), 4),
        ("信息反馈及时率", (5, 100), 4), ("信息反馈及时率", (6, 100), 3), ("信息反馈及时率", (15, 100), 3),
        ("信息反馈及时率", (16, 100), 0), ("信息反馈及时率", (0, 0), 5),
        ("投诉处理及时率", (1, 50), 5), ("投诉处理及时率", (2, 99), 0), ("投诉处理及时率", (0, 0), 5),
        ("投诉处理满意率", (2, 100), 5), ("投诉处理满意率", (5, 100), 4), ("投诉处理满意率", (10, 100), 3),
        ("投诉处理满意率", (11, 100), 0),
        ("日报及时", (0, 22), 3), ("日报及时", (1, 22), 2), ("日报及时", (4, 22), 0),
        ("月报（3 日前）", 0, 5), ("月报（3 日前）", 1, 0),
        ("已解决问题次日跟踪回访", (1, 4), "3.75"), ("周一抽样回访", (1, 3), 2), ("30% 抽查复核", (0, 9), 3),
        ("月度满意度调查", (7, 60), "5.30"), ("错误客户资料上报", (1, 2), "1.50"), ("工作日志", (11, 22), "2.50"),
    ],
)  # fmt: skip
def test_lines_of_the_agent_s_card(name, happened, expected):
    assert counted(AGENT, name, happened) == number(expected)


@pytest.mark.parametrize(
    ("complaints", "numbers", "expected"), [(0, 0, 5), (1, 0, 3), (0, 1, 4), (1, 1, 2), (2, 1, 0), (3, 3, 0)]
)
def test_own_fault_takes_two_for_a_complaint_and_one_for_a_wrong_number(complaints, numbers, expected):
    assert counted(AGENT, "本人责任", complaints, numbers) == expected


@pytest.mark.parametrize(
    ("card", "name", "happened", "expected"),
    [
        # 96 % on time: of 50 cars two may be late, of 40 one (38.4 must be on time), of ten none.
        (TECHNICIAN, "准时交车", (2, 50), 30), (TECHNICIAN, "准时交车", (3, 50), 29),
        (TECHNICIAN, "准时交车", (1, 40), 30), (TECHNICIAN, "准时交车", (2, 40), 29),
        (TECHNICIAN, "准时交车", (1, 10), 29), (TECHNICIAN, "准时交车", (0, 0), 30),
        (TECHNICIAN, "准时交车", (40, 50), 0),
        # 0.5 % comebacks: up to 199 cars none is allowed, of 200 one.
        (TECHNICIAN, "外返", (1, 199), 29), (TECHNICIAN, "外返", (1, 200), 30), (TECHNICIAN, "外返", (2, 60), 28),
        (TECHNICIAN, "内返", (3, 60), 7),
        (ADVISOR, "准时交车", (6, 100), 18), (ADVISOR, "本人责任投诉", 1, 10), (ADVISOR, "本人责任投诉", 3, 0),
        (RELATIONS, "报表及时", 0, 10), (RELATIONS, "报表及时", 1, 8), (RELATIONS, "报表及时", 6, 0),
    ],
)  # fmt: skip
def test_points_come_off_for_each_event(card, name, happened, expected):
    assert counted(card, name, happened) == expected


@pytest.mark.parametrize(
    ("place", "of", "expected"),
    [(1, 10, 20), (2, 10, 16), (5, 20, 16), (4, 10, 12), (5, 10, 8), (6, 10, 4), (7, 10, 0)],
)
def test_factory_rank_by_the_top_10_25_40_50_and_60_percent(place, of, expected):
    assert figured(RELATIONS, "厂家满意度排名", Decimal(place) / of) == expected


@pytest.mark.parametrize(
    ("card", "name", "figure", "expected"),
    [
        (AGENT, "电话礼仪", 100, 8), (AGENT, "电话礼仪", 75, 6), (AGENT, "电话礼仪", None, 8),
        (AGENT, "电话礼仪", "81.3", "6.50"), (ADVISOR, "本人客户满意度指数", 900, 20),
        (ADVISOR, "本人客户满意度指数", "899.9", 15), (ADVISOR, "本人客户满意度指数", 849, 0),
        (MANAGER, "外返率", "0.005", 15), (MANAGER, "外返率", "0.0051", 10), (MANAGER, "外返率", "0.03", 0),
        (AGENT, "培训成绩", 85, 5), (AGENT, "培训成绩", "84.9", 0), (ADVISOR, "培训成绩", None, 10),
        (AGENT, "满意度提升", None, 0), (AGENT, "满意度提升", -3, 0), (AGENT, "满意度提升", 12, 3),
    ],
)  # fmt: skip
def test_points_by_a_figure(card, name, figure, expected):
    assert figured(card, name, figure) == number(expected)


# ── Scales in general ────────────────────────────────────────────────────────────────────────────────────────────────
def test_bonus_and_deduction_items_add_and_take_off_and_stop_at_their_most():
    bonus = Rule(BONUS, Decimal(5), EACH, (Step("praise", Decimal(2)),))
    assert [points(bonus, Fact("praise", EVENTS, rows(count))) for count in (0, 1, 4)] == [0, 2, 5]
    off = Rule(DEDUCTION, Decimal(10), EACH, (Step("breach", Decimal(4)),))
    assert [points(off, Fact("breach", EVENTS, rows(count))) for count in (0, 1, 4)] == [0, -4, -10]
    assert str(points(off, Fact("breach", EVENTS))) == "0.00"


@pytest.mark.parametrize(
    ("figure", "expected"), [("0.5", 0), ("0.75", 5), ("0.8333", "6.67"), (1, 10), (2, 10), (0, 0)]
)
def test_in_proportion_between_two_figures_rounded_half_up_to_the_hundredth(figure, expected):
    rule = Rule(INDICATOR, Decimal(10), LINEAR, (Step("x", Decimal(0)),), zero_at=Decimal("0.5"), full_at=Decimal(1))
    assert points(rule, Fact("x", FIGURE, figure=number(figure))) == number(expected)
    falling = replace(rule, zero_at=Decimal(1), full_at=Decimal(0))  # the lower the better
    assert points(falling, Fact("x", FIGURE, figure=Decimal("0.25"))) == number("7.50")


@pytest.mark.parametrize(
    ("rule", "fact", "code"),
    [
        (item_of(AGENT, "信息反馈及时率").rule, Fact("feedback_in_time", FAILURES, rows(3), Decimal(100)), "at_least"),
        (item_of(AGENT, "信息反馈及时率").rule, Fact("feedback_in_time", FAILURES, rows(9), Decimal(10)), "below"),
        (item_of(AGENT, "信息反馈及时率").rule, Fact("feedback_in_time", FAILURES), "nothing"),
        (item_of(MANAGER, "外返率").rule, Fact("x", FIGURE, figure=Decimal("0.01")), "at_most"),
        (item_of(MANAGER, "外返率").rule, Fact("x", FIGURE, figure=Decimal(1)), "above"),
        (item_of(AGENT, "电话礼仪").rule, Fact("call_quality", FIGURE, figure=Decimal(90)), "linear"),
        (item_of(AGENT, "满意度提升").rule, Fact("satisfaction_gain", FIGURE), "nothing_extra"),
        (item_of(TECHNICIAN, "内返").rule, Fact("rework", EVENTS, rows(1), Decimal(3)), "each"),
        (item_of(TECHNICIAN, "内返").rule, Fact("rework", EVENTS, (), Decimal(3)), "none"),
        (item_of(TECHNICIAN, "外返").rule, Fact("comebacks", EVENTS, rows(1), Decimal(3)), "each_over"),
    ],
)
def test_every_way_to_points_has_its_sentence(rule, fact, code):
    assert sentence(explain(rule, (fact,))) == code


def test_a_score_is_never_below_zero_nor_above_the_most():
    assert total([Decimal(90), Decimal(5), Decimal(-10)]) == 85
    assert total([Decimal(3), Decimal(-10)]) == 0
    assert total([Decimal(150), Decimal(60)]) == 200


# ── What is wrong with a card ────────────────────────────────────────────────────────────────────────────────────────
def entered(name="卫生", full=100, role="crc", **more) -> Item:
    return Item("现场", name, Rule(more.pop("kind", INDICATOR), Decimal(full), GIVEN, **more), role)


def measured(scale=AT_LEAST, full=100, source="feedback_in_time", step=0, **more) -> Item:
    return Item("信息", "及时", Rule(INDICATOR, Decimal(full), scale, (Step(source, Decimal(step)),), **more))


def tiers(*pairs) -> tuple[Tier, ...]:
    return tuple(Tier(number(limit), number(its)) for limit, its in pairs)


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ([entered()], []),
        ([entered(full=60), entered("仪容", 39)], ["weights"]),
        ([entered(), entered("表扬", 101, kind=BONUS)], ["too_much"]),
        ([entered(full=50), entered(full=50)], ["name_twice"]),
        ([entered(role="")], ["nobody_enters"]),
        ([measured()], ["no_tiers"]),
        ([measured(tiers=tiers(("0.98", 100), ("0.95", 50)))], []),
        ([measured(tiers=tiers(("0.98", 100), ("0.98", 50)))], ["tiers_overlap"]),
        ([measured(tiers=tiers(("0.98", 50), ("0.95", 100)))], ["tiers_rise"]),
        ([measured(tiers=tiers(("0.98", 100), ("0.95", 50)), rest=Decimal(60))], ["tiers_rise"]),
        ([measured(tiers=tiers(("0.98", 101), ("0.95", 50)))], ["tier_points"]),
        ([measured(AT_MOST, tiers=tiers(("0.1", 100), ("0.2", 50)))], []),
        ([measured(AT_MOST, tiers=tiers(("0.2", 100), ("0.1", 50)))], ["tiers_rise"]),
        ([measured(LINEAR)], ["linear_ends"]),
        ([measured(LINEAR, zero_at=Decimal(1), full_at=Decimal(1))], ["linear_ends"]),
        ([measured(EACH)], ["step_points"]),
        ([measured(EACH, step=1)], []),
        ([measured(EACH_OVER, step=1)], ["no_target"]),
        ([measured(EACH_OVER, source="comebacks", step=1)], []),
        ([Item("信息", "及时", Rule(INDICATOR, Decimal(100), EACH))], ["no_source"]),
        ([Item("信息", "及时", Rule(INDICATOR, Decimal(100), EACH, (Step("a", Decimal(1)), Step("a", Decimal(2)))))],
         ["source_twice"]),
        ([replace(measured(EACH, step=1), role="crc")], ["entered_is_given"]),
        ([measured(EACH, full=0, step=1)], ["weights", "no_points"]),
    ],
)  # fmt: skip
def test_a_card_with_mistakes_says_them(items, codes):
    assert [problem.code for problem in validate(items, Decimal(100), with_goal=WITH_GOAL)] == codes
