"""Customers and their phones as typed, and the search for them."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from reception import queries
from reception.choices import (
    CustomerKind,
    CustomerLevel,
)
from reception.forms.shapes import Search, ShapeForm
from reception.models import Customer


class CustomerForm(ShapeForm):
    class Meta:
        model = Customer
        fields = [
            "name", "kind", "gender", "birthday", "level", "area", "address", "contact_hour", "contact_channel",
            "source", "tags", "no_call_since", "no_call_reason", "no_text_since", "no_text_reason",
        ]  # fmt: skip


class NewCustomerForm(CustomerForm):
    phone = forms.CharField(label=_("phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))

    class Meta(CustomerForm.Meta):
        fields = ["name", "kind", "gender", "birthday", "level", "area", "address", "source"]

    field_order = ["name", "phone"]


class PhoneForm(forms.Form):
    number = forms.CharField(label=_("phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    is_primary = forms.BooleanField(label=_("primary"), required=False)


class CustomerFilter(Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or last 4 digits of the phone")}),
    )  # fmt: skip

    # Labels of their own: one worked out by the library stays in the language of whoever asked first.
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=CustomerKind)
    level = django_filters.ChoiceFilter(label=_("level"), choices=CustomerLevel)

    class Meta:
        model = Customer
        fields = ["q", "kind", "level"]

    def found(self, rows, _name, text):
        return rows.filter(pk__in=[customer.pk for customer in queries.customers_found(self.staff, text.strip())])
