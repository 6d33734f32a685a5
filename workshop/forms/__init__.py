"""What is typed and chosen in the workshop. Rules stand in `actions`."""

from workshop.forms.bays import BayForm
from workshop.forms.catalogue import FamiliesForm, OperationFilter, OperationForm
from workshop.forms.comebacks import ComebackForm
from workshop.forms.dispatch import DispatchForm, ReassignForm
from workshop.forms.floor import AttendanceForm, ShiftsForm, SkillsForm
from workshop.forms.inspections import CheckListForm, InspectionForm
from workshop.forms.jobs import ClockForm, FindingForm, PauseForm, SplitForm
from workshop.forms.measures import MeasuredDaysForm
from workshop.forms.supplies import Articles, ConsumablesFilter, ConsumablesForm, DeductionForm
from workshop.forms.tools import ToolFilter, ToolForm, ToolReportForm

__all__ = [
    "Articles",
    "AttendanceForm",
    "BayForm",
    "CheckListForm",
    "ClockForm",
    "ComebackForm",
    "ConsumablesFilter",
    "ConsumablesForm",
    "DeductionForm",
    "DispatchForm",
    "FamiliesForm",
    "FindingForm",
    "InspectionForm",
    "MeasuredDaysForm",
    "OperationFilter",
    "OperationForm",
    "PauseForm",
    "ReassignForm",
    "ShiftsForm",
    "SkillsForm",
    "SplitForm",
    "ToolFilter",
    "ToolForm",
    "ToolReportForm",
]
