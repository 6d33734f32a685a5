"""The shape of input, one module for each noun. Rules are the actions'; these forms only read what was typed."""

from reception.forms.addons import (
    AddOnForm,
    AgreeForm,
    DeclineForm,
)
from reception.forms.appointments import (
    AppointmentChangeForm,
    AppointmentFilter,
    AppointmentForm,
    DayForm,
    MoveForm,
    SlotPlacesForm,
)
from reception.forms.customers import CustomerFilter, CustomerForm, NewCustomerForm, PhoneForm
from reception.forms.intake import IntakeForm
from reception.forms.lines import (
    Credit,
    LineForm,
    LinesForm,
    ProposedLinesForm,
    ShareForm,
    SharesForm,
    caught_up,
)
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
from reception.forms.receipts import ReceiptForm, ReceivableFilter, RefundForm, TransferForm
from reception.forms.shapes import ReasonForm, ShapeForm, VersionedForm, money_field
from reception.forms.suggestions import (
    DoneForm,
    SuggestionFilter,
    SuggestionForm,
)
from reception.forms.vehicles import VehicleFilter, VehicleForm

__all__ = [
    "AddOnForm",
    "AgreeForm",
    "AppointmentChangeForm",
    "AppointmentFilter",
    "AppointmentForm",
    "AssessmentForm",
    "CheckInForm",
    "Credit",
    "CustomerFilter",
    "CustomerForm",
    "DayForm",
    "DeclineForm",
    "DeliveryForm",
    "DoneForm",
    "IntakeForm",
    "LateDeliveryForm",
    "LineForm",
    "LinesForm",
    "MoveForm",
    "NewCustomerForm",
    "OrderFilter",
    "OrderForm",
    "PhoneForm",
    "PromiseForm",
    "ProposedLinesForm",
    "ReasonForm",
    "ReassignForm",
    "ReceiptForm",
    "ReceivableFilter",
    "RefundForm",
    "ShapeForm",
    "ShareForm",
    "SharesForm",
    "SlotPlacesForm",
    "SuggestionFilter",
    "SuggestionForm",
    "TransferForm",
    "VehicleFilter",
    "VehicleForm",
    "VersionedForm",
    "WaitForm",
    "caught_up",
    "money_field",
]
