"""What is typed into the pages of pay."""

from commission.forms.adjustments import AdjustmentForm
from commission.forms.coefficients import CoefficientFilter, CoefficientForm

__all__ = [
    "AdjustmentForm",
    "CoefficientFilter",
    "CoefficientForm",
]
