"""The public form: what somebody who is not signed in may tell us."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import EvidenceField

MOST_FILES = 6


class PublicForm(forms.Form):
    """Who writes gives a name and a number to be called at; the rest is theirs to say.

    `website` is seen by machines alone: what is written into it is no complaint.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    caller_name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    caller_phone = forms.CharField(
        label=_("Your telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    plate = forms.CharField(label=_("Plate of your car"), max_length=12, required=False)
    happened_at = forms.DateTimeField(label=_("When it happened"), required=False)
    description = forms.CharField(label=_("What happened"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    wish = forms.CharField(
        label=_("What do you ask of us?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    evidence = EvidenceField(label=_("Pictures, documents, recordings"))
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"form_key": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def clean_evidence(self):
        files = self.cleaned_data["evidence"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)s files at once.") % {"most": MOST_FILES})
        return files

    def facts(self) -> dict:
        """What was told, as the arguments of `take_from_public`."""
        cleaned = dict(self.cleaned_data)
        cleaned.pop("website")
        return cleaned
