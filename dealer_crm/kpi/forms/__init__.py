"""What is typed into the pages of targets."""

from dealer_crm.kpi.forms.targets import TargetForm

__all__ = [
    "TargetForm",
]
