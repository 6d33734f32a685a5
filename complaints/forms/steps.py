"""The steps of the loop."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import PauseReason
from complaints.forms.fields import EvidenceField
from dealer_crm.organization.models import Staff


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


class PauseForm(forms.Form):
    """Why the clocks stand: a reason of the list, in words where it is another."""

    kind = forms.ChoiceField(label=_("Why the customer is awaited"), choices=PauseReason)
    reason = forms.CharField(label=_("In words"), required=False, max_length=100)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == PauseReason.OTHER and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say in words why the clock is to stand."))
        return cleaned


class ArrangeForm(forms.Form):
    """A time promised to the customer."""

    promised_at = forms.DateTimeField(label=_("Promised for"))
    text = forms.CharField(label=_("What was agreed"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class KeptForm(forms.Form):
    """What came of it."""

    result = forms.CharField(
        label=_("What came of the agreement"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class EvidenceForm(forms.Form):
    """Files about the matter."""

    uploads = EvidenceField(
        label=_("Files"), required=True, help_text=_("Pictures, PDF, sound recordings; several at once.")
    )
    note = forms.CharField(label=_("What they show"), required=False, max_length=120)
