"""The shape of what is typed about complaints."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import Category, ComplaintSource, ComplaintState, Severity
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


class WordsForm(forms.Form):
    """What was said or done."""

    text = forms.CharField(
        label="",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down what was said or done.")},
    )


class DecisionForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("In charge"),
        queryset=Staff.objects.none(),
        error_messages={"required": _("Choose who is to put it right.")},
    )
    deadline_at = forms.DateTimeField(label=_("Deadline"))
    goodwill_amount = forms.DecimalField(
        label=_("Goodwill"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": "¥"}),
    )
    text = forms.CharField(label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, complaint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Staff.objects.filter(store=complaint.store_id, is_active=True)

    def clean_goodwill_amount(self):
        return self.cleaned_data["goodwill_amount"] or Decimal(0)


class VerdictForm(forms.Form):
    """Yes or no with words; the words are needed for a no, and always when the verdict must be reasoned."""

    YES, NO = "yes", "no"

    def __init__(self, *args, name: str, yes, no, is_reasoned: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields[name] = forms.ChoiceField(
            label="", choices=[(self.YES, yes), (self.NO, no)], widget=forms.RadioSelect
        )
        self.fields["text"] = forms.CharField(
            label=_("In words"), required=is_reasoned, widget=forms.Textarea(attrs={"rows": 2})
        )

    def clean(self):
        cleaned = super().clean()
        if self.name in cleaned:
            cleaned[self.name] = cleaned[self.name] == self.YES
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why the customer is awaited"), max_length=120)


class ShareForm(forms.Form):
    """One person's share of the responsibility, in percent."""

    person = forms.ModelChoiceField(label=_("Staff member"), queryset=Staff.objects.none())
    percent = forms.DecimalField(
        label=_("Share (%)"),
        min_value=Decimal("0.01"),
        max_value=100,
        decimal_places=2,
    )

    def __init__(self, *args, complaint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Staff.objects.filter(store=complaint.store_id)


ShareFormSet = forms.formset_factory(ShareForm, extra=1, can_delete=True)


class ComplaintFilter(forms.Form):
    text = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number, customer, plate")}),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), ("open", _("Open")), *ComplaintState.choices]
    )
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=[("", _("All")), *Severity.choices])
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[("", _("All")), *Category.choices])
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("All")), *ComplaintSource.choices])
    is_late = forms.BooleanField(label=_("Late only"), required=False)
