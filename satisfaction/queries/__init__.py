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
    people_figures,
    periods_with_answers,
    responses_of_month,
)
from satisfaction.queries.plans import overdue_plans, plans_for, plans_of_month
from satisfaction.queries.questionnaires import (
    csi_version,
    questionnaire_of_kind,
    questionnaires_with_versions,
    version_in_force,
)

__all__ = [
    "Effect",
    "FactorRow",
    "MonthFigures",
    "PersonRow",
    "Scope",
    "StepRow",
    "csi_version",
    "effect_of",
    "flags_for",
    "month_figures",
    "overdue_plans",
    "people_figures",
    "periods_with_answers",
    "plans_for",
    "plans_of_month",
    "questionnaire_of_kind",
    "questionnaires_with_versions",
    "responses_of_month",
    "undealt_count",
    "version_in_force",
]
