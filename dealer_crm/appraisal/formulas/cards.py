"""A scorecard as data, checked before it is adopted. Source: spec `commission.md` (Scorecards; Plans: "gaps or overlaps
between tiers are refused on save").

Tiers have one limit each: the next one begins where it ends and `rest` takes everything beyond, so a gap cannot be
written down; what overlaps is the same limit twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from dealer_crm.appraisal.formulas.scales import (
    AT_LEAST,
    BONUS,
    COUNTED,
    EACH_OVER,
    GIVEN,
    INDICATOR,
    LINEAR,
    TIERED,
    Rule,
)

MOST = Decimal(200)
"""No score lies above it, bonus items included."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a card. `role`: who enters it; empty where the program measures."""

    section: str
    name: str
    rule: Rule
    role: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: `code` chooses the sentence (`wording.PROBLEMS`), `item` is the line's name."""

    code: str
    item: str = ""
    params: Mapping[str, Decimal] = field(default_factory=dict)


def validate(items: Iterable[Item], full: Decimal, *, with_goal: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """Everything that is wrong with a card of `full` points; empty means that it can be adopted.

    `with_goal`: the sources that know how many events the target of the month allows.
    """
    items = list(items)
    return (*_sums(items, full), *(problem for item in items for problem in item_problems(item, with_goal=with_goal)))


def _sums(items: list[Item], full: Decimal) -> Iterator[Problem]:
    weights = sum((item.rule.full for item in items if item.rule.kind == INDICATOR), Decimal(0))
    if weights != full:
        yield Problem("weights", params={"sum": weights, "full": full})
    most = weights + sum((item.rule.full for item in items if item.rule.kind == BONUS), Decimal(0))
    if most > MOST:
        yield Problem("too_much", params={"sum": most, "most": MOST})
    names = [item.name for item in items]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem("name_twice", name)


def item_problems(item: Item, *, with_goal: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """What is wrong with one line."""
    rule = item.rule
    if rule.full <= 0:
        yield Problem("no_points", item.name)
    if rule.scale == GIVEN:
        if not item.role:
            yield Problem("nobody_enters", item.name)
        return
    if item.role:
        yield Problem("entered_is_given", item.name)
    if not rule.steps:
        yield Problem("no_source", item.name)
    if rule.scale in COUNTED:
        yield from _step_problems(item, with_goal)
    elif len(rule.steps) > 1:
        yield Problem("one_source", item.name)
    if rule.scale in TIERED:
        yield from _tier_problems(item)
    if rule.scale == LINEAR and (rule.zero_at is None or rule.full_at is None or rule.zero_at == rule.full_at):
        yield Problem("linear_ends", item.name)


def _step_problems(item: Item, with_goal: frozenset[str]) -> Iterator[Problem]:
    sources = [step.source for step in item.rule.steps]
    if len(set(sources)) < len(sources):
        yield Problem("source_twice", item.name)
    if any(step.points <= 0 for step in item.rule.steps):
        yield Problem("step_points", item.name)
    if item.rule.scale == EACH_OVER and not set(sources) <= with_goal:
        yield Problem("no_target", item.name)


def _tier_problems(item: Item) -> Iterator[Problem]:
    rule = item.rule
    if not rule.tiers:
        yield Problem("no_tiers", item.name)
        return
    best_first = sorted(rule.tiers, key=lambda tier: tier.limit, reverse=rule.scale == AT_LEAST)
    for better, worse in pairwise(best_first):
        if better.limit == worse.limit:
            yield Problem("tiers_overlap", item.name, {"limit": better.limit})
        elif better.points <= worse.points:
            yield Problem("tiers_rise", item.name, {"limit": worse.limit})
    if best_first[-1].points <= rule.rest:
        yield Problem("tiers_rise", item.name, {"limit": best_first[-1].limit})
    if any(not 0 <= points <= rule.full for points in (rule.rest, *(tier.points for tier in rule.tiers))):
        yield Problem("tier_points", item.name, {"full": rule.full})


def total(points: Iterable[Decimal]) -> Decimal:
    """The score: all lines together, never below zero nor above the most a score can be."""
    return min(max(sum(points, Decimal(0)), Decimal(0)), MOST)
