"""A file to bring, and the columns of a stranger's file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from dealer_crm.importing.cells import PlainSheet, fold_code, shown
from dealer_crm.importing.choices import DateOrder
from dealer_crm.importing.layout import (
    Layout,
    Origin,
    Table,
    folded_row,
    guessed_columns,
    guessed_header,
    guessed_targets,
    header_place,
    holds_days,
    labels_of,
    ordered_day,
    unknown_words,
    words_of,
)
from dealer_crm.importing.models import ImportSource
from dealer_crm.importing.opening import Bounds
from dealer_crm.importing.sheets import REGISTERED, Column, SheetResource, registered_sheets

# Rows of the file shown beside the columns, and values shown for one of them.
SAMPLE_ROWS, SAMPLE_VALUES = 6, 3


class WorkbookForm(forms.Form):
    """One .xlsx or .csv, and where it comes from."""

    file = forms.FileField(
        label=_("Workbook (.xlsx) or list (.csv)"),
        allow_empty_file=False,
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "data-wide": True}),
        help_text=_("Nothing is written before you have seen what would change."),
    )
    source = forms.ModelChoiceField(
        ImportSource.objects.none(),
        label=_("source of the file"),
        required=False,
        empty_label=_("recognise it by its headers"),
        widget=forms.Select(attrs={"data-wide": True}),
    )

    def __init__(self, *args, sources, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources
        if not sources:
            del self.fields["source"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        limit = Bounds().file_megabytes
        if file.size > limit << 20:
            raise forms.ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": limit})
        return file


class SourceForm(forms.Form):
    name = forms.CharField(label=_("name of the source"), max_length=60)


# ── the columns of a stranger's file ─────────────────────────────────────────────────────────────────────────────────
@dataclass
class ColumnShown:
    """One column of ours on the page: its fields, and what the first rows would give."""

    header: str
    is_key: bool
    is_required: bool
    origin: forms.BoundField
    constant: forms.BoundField
    order: forms.BoundField | None
    words: list[forms.BoundField]
    sample: list[tuple[str, str]]


class TableForm(forms.Form):
    """How one sheet of the file feeds one sheet of ours."""

    def __init__(self, *args, resource: SheetResource, sheet: PlainSheet, place: int, table: Table,
                 shows_rows: bool, **kwargs):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.resource, self.sheet, self.place, self.table = resource, sheet, place, table
        self.shows_rows = shows_rows
        self.labels = labels_of(sheet.rows[place][1])
        self.title = resource.sheet
        choices = [("", _("— none —")), *((label, label) for label in self.labels if label)]
        self._words: dict[str, list[tuple[str, str]]] = {}
        for name, column in resource.fields.items():
            origin = table.columns.get(name, Origin())
            self.fields[f"from_{name}"] = forms.ChoiceField(
                label=column.header, choices=choices, required=False, initial=origin.header
            )
            self._add_constant(name, column, origin)
            if holds_days(column):
                self.fields[f"order_{name}"] = forms.ChoiceField(
                    label=_("form of the date"), choices=[("", _("as usual")), *DateOrder.choices], required=False,
                    initial=origin.order,
                )  # fmt: skip
            self._add_words(name, column, origin)

    def _add_constant(self, name: str, column: Column, origin: Origin) -> None:
        words = words_of(column)
        if words:
            field = forms.ChoiceField(
                choices=[("", ""), *((word, word) for word in words)], required=False, initial=origin.constant
            )
        else:
            field = forms.CharField(max_length=60, required=False, initial=origin.constant)
        field.label = _("fixed value")
        self.fields[f"constant_{name}"] = field

    def _add_words(self, name: str, column: Column, origin: Origin) -> None:
        """A choice of our word for every word of theirs we don't know."""
        header = self._value(f"from_{name}", origin.header)
        allowed = words_of(column)
        if not allowed or header not in self.labels:
            return
        at = self.labels.index(header)
        theirs = unknown_words(
            column, (cells[at] for _row, cells in self.sheet.rows[self.place + 1 :] if at < len(cells))
        )
        self._words[name] = [(f"word_{name}_{_sign(word)}", word) for word in theirs]
        for key, word in self._words[name]:
            self.fields[key] = forms.ChoiceField(
                label=word, choices=[("", "?"), *((one, one) for one in allowed)], required=False,
                initial=origin.words.get(fold_code(word), ""),
            )  # fmt: skip

    def _value(self, field: str, initial: str) -> str:
        return self.data.get(self.add_prefix(field), "") if self.is_bound else initial

    def columns(self) -> list[ColumnShown]:
        return [
            ColumnShown(
                header=column.header,
                is_key=name in self.resource.key,
                is_required=column.required,
                origin=self[f"from_{name}"],
                constant=self[f"constant_{name}"],
                order=self[f"order_{name}"] if f"order_{name}" in self.fields else None,
                words=[self[key] for key, _word in self._words.get(name, ())],
                sample=self._sample(name, column),
            )
            for name, column in self.resource.fields.items()
        ]

    def _sample(self, name: str, column: Column) -> list[tuple[str, str]]:
        """The first values of the column, and what is wrong with those that can't be read."""
        header = self._value(f"from_{name}", self.fields[f"from_{name}"].initial)
        if header not in self.labels or not self.shows_rows:
            return []
        at = self.labels.index(header)
        order = self._value(f"order_{name}", self.fields[f"order_{name}"].initial) if holds_days(column) else ""
        found: dict[str, str] = {}
        for _row, cells in self.sheet.rows[self.place + 1 :]:
            cell = cells[at] if at < len(cells) else None
            text = shown(cell)
            if not text or text in found:
                continue
            try:
                column.widget.clean(ordered_day(cell, order) if order else cell)
                found[text] = ""
            except ValueError as error:
                found[text] = "" if name in self._words else str(error)
            if len(found) == SAMPLE_VALUES:
                break
        return list(found.items())

    def as_table(self) -> Table:
        typed = self.cleaned_data
        columns = {}
        for name in self.resource.fields:
            known = self.table.columns.get(name, Origin()).words
            said = {fold_code(word): typed[key] for key, word in self._words.get(name, ()) if typed[key]}
            origin = Origin(
                header=typed[f"from_{name}"],
                constant=typed[f"constant_{name}"].strip(),
                words={**known, **said},
                order=typed.get(f"order_{name}", ""),
            )
            if origin.header or origin.constant:
                columns[name] = origin
        return Table(self.sheet.name, folded_row(self.sheet.rows[self.place][1]), self.resource.sheet, columns)


class SheetPart:
    """One sheet of the file on the page: which row holds the headers, what it feeds, a sample of its rows."""

    def __init__(self, number: int, sheet: PlainSheet, layout: Layout, store: str, posted: Mapping | None,
                 shows_rows: bool):  # fmt: skip
        self.number, self.sheet, self.prefix, self.shows_rows = number, sheet, f"s{number}", shows_rows
        known = {table.target: table for table in layout.tables if header_place(sheet, table.headers) is not None}
        self.place = self._place(known, posted)
        self.labels = labels_of(sheet.rows[self.place][1])
        self.row_field = f"{self.prefix}-row"
        self.header_row = sheet.rows[self.place][0]
        self.is_reread = posted is not None and posted.get(f"{self.prefix}-seen") not in (None, str(self.header_row))
        self.targets = self._targets(known, posted)
        self.forms = [self._form(known, target, store, posted) for target in self.targets]

    def _place(self, known: dict, posted) -> int:
        if posted is not None and (typed := posted.get(f"{self.prefix}-row", "")).isdigit():
            for place, (number, _cells) in enumerate(self.sheet.rows):
                if number == int(typed):
                    return place
        if known:
            return header_place(self.sheet, next(iter(known.values())).headers)
        return guessed_header(self.sheet) or 0

    def _targets(self, known: dict, posted) -> list[str]:
        if posted is not None:
            return [name for name in posted.getlist(f"{self.prefix}-to") if name in REGISTERED]
        return list(known) or guessed_targets(self.labels, self.sheet.name)

    def _form(self, known: dict, target: str, store: str, posted) -> TableForm:
        resource = REGISTERED[target]
        prefix = f"{self.prefix}-{resource.place}"
        table = known.get(target) or Table(
            self.sheet.name, (), target, guessed_columns(resource, self.labels, store=store)
        )
        is_new = posted is None or self.is_reread or f"{prefix}-seen" not in posted
        return TableForm(
            None if is_new else posted,
            prefix=prefix,
            resource=resource,
            sheet=self.sheet,
            place=self.place,
            table=table,
            shows_rows=self.shows_rows,
        )

    @property
    def choices(self) -> list[tuple[str, bool]]:
        return [(resource.sheet, resource.sheet in self.targets) for resource in registered_sheets()]

    @property
    def sample(self) -> list[tuple[int, list[str]]]:
        width = len(self.labels)
        rows = self.sheet.rows[self.place + 1 : self.place + 1 + SAMPLE_ROWS] if self.shows_rows else []
        return [(number, [shown(cell) for cell in cells[:width]]) for number, cells in rows]


class LayoutForm:
    """All sheets of a file with their columns, and the name of the source."""

    def __init__(
        self, sheets: list[PlainSheet], *, layout: Layout, name: str, store: str, posted=None, shows_rows: bool = True
    ):
        filled = [sheet for sheet in sheets if len(sheet.rows) > 1]
        self.parts = [
            SheetPart(number, sheet, layout, store, posted, shows_rows) for number, sheet in enumerate(filled)
        ]
        self.name = SourceForm(posted, initial={"name": name})
        self.is_seen = posted is not None and all(form.is_bound for part in self.parts for form in part.forms)

    def is_valid(self) -> bool:
        """All filled in, and nothing on it that the person has not seen."""
        return (
            self.is_seen and self.name.is_valid() and all(form.is_valid() for part in self.parts for form in part.forms)
        )

    def layout(self) -> Layout:
        return Layout(tuple(form.as_table() for part in self.parts for form in part.forms))


def _sign(word: str) -> str:
    return hashlib.sha256(fold_code(word).encode()).hexdigest()[:10]
