"""What is typed into the pages of targets."""

from dealer_crm.kpi.forms.grids import GridSheet, ProposalForm, YearForm
from dealer_crm.kpi.forms.targets import TargetForm

__all__ = [
    "GridSheet",
    "ProposalForm",
    "TargetForm",
    "YearForm",
]
