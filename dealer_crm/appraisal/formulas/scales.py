"""How a figure becomes points, explained: what is stored with a line is enough to work its points out again.

Source: spec `commission.md` (Scorecards: "a scale (tiers, linear, per-event points) … each score opens into its
events"). Nothing is computed beside an explanation: `explain` writes down the rule and the facts and reads the points
off them with the same `recompute` that anybody may run on the stored JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

INDICATOR, BONUS, DEDUCTION = "indicator", "bonus", "deduction"
GIVEN, AT_LEAST, AT_MOST, LINEAR, EACH, EACH_OVER = "given", "at_least", "at_most", "linear", "each", "each_over"
TIERED = (AT_LEAST, AT_MOST)
COUNTED = (EACH, EACH_OVER)

# How the figure of a fact comes out of it. FAILURES: the share of `base` that are none of the rows. EVENTS: the rows,
# ÷ `base` where there is one. FIGURE: as stated.
FAILURES, EVENTS, FIGURE = "failures", "events", "figure"

_HUNDREDTH = Decimal("0.01")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tier:
    """`limit`: from it on (the higher the better) or up to it (the lower the better), itself included."""

    limit: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """`points` for each event of a source."""

    source: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """An item's scale. `full`: its weight; of bonus and deduction items the most they add or take off.

    `sources`: what it looks at; several only where events are counted, each with its step. `rest`: points beyond the
    last tier. `zero_at`, `full_at`: the figures that earn nothing and everything, in proportion between them.
    """

    kind: str
    full: Decimal
    scale: str
    steps: tuple[Step, ...] = ()
    tiers: tuple[Tier, ...] = ()
    rest: Decimal = _ZERO
    zero_at: Decimal | None = None
    full_at: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An event behind a figure: what it is, its number, its day (ISO), what to say of it, where it is kept."""

    kind: str
    number: str
    day: str = ""
    text: str = ""
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What a source says of a person's month.

    `base`: of how many the rows are some. `figure`: a stated figure; None where there is nothing to judge. `goal`: the
    share of the base that the target of the month allows.
    """

    source: str
    form: str
    rows: tuple[Row, ...] = ()
    base: Decimal | None = None
    figure: Decimal | None = None
    goal: Decimal | None = None

    @property
    def count(self) -> Decimal:
        return Decimal(len(self.rows))

    @property
    def value(self) -> Decimal | None:
        """The figure that tiers and proportion look at; None where there is nothing to judge."""
        if self.form == FIGURE:
            return self.figure
        if self.base is None:
            return self.count if self.form == EVENTS else None
        if not self.base:
            return None
        share = self.count / self.base
        return share if self.form == EVENTS else 1 - share

    @property
    def allowed(self) -> Decimal:
        """Whole events the target allows: of 40 cars with a target of 96 % on time one may be late."""
        return ((self.base or _ZERO) * (self.goal or _ZERO)).to_integral_value(ROUND_FLOOR)

    @property
    def over(self) -> Decimal:
        return max(self.count - self.allowed, _ZERO)


@dataclass(frozen=True, slots=True)
class Explained:
    """An item's points with everything they come from."""

    rule: Rule
    facts: tuple[Fact, ...]
    points: Decimal

    def fact(self, source: str) -> Fact:
        return next(fact for fact in self.facts if fact.source == source)


def explain(rule: Rule, facts: tuple[Fact, ...]) -> Explained:
    """Write an explanation down and read its points off it."""
    draft = Explained(rule, facts, _ZERO)
    return replace(draft, points=recompute(draft))


def recompute(explained: Explained) -> Decimal:
    """The points, from what the explanation says and nothing else: two decimals, half-up; taken off is negative."""
    rule = explained.rule
    if rule.scale in COUNTED:
        moved = events_points(explained)
        earned = rule.full - moved if rule.kind == INDICATOR else moved
    else:
        earned = _of_value(rule, explained.facts[0].value)
    bounded = min(max(earned, _ZERO), rule.full).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return -bounded + 0 if rule.kind == DEDUCTION else bounded


def events_points(explained: Explained) -> Decimal:
    """Points of all events together, before they are bounded."""
    return sum((step.points * events(explained, step) for step in explained.rule.steps), _ZERO)


def events(explained: Explained, step: Step) -> Decimal:
    """The events of a step that count: all, or those over the target."""
    fact = explained.fact(step.source)
    return fact.over if explained.rule.scale == EACH_OVER else fact.count


def tier_of(rule: Rule, value: Decimal) -> Tier | None:
    """The tier a figure falls in; None beyond the last one."""
    if rule.scale == AT_LEAST:
        held = (tier for tier in sorted(rule.tiers, key=_limit, reverse=True) if value >= tier.limit)
    else:
        held = (tier for tier in sorted(rule.tiers, key=_limit) if value <= tier.limit)
    return next(held, None)


def _limit(tier: Tier) -> Decimal:
    return tier.limit


def _of_value(rule: Rule, value: Decimal | None) -> Decimal:
    """A month without anything to judge takes nothing off, and adds nothing."""
    if value is None:
        return rule.full if rule.kind == INDICATOR else _ZERO
    if rule.scale in TIERED:
        tier = tier_of(rule, value)
        return rule.rest if tier is None else tier.points
    return rule.full * (value - rule.zero_at) / (rule.full_at - rule.zero_at)


# ---------------------------------------------------------------------------------------------------------------------
# JSON, numbers as text so that no digit is lost


def to_json(explained: Explained) -> dict[str, Any]:
    return {
        "rule": rule_to_json(explained.rule),
        "facts": [
            {
                "source": fact.source,
                "form": fact.form,
                "base": _text(fact.base),
                "figure": _text(fact.figure),
                "goal": _text(fact.goal),
                "rows": [[row.kind, row.number, row.day, row.text, row.pk] for row in fact.rows],
            }
            for fact in explained.facts
        ],
        "points": str(explained.points),
    }


def from_json(stored: Mapping[str, Any]) -> Explained:
    """Read what `to_json` wrote."""
    return Explained(
        rule_from_json(stored["rule"]),
        tuple(
            Fact(
                fact["source"],
                fact["form"],
                tuple(Row(*row) for row in fact["rows"]),
                *(_number(fact[name]) for name in ("base", "figure", "goal")),
            )
            for fact in stored["facts"]
        ),
        Decimal(stored["points"]),
    )


def rule_to_json(rule: Rule) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "full": str(rule.full),
        "scale": rule.scale,
        "steps": [[step.source, str(step.points)] for step in rule.steps],
        "tiers": [[str(tier.limit), str(tier.points)] for tier in rule.tiers],
        "rest": str(rule.rest),
        "zero_at": _text(rule.zero_at),
        "full_at": _text(rule.full_at),
    }


def rule_from_json(stored: Mapping[str, Any]) -> Rule:
    return Rule(
        kind=stored["kind"],
        full=Decimal(stored["full"]),
        scale=stored["scale"],
        steps=tuple(Step(source, Decimal(points)) for source, points in stored["steps"]),
        tiers=tuple(Tier(Decimal(limit), Decimal(points)) for limit, points in stored["tiers"]),
        rest=Decimal(stored["rest"]),
        zero_at=_number(stored["zero_at"]),
        full_at=_number(stored["full_at"]),
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)
