"""Workbooks for the tests: the example month as plain tables, changed one cell at a time, written as .xlsx."""

import io
from functools import cache
from pathlib import Path

import openpyxl

from dealer_crm.importing.actions import import_workbook
from dealer_crm.importing.cells import PlainSheet
from dealer_crm.importing.examination import examine
from tests.factories.reception import MORNING

MONTHS = Path(__file__).parent.parent / "months"

Tables = dict[str, list[list]]


@cache
def _month(name: str) -> tuple:
    book = openpyxl.load_workbook(MONTHS / name)
    return tuple((sheet.title, tuple(sheet.iter_rows(values_only=True))) for sheet in book)


def month_tables(name: str = "2026-09/month.xlsx") -> Tables:
    """Sheet → rows (the header first) of an example month, free to be changed."""
    return {title: [list(row) for row in rows] for title, rows in _month(name)}


def written(tables: Tables) -> bytes:
    """The tables as an .xlsx."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell(tables: Tables, sheet: str, row: int, header: str, value) -> Tables:
    """The tables with one cell changed; `row` as Excel counts."""
    rows = tables[sheet]
    rows[row - 1][rows[0].index(header)] = value
    return tables


def take_in(content: bytes, *, by=None, at=MORNING, dry_run=False):
    return import_workbook(content=content, file_name="month.xlsx", by=by, at=at, dry_run=dry_run)


def judged(tables: Tables):
    """The examination of the tables without the way over a file: quick, and writes nothing."""
    sheets = [PlainSheet(title, list(enumerate(rows, start=1))) for title, rows in tables.items()]
    return examine(sheets, by=None, at=MORNING)


def told(book) -> list[tuple[str, int, str]]:
    """Where the problems lie: sheet, row, column."""
    return [(problem.sheet, problem.row, problem.column) for problem in book.problems]
