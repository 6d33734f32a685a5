"""A segment as it is put together."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reception.choices import CustomerKind, CustomerLevel, ValueClass
from reception.forms.shapes import VersionedForm, money_field
from reception.queries.segments import Criteria


def _several(label, choices):
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


def _km(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=9_999_999,
        widget=forms.NumberInput(attrs={"data-unit": "km"}),
    )


class SegmentForm(VersionedForm):
    name = forms.CharField(label=_("name of the segment"), max_length=60)
    kinds = _several(_("kind"), CustomerKind.choices)
    levels = _several(_("level"), CustomerLevel.choices)
    value_classes = _several(_("value class"), ValueClass.choices)
    tags = forms.CharField(
        label=_("tags"), max_length=200, required=False, help_text=_("Any of these, with commas between.")
    )
    area = forms.CharField(label=_("area"), max_length=60, required=False)
    brand = forms.CharField(label=_("brand"), max_length=40, required=False)
    model = forms.CharField(label=_("series or model"), max_length=60, required=False)
    purchased_from = forms.DateField(label=_("bought from"), required=False)
    purchased_to = forms.DateField(label=_("bought until"), required=False)
    visited_from = forms.DateField(label=_("last visit from"), required=False)
    visited_to = forms.DateField(label=_("last visit until"), required=False)
    mileage_from = _km(_("mileage from"))
    mileage_to = _km(_("mileage up to"))
    is_dormant = forms.TypedChoiceField(
        label=_("dormant cars"),
        choices=[("", _("Any car")), ("yes", _("Only dormant ones")), ("no", _("Without dormant ones"))],
        coerce=lambda said: said == "yes", empty_value=None, required=False,
    )  # fmt: skip
    spent_from = money_field(label=_("spent from"), required=False, min_value=0)
    spent_to = money_field(label=_("spent up to"), required=False, min_value=0)
    spent_months = forms.IntegerField(
        label=_("within the last"), required=False, min_value=1, max_value=120,
        widget=forms.NumberInput(attrs={"data-unit": pgettext_lazy("a span", "months")}), help_text=_("Empty: ever."),
    )  # fmt: skip

    WHO = ("kinds", "levels", "value_classes", "tags", "area")
    CAR = ("brand", "model", "is_dormant", "purchased_from", "purchased_to", "visited_from", "visited_to",
           "mileage_from", "mileage_to")  # fmt: skip
    MONEY = ("spent_from", "spent_to", "spent_months")

    @classmethod
    def initial_of(cls, segment) -> dict:
        """What a saved segment asks, as the fields show it."""
        asked = dict(segment.criteria)
        if "is_dormant" in asked:
            asked["is_dormant"] = "yes" if asked["is_dormant"] else "no"
        return {**asked, "tags": ", ".join(asked.get("tags", ())), "name": segment.name, "version": segment.version}

    @property
    def who_fields(self):
        return [self[name] for name in self.WHO]

    @property
    def car_fields(self):
        return [self[name] for name in self.CAR]

    @property
    def money_fields(self):
        return [self[name] for name in self.MONEY]

    def clean_tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag for tag in re.split(r"[,，、;；\s]+", self.cleaned_data["tags"]) if tag))

    def criteria(self) -> Criteria:
        """What is asked; a field that could not be read asks nothing."""
        given = {name: self.cleaned_data.get(name) for name in (*self.WHO, *self.CAR, *self.MONEY)}
        lists = {name: tuple(given[name] or ()) for name in ("kinds", "levels", "value_classes", "tags")}
        texts = {name: given[name] or "" for name in ("area", "brand", "model")}
        return Criteria(**given | lists | texts)


def asked_words(segment) -> list[tuple[str, str]]:
    """What a segment asks, as pairs of words for its page."""
    form, asked = SegmentForm(initial=SegmentForm.initial_of(segment)), []
    for name in (*SegmentForm.WHO, *SegmentForm.CAR, *SegmentForm.MONEY):
        value = form.initial.get(name)
        if value in (None, "", []):
            continue
        field = form.fields[name]
        chosen = value if isinstance(value, list) else [value]
        words = [str(dict(getattr(field, "choices", ())).get(one, one)) for one in chosen]
        unit = field.widget.attrs.get("data-unit", "")
        asked.append((str(field.label), " ".join(filter(None, [" / ".join(words), str(unit)]))))
    return asked
