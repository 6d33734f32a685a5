"""Customers and their phones as typed, and the search for them."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from reception import queries
from reception.choices import CustomerKind, CustomerLevel, ValueClass
from reception.forms.changes import ReasonedForm
from reception.forms.shapes import Search, ShapeForm, StoreFilter
from reception.models import Customer


class CustomerForm(ReasonedForm, ShapeForm):
    contact_hour = forms.IntegerField(label=_("preferred contact hour"), min_value=0, max_value=23, required=False)

    class Meta:
        model = Customer
        fields = [
            "name", "kind", "gender", "birthday", "level", "area", "address", "contact_hour", "contact_channel",
            "source", "tags", "no_call_since", "no_call_reason", "no_text_since", "no_text_reason",
        ]  # fmt: skip


class NewCustomerForm(ShapeForm):
    phone = forms.CharField(label=_("phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))

    class Meta:
        model = Customer
        fields = ["name", "kind", "gender", "birthday", "level", "area", "address", "source"]

    field_order = ["name", "phone"]


class NumberForm(ReasonedForm):
    """A number in the place of another."""

    number = forms.CharField(label=_("phone"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))

    field_order = ["number", "reason"]


class PhoneForm(NumberForm):
    """A further number, which may take the first place."""

    is_primary = forms.BooleanField(label=_("primary"), required=False)

    field_order = ["number", "is_primary", "reason"]


class CustomerField(forms.CharField):
    """A customer as people name one: by code, phone or whole name. What is typed must mean exactly one."""

    def __init__(self, *, staff: Staff | None = None, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"maxlength": 80}), **kwargs)
        self.staff = staff

    def to_python(self, value):
        text = super().to_python(value).strip()
        if not text:
            return None
        found = queries.customers_named(self.staff, text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No customer has this code, phone or name."))
        known = "、".join(f"{customer.name} {customer.code}" for customer in found[:4])
        raise forms.ValidationError(
            _("Several customers are meant: %(known)s. Enter the code."), params={"known": known}
        )


class CustomerFilter(Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or last 4 digits of the phone")}),
    )  # fmt: skip

    # Labels of their own: one worked out by the library stays in the language of whoever asked first.
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=CustomerKind)
    level = django_filters.ChoiceFilter(label=_("level"), choices=CustomerLevel)
    value_class = django_filters.ChoiceFilter(label=_("value class"), choices=ValueClass)
    store = StoreFilter()

    class Meta:
        model = Customer
        fields = ["q", "kind", "level", "value_class", "store"]

    def found(self, rows, _name, text):
        return rows.filter(pk__in=[customer.pk for customer in queries.customers_found(self.staff, text.strip())])
