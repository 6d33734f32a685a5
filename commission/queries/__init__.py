"""What a run is computed from (`facts`), what its pages show (`pages`), and both in words (`words`).

One query gathers frozen facts (`month_facts`), pure formulas count (`commission.formulas`), one action keeps
(`actions.compute_run`). Source: spec `commission.md`, `architecture.md` (Commission).
"""

from commission.queries.coefficients import (
    coefficient_changes_for,
    coefficients_matching,
    coefficients_to_decide,
    decided_since,
    people_to_ask_for,
    positions_during,
    teams_to_ask_for,
)
from commission.queries.effects import pay_effects
from commission.queries.facts import month_facts, objection_to_score, pay_is_locked, version_in_force
from commission.queries.pages import (
    adjustments_of,
    adjustments_to_decide,
    carry_over_of,
    kept_figure,
    missing_for,
    own_statements,
    pool_figures,
    runs_for,
    statements_of,
    team_figures,
    warnings_of,
    with_lines,
)
from commission.queries.words import (
    blocks_in_words,
    explanation_of,
    notes_of_rows,
    notice_from_json,
    parameter_word,
    parameters_in_words,
    said,
    sentence_of,
    word,
)

__all__ = [
    "adjustments_of",
    "adjustments_to_decide",
    "blocks_in_words",
    "carry_over_of",
    "coefficient_changes_for",
    "coefficients_matching",
    "coefficients_to_decide",
    "decided_since",
    "explanation_of",
    "kept_figure",
    "missing_for",
    "month_facts",
    "notes_of_rows",
    "notice_from_json",
    "objection_to_score",
    "own_statements",
    "parameter_word",
    "parameters_in_words",
    "pay_effects",
    "pay_is_locked",
    "people_to_ask_for",
    "pool_figures",
    "positions_during",
    "runs_for",
    "said",
    "sentence_of",
    "statements_of",
    "team_figures",
    "teams_to_ask_for",
    "version_in_force",
    "warnings_of",
    "with_lines",
    "word",
]
