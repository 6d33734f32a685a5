"""What is typed into a score sheet: points line by line, with words where they are needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from dealer_crm.appraisal.choices import LineKind, SheetState
from dealer_crm.appraisal.models import SheetLine
from dealer_crm.appraisal.queries import own_lines


@dataclass(frozen=True)
class LineFields:
    """A line as it is read, with the fields to type in where there are any."""

    shown: object
    points: BoundField | None = None
    note: BoundField | None = None


class LinesForm(forms.Form):
    """Points of some lines (`points_<line>`), with a word beside each (`note_<line>`) unless `with_notes` is off.

    `empty_waits`: a line may stay empty. What a deduction item takes off is typed as it is said, without a sign.
    """

    def __init__(self, *args, lines: Iterable[SheetLine], initial_of, with_notes=True, empty_waits=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            initial = initial_of(line)
            self.fields[f"points_{line.pk}"] = forms.DecimalField(
                label=line.indicator.name, min_value=0, max_value=line.indicator.points, max_digits=6, decimal_places=2,
                required=not empty_waits, initial=None if initial is None else abs(initial),
                widget=forms.NumberInput(attrs={"aria-label": line.indicator.name, "step": "any"}),
            )  # fmt: skip
            if with_notes:
                self.fields[f"note_{line.pk}"] = forms.CharField(
                    label=_("Reason"), max_length=300, required=False, initial=line.given_note,
                    widget=forms.TextInput(attrs={"aria-label": _("Reason"), "placeholder": _("Reason")}),
                )  # fmt: skip

    @property
    def points(self) -> dict[int, Decimal | None]:
        return {line.pk: self._signed(line, self.cleaned_data.get(f"points_{line.pk}")) for line in self.lines}

    @staticmethod
    def _signed(line: SheetLine, points: Decimal | None) -> Decimal | None:
        takes_off = points is not None and line.indicator.kind == LineKind.DEDUCTION
        return 0 - points if takes_off else points

    @property
    def notes(self) -> dict[int, str]:
        return {line.pk: self.cleaned_data.get(f"note_{line.pk}", "") for line in self.lines}

    @property
    def changes(self) -> dict[int, tuple[Decimal, str]]:
        """Line id → (points, reason), where points are typed."""
        notes = self.notes
        return {pk: (points, notes[pk]) for pk, points in self.points.items() if points is not None}

    def beside(self, sections) -> list[tuple[str, list[LineFields]]]:
        """The sections of a sheet with the fields of this form in their lines."""
        return [(section, [self._fields_of(shown) for shown in lines]) for section, lines in sections]

    def _fields_of(self, shown) -> LineFields:
        points, note = f"points_{shown.line.pk}", f"note_{shown.line.pk}"
        return LineFields(
            shown,
            self[points] if points in self.fields else None,
            self[note] if note in self.fields else None,
        )


def without_fields(sections) -> list[tuple[str, list[LineFields]]]:
    """The sections of a sheet that is only read."""
    return [(section, [LineFields(shown) for shown in lines]) for section, lines in sections]


class SelfScoreForm(LinesForm):
    """The person's own points of the entered lines."""

    remark = forms.CharField(
        label=_("Remark of the person"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"data-wide": True}),
    )  # fmt: skip

    def __init__(self, *args, lines, **kwargs):
        super().__init__(
            *args, lines=own_lines(lines), initial_of=lambda line: line.self_points, with_notes=False,
            empty_waits=False, **kwargs,
        )  # fmt: skip


class EntryForm(LinesForm):
    """The supervisor's points of the lines that are theirs."""

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, lines=lines, initial_of=self._points_of, **kwargs)

    @staticmethod
    def _points_of(line: SheetLine) -> Decimal | None:
        """Bonus and deduction items begin at nothing; the points of an indicator are always somebody's decision."""
        is_extra = line.indicator.kind != LineKind.INDICATOR
        return Decimal(0) if line.given_points is None and is_extra else line.given_points


class ReviewForm(LinesForm):
    """Every line with the points that hold; what is changed needs its reason."""

    remark = forms.CharField(
        label=_("Remark of the review"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"data-wide": True}),
    )  # fmt: skip

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, lines=lines, initial_of=lambda line: line.holds, empty_waits=False, **kwargs)
        for line in self.lines:
            self.fields[f"note_{line.pk}"].initial = line.final_reason

    def fields_of_refusal(self, field: str | None) -> str | None:
        return field.replace("reason_", "note_") if field else None


class AppealForm(forms.Form):
    text = forms.CharField(label=_("What speaks against it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class DecideForm(ReviewForm):
    """The answer to an appeal; accepted, with the points that are right."""

    remark = None
    is_accepted = forms.TypedChoiceField(
        label=_("Decision"), choices=[("", "—"), ("1", _("accepted")), ("0", _("rejected"))],
        coerce=lambda value: value == "1",
    )  # fmt: skip
    answer = forms.CharField(label=_("Answer to the appeal"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class SheetsFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *SheetState.choices])
