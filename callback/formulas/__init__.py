"""When a call is owed, when it is tried again, how the centre did. Pure functions. Source: spec `callback.md`."""

from callback.formulas.due import Due, Hours, call_window, hours_window
from callback.formulas.forecasts import (
    Accuracy,
    Look,
    ServiceForecast,
    accuracy,
    errors_in_days,
    forecast_service,
    months_later,
)
from callback.formulas.leads import last_contact_day, missing_of_lead
from callback.formulas.lots import draw
from callback.formulas.quality import TOP_MARK, quality_points
from callback.formulas.quiet import QuietHours
from callback.formulas.rates import CallFigures, rate
from callback.formulas.records import REQUIRED_FACTS, missing_facts, record_points, record_sentence
from callback.formulas.referrals import answer_by
from callback.formulas.requests import AnswerTime, answer_due
from callback.formulas.retries import NextStep, RetryPlan, Step, after_unreached, propose_times
from dealer_crm.values.wording import fill_in, unknown_names

__all__ = [
    "REQUIRED_FACTS",
    "TOP_MARK",
    "Accuracy",
    "AnswerTime",
    "CallFigures",
    "Due",
    "Hours",
    "Look",
    "NextStep",
    "QuietHours",
    "RetryPlan",
    "ServiceForecast",
    "Step",
    "accuracy",
    "after_unreached",
    "answer_by",
    "answer_due",
    "call_window",
    "draw",
    "errors_in_days",
    "fill_in",
    "forecast_service",
    "hours_window",
    "last_contact_day",
    "missing_facts",
    "missing_of_lead",
    "months_later",
    "propose_times",
    "quality_points",
    "rate",
    "record_points",
    "record_sentence",
    "unknown_names",
]
