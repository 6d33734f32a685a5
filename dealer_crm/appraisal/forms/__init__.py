"""What is typed into the pages of appraisal."""

from dealer_crm.appraisal.forms.scores import ScoresForm

__all__ = [
    "ScoresForm",
]
