"""The shape of what is typed about satisfaction; a module for each noun."""

from satisfaction.forms.analysis import (
    NARROWING,
    AnalysisFilter,
    ControlFilter,
    GapsFilter,
    ResponseFilter,
    ScopeFilter,
)
from satisfaction.forms.factory import StoreMonthForm
from satisfaction.forms.followups import (
    AssignForm,
    CarryOutForm,
    DaysForm,
    FlagForm,
    FreePlanForm,
    OwnerForm,
    PlanFilter,
    PlanForm,
    ResultForm,
)
from satisfaction.forms.months import MonthFilter
from satisfaction.forms.questionnaires import DraftForm, PublishForm, QuestionnaireForm, WordingsForm
from satisfaction.forms.surveys import SurveyForm, TakeDownForm
from satisfaction.forms.targets import FactorTargetForm, GuessForm

__all__ = [
    "NARROWING",
    "AnalysisFilter",
    "AssignForm",
    "CarryOutForm",
    "ControlFilter",
    "DaysForm",
    "DraftForm",
    "FactorTargetForm",
    "FlagForm",
    "FreePlanForm",
    "GapsFilter",
    "GuessForm",
    "MonthFilter",
    "OwnerForm",
    "PlanFilter",
    "PlanForm",
    "PublishForm",
    "QuestionnaireForm",
    "ResponseFilter",
    "ResultForm",
    "ScopeFilter",
    "StoreMonthForm",
    "SurveyForm",
    "TakeDownForm",
    "WordingsForm",
]
