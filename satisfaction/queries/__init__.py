"""What the pages, reports and other apps ask of satisfaction."""

from satisfaction.queries.analysis import Analysis, AnalysisRow, Driver, Drivers, analysis, drivers
from satisfaction.queries.control import Control, control, index_trend
from satisfaction.queries.effects import Effect, effect_of
from satisfaction.queries.flags import flags_for, undealt_count
from satisfaction.queries.gaps import CompositeRow, FactorGaps, FiveGaps, composites, five_gaps, guesses_of
from satisfaction.queries.months import (
    FactorRow,
    MonthFigures,
    PersonRow,
    StepRow,
    month_figures,
    periods_with_answers,
    responses_of_month,
)
from satisfaction.queries.plans import overdue_plans, plans_for, plans_of_month
from satisfaction.queries.questionnaires import (
    Asked,
    Difference,
    Standing,
    asked,
    csi_version,
    customer_questionnaires,
    differences,
    factor_codes,
    languages_of,
    mark_of,
    questionnaire_of_kind,
    questionnaires_with_versions,
    standing_of,
    version_in_force,
)
from satisfaction.queries.responses import answers_of, responses_matching, with_scores
from satisfaction.queries.scopes import Scope, Span, recent_spans, span_written
from satisfaction.queries.surveys import Invitation, invitation, link_key, survey_path
from satisfaction.queries.targets import factor_targets, factor_targets_for

__all__ = [
    "Analysis",
    "AnalysisRow",
    "Asked",
    "CompositeRow",
    "Control",
    "Difference",
    "Driver",
    "Drivers",
    "Effect",
    "FactorGaps",
    "FactorRow",
    "FiveGaps",
    "Invitation",
    "MonthFigures",
    "PersonRow",
    "Scope",
    "Span",
    "Standing",
    "StepRow",
    "analysis",
    "answers_of",
    "asked",
    "composites",
    "control",
    "csi_version",
    "customer_questionnaires",
    "differences",
    "drivers",
    "effect_of",
    "factor_codes",
    "factor_targets",
    "factor_targets_for",
    "five_gaps",
    "flags_for",
    "guesses_of",
    "index_trend",
    "invitation",
    "languages_of",
    "link_key",
    "mark_of",
    "month_figures",
    "overdue_plans",
    "periods_with_answers",
    "plans_for",
    "plans_of_month",
    "questionnaire_of_kind",
    "questionnaires_with_versions",
    "recent_spans",
    "responses_matching",
    "responses_of_month",
    "span_written",
    "standing_of",
    "survey_path",
    "undealt_count",
    "version_in_force",
    "with_scores",
]
