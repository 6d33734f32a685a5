"""A stranger's columns made ours: the layout of a source (the factory's DMS), kept as JSON and applied to a file.

A `Layout` holds `Table`s: a sheet of the file, recognised by its header row wherever it stands, feeds one sheet of the
import workbook; one flat list of the factory often feeds several (customer, car and order in one row). What comes out
are plain sheets of ours with the row numbers of the file, which go through the same examination as any workbook.

Source: spec `reception.md`, Living beside the manufacturer's DMS.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from dealer_crm.importing.cells import BrokenCell, PlainSheet, fold_code, fold_header, fold_sign, is_blank, shown
from dealer_crm.importing.choices import DateOrder
from dealer_crm.importing.sheets import REGISTERED, Column, SheetResource
from dealer_crm.importing.widgets import Choice, Code, Day, Moment, Month, YesNo

# Titles, periods and the printer's name stand above the header row; more rows than these none of them has.
HEADER_AMONG = 15
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - days as Excel counts them, no zone
# Rows that sum up or sign a list instead of belonging to it.
_FOOT = re.compile(r"(合计|总计|小计|本页|共\d+|制表|打印|导出|备注[:：])")
_ALIKE = 0.8


@dataclass(frozen=True)
class Origin:
    """Where a column of ours comes from: `header` of theirs (their second column of that name: `name#2`), `constant`
    where the cell is blank or there is no such column, `words`: theirs (folded) → ours, `order` of dates."""

    header: str = ""
    constant: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    order: str = ""


@dataclass(frozen=True)
class Table:
    """`headers`: the folded header row it is recognised by; `sheet`: the name it was first seen under, for people;
    `target`: the sheet of ours; `columns`: column name of ours → its origin."""

    sheet: str
    headers: tuple[str, ...]
    target: str
    columns: Mapping[str, Origin]

    @property
    def resource(self) -> SheetResource:
        return REGISTERED[self.target]


@dataclass(frozen=True)
class Layout:
    tables: tuple[Table, ...] = ()

    def as_json(self) -> dict:
        return {"tables": [asdict(table) for table in self.tables]}

    @classmethod
    def of(cls, kept: dict) -> "Layout":
        """From JSON; sheets this program no longer has are left out."""
        return cls(
            tuple(
                Table(
                    sheet=table["sheet"],
                    headers=tuple(table["headers"]),
                    target=table["target"],
                    columns={name: Origin(**origin) for name, origin in table["columns"].items()},
                )
                for table in kept.get("tables", ())
                if table["target"] in REGISTERED
            )
        )

    def found_in(self, sheets: Iterable[PlainSheet]) -> int:
        """How many of the tables the file has; all must be there for the source to be the file's."""
        seen = {headers for sheet in sheets for _number, headers in _candidates(sheet)}
        return len(self.tables) if self.tables and all(table.headers in seen for table in self.tables) else 0


# ── applying ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Passed:
    """A row of the file that was passed over, and why."""

    sheet: str
    row: int
    value: str
    reason: str


def applied(
    layout: Layout, sheets: list[PlainSheet], *, people: Mapping[str, str] | None = None
) -> tuple[list[PlainSheet], list[Passed]]:
    """The file as sheets of ours, and the rows passed over. `people`: name → work number, where a name is nobody
    else's: the factory's lists name people, not numbers."""
    ours, passed = [], []
    for table in layout.tables:
        for sheet in sheets:
            place = header_place(sheet, table.headers)
            if place is not None:
                made, told = _translated(table, sheet, place, layout, people or {})
                ours.append(made)
                passed += told
                break
    return ours, passed


def _translated(table: Table, sheet: PlainSheet, place: int, layout: Layout, people) -> tuple[PlainSheet, list[Passed]]:
    number, header_cells = sheet.rows[place]
    labels = labels_of(header_cells)
    fields = table.resource.fields
    names = [name for name in table.columns if name in fields]
    readers = [_reader(fields[name], table.columns[name], labels, people) for name in names]
    keys = [names.index(name) for name in table.resource.key if name in names]
    is_shared = sum(other.headers == table.headers for other in layout.tables) > 1
    rows, passed, by_key = [], [], {}
    for row, cells in sheet.rows[place + 1 :]:
        if all(map(is_blank, cells)):
            continue
        first = next(shown(cell) for cell in cells if not is_blank(cell))
        if _FOOT.match(first):
            passed.append(Passed(table.target, row, first, _("This row sums up the list and was passed over.")))
            continue
        made = [read(cells) for read in readers]
        key = tuple(fold_code(shown(made[at])) for at in keys)
        if is_shared and not any(key):
            continue
        if is_shared and key in by_key:
            earlier = by_key[key]
            merged = [new if not is_blank(new) else old for old, new in zip(earlier[1], made, strict=True)]
            if [shown(cell) for cell in merged] != [shown(cell) for cell in earlier[1]]:
                reason = _("%(key)s stands in row %(row)s too, with other content; the last one counts.")
                reason %= {"key": table.resource.label(key), "row": earlier[0]}
                passed.append(Passed(table.target, row, "", reason))
            earlier[1][:] = merged
            continue
        by_key[key] = (row, made)
        rows.append((row, made))
    return PlainSheet(table.target, [(number, [fields[name].header for name in names]), *rows]), passed


def _reader(column: Column, origin: Origin, labels: list[str], people: Mapping[str, str]):
    """cells of a row → the cell of our column."""
    at = labels.index(origin.header) if origin.header in labels else None
    constant = origin.constant or None
    named = people if column.refers == "员工" else {}
    is_day = isinstance(column.widget, (Day, Moment))

    def read(cells):
        cell = cells[at] if at is not None and at < len(cells) else None
        if is_blank(cell):
            return constant
        if isinstance(cell, BrokenCell):
            return cell
        if origin.words and (word := origin.words.get(fold_code(shown(cell)))):
            return word
        if named and isinstance(cell, str) and (work_number := named.get(fold_sign(cell))):
            return work_number
        return ordered_day(cell, origin.order) if is_day and origin.order else cell

    return read


def ordered_day(cell, order: str):
    """A day or moment as the source writes it, read in its order; what does not fit is left for the examination."""
    if isinstance(cell, datetime):
        return cell
    text = shown(cell)
    if order == DateOrder.SERIAL:
        try:
            return (_SERIAL_START + timedelta(days=float(text))).replace(microsecond=0)
        except (ValueError, OverflowError):
            return cell
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if order == DateOrder.DIGITS:
        digits = re.sub(r"\D", "", text)
        parts = [digits[:4], digits[4:6], digits[6:8], digits[8:10], digits[10:12], digits[12:14]]
        numbers = [int(part) for part in parts if part]
        if len(digits) not in (8, 12, 14):
            return cell
    if len(numbers) < 3:
        return cell
    first, second, third, *clock = numbers
    year, month, day = {
        DateOrder.DAY_FIRST: (third, second, first),
        DateOrder.MONTH_FIRST: (third, first, second),
    }.get(order, (first, second, third))
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, *clock[:3])  # noqa: DTZ001 - the store's zone follows
    except ValueError:
        return cell


# ── recognising and guessing ─────────────────────────────────────────────────────────────────────────────────────────
def folded_row(cells: list) -> tuple[str, ...]:
    """A header row for comparison; blank columns at its end don't count."""
    row = ["" if is_blank(cell) else fold_header(shown(cell)) for cell in cells]
    while row and not row[-1]:
        row.pop()
    return tuple(row)


def labels_of(cells: list) -> list[str]:
    """The headers as the layout names them: the second 金额 of a row is 金额#2."""
    counted: dict[str, int] = {}
    labels = []
    for header in folded_row(cells):
        counted[header] = counted.get(header, 0) + 1
        labels.append(header if counted[header] == 1 or not header else f"{header}#{counted[header]}")
    return labels


def header_place(sheet: PlainSheet, headers: tuple[str, ...]) -> int | None:
    """Where in the rows of a sheet that header row stands."""
    for place, (_number, cells) in enumerate(sheet.rows[: HEADER_AMONG * 2]):
        if folded_row(cells) == tuple(headers):
            return place
    return None


def _candidates(sheet: PlainSheet) -> Iterable[tuple[int, tuple[str, ...]]]:
    return [(number, folded_row(cells)) for number, cells in sheet.rows[: HEADER_AMONG * 2]]


def is_ours(sheets: Iterable[PlainSheet]) -> bool:
    """Whether the file is an import workbook as it is: some sheet has a name of ours and a header of ours in row 1."""
    names = {fold_header(name): resource for name, resource in REGISTERED.items()}
    for sheet in sheets:
        resource = names.get(fold_header(sheet.name))
        rows = [cells for _number, cells in sheet.rows if not all(map(is_blank, cells))]
        if resource and (not rows or set(folded_row(rows[0])) & set(resource.columns_by_header())):
            return True
    return False


def guessed_header(sheet: PlainSheet) -> int | None:
    """The place of the row that looks most like headers: most names we know, then most texts."""
    known = {name for resource in REGISTERED.values() for name in _names_of(resource)}
    best, place = (0, 0), None
    for at, (_number, cells) in enumerate(sheet.rows[:HEADER_AMONG]):
        texts = [
            header for cell, header in zip(cells, folded_row(cells), strict=False) if isinstance(cell, str) and header
        ]
        score = (sum(text in known for text in texts), len(set(texts)))
        if len(texts) > 1 and score > best:
            best, place = score, at
    return place


def guessed_targets(headers: list[str], sheet_name: str) -> list[str]:
    """The sheets of ours a list can feed: all of their keys and most of what they require have a column."""
    found = []
    for name, resource in REGISTERED.items():
        guess = guessed_columns(resource, headers, store="")
        required = [column for column, shape in resource.fields.items() if shape.required and shape.refers != "门店"]
        has_keys = all(guess.get(column) and guess[column].header for column in resource.key)
        if fold_header(sheet_name) == fold_header(name) or (
            has_keys
            and sum(bool(guess.get(column) and guess[column].header) for column in required) * 2 > len(required)
        ):
            found.append(name)
    return found


def guessed_columns(resource: SheetResource, headers: list[str], *, store: str) -> dict[str, Origin]:
    """First by the names we know, then by likeness; a store nobody names is the importing one."""
    left, guess = [header for header in headers if header], {}
    for name, column in resource.fields.items():
        for known in _names_of_column(column):
            if known in left:
                guess[name] = Origin(header=known)
                left.remove(known)
                break
    for name, column in resource.fields.items():
        if name in guess:
            continue
        if column.refers == "门店" or (resource.sheet == "门店" and name == "code"):
            guess[name] = Origin(constant=store)
            continue
        likeness = [(_alike(known, header), header) for known in _names_of_column(column) for header in left]
        if likeness and max(likeness)[0] >= _ALIKE:
            guess[name] = Origin(header=max(likeness)[1])
            left.remove(max(likeness)[1])
    return guess


def unknown_words(column: Column, cells: Iterable, *, limit: int = 30) -> list[str]:
    """What a column of choices holds that we have no word for."""
    found: dict[str, None] = {}
    for cell in cells:
        text = shown(cell)
        if is_blank(cell) or text in found:
            continue
        try:
            column.widget.clean(cell)
        except ValueError:
            found[text] = None
            if len(found) >= limit:
                break
    return list(found)


def words_of(column: Column) -> list[str]:
    """The words a column allows; empty where it holds free text, numbers or days."""
    if isinstance(column.widget, YesNo):
        return ["是", "否"]
    return list(column.widget.words) if isinstance(column.widget, Choice) else []


def holds_days(column: Column) -> bool:
    return isinstance(column.widget, (Day, Moment)) and not isinstance(column.widget, Month)


def is_code(column: Column) -> bool:
    return isinstance(column.widget, Code)


def _names_of(resource: SheetResource) -> list[str]:
    return [name for column in resource.fields.values() for name in _names_of_column(column)]


def _names_of_column(column: Column) -> list[str]:
    return [fold_header(name) for name in (column.header, *column.known_as)]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
