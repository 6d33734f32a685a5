"""A report as an .xlsx: written row by row in constant memory, print-ready, text always as text.

Source: spec `interfaces.md` (report workbooks), `measured.md` (spreadsheets).
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter
from django.utils import timezone
from xlsxwriter.utility import xl_col_to_name

from dealer_crm.reporting.report import Chart, Column, Kind, Report, Sheet, Told, noted

_NUMBER_FORMATS = {
    Kind.TEXT: "@",
    Kind.INT: "#,##0",
    Kind.MONEY: "#,##0.00",
    Kind.HOURS: "#,##0.00",
    Kind.NUMBER: "General",
    Kind.PERCENT: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.DATETIME: "yyyy-mm-dd hh:mm",
}
_LONGEST_TEXT = 32_767  # what a cell of Excel holds
_TOLD_EVERY = 1_000
_CHART_LINES = 18  # how many rows of a sheet a chart covers, with the gap below it
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))

NOTES_SHEET = "说明"


def to_xlsx(report: Report, stream: BinaryIO, *, progress: Callable[[int], None] | None = None) -> None:
    """Write the workbook. `progress` is called with the number of rows written so far."""
    # in_memory stays off: finished rows go to a temporary file, so that 100 000 rows cost no more than 100.
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "remove_timezone": True})
    book.set_properties({"title": str(report.title), "comments": ""})
    formats = _Formats(book)
    written, names, charts = 0, set(), []
    for sheet in report.sheets:
        page = book.add_worksheet(_sheet_name(str(sheet.title), names))
        began = written
        written = _write_sheet(page, sheet, report, formats, written, progress)
        charts += [
            (page, written - began + 3 + _CHART_LINES * place, chart) for place, chart in enumerate(sheet.charts)
        ]
    notes = book.add_worksheet(_sheet_name(NOTES_SHEET, names))
    line = _write_notes(notes, report, formats)
    for page, below, chart in charts:
        line = _draw(book, page, below, chart, notes, line + 2, formats)
    book.close()
    if progress:
        progress(written)


class _Formats:
    """The cell formats of a workbook, by kind and by place."""

    def __init__(self, book):
        font = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        header = {**font, "bold": True, "bg_color": "#E9EDF2", "bottom": 1, "text_wrap": True, "align": "center"}
        self.header = book.add_format(header)
        self.body = {kind: book.add_format({**font, "num_format": code}) for kind, code in _NUMBER_FORMATS.items()}
        self.total = {
            kind: book.add_format({**font, "bold": True, "top": 1, "num_format": code})
            for kind, code in _NUMBER_FORMATS.items()
        }
        self.label = book.add_format({**font, "bold": True, "num_format": "@"})
        self.note = book.add_format({**font, "num_format": "@", "text_wrap": True})
        self.note_moment = book.add_format({**font, "num_format": _NUMBER_FORMATS[Kind.DATETIME], "align": "left"})


def _write_sheet(page, sheet: Sheet, report: Report, formats: _Formats, written: int, progress) -> int:
    _set_up_print(page, f"{report.title} · {sheet.title}", sheet.stamp)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.characters)
        page.write_string(0, place, str(column.title), formats.header)
    if sheet.stamp:
        # Right of the headers: row 1 stays the row of headers, so that the sheet can be read in again.
        page.set_column(len(sheet.columns), len(sheet.columns), 2 * len(sheet.stamp))
        page.write_string(0, len(sheet.columns), sheet.stamp, formats.label)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    sums = [Decimal(0)] * len(sheet.columns)
    totalled = [place for place, column in enumerate(sheet.columns) if column.total]
    writers = [_cell_writer(page, place, column, formats.body) for place, column in enumerate(sheet.columns)]
    line = 0
    for line, row in enumerate(sheet.rows, start=1):
        for write, value in zip(writers, row, strict=True):
            if value is not None and value != "":
                write(line, value)
        for place in totalled:
            sums[place] += Decimal(row[place] or 0)
        written += 1
        if progress and not written % _TOLD_EVERY:
            progress(written)
    if line:
        page.autofilter(0, 0, line, len(sheet.columns) - 1)
    if sheet.has_total:
        _write_total(page, line, sheet, sums, formats)
    return written


def _write_total(page, last: int, sheet: Sheet, sums: list[Decimal], formats: _Formats) -> None:
    for place, column in enumerate(sheet.columns):
        style = formats.total[column.kind]
        if column.total:
            letter = xl_col_to_name(place)
            formula = f"=SUM({letter}2:{letter}{max(last, 1) + 1})" if last else "=0"
            page.write_formula(last + 1, place, formula, style, float(sums[place]))
        elif place == 0:
            page.write_string(last + 1, place, sheet.total_label, formats.total[Kind.TEXT])
        else:
            page.write_blank(last + 1, place, None, style)


def _cell_writer(page, place: int, column: Column, styles: Mapping) -> Callable[[int, object], None]:
    """The way a column's cells are written, settled once for the column. What is not of its kind is written as text."""
    style = styles[column.kind]
    write_number, write_string, write_datetime = page.write_number, page.write_string, page.write_datetime

    def text(line: int, value) -> None:
        write_string(line, place, str(value)[:_LONGEST_TEXT], style)

    def number(line: int, value) -> None:
        if isinstance(value, (int, float, Decimal)):
            write_number(line, place, value, styles[value.kind] if isinstance(value, Told) else style)
        else:
            text(line, value)

    def moment(line: int, value) -> None:
        if isinstance(value, datetime):
            write_datetime(line, place, local(value), style)
        else:
            text(line, value)

    def day(line: int, value) -> None:
        if isinstance(value, date):
            write_datetime(line, place, day_of(value), style)
        else:
            text(line, value)

    if column.kind.is_number:
        return number
    return {Kind.DATETIME: moment, Kind.DATE: day}.get(column.kind, text)


def _write_notes(page, report: Report, formats: _Formats) -> int:
    """Write the notes; the line after the last."""
    _set_up_print(page, f"{report.title} · {NOTES_SHEET}")
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 80)
    notes = [("报表", report.title), *report.notes]
    notes += [(sheet.title, sheet.note) for sheet in report.sheets if sheet.note]
    for line, (label, value) in enumerate(notes):
        page.write_string(line, 0, str(label), formats.label)
        if isinstance(value, datetime):
            page.write_datetime(line, 1, local(value), formats.note_moment)
        else:
            page.write_string(line, 1, noted(value), formats.note)
    return len(notes)


def _draw(book, page, below: int, chart: Chart, notes, line: int, formats: _Formats) -> int:
    """Write what a chart draws below the notes, from `line` on, and put the chart under a sheet's table."""
    notes.write_string(line, 0, str(chart.title), formats.label)
    for place, (name, _values) in enumerate(chart.series, start=1):
        notes.write_string(line, place, str(name), formats.label)
    for row, category in enumerate(chart.categories, start=line + 1):
        notes.write_string(row, 0, str(category), formats.note)
        for place, (_name, values) in enumerate(chart.series, start=1):
            if (value := values[row - line - 1]) is not None:
                notes.write_number(row, place, value, formats.body[Kind.NUMBER])
    last = line + len(chart.categories)
    drawn = book.add_chart({"type": chart.drawing.value})
    for place in range(1, len(chart.series) + 1):
        drawn.add_series(
            {
                "name": [notes.name, line, place],
                "categories": [notes.name, line + 1, 0, last, 0],
                "values": [notes.name, line + 1, place, last, place],
            }
        )
    drawn.set_title({"name": str(chart.title), "name_font": {"size": 11}})
    drawn.set_legend({"position": "bottom", "none": len(chart.series) == 1})
    drawn.set_y_axis({"min": chart.least, "max": chart.most, "major_gridlines": {"visible": True}})
    drawn.set_size({"width": 760, "height": 20 * (_CHART_LINES - 2)})
    page.insert_chart(below, 0, drawn)
    return last


def _set_up_print(page, title: str, stamp: str = "") -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    safe = title.replace("&", "&&")[:200]
    page.set_header(f"&L{safe}")
    left = f"&L{stamp.replace('&', '&&')[:200]}" if stamp else ""
    page.set_footer(f"{left}&R&P / &N")


def _sheet_name(title: str, taken: set[str]) -> str:
    """Excel allows 31 characters, some signs not at all, and every name once."""
    base = title.translate(_FORBIDDEN_IN_NAMES)[:31] or "_"
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base[:28]} {number}", number + 1
    taken.add(name.lower())
    return name


def local(moment: datetime) -> datetime:
    """A moment as the house's clock shows it, without zone: what Excel keeps."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def day_of(value: date) -> date:
    return local(value).date() if isinstance(value, datetime) else value
