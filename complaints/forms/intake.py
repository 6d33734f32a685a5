"""A complaint taken in, and its sheet put right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions import Sheet
from complaints.choices import ComplaintSource, Severity
from complaints.forms.fields import CategoryField, EvidenceField
from complaints.models import Complaint
from complaints.queries import choice_of
from dealer_crm.organization.models import Staff
from dealer_crm.values.phone import masked_phone
from reception.models import Customer, RepairOrder
from reception.queries import vehicle_of_plate


class SheetForm(forms.Form):
    """The complaint sheet. The order, the plate or the customer says whose it is; all may be missing."""

    order = forms.CharField(label=_("Order number"), required=False, max_length=40)
    plate = forms.CharField(label=_("Plate"), required=False, max_length=12)
    customer = forms.ModelChoiceField(Customer.objects.none(), required=False, widget=forms.HiddenInput)
    category = CategoryField()
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity)
    happened_at = forms.DateTimeField(label=_("When it happened"), required=False)
    place = forms.CharField(label=_("Where it happened"), required=False, max_length=120)
    caller_name = forms.CharField(
        label=_("Who complains"), required=False, max_length=80, help_text=_("If it is not the customer.")
    )
    caller_phone = forms.CharField(
        label=_("Phone of who complains"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    concerned = forms.ModelMultipleChoiceField(
        Staff.objects.none(), label=_("Staff concerned"), required=False, widget=forms.MultipleHiddenInput
    )
    description = forms.CharField(label=_("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    wish = forms.CharField(
        label=_("What the customer asks"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, staff: Staff, complaint: Complaint | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff
        self.fields["category"].offer(complaint)
        self.fields["customer"].queryset = Customer.objects.visible_to(staff)
        self.fields["concerned"].queryset = Staff.objects.filter(store_id=staff.store_id)

    def clean_order(self):
        number = self.cleaned_data["order"].strip()
        if not number:
            return None
        order = (
            RepairOrder.objects.filter(store_id=self.staff.store_id, number__iexact=number)
            .select_related("customer", "vehicle", "store")
            .first()
        )
        if order is None:
            raise forms.ValidationError(_("There is no such order in this store."))
        return order

    def clean_plate(self):
        plate = self.cleaned_data["plate"].strip().upper()
        if not plate:
            return None
        vehicle = vehicle_of_plate(self.staff, plate)
        if vehicle is None:
            raise forms.ValidationError(_("No such plate is known here."))
        return vehicle

    def clean(self):
        cleaned = super().clean()
        order, vehicle = cleaned.get("order"), cleaned.get("plate")
        if order and vehicle and order.vehicle_id != vehicle.pk:
            self.add_error("plate", _("Order %(order)s was for another car.") % {"order": order})
        return cleaned

    def facts(self) -> dict:
        """What was typed, as the arguments of `record_complaint` and `amend_complaint`."""
        cleaned = dict(self.cleaned_data)
        category, topic = cleaned.pop("category")
        vehicle = cleaned.pop("plate") or getattr(cleaned["order"], "vehicle", None)
        customer = getattr(cleaned["order"], "customer", None) or cleaned["customer"] or getattr(vehicle, "owner", None)
        sheet = Sheet(
            **{name: cleaned.pop(name) for name in ("happened_at", "place", "caller_name", "caller_phone", "concerned")}
        )
        known = {"category": category, "topic": topic, "vehicle": vehicle, "customer": customer, "sheet": sheet}
        return {**cleaned, **known}


class ComplaintForm(SheetForm):
    """Taking a complaint in."""

    source = forms.ChoiceField(label=_("Source"), choices=ComplaintSource)
    received_at = forms.DateTimeField(label=_("Received at"))
    evidence = EvidenceField(label=_("Evidence"))
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class AmendForm(SheetForm):
    """The sheet as it is to stand."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        required=False,
        max_length=200,
        help_text=_("Needed for another severity."),
    )

    def __init__(self, *args, complaint: Complaint, **kwargs):
        super().__init__(*args, complaint=complaint, **kwargs)
        if complaint.caller_phone:  # who may see it whole asks for it on the complaint's page
            self.fields["caller_phone"].widget.attrs["placeholder"] = masked_phone(complaint.caller_phone)

    @staticmethod
    def initial_of(complaint: Complaint) -> dict:
        return {
            "order": getattr(complaint.order, "number", ""),
            "plate": getattr(complaint.vehicle, "plate", ""),
            "customer": complaint.customer_id,
            "category": choice_of(complaint.topic) if complaint.topic else complaint.category,
            "concerned": list(complaint.concerned.values_list("pk", flat=True)),
            **{
                name: getattr(complaint, name)
                for name in (
                    "severity", "happened_at", "place", "caller_name", "description", "wish",
                )
            },
        }  # fmt: skip
