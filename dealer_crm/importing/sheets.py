"""Declaring a sheet of the import workbook.

Every app declares its sheets in `resources.py` as subclasses of `SheetResource`, an import-export `Resource` whose
fields are `Column`s. The declaration serves both ways: import-export writes the sheet out again from it (`export`),
our engine (`examination`) reads it in, set by set instead of row by row. `@register` makes it part of the workbook; the
order of `place` is the order in which sheets are checked and written.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model, Q, QuerySet
from import_export.fields import Field
from import_export.resources import Resource

from dealer_crm.access.permissions import Permission
from dealer_crm.importing.cells import fold_header

REGISTERED: dict[str, "SheetResource"] = {}


class Column(Field):
    """One column of a sheet.

    `header`: as it stands in row 1. `path`: where the value stands in the database, a Django lookup from the row's
    model, which is also what the sheet is exported from. `required`: must be filled in new rows, and the column must
    be there. `refers`: the sheet whose key the value must be; `refers_by` makes that key from (row, book) when it is
    more than the value. `fixed`: can't change once the row is in the database; the text says why or what to do.
    `known_as`: what other programs head such a column with, for the first guess at a stranger's sheet. `seen_by`: the
    permission to read what stands in it; others may bring it, and read `HIDDEN` where it is shown.
    """

    def __init__(
        self,
        header: str,
        widget,
        path: str | None = None,
        *,
        required: bool = False,
        refers: str = "",
        refers_by: Callable | None = None,
        fixed: str = "",
        known_as: Sequence[str] = (),
        seen_by: Permission | None = None,
    ):
        super().__init__(attribute=path, column_name=header, widget=widget)
        self.required, self.refers, self.refers_by, self.fixed = required, refers, refers_by, fixed
        self.known_as, self.seen_by = tuple(known_as), seen_by

    @property
    def header(self) -> str:
        return self.column_name


@dataclass(eq=False)
class Row:
    """One row of a sheet: `values` by column name (blank cells left out), `key` once it is complete.

    `before` holds the database's values when the row is already there, `changes` what differs as (old, new). `pk` is
    the database row, for a new row as soon as it is written.
    """

    sheet: str
    number: int
    values: dict = field(default_factory=dict)
    key: tuple | None = None
    before: dict | None = None
    pk: int | None = None
    changes: dict = field(default_factory=dict)
    is_refused: bool = False

    @property
    def kind(self) -> str:
        if self.is_refused:
            return "refused"
        if self.before is None:
            return "new"
        return "changed" if self.changes else "unchanged"

    def get(self, name: str):
        """What holds after the import: the cell, or what the database has where the cell is blank."""
        value = self.values.get(name)
        if value is None and self.before is not None:
            return self.before.get(name)
        return value

    def given(self, name: str) -> bool:
        return self.values.get(name) is not None


@dataclass(frozen=True)
class Known:
    """A row the database already has, with its values by column name."""

    pk: int
    values: dict

    def get(self, name: str):
        return self.values.get(name)


def in_store(name: str) -> Callable:
    """For `refers_by`: the key (store of the row, value of column `name`), for teams: every store has its own."""

    def key(row: Row, book) -> tuple:
        return row.get("store"), row.values.get(name)

    return key


@dataclass(frozen=True)
class StoreCode:
    """A store as the journal needs it."""

    code: str


class SheetResource(Resource):
    """A sheet. Subclasses give `sheet`, `place`, `key`, the columns and the hooks below."""

    sheet: str = ""
    place: int = 0
    key: Sequence[str] = ()
    # True where a sheet is small (stores, teams, staff): all of it is loaded, so that keys of several parts resolve.
    load_whole = False
    # What rules need of a database row beyond the columns: name → path.
    also: dict[str, str] = {}
    # The column a doubled key is shown at; the last of the key when empty.
    double_column = ""
    # Whether every new row gets a line of its own in the journal.
    records_new = True

    # ── what the database has ────────────────────────────────────────────────────────────────────────────────────────
    def known_rows(self, keys: set[tuple]):
        """The database rows with these keys (all of them with `load_whole`), as a queryset of the sheet's model."""
        raise NotImplementedError

    def load(self, keys: set[tuple], *, lock: bool = False) -> dict[tuple, Known]:
        """Key → row the database has, in one query. With `lock` nobody else changes them until the end."""
        if not keys and not self.load_whole:
            return {}
        rows = self.known_rows(keys)
        if lock:
            rows = rows.order_by("pk").select_for_update(of=("self",), no_key=True)
        names = [name for name, column in self.fields.items() if column.attribute]
        paths = [self.fields[name].attribute for name in names] + list(self.also.values())
        names += self.also
        found = {}
        for pk, *values in rows.values_list("pk", *paths):
            known = dict(zip(names, values, strict=True))
            self.after_load(known)
            found[tuple(known[name] for name in self.key)] = Known(pk, known)
        return found

    def after_load(self, known: dict) -> None:
        """Bring database values into the form cells have (empty text is no value, and the like)."""
        for name, value in known.items():
            if value == "":
                known[name] = None

    def needs(self, known: Iterable[Known]) -> dict[str, set[tuple]]:
        """Keys of other sheets whose rows the rules of this one ask for, as sheet → keys."""
        return {}

    def open_column(self, header: str) -> tuple[str, Column] | None:
        """For a header no column declares: name and column, where a sheet has open-ended columns (factor scores)."""
        return None

    # ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def complete(self, row: Row, book) -> None:
        """Fill in what follows from other rows, before references are checked."""

    def check(self, row: Row, book) -> Iterable[tuple[str, str]]:
        """Problems of one row beyond its single cells, as (column name, sentence). Cells with problems read as None."""
        return ()

    def check_all(self, rows: list[Row], book) -> Iterable[tuple[Row, str, str]]:
        """Problems that need several rows or a query, as (row, column name, sentence)."""
        return ()

    def is_same(self, name: str, before, value) -> bool:
        """Moments are compared as finely as the sheet tells them: 09:10 is what the program has as 09:10:42."""
        if isinstance(before, datetime) and isinstance(value, datetime):
            finest = {"microsecond": 0} if value.second else {"second": 0, "microsecond": 0}
            return before.replace(**finest) == value.replace(**finest)
        return before == value

    def after_comparison(self, rows: list[Row], book) -> None:
        """Last word on the difference, e.g. where a row stands for facts kept elsewhere."""

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def write(self, new: list[Row], changed: list[Row], book) -> None:
        """Write through the app's bulk action; every row of `new` must have its `pk` afterwards."""
        raise NotImplementedError

    def touches(self, rows: list[Row], book) -> Iterable[QuerySet]:
        """Every database row that `write` and `finish` may make, change or take away for these rows, table by table.

        Asked before the writing and again after it; the difference is what undoing the import sets back. Rows that are
        not written yet have no `pk`. What stands nowhere here an undo leaves behind: `tests/importing/test_undo.py`
        compares the whole database.
        """
        yield self.known_rows(set()).model.objects.filter(pk__in=[row.pk for row in rows if row.pk])

    def store_of(self, row: Row, book):
        """The store a row belongs to, for the journal; something with a `code`, or None."""
        code = row.get("store")
        return StoreCode(code) if isinstance(code, str) else None

    def belongs_to(self, row: Row, book):
        """The store whose people may bring the row; None where the sheet judges that itself."""
        return self.store_of(row, book)

    def finish(self, book) -> None:
        """What follows once all sheets are written (settlement amounts need lines and receipts)."""

    # ── import-export ────────────────────────────────────────────────────────────────────────────────────────────────
    def get_queryset(self):
        """What `export()` writes when it is not given a queryset."""
        return self.known_rows(set())

    @property
    def noun(self) -> str:
        """The journal's word for a row: `repair_order` in `repair_order.imported`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.known_rows(set()).model.__name__).lower()

    def columns_by_header(self) -> dict[str, str]:
        return {fold_header(column.header): name for name, column in self.fields.items()}

    def label(self, key: tuple) -> str:
        """A row's key as a person reads it."""
        return " / ".join(str(part) for part in key if part is not None)


def register(resource_class: type[SheetResource]) -> type[SheetResource]:
    """Class decorator: this sheet is part of the import workbook."""
    resource = resource_class()
    known = REGISTERED.get(resource.sheet)
    if known is not None and type(known) is not resource_class:
        raise ValueError(f"sheet declared twice: {resource.sheet}")
    REGISTERED[resource.sheet] = resource
    return resource_class


def registered_sheets() -> list[SheetResource]:
    """All sheets in the order in which they are checked and written."""
    return sorted(REGISTERED.values(), key=lambda resource: resource.place)


# Refusals of floors above: a locked pay month refuses a changed receipt, though reception knows nothing of pay.
# Sheet → functions (rows, book) → (row, column name, sentence).
_OBJECTIONS: dict[str, list[Callable]] = {}


def objects_to(sheet: str):
    """Decorator for a higher app: `function(rows, book)` yields (row, column name, sentence) for rows that may not be
    written as they are. `rows` are the new and the changed rows of the sheet, with `before` and `changes` filled in."""

    def register_objection(function):
        found = _OBJECTIONS.setdefault(sheet, [])
        if function not in found:
            found.append(function)
        return function

    return register_objection


def objections(sheet: str, rows: list[Row], book) -> Iterable[tuple[Row, str, str]]:
    for function in _OBJECTIONS.get(sheet, ()):
        yield from function(rows, book)


@dataclass(frozen=True)
class Consequence:
    """Rows of `model` that the program makes of itself about rows that came in (an owed call about an order).

    `path`: the foreign key to the imported row. `untouched`: which of them nobody has worked on. Undoing an import
    takes untouched ones away with what they are about; any other row that hangs on an imported one stands against it.
    """

    model: type[Model]
    path: str
    untouched: Q = field(default_factory=Q)


_CONSEQUENCES: list[Consequence] = []


def follows(model: type[Model], path: str, untouched: Q | None = None) -> None:
    """Say in an app's `resources.py` that such rows are mere consequences of imported ones."""
    consequence = Consequence(model, path, untouched if untouched is not None else Q())
    if all((known.model, known.path) != (model, path) for known in _CONSEQUENCES):
        _CONSEQUENCES.append(consequence)


def consequences() -> tuple[Consequence, ...]:
    return tuple(_CONSEQUENCES)


# Table → columns the program fills by itself after an import (which owed call a contact belongs to).
_FILLED: dict[str, set[str]] = {}


def fills(model: type[Model], *names: str) -> None:
    """Say in an app's `resources.py` that the program fills these fields of imported rows by itself later; a row is not
    counted as touched for it."""
    columns = {model._meta.get_field(name).column for name in names}
    _FILLED.setdefault(model._meta.db_table, set()).update(columns)


def filled_columns(table: str) -> list[str]:
    return sorted(_FILLED.get(table, ()))


# What floors above have against taking an import back, for instance that a month of pay is locked.
_UNDO_OBJECTIONS: list[Callable] = []


def objects_to_undo(function):
    """Decorator for a higher app: `function(touched, since)` yields sentences. `touched` maps a model to the ids of its
    rows that an undo would take away or set back, `since` is when they came in."""
    if function not in _UNDO_OBJECTIONS:
        _UNDO_OBJECTIONS.append(function)
    return function


def undo_objections(touched: dict[type[Model], list[int]], since: datetime) -> Iterable[str]:
    for function in _UNDO_OBJECTIONS:
        yield from function(touched, since)
