"""What is typed into the pages of targets."""

from dealer_crm.kpi.forms.asked import DayForm, StoresForm
from dealer_crm.kpi.forms.grids import GridSheet, ProposalForm, YearForm
from dealer_crm.kpi.forms.meetings import MeetingForm, PostponeForm, ResultForm, line_forms
from dealer_crm.kpi.forms.targets import TargetForm

__all__ = [
    "DayForm",
    "GridSheet",
    "MeetingForm",
    "PostponeForm",
    "ProposalForm",
    "ResultForm",
    "StoresForm",
    "TargetForm",
    "YearForm",
    "line_forms",
]
