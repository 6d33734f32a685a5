"""What the reception's forms are made of."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import stores_to_choose


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


class StoreFilter(django_filters.CharFilter):
    """Rows of one store, by its code in whatever case; a code no store has gives none. `Search` offers a list."""

    def __init__(self):
        super().__init__(field_name="store__code", label=_("store"), widget=forms.HiddenInput)

    def filter(self, qs, value):
        return super().filter(qs, value.upper() if value else value)


class Search(django_filters.FilterSet):
    """A list's search form; the API takes the same names. Who sees several stores picks one of them in it."""

    @property
    def staff(self) -> Staff:
        return self.request.user

    @property
    def form(self) -> forms.Form:
        is_new = not hasattr(self, "_form")
        form = super().form
        if is_new and "store" in form.fields and self.request and self.staff.sees_all_stores:
            choices = [("", _("All")), *((store.code, store.name) for store in stores_to_choose(self.staff))]
            form.fields["store"].widget = forms.Select(choices=choices)
        return form
