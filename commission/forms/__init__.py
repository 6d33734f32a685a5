"""What is typed into the pages of pay."""

from commission.forms.adjustments import AdjustmentForm
from commission.forms.appeals import MemberForm, PayAppealForm, VoteForm
from commission.forms.coefficients import CoefficientFilter, CoefficientForm
from commission.forms.disputes import DisputeAnswerForm, DisputeForm
from commission.forms.pay import IncentiveFilter, IncentiveForm, PayItemForm, PeopleFilter
from commission.forms.plans import DryRunForm, PlanForm
from commission.forms.plans_blocks import block_kinds

__all__ = [
    "AdjustmentForm",
    "CoefficientFilter",
    "CoefficientForm",
    "DisputeAnswerForm",
    "DisputeForm",
    "DryRunForm",
    "IncentiveFilter",
    "IncentiveForm",
    "MemberForm",
    "PayAppealForm",
    "PayItemForm",
    "PeopleFilter",
    "PlanForm",
    "VoteForm",
    "block_kinds",
]
