"""What an answer counts for, and on which level it stands. Source: satisfaction.md, "Arithmetic"."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

Tally = Mapping[Decimal, int]
"""Value on the question's own scale → how often it was given. Not answered is left out."""

# The kinds of question, by the codes they have in `choices.QuestionKind`.
SCORE, LEVEL, YES_NO, RECOMMEND = "score", "level", "yes_no", "recommend"

LEVEL_COUNTS = {5: Decimal(10), 4: Decimal("7.5"), 3: Decimal(5), 2: Decimal("2.5"), 1: Decimal(1)}
YES_COUNTS, NO_COUNTS = Decimal(10), Decimal(1)


class Level(StrEnum):
    """非常满意 … 非常不满意."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


SATISFIED = frozenset({Level.VERY_SATISFIED, Level.SATISFIED})
DISSATISFIED = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})

_BY_LEVEL = {
    5: Level.VERY_SATISFIED,
    4: Level.SATISFIED,
    3: Level.FAIR,
    2: Level.DISSATISFIED,
    1: Level.VERY_DISSATISFIED,
}
_BY_SCORE = ((9, Level.VERY_SATISFIED), (7, Level.SATISFIED), (5, Level.FAIR), (3, Level.DISSATISFIED))


def counted(kind: str, value: Decimal) -> Decimal:
    """What a value counts for on the scale 1–10: five levels 10, 7.5, 5, 2.5, 1; yes 10, no 1; a score itself.

    Source: satisfaction.md, "Factor mean".
    """
    if kind == LEVEL:
        return LEVEL_COUNTS[int(value)]
    if kind == YES_NO:
        return YES_COUNTS if value else NO_COUNTS
    return Decimal(value)


def level_of(kind: str, value: Decimal) -> Level:
    """9–10 very satisfied, 7–8 satisfied, 5–6 fair, 3–4 dissatisfied, 1–2 very dissatisfied; the five levels are
    themselves; yes and no are the two ends. Source: satisfaction.md, "Levels from scores".
    """
    if kind == LEVEL:
        return _BY_LEVEL[int(value)]
    if kind == YES_NO:
        return Level.VERY_SATISFIED if value else Level.VERY_DISSATISFIED
    return next((level for least, level in _BY_SCORE if value >= least), Level.VERY_DISSATISFIED)


def is_bad(kind: str, value: Decimal, *, flags_no: bool, at_most: Decimal) -> bool:
    """True for an answer that must be dealt with: a score of at most `at_most` (4), a "no" to a marked question.

    A "no" to a question that is not marked counts in the figures but raises no flag.
    Source: satisfaction.md, "A bad answer".
    """
    if kind == YES_NO:
        return flags_no and not value
    return counted(kind, value) <= at_most


def tally_of(values: Iterable[Decimal]) -> dict[Decimal, int]:
    tally: dict[Decimal, int] = {}
    for value in values:
        tally[Decimal(value)] = tally.get(Decimal(value), 0) + 1
    return tally


def size(tally: Tally) -> int:
    return sum(tally.values())


def mean(kind: str, tally: Tally) -> Decimal | None:
    """The mean of what was given, on the scale 1–10; None without an answer."""
    answers = size(tally)
    return sum(counted(kind, value) * times for value, times in tally.items()) / answers if answers else None


def share_of(kind: str, tally: Tally, levels: frozenset[Level] | set[Level]) -> Decimal | None:
    """The share of answers on these levels, 0–1; None without an answer."""
    answers = size(tally)
    there = sum(times for value, times in tally.items() if level_of(kind, value) in levels)
    return Decimal(there) / answers if answers else None


def top_box(kind: str, tally: Tally) -> Decimal | None:
    """非常满意率: the share of very satisfied answers."""
    return share_of(kind, tally, {Level.VERY_SATISFIED})


def satisfied_rate(kind: str, tally: Tally) -> Decimal | None:
    """满意率: the share of answers of at least 7."""
    return share_of(kind, tally, SATISFIED)


def net_promoter(tally: Tally) -> Decimal | None:
    """NPS of the recommend question (0–10): share of 9–10 less share of 0–6, between −1 and 1."""
    answers = size(tally)
    if not answers:
        return None
    promoters = sum(times for value, times in tally.items() if value >= 9)
    detractors = sum(times for value, times in tally.items() if value <= 6)
    return Decimal(promoters - detractors) / answers
