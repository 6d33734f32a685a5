"""What is typed and chosen in the workshop. Rules stand in `actions`."""

from workshop.forms.bays import BayForm
from workshop.forms.catalogue import FamiliesForm, OperationFilter, OperationForm
from workshop.forms.dispatch import DispatchForm, ReassignForm, SplitForm
from workshop.forms.inspections import ComebackForm, InspectionForm
from workshop.forms.jobs import PauseForm
from workshop.forms.supplies import ConsumableForm, DeductionForm
from workshop.forms.floor import AttendanceForm, ShiftsForm, SkillsForm
from workshop.forms.tools import ToolFilter, ToolForm, ToolReportForm

__all__ = [
    "AttendanceForm",
    "BayForm",
    "ShiftsForm",
    "SkillsForm",
    "ToolFilter",
    "ToolForm",
    "ToolReportForm",
    "ComebackForm",
    "ConsumableForm",
    "DeductionForm",
    "DispatchForm",
    "FamiliesForm",
    "InspectionForm",
    "OperationFilter",
    "OperationForm",
    "PauseForm",
    "ReassignForm",
    "SplitForm",
]
