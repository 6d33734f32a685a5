"""An article of the parts catalogue and the purchase prices of an order as typed, and the search for articles."""

from decimal import Decimal

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reception import queries
from reception.choices import ARTICLE_CHOICES
from reception.forms.shapes import Search, StoreFilter, money_field
from reception.models import OrderLine, Part


class PartForm(forms.Form):
    """`unit_cost` holds from `starts_on` on; empty: nothing is said about it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(label=_("part code"), max_length=40)
    name = forms.CharField(label=_("name"), max_length=120, widget=forms.TextInput(attrs={"data-wide": True}))
    kind = forms.ChoiceField(label=_("kind"), choices=ARTICLE_CHOICES)
    unit = forms.CharField(label=pgettext_lazy("of an article", "unit"), max_length=10, required=False)
    price = money_field(label=_("selling price"), required=False, min_value=0, help_text=_("With tax."))
    unit_cost = money_field(
        label=_("purchase price"), required=False, min_value=0, help_text=_("With tax, like the selling price.")
    )
    starts_on = forms.DateField(label=_("holds from"), required=False, help_text=_("Empty: today."))
    is_active = forms.BooleanField(label=_("in use"), required=False, initial=True)

    def __init__(self, *args, part: Part | None = None, **fields):
        super().__init__(*args, **fields)
        if part:
            del self.fields["code"]
            names = ("version", "name", "kind", "unit", "price", "unit_cost", "is_active")
            self.initial = {name: getattr(part, name) for name in names}


class PartFilter(Search):
    q = django_filters.CharFilter(
        method="found", label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Code or name")}),
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=ARTICLE_CHOICES, empty_label=_("All"))
    is_active = django_filters.ChoiceFilter(
        method="in_use", label=_("state"), choices=[("yes", _("In use")), ("no", _("Out of use"))],
        empty_label=_("All"),
    )  # fmt: skip
    store = StoreFilter()

    class Meta:
        model = Part
        fields = ["q", "kind", "is_active", "store"]

    def found(self, rows, _name, text):
        return queries.parts_found(rows, text)

    def in_use(self, rows, _name, said):
        return rows.filter(is_active=said == "yes")


class CostedPartFilter(PartFilter):
    """For who knows purchase prices: also those that have none."""

    costed = django_filters.ChoiceFilter(
        method="with_cost", label=_("purchase price"), choices=[("no", _("Unknown")), ("yes", _("Known"))],
        empty_label=_("All"),
    )  # fmt: skip

    class Meta(PartFilter.Meta):
        fields = ["q", "kind", "is_active", "costed", "store"]

    def with_cost(self, rows, _name, said):
        return rows.filter(unit_cost__isnull=said == "no")


class CostsForm(forms.Form):
    """What the lines of an order cost, a field for each; `seen`: what stood there when the page was opened."""

    def __init__(self, lines: list[OrderLine], posted=None):
        super().__init__(posted)
        self.lines = lines
        for line in lines:
            cost = money_field(label=line.name, required=False, min_value=0, initial=line.unit_cost)
            cost.widget.attrs["aria-label"] = f"{line.number}. {line.name}"
            self.fields[f"cost_{line.number}"] = cost
            self.fields[f"seen_{line.number}"] = forms.DecimalField(
                required=False, initial=line.unit_cost, widget=forms.HiddenInput
            )
        self.fields["reason"] = forms.CharField(
            label=_("reason"), max_length=200, required=False, widget=forms.TextInput(attrs={"data-wide": True}),
            help_text=_("For changing a purchase price that is known."),
        )  # fmt: skip

    def caught_up(self, lines: list[OrderLine]) -> None:
        """Somebody was faster: what was typed stays, and has seen now what stands."""
        self.lines, self.data = lines, self.data.copy()
        for line in lines:
            self.data[f"seen_{line.number}"] = "" if line.unit_cost is None else str(line.unit_cost)

    @property
    def rows(self) -> list[tuple]:
        """Each line with its two fields."""
        return [(line, self[f"cost_{line.number}"], self[f"seen_{line.number}"]) for line in self.lines]

    def costs(self) -> dict[int, Decimal | None]:
        """What was sent: lines somebody added meanwhile were not on the page, and stay as they are."""
        return self._sent("cost")

    def seen(self) -> dict[int, Decimal | None]:
        return self._sent("seen")

    def _sent(self, what: str) -> dict[int, Decimal | None]:
        numbers = [line.number for line in self.lines if f"cost_{line.number}" in self.data]
        return {number: self.cleaned_data[f"{what}_{number}"] for number in numbers}
