"""How lists of complaints are narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import Category, ComplaintSource, ComplaintState, Severity


class ComplaintFilter(forms.Form):
    text = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Number, plate, name, end of the phone, words")}
        ),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), ("open", _("Open")), *ComplaintState.choices]
    )
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=[("", _("All")), *Severity.choices])
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[("", _("All")), *Category.choices])
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("All")), *ComplaintSource.choices])
    is_late = forms.BooleanField(label=_("Late only"), required=False)
