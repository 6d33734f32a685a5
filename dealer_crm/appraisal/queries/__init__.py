"""The month's scores (`scores`) and what pay says to a change of them (`pay`). Source: spec `commission.md`."""

from dealer_crm.appraisal.queries.pay import ask_of_pay, objection_of_pay
from dealer_crm.appraisal.queries.scores import scored_people, scores_by_number, scores_of

__all__ = [
    "ask_of_pay",
    "objection_of_pay",
    "scored_people",
    "scores_by_number",
    "scores_of",
]
