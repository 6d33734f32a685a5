"""The shape of what is typed about complaints."""

from complaints.forms.intake import AmendForm, ComplaintForm, SheetForm
from complaints.forms.lists import ComplaintFilter
from complaints.forms.public import PublicForm
from complaints.forms.steps import (
    ArrangeForm,
    DecisionForm,
    EvidenceForm,
    KeptForm,
    PauseForm,
    VerdictForm,
    WordsForm,
)
from complaints.forms.topics import NewTopicForm, TopicForm
from complaints.forms.verification import ShareForm, ShareFormSet

__all__ = [
    "AmendForm",
    "ArrangeForm",
    "ComplaintFilter",
    "ComplaintForm",
    "DecisionForm",
    "EvidenceForm",
    "KeptForm",
    "NewTopicForm",
    "PauseForm",
    "PublicForm",
    "ShareForm",
    "ShareFormSet",
    "SheetForm",
    "TopicForm",
    "VerdictForm",
    "WordsForm",
]
