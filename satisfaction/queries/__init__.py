"""What the pages, reports and other apps ask of satisfaction."""

from satisfaction.queries.effects import Effect, effect_of
from satisfaction.queries.flags import flags_for, undealt_count
from satisfaction.queries.months import (
    FactorRow,
    MonthFigures,
    PersonRow,
    Scope,
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
from satisfaction.queries.surveys import Invitation, invitation, link_key, survey_path

__all__ = [
    "Asked",
    "Difference",
    "Effect",
    "FactorRow",
    "Invitation",
    "MonthFigures",
    "PersonRow",
    "Scope",
    "Standing",
    "StepRow",
    "answers_of",
    "asked",
    "csi_version",
    "customer_questionnaires",
    "differences",
    "effect_of",
    "factor_codes",
    "flags_for",
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
    "responses_matching",
    "responses_of_month",
    "standing_of",
    "survey_path",
    "undealt_count",
    "version_in_force",
    "with_scores",
]
