"""The shape of input, one module for each noun. Rules are the actions'; these forms only read what was typed."""

from reception.forms.addons import (
    AddOnForm,
    AgreeForm,
    DeclineForm,
)
from reception.forms.agreements import AgreementFilter, AgreementForm, CorrectForm, ItemsForm, SpendForm, TermsForm
from reception.forms.appointments import (
    AppointmentChangeForm,
    AppointmentFilter,
    AppointmentForm,
    DayForm,
    MoveForm,
    SlotPlacesForm,
)
from reception.forms.catch_up import CatchUpForm
from reception.forms.changes import ChangeFilter, ReasonedForm
from reception.forms.customers import (
    CustomerField,
    CustomerFilter,
    CustomerForm,
    NewCustomerForm,
    NumberForm,
    PhoneForm,
)
from reception.forms.intake import IntakeForm, IntakeLines
from reception.forms.lines import (
    Credit,
    LineForm,
    LinesForm,
    ProposedLinesForm,
    ShareForm,
    SharesForm,
    caught_up,
)
from reception.forms.merging import MergeForm
from reception.forms.orders import (
    AssessmentForm,
    CheckInForm,
    DelayCheckForm,
    DeliveryForm,
    LateDeliveryForm,
    OrderFilter,
    OrderForm,
    PromiseForm,
    ReassignForm,
    WaitForm,
)
from reception.forms.parts import CostedPartFilter, CostsForm, PartFilter, PartForm
from reception.forms.quality import FlawFilter, MendForm
from reception.forms.receipts import ReceiptFilter, ReceiptForm, ReceivableFilter, RefundForm, TransferForm
from reception.forms.segments import SegmentForm, asked_words
from reception.forms.shapes import ReasonForm, ShapeForm, VersionedForm, money_field
from reception.forms.suggestions import (
    DoneForm,
    SuggestionFilter,
    SuggestionForm,
)
from reception.forms.vehicles import DriverForm, NewVehicleForm, VehicleFilter, VehicleForm
from reception.forms.visits import GaugeForm, HandOverForm, LateHandOverForm, PhotosForm, SignatureForm, WalkRoundSheet

__all__ = [
    "AddOnForm",
    "AgreeForm",
    "AgreementFilter",
    "AgreementForm",
    "AppointmentChangeForm",
    "AppointmentFilter",
    "AppointmentForm",
    "AssessmentForm",
    "CatchUpForm",
    "ChangeFilter",
    "CheckInForm",
    "CorrectForm",
    "CostedPartFilter",
    "CostsForm",
    "Credit",
    "CustomerField",
    "CustomerFilter",
    "CustomerForm",
    "DayForm",
    "DeclineForm",
    "DelayCheckForm",
    "DeliveryForm",
    "DoneForm",
    "DriverForm",
    "FlawFilter",
    "GaugeForm",
    "HandOverForm",
    "IntakeForm",
    "IntakeLines",
    "ItemsForm",
    "LateDeliveryForm",
    "LateHandOverForm",
    "LineForm",
    "LinesForm",
    "MendForm",
    "MergeForm",
    "MoveForm",
    "NewCustomerForm",
    "NewVehicleForm",
    "NumberForm",
    "OrderFilter",
    "OrderForm",
    "PartFilter",
    "PartForm",
    "PhoneForm",
    "PhotosForm",
    "PromiseForm",
    "ProposedLinesForm",
    "ReasonForm",
    "ReasonedForm",
    "ReassignForm",
    "ReceiptFilter",
    "ReceiptForm",
    "ReceivableFilter",
    "RefundForm",
    "SegmentForm",
    "ShapeForm",
    "ShareForm",
    "SharesForm",
    "SignatureForm",
    "SlotPlacesForm",
    "SpendForm",
    "SuggestionFilter",
    "SuggestionForm",
    "TermsForm",
    "TransferForm",
    "VehicleFilter",
    "VehicleForm",
    "VersionedForm",
    "WaitForm",
    "WalkRoundSheet",
    "asked_words",
    "caught_up",
    "money_field",
]
