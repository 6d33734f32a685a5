"""Pay items and incentives."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commission.choices import IncentiveKind, PayKind
from dealer_crm.organization.models import Staff


class PayItemForm(forms.Form):
    """What a person is paid from a day on."""

    kind = forms.ChoiceField(label=_("Pay item"), choices=PayKind)
    amount = forms.DecimalField(
        label=_("Amount a month, or level"), min_value=0, max_digits=14, decimal_places=2,
        help_text=_("0: not paid any more. What is taken off is entered as a positive amount too."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("Holds from"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, widget=forms.TextInput(attrs={"data-wide": True})
    )


class IncentiveForm(forms.Form):
    """Something earned on a day."""

    staff = forms.ModelChoiceField(Staff.objects.none(), label=_("Staff member"))
    kind = forms.ChoiceField(label=_("Kind"), choices=IncentiveKind)
    day = forms.DateField(label=_("Day"))
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=2)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}),
        help_text=_("The person concerned reads it on their statement."),
    )  # fmt: skip

    def __init__(self, *args, store, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = Staff.objects.filter(store=store, left_on=None).order_by("work_number")
        self.fields["staff"].label_from_instance = lambda person: f"{person.work_number} {person.name}"


class IncentiveFilter(forms.Form):
    STATES = [
        ("", _("All")), ("waiting", _("Waits for approval")), ("approved", _("Approved")), ("declined", _("Declined")),
    ]  # fmt: skip

    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    query = forms.CharField(label=_("Name or work number"), required=False, max_length=40)


class PeopleFilter(forms.Form):
    query = forms.CharField(label=_("Name or work number"), required=False, max_length=40)
