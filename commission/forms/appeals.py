"""Appealing against pay, and voting on it."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commission.models import StatementLine
from dealer_crm.organization.models import Staff


class PayAppealForm(forms.Form):
    """Against a line of one's own statement, or because something is missing from it."""

    line = forms.ModelChoiceField(
        StatementLine.objects.none(), label=_("About"), required=False, empty_label=_("Something is missing")
    )
    text = forms.CharField(
        label=_("What speaks against it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The committee decides by what you write here; name orders, days and people."),
    )  # fmt: skip
    claimed_amount = forms.DecimalField(
        label=_("Amount you claim"), required=False, max_digits=12, decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": "¥"}), help_text=_("Leave it empty when you don't know it."),
    )  # fmt: skip

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines
        self.fields["line"].label_from_instance = lambda line: f"{_now(line.name)} ¥{line.amount:,.2f}"


class VoteForm(forms.Form):
    """Granted with an amount, or turned down; with the reasons the person reads."""

    is_granted = forms.TypedChoiceField(
        label=_("Your vote"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", pgettext_lazy("appeal", "Granted")), ("no", pgettext_lazy("appeal", "Turned down"))],
    )  # fmt: skip
    amount = forms.DecimalField(
        label=_("Amount granted"), required=False, max_digits=12, decimal_places=2, min_value=Decimal("0.01"),
        widget=forms.NumberInput(attrs={"data-unit": "¥"}),
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("Reasons the person reads"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self):
        said = super().clean()
        if said.get("is_granted") and not said.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Name the amount you grant."))
        return said

    @property
    def granted(self) -> Decimal:
        """What the vote grants; zero turns down."""
        return self.cleaned_data["amount"] if self.cleaned_data["is_granted"] else Decimal(0)


class MemberForm(forms.Form):
    member = forms.ModelChoiceField(Staff.objects.none(), label=_("Further member"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Staff.objects.filter(pk__in=[one.pk for one in people])
