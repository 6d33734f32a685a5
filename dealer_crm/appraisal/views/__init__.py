"""The pages of appraisal, one module for each thing in it."""

from dealer_crm.appraisal.views.scores import scores

__all__ = [
    "scores",
]
