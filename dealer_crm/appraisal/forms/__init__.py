"""What is typed into the pages of appraisal."""

from dealer_crm.appraisal.forms.cards import IndicatorForm, VersionForm
from dealer_crm.appraisal.forms.scores import ScoresForm
from dealer_crm.appraisal.forms.sheets import (
    AppealForm,
    DecideForm,
    EntryForm,
    ReviewForm,
    SelfScoreForm,
    SheetsFilter,
    without_fields,
)

__all__ = [
    "AppealForm",
    "DecideForm",
    "EntryForm",
    "IndicatorForm",
    "ReviewForm",
    "ScoresForm",
    "SelfScoreForm",
    "SheetsFilter",
    "VersionForm",
    "without_fields",
]
