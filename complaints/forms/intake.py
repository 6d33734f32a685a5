"""A complaint taken in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import Category, ComplaintSource, Severity
from dealer_crm.organization.models import Staff
from reception.models import RepairOrder
from reception.queries import vehicle_of_plate


class ComplaintForm(forms.Form):
    """Taking a complaint in. The order or the plate says whose it is; both may be missing."""

    order = forms.CharField(label=_("Order number"), required=False, max_length=40)
    plate = forms.CharField(label=_("Plate"), required=False, max_length=12)
    source = forms.ChoiceField(label=_("Source"), choices=ComplaintSource)
    category = forms.ChoiceField(label=_("Category"), choices=Category)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity)
    received_at = forms.DateTimeField(label=_("Received at"))
    description = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}))
    wish = forms.CharField(label=_("What the customer asks"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff

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
        """The arguments of `record_complaint` beyond who, when and where."""
        cleaned = dict(self.cleaned_data)
        vehicle = cleaned.pop("plate") or getattr(cleaned["order"], "vehicle", None)
        customer = getattr(cleaned["order"], "customer", None) or getattr(vehicle, "owner", None)
        return {**cleaned, "vehicle": vehicle, "customer": customer}
