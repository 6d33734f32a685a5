"""What the reception's forms are made of."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff


def money_field(**options) -> forms.DecimalField:
    return forms.DecimalField(
        max_digits=14,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"data-unit": _("CNY"), "step": "0.01"}),
        **options,
    )


class VersionedForm(forms.Form):
    """Carries the version the person has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ShapeForm(forms.ModelForm):
    """Fields as their model words them, for reading only: what is unique or impossible the actions say."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)

    def validate_unique(self):
        pass

    def validate_constraints(self):
        pass


class ReasonForm(VersionedForm):
    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))


class Search(django_filters.FilterSet):
    """A list's search form; the API takes the same names."""

    @property
    def staff(self) -> Staff:
        return self.request.user
