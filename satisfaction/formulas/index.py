"""The index (CSI), the figures of a factor, the ten-question check, places. Source: satisfaction.md, "Arithmetic"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from satisfaction.formulas.scores import DISSATISFIED, SATISFIED, Tally, mean, share_of, size, top_box
from satisfaction.formulas.spread import Interval, mean_interval, share_interval, spread


@dataclass(frozen=True)
class Factor:
    """A weighted question (因子) and what was answered to it."""

    code: str
    kind: str
    weight: Decimal
    tally: Tally


@dataclass(frozen=True)
class FactorFigures:
    """Everything said of one factor in one period. Shares 0–1, mean on the scale 1–10; None without an answer."""

    code: str
    n: int
    mean: Decimal | None
    mean_interval: Interval | None
    top_box: Decimal | None
    top_box_interval: Interval | None
    satisfied: Decimal | None
    dissatisfied: Decimal | None
    satisfied_interval: Interval | None = None
    dissatisfied_interval: Interval | None = None


def factor_figures(factor: Factor) -> FactorFigures:
    """The figures of a factor from its tally, each with its 95 % interval. Source: satisfaction.md, "Arithmetic"."""
    answers = size(factor.tally)
    middle = mean(factor.kind, factor.tally)
    top = top_box(factor.kind, factor.tally)
    satisfied = share_of(factor.kind, factor.tally, SATISFIED)
    dissatisfied = share_of(factor.kind, factor.tally, DISSATISFIED)
    return FactorFigures(
        code=factor.code,
        n=answers,
        mean=middle,
        mean_interval=mean_interval(middle, spread(factor.kind, factor.tally), answers),
        top_box=top,
        top_box_interval=share_interval(top, answers),
        satisfied=satisfied,
        dissatisfied=dissatisfied,
        satisfied_interval=share_interval(satisfied, answers),
        dissatisfied_interval=share_interval(dissatisfied, answers),
    )


def csi(factors: Iterable[Factor]) -> Decimal | None:
    """The index on 1000 points: 100 × Σ w·m ÷ Σ w over the factors with at least one answer; None without any.

    Weights are as published and need not add to 100; the division normalises them.

    >>> from decimal import Decimal as D
    >>> csi([Factor("F01", "score", D(60), {D(10): 1, D(9): 1}), Factor("F02", "score", D(30), {D(8): 1}),
    ...      Factor("F03", "score", D(10), {})])
    Decimal('900.0')

    (60 × 9.5 + 30 × 8) ÷ 90 = 9.00; F03 has no answer and its weight is left out. Source: satisfaction.md, "CSI".
    """
    answered = [(factor.weight, mean(factor.kind, factor.tally)) for factor in factors if size(factor.tally)]
    weights = sum(weight for weight, _mean in answered)
    return 100 * sum(weight * middle for weight, middle in answered) / weights if answered else None


@dataclass(frozen=True)
class PooledIndex:
    """An index over several versions of a questionnaire: `n` responses, `value` on 1000 points."""

    n: int
    value: Decimal


def pooled_csi(versions: Sequence[tuple[int, Decimal | None]]) -> PooledIndex | None:
    """One figure where a month holds two versions of a questionnaire: (responses, index) of each, weighted.

    Neither version is scored by the other's factors, so history is never rewritten.
    Source: satisfaction.md, "Factor models are versioned".
    """
    known = [(responses, index) for responses, index in versions if responses and index is not None]
    total = sum(responses for responses, _index in known)
    return PooledIndex(total, sum(responses * index for responses, index in known) / total) if total else None


def ten_question_score(yes: int, no: int) -> Decimal | None:
    """十项: 100 × yes ÷ (yes + no); None when nothing was answered. Source: satisfaction.md, "Ten-question check"."""
    return 100 * Decimal(yes) / (yes + no) if yes + no else None


def places(figures: Mapping[int, tuple[int, Decimal | None]], *, smallest_sample: int) -> dict[int, int]:
    """Places of people by their index: id → (responses, index). Who shares an index shares the place (1, 2, 2, 4).

    A figure from fewer than `smallest_sample` responses takes no place: it is shown greyed, and nobody is ranked on a
    handful of calls. Source: satisfaction.md, "Rank", "fewer than 10 answers".
    """
    ranked = [(index, who) for who, (n, index) in figures.items() if n >= smallest_sample and index is not None]
    return {who: 1 + sum(better > index for better, _who in ranked) for index, who in ranked}
