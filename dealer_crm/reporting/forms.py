from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.reporting.paper import MOST_COPIES
from dealer_crm.reporting.queries import period_written
from dealer_crm.values import Day, Period, Quarter, Refusal, Span, Week

# What a report speaks of, and the native field it is asked for with; a quarter has none and is chosen from a list.
LABELS = {Period: _("Month"), Week: _("Week"), Quarter: _("Quarter"), Day: _("Day")}
NATIVE = {Period: "month", Week: "week", Day: "date"}
QUARTERS_SHOWN = 8


class ReportFilter(forms.Form):
    """Which store and month (week, quarter, day) a report is about."""

    store = forms.ChoiceField(label=_("Store"))
    period = forms.CharField(max_length=10)

    def __init__(self, *args, stores, latest: Span, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = type(latest)
        self.fields["period"].label = LABELS[self.kind]
        if self.kind in NATIVE:
            self.fields["period"].widget = forms.TextInput(attrs={"type": NATIVE[self.kind]})
        else:
            shown = [str(latest.shifted(-place)) for place in range(-1, QUARTERS_SHOWN)]
            self.fields["period"].widget = forms.Select(choices=[(one, one) for one in shown])
        self.stores = {store.code: store for store in stores}
        self.fields["store"].choices = [(store.code, store.name) for store in stores]
        if len(self.stores) == 1:
            self.fields["store"].widget = forms.HiddenInput()

    def clean_store(self):
        return self.stores[self.cleaned_data["store"]]

    def clean_period(self):
        try:
            return period_written(self.kind, self.cleaned_data["period"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PaperForm(forms.Form):
    """Which sheets of the paper pack, how many blanks, and whether the calls show whole numbers."""

    sheets = forms.MultipleChoiceField(
        label=_("Sheets"), widget=forms.CheckboxSelectMultiple(attrs={"data-wide": True}), required=False
    )
    copies = forms.IntegerField(label=_("copies of every blank form"), min_value=1, max_value=MOST_COPIES, initial=5)
    with_phones = forms.BooleanField(
        label=_("whole phone numbers on the calls"),
        required=False,
        help_text=_("Everyone shown is noted in the journal. Keep the sheets under lock and destroy them afterwards."),
    )

    def __init__(self, *args, staff, sheets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheets"].choices = [(sheet.code, sheet.title) for sheet in sheets]
        self.fields["sheets"].initial = [sheet.code for sheet in sheets]
        if not any(sheet.may_reveal(staff) for sheet in sheets):
            del self.fields["with_phones"]

    def clean_sheets(self):
        if not self.cleaned_data["sheets"]:
            raise forms.ValidationError(_("Choose at least one sheet."))
        return self.cleaned_data["sheets"]
