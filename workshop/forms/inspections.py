"""Checks of a car, and the lists they go by."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import PicturesField
from reception.choices import OrderKind
from workshop.choices import InspectionLevel

FINE, WRONG, SKIPPED = "fine", "wrong", "skipped"
ANSWERS = [
    (FINE, pgettext_lazy("point of a check", "In order")),
    (WRONG, pgettext_lazy("point of a check", "Not in order")),
    (SKIPPED, pgettext_lazy("point of a check", "Does not apply")),
]
_MEANS = {FINE: True, WRONG: False, SKIPPED: None, "": False}
"""A point nobody answered does not pass."""


class InspectionForm(forms.Form):
    """One check of a car, point by point; the two buttons send `result`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    defects = forms.CharField(
        label=_("Defects"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names the rework. Empty: the points that are not in order."),
    )  # fmt: skip
    responsible = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Who answers"), required=False, help_text=_("The redo is theirs and unpaid.")
    )
    photos = PicturesField(label=_("photos of the defects"), required=False)

    def __init__(self, *args, order, points: list[str], people, **fields):
        super().__init__(*args, **fields)
        self.fields["version"].initial = order.version
        self.fields["responsible"].queryset = people
        self.listed = points
        for place, point in enumerate(points):
            self.fields[f"point_{place}"] = forms.ChoiceField(
                label=point, choices=ANSWERS, required=False, widget=forms.RadioSelect(attrs={"class": "btn-check"})
            )

    def points(self):
        return [self[f"point_{place}"] for place in range(len(self.listed))]

    def checklist(self, *, has_passed: bool) -> dict[str, bool | None]:
        """Point → answer. Of a car that failed only what was answered is kept."""
        given = {point: self.cleaned_data[f"point_{place}"] for place, point in enumerate(self.listed)}
        return {point: _MEANS[answer] for point, answer in given.items() if answer or has_passed}


class CheckListForm(forms.Form):
    level = forms.ChoiceField(label=_("level"), choices=InspectionLevel)
    order_kind = forms.ChoiceField(
        label=_("order type"), choices=[("", _("Every type")), *OrderKind.choices], required=False
    )
    starts_on = forms.DateField(label=_("holds from"))
    points = forms.CharField(
        label=pgettext_lazy("check-list", "Points"), required=False, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One point a line. Empty for one type: the list of every type holds for it again."),
    )  # fmt: skip

    def clean_points(self) -> list[str]:
        return self.cleaned_data["points"].splitlines()
