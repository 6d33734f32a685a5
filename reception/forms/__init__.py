"""The shape of input, one module for each noun. Rules are the actions'; these forms only read what was typed."""

from reception.forms.customers import CustomerFilter, CustomerForm, NewCustomerForm, PhoneForm
from reception.forms.intake import IntakeForm
from reception.forms.lines import Credit, LineForm, LinesForm
from reception.forms.orders import (
    AssessmentForm,
    CheckInForm,
    DeliveryForm,
    LateDeliveryForm,
    OrderFilter,
    OrderForm,
    PromiseForm,
    ReassignForm,
    WaitForm,
)
from reception.forms.receipts import ReceiptForm, RefundForm
from reception.forms.shapes import ReasonForm, ShapeForm, VersionedForm, money_field
from reception.forms.vehicles import VehicleFilter, VehicleForm

__all__ = [
    "AssessmentForm",
    "CheckInForm",
    "Credit",
    "CustomerFilter",
    "CustomerForm",
    "DeliveryForm",
    "IntakeForm",
    "LateDeliveryForm",
    "LineForm",
    "LinesForm",
    "NewCustomerForm",
    "OrderFilter",
    "OrderForm",
    "PhoneForm",
    "PromiseForm",
    "ReasonForm",
    "ReassignForm",
    "ReceiptForm",
    "RefundForm",
    "ShapeForm",
    "VehicleFilter",
    "VehicleForm",
    "VersionedForm",
    "WaitForm",
    "money_field",
]
