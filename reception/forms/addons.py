"""Add-ons and the customer's answers as typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.ui.fields import PicturesField
from reception.choices import AnswerWay, Urgency
from reception.forms.shapes import VersionedForm


class AddOnForm(VersionedForm):
    reason = forms.CharField(
        label=_("what was found"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True, "autofocus": True})
    )
    urgency = forms.ChoiceField(label=_("urgency"), choices=Urgency, initial=Urgency.SOON)
    wanted_promise_at = forms.DateTimeField(
        label=_("delivery time with the add-on"), required=False, help_text=_("Empty: the promise stays as it is.")
    )
    photos = PicturesField(label=_("photos"), required=False)


class AnswerForm(VersionedForm):
    answered_by = forms.CharField(label=_("answered by"), max_length=80)
    way = forms.ChoiceField(label=_("answered how"), choices=AnswerWay, initial=AnswerWay.PHONE)
    answered_at = forms.DateTimeField(label=_("answered at"))
    note = forms.CharField(
        label=_("note"), max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": True})
    )


class AgreeForm(AnswerForm):
    promised_at = forms.DateTimeField(
        label=_("new delivery time"), required=False, help_text=_("Empty: the promise stays as it is.")
    )

    field_order = ["answered_by", "way", "answered_at", "promised_at", "note"]


class DeclineForm(AnswerForm):
    is_suggested = forms.BooleanField(label=_("keep as a repair suggestion"), required=False, initial=True)
    follow_up_on = forms.DateField(label=_("follow up on"), required=False)
