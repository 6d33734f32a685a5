"""Service requests: taken down, given to somebody, worked on, closed; asked for from outside; the list narrowed."""

from decimal import Decimal
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.actions import PartAsked
from callback.choices import ActivityKind, Department, RequestKind, RequestProblem, RequestSource, RequestState
from callback.models import Contact
from dealer_crm.organization.models import Staff
from reception.models import Agreement, Customer, Vehicle

DONE = [choice for choice in ActivityKind.choices if choice[0] != ActivityKind.HANDED_ON]


class PartForm(forms.Form):
    """A part the customer asks for."""

    code = forms.CharField(label=_("Part number"), max_length=40, required=False)
    name = forms.CharField(label=_("Part"), max_length=80)
    quantity = forms.DecimalField(
        label=_("Quantity"), max_digits=8, decimal_places=2, min_value=Decimal("0.01"), initial=1
    )


PartRows = forms.formset_factory(PartForm, can_delete=True, extra=1, max_num=30, absolute_max=40)


def parts_said(rows) -> list[PartAsked]:
    """The filled rows of a valid formset."""
    filled = (form for form in rows.forms if form not in rows.deleted_forms and form.cleaned_data.get("name"))
    return [PartAsked(**{name: form.cleaned_data[name] for name in ("code", "name", "quantity")}) for form in filled]


class RequestForm(forms.Form):
    """Who wants what. The customer and the car are found above and travel hidden."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    customer = forms.ModelChoiceField(Customer.objects.none(), required=False, widget=forms.HiddenInput)
    vehicle = forms.ModelChoiceField(Vehicle.objects.none(), required=False, widget=forms.HiddenInput)
    contact = forms.ModelChoiceField(Contact.objects.none(), required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=pgettext_lazy("service request", "What is wanted"), choices=RequestKind)
    problem = forms.ChoiceField(label=_("Problem"), choices=RequestProblem, initial=RequestProblem.OTHER)
    source = forms.ChoiceField(label=pgettext_lazy("service request", "Came by"), choices=RequestSource)
    description = forms.CharField(
        label=_("In the customer's words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.CharField(
        label=pgettext_lazy("service request", "Where the car stands"),
        max_length=120,
        required=False,
        help_text=_("Always asked for a rescue."),
    )
    caller_name = forms.CharField(
        label=_("Who asks"), max_length=80, required=False, help_text=_("If it is not the customer.")
    )
    caller_phone = forms.CharField(
        label=_("Phone of who asks"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    department = forms.ChoiceField(
        label=_("Department"), required=False, choices=[("", _("As usual for what is wanted")), *Department.choices]
    )
    person = forms.ModelChoiceField(
        label=pgettext_lazy("service request", "Who answers"),
        queryset=Staff.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )
    answer_by = forms.DateTimeField(
        label=_("Answer by"), required=False, help_text=_("Empty: as the agreement or the usual time says.")
    )

    def __init__(self, *args, staff: Staff, people, **kwargs):
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"token": uuid4(), "source": RequestSource.PHONE, **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        for name, model in (("customer", Customer), ("vehicle", Vehicle), ("contact", Contact)):
            self.fields[name].queryset = model.objects.visible_to(staff)
        self.fields["person"].queryset = people


class RequestHandOnForm(forms.Form):
    """Who has it from now on; the time stays unless another one is set."""

    department = forms.ChoiceField(label=_("Department"), choices=Department)
    person = forms.ModelChoiceField(
        label=pgettext_lazy("service request", "Who answers"),
        queryset=Staff.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )
    answer_by = forms.DateTimeField(
        label=_("Answer by"), required=False, help_text=_("Left empty, the customer's time stays.")
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class ActivityForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("service request", "What was done"), choices=DONE)
    text = forms.CharField(label=_("In a few words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class CloseForm(forms.Form):
    is_solved = forms.TypedChoiceField(
        label=_("Solved?"), choices=[("yes", _("Yes")), ("no", _("No"))], coerce={"yes": True, "no": False}.get
    )
    result = forms.CharField(label=_("Result"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    cost_amount = forms.DecimalField(
        label=_("Cost to the house"), max_digits=12, decimal_places=2, min_value=0, initial=0, required=False,
        widget=forms.NumberInput(attrs={"data-unit": _("CNY")}),
    )  # fmt: skip

    def clean_cost_amount(self):
        return self.cleaned_data["cost_amount"] or Decimal(0)


class PublicRequestForm(forms.Form):
    """What somebody who is not signed in may ask for. `website` is seen by machines alone."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=pgettext_lazy("service request", "What is wanted"), choices=RequestKind, initial=RequestKind.ENQUIRY
    )
    caller_name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    caller_phone = forms.CharField(
        label=_("Your telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    plate = forms.CharField(label=_("Plate of your car"), max_length=12, required=False)
    place = forms.CharField(label=_("Where does the car stand?"), max_length=120, required=False)
    description = forms.CharField(
        label=_("In your own words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"token": uuid4(), "kind": RequestKind.ENQUIRY})
        super().__init__(*args, **kwargs)

    def facts(self) -> dict:
        """What was asked, as the arguments of `take_request_from_public`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}


class RequestFilter(forms.Form):
    """Which requests the list shows."""

    VIEWS = (
        ("", _("All")), ("open", _("All open")), ("overdue", _("Answer late")),
        ("late", _("Answered late or not at all")), ("unassigned", _("Nobody has it")), ("mine", _("Mine")),
        *RequestState.choices,
    )  # fmt: skip
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _("Number, name, plate, phone, part, words")}),
    )
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("service request", "What is wanted"),
        choices=[("", _("All")), *RequestKind.choices],
        required=False,
    )
    problem = forms.ChoiceField(label=_("Problem"), choices=[("", _("All")), *RequestProblem.choices], required=False)
    person = forms.ModelChoiceField(
        label=pgettext_lazy("service request", "Who answers"),
        queryset=Staff.objects.none(),
        required=False,
        empty_label=_("All"),
    )
    agreement = forms.ModelChoiceField(
        label=_("Agreement"), queryset=Agreement.objects.none(), required=False, empty_label=_("All")
    )
    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("To"), required=False)

    def __init__(self, *args, people, agreements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset, self.fields["agreement"].queryset = people, agreements
