"""A sheet of a report as CSV: UTF-8 with the mark Excel needs, text that looks like a formula defused."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from dealer_crm.reporting.report import Column, Kind, Sheet
from dealer_crm.reporting.workbooks import day_of, local

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file whose `write` gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def to_csv(sheet: Sheet) -> Iterator[str]:
    """The lines of the file, one after the other, for a streaming answer."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([column.title for column in sheet.columns])
    for row in sheet.rows:
        yield writer.writerow([_text(column, value) for column, value in zip(sheet.columns, row, strict=True)])


def _text(column: Column, value) -> str:
    if value is None:
        return ""
    if column.kind == Kind.DATETIME and isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if column.kind == Kind.DATE and isinstance(value, date):
        return day_of(value).isoformat()
    if column.kind.is_number and isinstance(value, (int, float, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = str(value)
    # A spreadsheet program would run it; the apostrophe says "text" to all of them.
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
