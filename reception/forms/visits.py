"""The walk-round sheet, photos, signatures and the delivery as typed."""

from datetime import datetime

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.ui.fields import PicturesField
from reception.actions import MarkDraft
from reception.choices import Belonging, CarPart, MarkKind, PhotoTopic
from reception.forms.orders import DeliveryForm, LateDeliveryForm
from reception.formulas.diagram import part_at, place_on
from reception.models import RepairOrder, WalkRound


# ── Walk-round ───────────────────────────────────────────────────────────────────────────────────────────────────────
class MarkForm(forms.Form):
    """One mark: tapped on the diagram (`x`, `y`), or named by its part alone."""

    kind = forms.ChoiceField(label=_("damage"), choices=MarkKind)
    part = forms.ChoiceField(label=pgettext_lazy("on a car", "place"), choices=CarPart)
    x = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1000)
    y = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1000)
    note = forms.CharField(label=_("note"), max_length=120, required=False)

    def draft(self, taken: set) -> MarkDraft:
        """A place that was tapped stands; a part chosen by hand afterwards counts more than the tap before."""
        typed = self.cleaned_data
        spot = (typed["x"], typed["y"])
        if None in spot or part_at(*spot) != typed["part"]:
            spot = place_on(typed["part"], frozenset(taken))
        taken.add(spot)
        return MarkDraft(MarkKind(typed["kind"]), *spot, typed["note"])


_MarkFormSet = forms.formset_factory(MarkForm, can_delete=True, extra=0, max_num=60, absolute_max=80)


class WalkRoundForm(forms.Form):
    is_unmarked = forms.BooleanField(label=_("no damage seen"), required=False)
    belongings = forms.MultipleChoiceField(
        label=_("belongings in the car"), choices=Belonging, required=False, widget=forms.CheckboxSelectMultiple
    )
    belongings_note = forms.CharField(label=_("further belongings"), max_length=200, required=False)
    walk_note = forms.CharField(label=_("note"), max_length=200, required=False)
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)


class GaugeForm(forms.Form):
    fuel_percent = forms.IntegerField(
        label=_("fuel or charge"), min_value=0, max_value=100, required=False,
        widget=forms.NumberInput(attrs={"data-unit": "%", "step": 5}),
    )  # fmt: skip


class WalkRoundSheet:
    """The whole sheet as one form: marks, belongings, notes. `known` is what stands."""

    def __init__(self, posted=None, *, known: WalkRound | None = None):
        # A page without the sheet (a script, an old tab) sends none of it.
        posted = posted if posted is not None and "marks-TOTAL_FORMS" in posted else None
        self.form = WalkRoundForm(posted, initial=_initial_sheet(known))
        self.marks = _MarkFormSet(posted, prefix="marks", initial=_initial_marks(known))
        self.is_sent = posted is not None

    def is_valid(self) -> bool:
        return not self.is_sent or (self.form.is_valid() and self.marks.is_valid())

    def given(self) -> dict:
        """What `record_walk_round` takes."""
        typed, taken = self.form.cleaned_data, set()
        kept = [form for form in self.marks.forms if form not in self.marks.deleted_forms]
        return {
            "marks": [form.draft(taken) for form in kept],
            "belongings": typed["belongings"],
            "belongings_note": typed["belongings_note"],
            "note": typed["walk_note"],
            "is_unmarked": typed["is_unmarked"],
        }

    def given_if_any(self) -> dict | None:
        """The same for the intake page, where the sheet may wait."""
        given = self.given() if self.is_sent else {}
        return given if any(given.values()) else None

    def seen(self) -> dict:
        """What stood when the person began: when it was recorded, or that there was nothing."""
        seen_at: datetime | None = parse_datetime(self.form.cleaned_data["seen_at"] or "")
        return {"seen_at": seen_at, "is_first": seen_at is None}


def _initial_sheet(known: WalkRound | None) -> dict:
    if known is None:
        return {}
    return {
        "is_unmarked": known.is_unmarked, "belongings": known.belongings, "belongings_note": known.belongings_note,
        "walk_note": known.note, "seen_at": known.walked_at.isoformat(),
    }  # fmt: skip


def _initial_marks(known: WalkRound | None) -> list[dict]:
    rows = known.marks.all() if known else ()
    return [{"kind": row.kind, "part": part_at(row.x, row.y), "x": row.x, "y": row.y, "note": row.note} for row in rows]


# ── Photos ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class PhotosForm(forms.Form):
    photos = PicturesField(label=_("photos"), required=False)
    topic = forms.ChoiceField(label=_("topic"), choices=PhotoTopic, initial=PhotoTopic.WALK_ROUND)
    note = forms.CharField(label=_("note"), max_length=200, required=False)


# ── Signature ────────────────────────────────────────────────────────────────────────────────────────────────────────
class SignatureForm(forms.Form):
    signer = forms.CharField(label=_("signed by"), max_length=80)
    image = forms.CharField(widget=forms.HiddenInput, required=False)
    is_on_paper = forms.BooleanField(label=_("signed on the printed paper"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


# ── Delivery ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class HandOverForm(DeliveryForm):
    """The delivery with what is said, given and signed at hand-over."""

    was_explained = forms.BooleanField(label=_("work and bill explained to the customer"), required=False)
    old_parts_returned = forms.BooleanField(label=_("old parts handed over"), required=False)
    signer = forms.CharField(label=_("signed by"), max_length=80, required=False)
    image = forms.CharField(widget=forms.HiddenInput, required=False)
    is_on_paper = forms.BooleanField(label=_("signed on the printed paper"), required=False)

    def __init__(self, *args, order: RepairOrder, **kwargs):
        super().__init__(*args, **kwargs)
        if not order.keeps_old_parts:
            del self.fields["old_parts_returned"]


class LateHandOverForm(HandOverForm, LateDeliveryForm):
    """The same after the promised time."""

    field_order = None
