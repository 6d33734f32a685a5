"""What is typed into the pages of pay."""

from commission.forms.adjustments import AdjustmentForm
from commission.forms.coefficients import CoefficientFilter, CoefficientForm
from commission.forms.scores import ScoresForm

__all__ = [
    "AdjustmentForm",
    "CoefficientFilter",
    "CoefficientForm",
    "ScoresForm",
]
