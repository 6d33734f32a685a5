"""What a technician says of a job, and what the supervisor puts right."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff
from dealer_crm.ui.fields import PicturesField
from reception.choices import Urgency
from workshop.choices import PauseReason
from workshop.models import ClockEntry

SHARED_BY = 4
"""Rows of the page on which labour is shared; more when more people worked on it."""


class PauseForm(forms.Form):
    reason = forms.ChoiceField(choices=PauseReason)


class FindingForm(forms.Form):
    """What was found on the car beyond the order; the advisor prices it."""

    reason = forms.CharField(
        label=_("what was found"), max_length=200, widget=forms.Textarea(attrs={"rows": 2, "autofocus": True})
    )
    urgency = forms.ChoiceField(
        label=_("urgency"),
        choices=Urgency,
        initial=Urgency.SOON,
        widget=forms.RadioSelect(attrs={"class": "btn-check"}),
    )
    photos = PicturesField(label=_("photos"), required=False)


class ClockForm(forms.Form):
    """A clock as it should read; `seen_end` is how it read when the page was opened."""

    seen_end = forms.DateTimeField(widget=forms.HiddenInput)
    started_at = forms.DateTimeField(label=pgettext_lazy("clock", "From"))
    ended_at = forms.DateTimeField(label=pgettext_lazy("clock", "Until"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"data-wide": True}))

    def __init__(self, *args, entry: ClockEntry, **fields):
        known = {"started_at": entry.started_at, "ended_at": entry.ended_at}
        super().__init__(*args, initial=known | {"seen_end": entry.ended_at.isoformat()}, **fields)
        self.known = known

    def correction(self) -> dict:
        """What `correct_clock` takes. Times are typed to the minute: one that reads as before keeps its seconds."""
        typed = dict(self.cleaned_data)
        for name, was in self.known.items():
            if typed[name] == was.replace(second=0, microsecond=0):
                typed[name] = was
        return typed


class SplitForm(forms.Form):
    """Who did how much of a labour line, in percent: as it is shared now, else by the minutes clocked."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args, version: int, technicians: list[Staff], shares: Mapping[Staff, Decimal],
        minutes: Mapping[Staff, Decimal], **fields,
    ):  # fmt: skip
        super().__init__(*args, **fields)
        self.fields["version"].initial = version
        self.minutes = minutes
        known = list(dict.fromkeys([*shares, *minutes]))
        self.people = {str(person.pk): person for person in dict.fromkeys([*technicians, *known])}
        choices = [("", "—"), *((key, person.name) for key, person in self.people.items())]
        self.places = [*known, *[None] * max(SHARED_BY - len(known), 1)]
        for place, person in enumerate(self.places):
            self.fields[f"person_{place}"] = forms.ChoiceField(
                choices=choices, label=_("Technician"), required=False, initial=str(person.pk) if person else ""
            )
            self.fields[f"percent_{place}"] = forms.DecimalField(
                label=_("Share"), required=False, min_value=0, max_value=100, decimal_places=2,
                initial=_percent(shares[person]) if person in shares else None,
                widget=forms.NumberInput(attrs={"data-unit": "%", "step": "0.01"}),
            )  # fmt: skip

    def rows(self):
        """Each row: its two fields, and the minutes of the person it was opened with."""
        return [
            (self[f"person_{place}"], self[f"percent_{place}"], self.minutes.get(person))
            for place, person in enumerate(self.places)
        ]

    def shares(self) -> dict[Staff, Decimal]:
        parts = {}
        for place in range(len(self.places)):
            person = self.people.get(self.cleaned_data.get(f"person_{place}"))
            percent = self.cleaned_data.get(f"percent_{place}")
            if person and percent:
                parts[person] = parts.get(person, Decimal(0)) + percent / 100
        return parts


def _percent(share: Decimal) -> str:
    """0.6667 → "66.67", 1 → "100"."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".")
