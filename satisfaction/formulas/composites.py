"""The index model: six composite scores on 0–100. Source: satisfaction.md, "Index model"."""

from dataclasses import dataclass
from decimal import Decimal

from satisfaction.formulas.scores import RECOMMEND, Tally, counted, size
from satisfaction.formulas.spread import Interval, Moments, mean_interval

_HUNDRED = Decimal(100)


def point_of(kind: str, value: Decimal) -> Decimal:
    """An answer on the scale 0–100: the worst is 0, the best 100.

    What counts 1–10 becomes (x − 1) ÷ 9 × 100 (as the national satisfaction indexes do), the recommend question 0–10
    becomes x × 10.
    """
    return value * 10 if kind == RECOMMEND else (counted(kind, value) - 1) * _HUNDRED / 9


def points_of(kind: str, tally: Tally) -> Moments:
    """Of a question's answers on the scale 0–100."""
    points = [(point_of(kind, value), times) for value, times in tally.items()]
    return Moments(
        size(tally),
        sum((point * times for point, times in points), Decimal(0)),
        sum((point * point * times for point, times in points), Decimal(0)),
    )


@dataclass(frozen=True)
class Composite:
    """A composite score: the mean of the customers' own (each the mean of their answers), `n` customers."""

    n: int
    score: Decimal | None
    interval: Interval | None


def composite(own: Moments) -> Composite:
    """From the customers' own scores; the interval is Student's over them, cut to 0–100: a customer is the sample."""
    return Composite(own.n, own.mean, mean_interval(own.mean, own.deviation, own.n, least=Decimal(0), most=_HUNDRED))
