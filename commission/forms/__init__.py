"""What is typed into the pages of pay."""

from commission.forms.adjustments import AdjustmentForm
from commission.forms.coefficients import CoefficientFilter, CoefficientForm
from commission.forms.pay import IncentiveFilter, IncentiveForm, PayItemForm, PeopleFilter
from commission.forms.plans import DryRunForm, PlanForm
from commission.forms.plans_blocks import block_kinds

__all__ = [
    "AdjustmentForm",
    "CoefficientFilter",
    "CoefficientForm",
    "DryRunForm",
    "IncentiveFilter",
    "IncentiveForm",
    "PayItemForm",
    "PeopleFilter",
    "PlanForm",
    "block_kinds",
]
