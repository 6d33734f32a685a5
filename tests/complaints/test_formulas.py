"""The rules of a complaint against cases worked out by hand. Source: spec complaints.md."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from complaints.formulas import (
    Clocks,
    Pareto,
    clocks_of,
    goodwill_limit,
    marks_passed,
    moved_by_stop,
    pareto,
    raised_severity,
    rate,
    shares_add_up,
)
from complaints.formulas.severity import Rise

NOON = datetime(2026, 10, 13, 12, 0)


def hours(**by_severity):
    return {severity: timedelta(hours=number) for severity, number in by_severity.items()}


SHIPPED = {
    "reply": hours(general=2, important=2, major=2),
    "solve": hours(general=24, important=24, major=24),
    "manufacturer_reply": hours(general=24, important=4, major=2),
}


@pytest.mark.parametrize(
    ("source", "severity", "reply", "solve"),
    [
        ("phone", "general", 2, 24),
        ("media", "major", 2, 24),
        ("manufacturer", "general", 24, 24),
        ("manufacturer", "important", 4, 24),
    ],
)
def test_clocks_by_source_and_severity(source, severity, reply, solve):
    expected = Clocks(timedelta(hours=reply), timedelta(hours=solve))
    assert clocks_of(source=source, severity=severity, **SHIPPED) == expected


def test_a_solution_is_never_due_before_the_first_contact():
    short = SHIPPED | {"solve": hours(general=12, important=12, major=12)}
    assert clocks_of(source="manufacturer", severity="general", **short).solve == timedelta(hours=24)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-31, []),
        (-30, []),
        (-29, ["warning"]),
        (0, ["warning"]),  # met at the very moment: in time
        (1, ["warning", "breach"]),
        (120, ["warning", "breach"]),
        (121, ["warning", "breach", "double"]),
    ],
)
def test_the_marks_a_two_hour_clock_has_passed(minutes, expected):
    passed = marks_passed(
        due_at=NOON, length=timedelta(hours=2), warning=timedelta(minutes=30), until=NOON + timedelta(minutes=minutes)
    )
    assert [mark.alarm for mark in passed] == expected


def test_a_clock_that_stood_runs_out_later_by_as_long():
    stopped, resumed = NOON - timedelta(hours=1), NOON + timedelta(hours=5)
    assert moved_by_stop(NOON, stopped, resumed) == NOON + timedelta(hours=6)


@pytest.mark.parametrize(
    ("severity", "text", "source", "earlier", "expected"),
    [
        ("general", "等了很久", "phone", 0, Rise("general")),
        ("general", "等了很久", "phone", 1, Rise("general")),
        ("general", "等了很久", "phone", 2, Rise("important", ("repeat",))),
        ("important", "又来了", "phone", 5, Rise("major", ("repeat",))),
        ("general", "刹车异响，要找媒体", "phone", 0, Rise("major", ("words",), ("刹车", "媒体"))),
        ("general", "The AIRBAG light", "phone", 2, Rise("major", ("repeat", "words"), ("AIRBAG".lower(),))),
        ("general", "报道", "media", 0, Rise("major", ("source",))),
        ("major", "刹车", "media", 9, Rise("major", (), ("刹车",))),
    ],
)
def test_severity_rises_and_never_falls(severity, text, source, earlier, expected):
    words = ["刹车", "媒体", "airbag"]
    found = raised_severity(severity, text=text, source=source, earlier_of_the_matter=earlier, words=words, repeats=3)
    assert found == expected


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (["agent"], "0"),
        (["crc"], "200"),
        (["manager"], "2000"),
        (["crc", "manager"], "2000"),
        (["advisor"], "0"),
        (["director"], None),
    ],
)
def test_goodwill_limits_by_role(roles, expected):
    limits = {"agent": Decimal(0), "crc": Decimal(200), "manager": Decimal(2000)}
    assert goodwill_limit(roles, limits) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        (["1"], True),
        (["0.5", "0.5"], True),
        (["0.3333", "0.3333", "0.3334"], True),
        (["0.5", "0.4"], False),
        ([], False),
    ],
)
def test_shares_add_up_to_exactly_one(shares, expected):
    assert shares_add_up(map(Decimal, shares)) is expected


def test_pareto_orders_causes_and_adds_them_up():
    assert pareto([("价格", 1), ("等待", 5), ("配件", 0), ("态度", 2)]) == [
        Pareto("等待", 5, Decimal("0.625"), Decimal("0.625")),
        Pareto("态度", 2, Decimal("0.25"), Decimal("0.875")),
        Pareto("价格", 1, Decimal("0.125"), Decimal(1)),
    ]


def test_a_rate_of_nothing_is_not_zero():
    assert (rate(0, 0), rate(0, 4), rate(3, 4)) == (None, Decimal(0), Decimal("0.75"))
