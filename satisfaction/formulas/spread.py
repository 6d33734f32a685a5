"""How sure a figure is: 95 % intervals and the rule of small samples. Source: satisfaction.md, "95 % interval".

Means: Student's t, because a store's month has dozens of answers, not thousands. Shares: Wilson's score interval, which
stays inside 0–1 and is honest for shares near 0 and 1, where satisfaction lives; the textbook interval is neither.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt

from satisfaction.formulas.scores import Tally, counted, size

Z = Decimal("1.959963984540054")  # the normal distribution's 97.5 % point
_EXACT_UP_TO = 200


@dataclass(frozen=True)
class Interval:
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Moments:
    """How many values, their sum and the sum of their squares: all that mean and deviation need. Two sets add up."""

    n: int = 0
    total: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> Decimal | None:
        return self.total / self.n if self.n else None

    @property
    def deviation(self) -> Decimal | None:
        """The sample standard deviation; None with fewer than two values."""
        if self.n < 2:
            return None
        return (max(Decimal(0), self.squares - self.total * self.total / self.n) / (self.n - 1)).sqrt()


def moments_of(kind: str, tally: Tally) -> Moments:
    """Of what the answers of a tally count for."""
    points = [(counted(kind, value), times) for value, times in tally.items()]
    return Moments(
        size(tally),
        sum((point * times for point, times in points), Decimal(0)),
        sum((point * point * times for point, times in points), Decimal(0)),
    )


def is_small(n: int, smallest_sample: int) -> bool:
    """True for a figure to be shown greyed. Source: satisfaction.md, "fewer than 10 answers"."""
    return n < smallest_sample


def spread(kind: str, tally: Tally) -> Decimal | None:
    """The sample standard deviation of what the answers count for; None with fewer than two."""
    return moments_of(kind, tally).deviation


def mean_interval(
    mean: Decimal | None, deviation: Decimal | None, n: int, *, least: Decimal = Decimal(1), most: Decimal = Decimal(10)
) -> Interval | None:
    """mean ± t(n − 1) × s ÷ √n, cut to the scale; None with fewer than two answers."""
    if mean is None or deviation is None or n < 2:
        return None
    half = student_t(n - 1) * deviation / Decimal(n).sqrt()
    return Interval(max(least, mean - half), min(most, mean + half))


def share_interval(share: Decimal | None, n: int) -> Interval | None:
    """Wilson's interval of a share of `n` answers; None without an answer."""
    if share is None or not n:
        return None
    z2 = Z * Z
    middle = share + z2 / (2 * n)
    half = Z * (share * (1 - share) / n + z2 / (4 * n * n)).sqrt()
    below = 1 + z2 / n
    return Interval(max(Decimal(0), (middle - half) / below), min(Decimal(1), (middle + half) / below))


def net_promoter_interval(tally: Tally) -> Interval | None:
    """NPS ± z × √(variance ÷ n), each answer counting +1, 0 or −1; cut to −1…1. None with fewer than two answers."""
    answers = size(tally)
    if answers < 2:
        return None
    promoters = Decimal(sum(times for value, times in tally.items() if value >= 9)) / answers
    detractors = Decimal(sum(times for value, times in tally.items() if value <= 6)) / answers
    score = promoters - detractors
    half = Z * (max(Decimal(0), promoters + detractors - score * score) / answers).sqrt()
    return Interval(max(Decimal(-1), score - half), min(Decimal(1), score + half))


@lru_cache(maxsize=1024)
def student_t(degrees: int) -> Decimal:
    """The two-sided 95 % point of Student's t: 12.706 for 1 degree of freedom, 2.045 for 29, 1.960 for very many."""
    if degrees > _EXACT_UP_TO:
        return _expanded(degrees)
    low, high = 1.9, 13.0
    for _halving in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, degrees) < 0.95 else (low, middle)
    return Decimal(repr(round((low + high) / 2, 9)))


def _within(t: float, degrees: int) -> float:
    """P(−t < T < t) by the closed form for whole degrees of freedom (Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(degrees))
    turn = cos(angle) ** 2
    if degrees % 2 == 0:
        term = total = 1.0
        for k in range(1, degrees // 2):
            term *= turn * (2 * k - 1) / (2 * k)
            total += term
        return sin(angle) * total
    if degrees == 1:
        return 2 * angle / pi
    term = total = cos(angle)
    for k in range(1, (degrees - 1) // 2):
        term *= turn * 2 * k / (2 * k + 1)
        total += term
    return 2 / pi * (angle + sin(angle) * total)


def _expanded(degrees: int) -> Decimal:
    """Cornish–Fisher expansion around the normal point; beyond 200 degrees right to the ninth digit."""
    z, v = Z, Decimal(degrees)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3
