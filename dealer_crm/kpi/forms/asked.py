"""What the pages of figures are asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.kpi.queries import FIRST_SHOWN, MEASURES
from dealer_crm.ui.fields import MonthField


class DayForm(forms.Form):
    """A day, or any day of the week that is asked for."""

    on = forms.DateField(label=_("day"), widget=forms.DateInput(attrs={"type": "date"}))


class StoresForm(forms.Form):
    """Which figures of the stores are compared, and over how many months."""

    period = MonthField()
    months = forms.TypedChoiceField(
        label=pgettext_lazy("span", "over"),
        choices=[(1, pgettext_lazy("span", "the month")), (12, _("twelve months"))],
        coerce=int,
    )
    sort = forms.ChoiceField(label=_("ranked by"), required=False)
    m = forms.MultipleChoiceField(
        label=pgettext_lazy("measures", "figures"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-wide": True}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(code, entry.label) for code, entry in MEASURES.items()]
        self.fields["m"].choices = choices
        self.fields["sort"].choices = choices

    def clean(self):
        """Without figures asked for the usual ones are shown; what they are ranked by is among them."""
        asked = super().clean()
        asked["m"] = asked.get("m") or list(FIRST_SHOWN)
        if asked.get("sort") and asked["sort"] not in asked["m"]:
            asked["m"] = [asked["sort"], *asked["m"]]
        return asked
