"""Bays as they are entered and changed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workshop.models import Bay


class BayForm(forms.ModelForm):
    class Meta:
        model = Bay
        fields = ["name", "kind", "is_active"]
        labels = {"name": _("Bay")}

    def validate_unique(self):
        """The action says it in the words of the house."""
