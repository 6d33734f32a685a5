"""Opening an uploaded workbook without trusting it.

What can be judged from outside is judged here (is it an .xlsx, is it encrypted, does it unfold to more than it may);
the file itself is opened in a process of its own with bounds on memory and time (`opening_child`). A .csv has nothing
to unfold and is read here. Whatever the file is, the answer is rows or a `Refusal` a person can read. Source: spec
`measured.md`, spreadsheets.
"""

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from dealer_crm.importing.cells import BrokenCell, PlainSheet
from dealer_crm.values import Refusal

_CHILD = Path(__file__).with_name("opening_child.py")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEET_BOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@dataclass(frozen=True)
class Bounds:
    """How much of a machine one workbook may take. A real one of 100 000 rows unfolds to some 90 MB."""

    file_megabytes: int = 40
    unfolded_megabytes: int = 400
    fold: int = 250
    entries: int = 2000
    memory_megabytes: int = 2048
    seconds: int = 90
    answer_megabytes: int = 400
    lines: int = 200_000
    columns: int = 1_000


class Unreadable(Refusal):
    """The file can't be opened as a workbook; the text says why and what to do."""

    code = "workbook_unreadable"


def open_workbook(content: bytes, *, file_name: str = "", bounds: Bounds = Bounds()) -> list[PlainSheet]:
    """The sheets of an .xlsx in the order of the workbook, cells as plain Python values; a .csv is one sheet, named as
    the file. Raises `Unreadable`."""
    refuse_from_outside(content, bounds, file_name=file_name)
    if is_text_list(file_name):
        return [_text_list(content, Path(file_name).stem, bounds)]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        answer = _ask_child(file.name, bounds)
    try:
        return [_plain_sheet(sheet) for sheet in json.loads(answer)]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(_("The workbook can't be read; open it in Excel and save it again as .xlsx.")) from error


def is_text_list(file_name: str) -> bool:
    return file_name.lower().endswith(".csv")


def refuse_from_outside(content: bytes, bounds: Bounds = Bounds(), *, file_name: str = "") -> None:
    """Refuse what is no .xlsx, is locked with a password, or unfolds to more than a workbook may."""
    if not content:
        raise Unreadable(_("The file is empty."))
    if len(content) > bounds.file_megabytes << 20:
        raise Unreadable(_("The file is larger than %(limit)s MB.") % {"limit": bounds.file_megabytes})
    if is_text_list(file_name):
        _decoded(content)
        return
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            raise Unreadable(_("The workbook is locked with a password; remove the password and try again."))
        raise Unreadable(_("This is an old Excel file (.xls); save it as .xlsx and try again."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive, bounds)
            _refuse_other_office_files(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, KeyError, EOFError, OSError) as error:
        raise Unreadable(_("This is not an Excel workbook (.xlsx), or it is damaged.")) from error
    except Exception as error:  # zlib and lzma raise their own kinds on damaged content
        if isinstance(error, Refusal):
            raise
        raise Unreadable(_("This is not an Excel workbook (.xlsx), or it is damaged.")) from error


def _refuse_bomb(archive: zipfile.ZipFile, bounds: Bounds) -> None:
    entries = archive.infolist()
    unfolded = sum(entry.file_size for entry in entries)
    too_large = Unreadable(_("The workbook unfolds to more than may be imported at once; split it into several."))
    if len(entries) > bounds.entries or unfolded > bounds.unfolded_megabytes << 20:
        raise too_large
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Unreadable(_("The workbook is locked with a password; remove the password and try again."))
        if entry.file_size > 1 << 20 and entry.file_size > bounds.fold * max(entry.compress_size, 1):
            raise too_large


def _refuse_other_office_files(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names or archive.getinfo("[Content_Types].xml").file_size > 1 << 20:
        raise Unreadable(_("This is not an Excel workbook (.xlsx), or it is damaged."))
    if _SHEET_BOOK not in archive.read("[Content_Types].xml"):
        raise Unreadable(
            _("This is another kind of file than .xlsx; save it as “Excel workbook (.xlsx)” and try again.")
        )
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        raise Unreadable(_("This is not an Excel workbook (.xlsx), or it is damaged."))


def _decoded(content: bytes) -> str:
    """The text of a .csv: UTF-8, UTF-16 with its mark, or what Chinese programs write (GB 18030)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("This is not a text list (.csv) in UTF-8 or GB 18030; save it as .xlsx and try again."))


def _text_list(content: bytes, name: str, bounds: Bounds) -> PlainSheet:
    """A .csv as a sheet: every cell text, so that phones and codes keep their zeros."""
    text = _decoded(content)
    top = "\n".join(text.splitlines()[:20])
    # The sign that stands most often in the first lines parts the cells.
    sign = max(",;\t|", key=top.count) if any(top.count(each) for each in ",;\t|") else ","
    rows = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign), start=1):
            if number > bounds.lines or len(cells) > bounds.columns:
                raise Unreadable(_("The workbook unfolds to more than may be imported at once; split it into several."))
            rows.append((number, [_without_text_mark(cell) for cell in cells]))
    except csv.Error as error:
        raise Unreadable(_("The list can't be read: a quotation mark is not closed, or a cell is too long.")) from error
    return PlainSheet(name, rows)


def _without_text_mark(cell: str) -> str | None:
    """`="00123"` is how some programs tell Excel that a cell is text."""
    marked = re.fullmatch(r'="([^"]*)"', cell.strip())
    return (marked[1] if marked else cell) or None


def _ask_child(path: str, bounds: Bounds) -> bytes:
    command = [sys.executable, "-I", str(_CHILD), path, str(bounds.memory_megabytes), str(bounds.seconds)]
    # The answer goes to a file, so that a process that writes without end fills no memory of ours.
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=bounds.seconds + 10,
                check=False,
                close_fds=True,
            )
        except subprocess.TimeoutExpired as error:
            raise Unreadable(_("Reading the workbook takes too long; split it into several.")) from error
        if done.returncode or answer.tell() > bounds.answer_megabytes << 20:
            raise Unreadable(
                _("The workbook can't be read: it is damaged, or larger than it looks. Copy the rows into a new one.")
            )
        answer.seek(0)
        return answer.read()


def _plain_sheet(sheet: dict) -> PlainSheet:
    top, left = sheet["first"]
    padding = [None] * left
    rows = [
        (top + number, padding + [_plain(cell) for cell in row]) for number, row in enumerate(sheet["rows"], start=1)
    ]
    by_number = dict(rows)
    for number, column, text in sheet["broken"]:
        cells = by_number.get(number)
        if cells is None:
            cells = by_number[number] = []
            rows.append((number, cells))
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = BrokenCell(text)
    rows.sort(key=lambda row: row[0])
    return PlainSheet(sheet["name"], rows)


def _plain(cell):
    if cell == "":
        return None
    if isinstance(cell, dict):
        ((kind, text),) = cell.items()
        return _DATED[kind](text)
    return cell


_DATED = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}
