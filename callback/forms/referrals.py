"""Handing a question on, answering it, narrowing the call sheet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from callback.choices import Department, ReferralState
from dealer_crm.organization.models import Staff


class HandOnForm(forms.Form):
    """Who is asked, until when."""

    department = forms.ChoiceField(label=_("Department"), choices=Department)
    person = forms.ModelChoiceField(label=_("Person asked"), queryset=Staff.objects.none())
    answer_by = forms.DateTimeField(label=_("Answer by"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class ReferralForm(HandOnForm):
    """A customer's question for a department; whose it is is known already."""

    question = forms.CharField(
        label=_("Customer's question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    promised_at = forms.DateTimeField(
        label=_("Agreed with the customer for"),
        required=False,
        help_text=_("Needed when the answer does not come today."),
    )
    field_order = ("question", "department", "person", "answer_by", "promised_at")


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer of the department"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AgreeForm(forms.Form):
    promised_at = forms.DateTimeField(label=_("Agreed with the customer for"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class ResultForm(forms.Form):
    result = forms.CharField(
        label=_("What the customer says to it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SheetFilter(forms.Form):
    """Which lines of the call sheet are shown."""

    VIEWS = (("", _("All")), ("open", _("All open")), ("late", _("Late")), *ReferralState.choices,
             ("due", _("Answer due in these days")))  # fmt: skip
    view = forms.ChoiceField(label=_("State"), choices=VIEWS, required=False)
    department = forms.ChoiceField(label=_("Department"), choices=[("", _("All")), *Department.choices], required=False)
    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("To"), required=False)
