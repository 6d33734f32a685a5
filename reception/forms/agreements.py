"""Agreements, their items, levels and points as typed."""

from decimal import Decimal

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reception import queries
from reception.actions.agreements import ItemDraft
from reception.choices import AgreementKind, AgreementState, CustomerLevel, LineKind
from reception.forms.shapes import Search, VersionedForm, money_field
from reception.models import Agreement, Customer, Vehicle

_HUNDRED = Decimal(100)


def percent_field(label) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False,
        widget=forms.NumberInput(attrs={"step": "1", "data-unit": "%"}),
    )  # fmt: skip


def _percent(rate: Decimal) -> str:
    return f"{rate * _HUNDRED:.2f}".rstrip("0").rstrip(".") if rate else ""


class AgreementFilter(Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Customer, name or number")}),
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("state"), choices=AgreementState)
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=AgreementKind)

    class Meta:
        model = Agreement
        fields = ["q", "state", "kind"]

    def found(self, rows, _name, text):
        text = text.strip()
        return rows.filter(Q(number__istartswith=text) | Q(name__icontains=text) | Q(customer__name__icontains=text))


class AgreementForm(VersionedForm):
    kind = forms.ChoiceField(label=_("kind"), choices=AgreementKind)
    name = forms.CharField(label=_("name of the agreement"), max_length=80)
    starts_on = forms.DateField(label=_("holds from"))
    ends_on = forms.DateField(label=_("holds until"))
    labour_percent = percent_field(_("off labour"))
    part_percent = percent_field(_("off parts"))
    prepaid_amount = money_field(label=_("prepaid"), required=False, min_value=0)
    response_hours = forms.IntegerField(
        label=_("response time"), required=False, min_value=1, max_value=999,
        widget=forms.NumberInput(attrs={"data-unit": _("hours")}),
    )  # fmt: skip
    has_priority = forms.BooleanField(label=_("served first"), required=False)
    vehicles = forms.ModelMultipleChoiceField(
        Vehicle.objects.none(), label=_("vehicles"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every car of the customer."),
    )  # fmt: skip
    terms = forms.CharField(
        label=_("further terms"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, customer: Customer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["vehicles"].queryset = queries.vehicles_to_cover(customer)

    @classmethod
    def initial_of(cls, agreement: Agreement) -> dict:
        same = ("kind", "name", "starts_on", "ends_on", "response_hours", "has_priority", "terms", "version")
        return {name: getattr(agreement, name) for name in same} | {
            "labour_percent": _percent(agreement.labour_discount_rate),
            "part_percent": _percent(agreement.part_discount_rate),
            "prepaid_amount": agreement.prepaid_amount or None,
            "vehicles": list(agreement.vehicles.all()),
        }

    def given(self) -> dict:
        """What `draft_agreement` takes, items aside."""
        typed = dict(self.cleaned_data)
        typed.pop("version")
        return typed | {
            "labour_discount_rate": (typed.pop("labour_percent") or 0) / _HUNDRED,
            "part_discount_rate": (typed.pop("part_percent") or 0) / _HUNDRED,
            "prepaid_amount": typed["prepaid_amount"] or Decimal(0),
        }


class ItemForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=LineKind, initial=LineKind.LABOUR)
    name = forms.CharField(label=_("name"), max_length=120, widget=forms.TextInput(attrs={"class": "w-wide"}))
    code = forms.CharField(label=_("code"), max_length=40, required=False)
    unit_price = forms.DecimalField(
        label=_("agreed price (empty: free)"), max_digits=14, decimal_places=2, min_value=0, required=False,
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )  # fmt: skip
    times = forms.IntegerField(label=_("times (empty: any)"), min_value=1, max_value=999, required=False)

    def draft(self) -> ItemDraft:
        return ItemDraft(**{name: self.cleaned_data[name] for name in ("kind", "name", "code", "unit_price", "times")})


_ItemFormSet = forms.formset_factory(ItemForm, can_delete=True, extra=1, max_num=100, absolute_max=150)


class ItemsForm:
    """The covered items of an agreement as one form."""

    def __init__(self, posted=None, agreement: Agreement | None = None):
        names = ("kind", "name", "code", "unit_price", "times")
        rows = agreement.items.all() if agreement else ()
        self.formset = _ItemFormSet(
            posted, prefix="items", initial=[{name: getattr(item, name) for name in names} for item in rows]
        )

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    def drafts(self) -> list[ItemDraft]:
        kept = (form for form in self.formset.forms if form not in self.formset.deleted_forms)
        return [form.draft() for form in kept if form.initial.get("name") or form.has_changed()]


class TermsForm(forms.Form):
    """What a level gives from a day on."""

    level = forms.ChoiceField(label=_("level"), choices=CustomerLevel)
    starts_on = forms.DateField(label=_("holds from"))
    labour_percent = percent_field(_("off labour"))
    part_percent = percent_field(_("off parts"))
    points_per_yuan = forms.DecimalField(
        label=_("points for each yuan"), max_digits=6, decimal_places=2, min_value=0, required=False
    )

    @classmethod
    def initial_of(cls, terms) -> dict:
        return {
            "labour_percent": _percent(terms.labour_discount_rate),
            "part_percent": _percent(terms.part_discount_rate),
            "points_per_yuan": terms.points_per_yuan,
        }

    def clean(self):
        """As `set_membership_terms` takes it."""
        typed = super().clean()
        return {
            "level": typed.get("level"),
            "starts_on": typed.get("starts_on"),
            "labour_discount_rate": (typed.get("labour_percent") or 0) / _HUNDRED,
            "part_discount_rate": (typed.get("part_percent") or 0) / _HUNDRED,
            "points_per_yuan": typed.get("points_per_yuan") or Decimal(0),
        }


class SpendForm(forms.Form):
    points = forms.IntegerField(label=pgettext_lazy("membership", "points"), min_value=1, max_value=100_000_000)
    note = forms.CharField(label=_("for what"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))


class CorrectForm(forms.Form):
    points = forms.IntegerField(
        label=pgettext_lazy("membership", "points"),
        min_value=-100_000_000,
        max_value=100_000_000,
        help_text=_("With a minus: taken away."),
    )
    note = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))
