"""Repair suggestions as typed, and the search for them."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reception import queries
from reception.choices import SuggestionState, Urgency
from reception.forms.shapes import Search, StoreFilter, money_field
from reception.models import RepairOrder, Suggestion


class SuggestionForm(forms.Form):
    name = forms.CharField(
        label=_("what should be done"), max_length=120,
        widget=forms.TextInput(attrs={"data-wide": True, "autofocus": True}),
    )  # fmt: skip
    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))
    urgency = forms.ChoiceField(label=_("urgency"), choices=Urgency, initial=Urgency.SOON)
    quoted_amount = money_field(label=_("quoted price"), required=False, min_value=0)
    follow_up_on = forms.DateField(label=_("follow up on"), required=False, help_text=_("Empty: by urgency."))


class DoneForm(forms.Form):
    """In which order it was done."""

    order = forms.ModelChoiceField(RepairOrder.objects.none(), label=_("done in"))

    def __init__(self, *args, suggestion: Suggestion, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = queries.visits_of(suggestion.vehicle, staff).filter(
            arrived_at__gte=suggestion.order.arrived_at if suggestion.order else suggestion.made_at
        )


class SuggestionFilter(Search):
    """What is open by default; `due`: its follow-up day has come."""

    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Part of the plate or end of the VIN")}),
    )  # fmt: skip
    urgency = django_filters.ChoiceFilter(label=_("urgency"), choices=Urgency)
    state = django_filters.ChoiceFilter(label=_("state"), choices=SuggestionState)
    follow_up_to = django_filters.DateFilter(
        field_name="follow_up_on", lookup_expr="lte", label=pgettext_lazy("suggestions", "to follow up until")
    )
    vehicle = django_filters.NumberFilter(field_name="vehicle_id", label=_("vehicle"), widget=forms.HiddenInput)
    store = StoreFilter()

    class Meta:
        model = Suggestion
        fields = ["q", "urgency", "state", "follow_up_to", "vehicle", "store"]

    def found(self, rows, _name, text):
        return rows.filter(vehicle__in=[vehicle.pk for vehicle in queries.vehicles_found(self.staff, text.strip())])
