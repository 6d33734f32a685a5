"""What a technician says of a job."""

from django import forms

from workshop.choices import PauseReason


class PauseForm(forms.Form):
    reason = forms.ChoiceField(choices=PauseReason)
