"""The arithmetic of satisfaction, pure. Source: spec `satisfaction.md`, "Arithmetic" and "Analysis".

Everything is counted from *tallies*: how often each value was given to a question. A tally of at most eleven numbers
holds all that mean, levels, shares and intervals need, so a month of a million answers costs the database one GROUP BY.
"""

from satisfaction.formulas.index import (
    Factor,
    FactorFigures,
    PooledIndex,
    csi,
    factor_figures,
    places,
    pooled_csi,
    ten_question_score,
)
from satisfaction.formulas.scores import (
    DISSATISFIED,
    Level,
    Tally,
    counted,
    is_bad,
    level_of,
    mean,
    net_promoter,
    satisfied_rate,
    share_of,
    tally_of,
    top_box,
)
from satisfaction.formulas.spread import (
    Interval,
    deviation,
    is_small,
    mean_interval,
    net_promoter_interval,
    share_interval,
    student_t,
)
from satisfaction.formulas.verdicts import Rules, verdict

__all__ = [
    "DISSATISFIED",
    "Factor",
    "FactorFigures",
    "Interval",
    "Level",
    "PooledIndex",
    "Rules",
    "Tally",
    "counted",
    "csi",
    "deviation",
    "factor_figures",
    "is_bad",
    "is_small",
    "level_of",
    "mean",
    "mean_interval",
    "net_promoter",
    "net_promoter_interval",
    "places",
    "pooled_csi",
    "satisfied_rate",
    "share_interval",
    "share_of",
    "student_t",
    "tally_of",
    "ten_question_score",
    "top_box",
    "verdict",
]
