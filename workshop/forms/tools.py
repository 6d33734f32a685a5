"""Tools and equipment as they are entered and reported on, and the search for them."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshop.choices import ToolKind, ToolState
from workshop.models import Tool


class ToolForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Tool
        fields = ["number", "name", "kind", "place", "keeper", "next_check_on"]

    def __init__(self, *args, people, **fields):
        super().__init__(*args, **fields)
        self.fields["keeper"].queryset = people
        if self.instance.pk:
            self.initial.setdefault("version", self.instance.version)

    def validate_unique(self):
        """The action says it in the words of the house."""


class ToolReportForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    state = forms.ChoiceField(label=_("state"), choices=ToolState)
    note = forms.CharField(
        label=_("what was found or done"), max_length=200,
        widget=forms.TextInput(attrs={"data-wide": True, "autofocus": True}),
    )  # fmt: skip
    next_check_on = forms.DateField(label=_("next check on"), required=False, help_text=_("Empty: stays as it is."))


class ToolFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number, name or place")}),
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=ToolKind, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("state"), choices=ToolState, empty_label=_("All"))
    due_to = django_filters.DateFilter(field_name="next_check_on", lookup_expr="lte", label=_("check due until"))

    class Meta:
        model = Tool
        fields = ["q", "kind", "state", "due_to"]

    def found(self, rows, _name, text):
        for word in text.split():
            rows = rows.filter(Q(number__icontains=word) | Q(name__icontains=word) | Q(place__icontains=word))
        return rows
