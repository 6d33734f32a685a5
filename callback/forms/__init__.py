"""Shapes of input, one module for each noun."""

from callback.forms.calls import (
    AssignForm,
    CallComplaintForm,
    CatchUpForm,
    ContactFilter,
    OutcomeForm,
    PaperCallForm,
    PaperDayForm,
    RuleForm,
    SpanForm,
    TaskFilter,
    YesNoField,
)

__all__ = [
    "AssignForm",
    "CallComplaintForm",
    "CatchUpForm",
    "ContactFilter",
    "OutcomeForm",
    "PaperCallForm",
    "PaperDayForm",
    "RuleForm",
    "SpanForm",
    "TaskFilter",
    "YesNoField",
]
