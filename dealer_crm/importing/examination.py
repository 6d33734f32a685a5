"""Examining a workbook: every mistake at once, and the difference to what the database has. Writes nothing.

Steps, set by set: match sheets and headers → read every cell → keys and doubles → load what the database has (one query
per sheet) → fill in, check references and rules → difference → objections of the apps. Source: spec `interfaces.md`
(import workbook), `reception.md` (preview as a difference, all errors at once), `measured.md` (set-based difference).
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from dealer_crm.access.hidden import HIDDEN
from dealer_crm.importing.cells import PlainSheet, fold_header, is_blank, shown
from dealer_crm.importing.sheets import Column, Known, Row, SheetResource, objections, registered_sheets


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where, and why. `row` is Excel's row number, 0 for the whole sheet."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str

    def __str__(self):
        place = [self.sheet, _("row %(row)s") % {"row": self.row} if self.row else "", self.column]
        return f"{' · '.join(part for part in place if part)}: {self.reason}" if any(place) else self.reason

    def as_dict(self) -> dict:
        return asdict(self)


@dataclass
class SheetExamination:
    """One sheet under examination: `columns` maps the position in the row to the column name."""

    resource: SheetResource
    columns: dict[int, str] = field(default_factory=dict)
    open_columns: dict[str, Column] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    by_key: dict[tuple, Row] = field(default_factory=dict)
    known: dict[tuple, Known] = field(default_factory=dict)
    # False when the key can't be read at all; references to it are then not called wrong a second time.
    has_key: bool = True
    in_file: bool = False

    def column(self, name: str) -> Column:
        return self.resource.fields.get(name) or self.open_columns[name]

    def of_kind(self, kind: str) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]

    def counts(self) -> dict[str, int]:
        counts = {"new": 0, "changed": 0, "unchanged": 0, "refused": 0}
        for row in self.rows:
            counts[row.kind] += 1
        return counts


class Examination:
    """What an import would do, and what keeps it from being done ("the book").

    `by`: the importing person (None: a command). `at`: the moment the import counts as. `problems` refuse the whole
    workbook; `notices` don't.
    """

    def __init__(self, *, by, at: datetime, lock: bool = False):
        self.by, self.at, self.lock = by, at, lock
        # The file that is being written: the note of every line it brings into the journal.
        self.file_name = ""
        self.sheets: dict[str, SheetExamination] = {}
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []
        # Room for what a sheet's rules work out once for all rows.
        self.remembered: dict = {}
        for resource in registered_sheets():
            self.sheets[resource.sheet] = SheetExamination(resource)

    # ── what rules ask ───────────────────────────────────────────────────────────────────────────────────────────────
    def row(self, sheet: str, key) -> Row | Known | None:
        """The row of a sheet with this key: from the workbook, else from the database."""
        key = key if isinstance(key, tuple) else (key,)
        found = self.sheets[sheet]
        return found.by_key.get(key) or found.known.get(key)

    def exists(self, sheet: str, key) -> bool:
        return self.row(sheet, key) is not None

    def pk(self, sheet: str, key) -> int | None:
        """The database id of a row; new rows have one as soon as their sheet is written."""
        if key is None or key == (None,):
            return None
        row = self.row(sheet, key)
        return row.pk if row else None

    def remember(self, name, work_out: Callable):
        """`work_out()` once per import."""
        if name not in self.remembered:
            self.remembered[name] = work_out()
        return self.remembered[name]

    def default_store(self) -> str | None:
        """The code of the store that rows without a store of their own belong to: the workbook's (the lowest code when
        it has several), else the importing person's, else the only one there is."""
        stores = self.sheets["门店"]
        in_file = [key[0] for key in stores.by_key]
        if in_file:
            return min(in_file)
        if self.by and self.by.store:
            return self.by.store.code
        return next(iter(stores.known))[0] if len(stores.known) == 1 else None

    # ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────
    def refuse(self, row: Row, name: str, reason: str, value=None) -> None:
        column = self.sheets[row.sheet].column(name)
        if value is None:
            value = column.widget.render(row.get(name))
        row.is_refused = True
        self.problems.append(Problem(row.sheet, row.number, column.header, shown(value), str(reason)))

    def notice(self, row: Row, name: str, reason: str) -> None:
        column = self.sheets[row.sheet].column(name)
        value = shown(column.widget.render(row.values.get(name)))
        self.notices.append(Problem(row.sheet, row.number, column.header, value, str(reason)))

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────
    @property
    def is_clean(self) -> bool:
        return not self.problems

    @property
    def changes_anything(self) -> bool:
        return any(row.kind in ("new", "changed") for sheet in self.sheets.values() for row in sheet.rows)

    def counts(self) -> dict[str, dict[str, int]]:
        """Sheet → counts of new, changed, unchanged and refused rows, for the sheets of the workbook."""
        return {name: sheet.counts() for name, sheet in self.sheets.items() if sheet.in_file}

    def fingerprint(self) -> str:
        """The same for the same difference: what is applied must be what was shown."""
        digest = hashlib.sha256()
        for name, sheet in self.sheets.items():
            for row in sheet.rows:
                if row.kind in ("new", "changed"):
                    told = row.values if row.before is None else row.changes
                    digest.update(repr((name, row.key, row.kind, sorted(told.items()))).encode())
        return digest.hexdigest()


def examine(plain_sheets: list[PlainSheet], *, by, at: datetime, lock: bool = False) -> Examination:
    """Examine a workbook. See `Examination` for what comes back; the database is only read."""
    book = Examination(by=by, at=at, lock=lock)
    _match_sheets(plain_sheets, book)
    _find_doubles(book)
    _load_known(book)
    for sheet in book.sheets.values():
        if sheet.in_file:
            _judge(sheet, book)
    _sort_problems(book)
    return book


# ── sheets, headers, cells ───────────────────────────────────────────────────────────────────────────────────────────
def _match_sheets(plain_sheets: list[PlainSheet], book: Examination) -> None:
    names = {fold_header(name): name for name in book.sheets}
    for plain in plain_sheets:
        name = names.get(fold_header(plain.name))
        rows = [(number, cells) for number, cells in plain.rows if not all(map(is_blank, cells))]
        if name is None:
            if rows:
                book.notices.append(
                    Problem(shown(plain.name), 0, "", "", _("This sheet is not known and was ignored."))
                )
        elif not rows:
            book.notices.append(Problem(name, 0, "", "", _("The sheet is empty.")))
        elif book.sheets[name].in_file:
            book.problems.append(Problem(name, 0, "", "", _("The workbook holds this sheet twice.")))
        else:
            book.sheets[name].in_file = True
            _match_headers(book.sheets[name], rows, book)
    if not any(sheet.in_file for sheet in book.sheets.values()):
        reason = _("The workbook holds none of the known sheets: %(names)s.") % {"names": "、".join(book.sheets)}
        book.problems.append(Problem("", 0, "", "、".join(shown(plain.name) for plain in plain_sheets), reason))


def _match_headers(sheet: SheetExamination, rows: list, book: Examination) -> None:
    resource, name = sheet.resource, sheet.resource.sheet
    (header_row, headers), *rows = rows
    known = resource.columns_by_header()
    found: dict[str, int] = {}
    for position, header in enumerate(headers):
        if is_blank(header):
            continue
        column = known.get(fold_header(header))
        if column is None and (opened := resource.open_column(fold_header(header))):
            column, sheet.open_columns[opened[0]] = opened
        if column is None:
            reason = _("This column is not known and was ignored.")
            book.notices.append(Problem(name, header_row, shown(header), "", reason))
        elif column in found:
            reason = _("The column stands twice in the sheet.")
            book.problems.append(Problem(name, header_row, sheet.column(column).header, shown(header), reason))
        else:
            found[column] = position
    sheet.columns.update({position: column for column, position in found.items()})
    if not found:
        headers = "、".join(field_.header for field_ in resource.fields.values() if field_.required)
        reason = _("The first row holds none of the headers of this sheet: %(headers)s.") % {"headers": headers}
        book.problems.append(Problem(name, header_row, "", "", reason))
        sheet.has_key = False
        return
    missing = [column for column, field_ in resource.fields.items() if field_.required and column not in found]
    for column in missing:
        header = resource.fields[column].header
        book.problems.append(
            Problem(
                name, header_row, header, "", _("The required column “%(header)s” is missing.") % {"header": header}
            )
        )
    sheet.has_key = not any(column in missing for column in resource.key)
    _read_rows(sheet, rows, book)


def _read_rows(sheet: SheetExamination, rows: list, book: Examination) -> None:
    """Read cell by cell, column by column. The same cell content is worked out once per column."""
    name = sheet.resource.sheet
    kept = [(Row(name, number), cells) for number, cells in rows if _says_something(cells, sheet.columns)]
    sheet.rows = [row for row, _cells in kept]
    for position, column in sheet.columns.items():
        field_ = sheet.column(column)
        clean, worked_out = field_.widget.clean, {}
        for row, cells in kept:
            value = cells[position] if position < len(cells) else None
            if value is None:
                continue
            sign = (value.__class__, value)
            answer = worked_out.get(sign)
            if answer is None:
                answer = worked_out[sign] = _read_cell(clean, value)
            result, reason = answer
            if reason:
                row.is_refused = True
                row.values[f"!{column}"] = True  # there was something in the cell: not "missing" as well
                book.problems.append(Problem(name, row.number, field_.header, shown(value), reason))
            elif result is not None and result != "":
                row.values[column] = result


def _read_cell(clean, value) -> tuple[object, str]:
    if is_blank(value):
        return None, ""
    try:
        return clean(value), ""
    except ValueError as error:
        return None, str(error)


def _says_something(cells: list, columns: dict[int, str]) -> bool:
    return any(position < len(cells) and not is_blank(cells[position]) for position in columns)


# ── keys and what the database has ───────────────────────────────────────────────────────────────────────────────────
def _find_doubles(book: Examination) -> None:
    for sheet in book.sheets.values():
        resource = sheet.resource
        optional = {name for name in resource.key if not resource.fields[name].required}
        for row in sheet.rows:
            key = tuple(row.values.get(name) for name in resource.key)
            if any(part is None and name not in optional for name, part in zip(resource.key, key, strict=True)):
                continue
            row.key = key
            earlier = sheet.by_key.setdefault(key, row)
            if earlier is not row:
                row.key = None
                reason = _("%(key)s already stands in row %(row)s.") % {
                    "key": resource.label(key),
                    "row": earlier.number,
                }
                book.refuse(row, resource.double_column or resource.key[-1], reason)


def _load_known(book: Examination) -> None:
    wanted: dict[str, set[tuple]] = defaultdict(set)
    for name, sheet in book.sheets.items():
        wanted[name].update(sheet.by_key)
        for column, field_ in sheet.resource.fields.items():
            if field_.refers and not field_.refers_by:
                wanted[field_.refers].update((row.values[column],) for row in sheet.rows if column in row.values)
    # Downhill sheets last: a sheet may ask for rows of those that stand lower (the order of a line, its car).
    for name, sheet in reversed(book.sheets.items()):
        sheet.known = sheet.resource.load(wanted[name], lock=book.lock and sheet.in_file)
        for other, keys in sheet.resource.needs(sheet.known.values()).items():
            wanted[other].update(keys)
    for sheet in book.sheets.values():
        for key, row in sheet.by_key.items():
            known = sheet.known.get(key)
            if known:
                row.before, row.pk = known.values, known.pk


# ── rules and difference ─────────────────────────────────────────────────────────────────────────────────────────────
def _judge(sheet: SheetExamination, book: Examination) -> None:
    resource = sheet.resource
    for row in sheet.rows:
        resource.complete(row, book)
    _check_required(sheet, book)
    _check_references(sheet, book)
    _check_store(sheet, book)
    for row in sheet.rows:
        for column, reason in resource.check(row, book):
            book.refuse(row, column, reason)
    for row, column, reason in resource.check_all(sheet.rows, book):
        book.refuse(row, column, reason)
    for row in sheet.rows:
        if row.before is not None:
            row.changes = {
                column: (row.before.get(column), value)
                for column, value in row.values.items()
                if not column.startswith("!")
                and column not in resource.key
                and not resource.is_same(column, row.before.get(column), value)
            }
            for column in row.changes:
                if sheet.column(column).fixed:
                    book.refuse(row, column, _fixed_reason(sheet.column(column), row, column))
    resource.after_comparison(sheet.rows, book)
    touched = [row for row in sheet.rows if row.kind in ("new", "changed")]
    for row, column, reason in objections(resource.sheet, touched, book):
        book.refuse(row, column, reason)


def _check_required(sheet: SheetExamination, book: Examination) -> None:
    resource = sheet.resource
    present = set(sheet.columns.values())
    for column, field_ in resource.fields.items():
        if not field_.required or column not in present:
            continue
        for row in sheet.rows:
            if column not in row.values and f"!{column}" not in row.values:
                book.refuse(row, column, _("This cell must be filled in."), value="")


def _check_references(sheet: SheetExamination, book: Examination) -> None:
    for column, field_ in sheet.resource.fields.items():
        if not field_.refers:
            continue
        target = book.sheets[field_.refers]
        if target.in_file and not target.has_key:
            continue
        for row in sheet.rows:
            value = row.values.get(column)
            if value is None:
                continue
            key = field_.refers_by(row, book) if field_.refers_by else (value,)
            if key is None or any(part is None for part in key):
                continue  # what the key depends on is itself in question
            if key not in target.by_key and key not in target.known:
                reason = _("“%(value)s” stands neither in the sheet %(sheet)s nor in the program.")
                book.refuse(row, column, reason % {"value": shown(value), "sheet": field_.refers})


def _check_store(sheet: SheetExamination, book: Examination) -> None:
    """A person imports for their own store; a command and a person with a group role for any."""
    if book.by is None or book.by.sees_all_stores:
        return
    own = book.by.store.code if book.by.store else None
    column = "store" if "store" in sheet.resource.fields else sheet.resource.key[0]
    for row in sheet.rows:
        store = sheet.resource.belongs_to(row, book)
        if store is not None and store.code != own:
            book.refuse(
                row,
                column,
                _("This row belongs to store %(store)s; you import for %(own)s.")
                % {"store": store.code, "own": own or "—"},
            )


def _fixed_reason(field_: Column, row: Row, column: str) -> str:
    # A reason is kept as a sentence for whoever reads it.
    old, new = (HIDDEN if field_.seen_by else shown(field_.widget.render(value)) for value in row.changes[column])
    return _("Can't change from %(old)s to %(new)s: %(why)s") % {"old": old or "—", "new": new, "why": field_.fixed}


def _sort_problems(book: Examination) -> None:
    places = {name: place for place, name in enumerate(book.sheets)}
    for found in (book.problems, book.notices):
        found.sort(key=lambda problem: (places.get(problem.sheet, -1), problem.row))
