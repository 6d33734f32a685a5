"""The shape of what is typed about complaints."""

from complaints.forms.intake import ComplaintForm
from complaints.forms.lists import ComplaintFilter
from complaints.forms.steps import DecisionForm, ReasonForm, VerdictForm, WordsForm
from complaints.forms.verification import ShareForm, ShareFormSet

__all__ = [
    "ComplaintFilter",
    "ComplaintForm",
    "DecisionForm",
    "ReasonForm",
    "ShareForm",
    "ShareFormSet",
    "VerdictForm",
    "WordsForm",
]
