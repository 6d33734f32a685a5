"""The shape of what is typed about satisfaction; a module for each noun."""

from satisfaction.forms.followups import FlagForm, PlanForm, ResultForm
from satisfaction.forms.months import MonthFilter
from satisfaction.forms.surveys import SurveyForm

__all__ = ["FlagForm", "MonthFilter", "PlanForm", "ResultForm", "SurveyForm"]
