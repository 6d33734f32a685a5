"""A report as it stands on a page: every cell as text, so that the template only lays it out."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dealer_crm.reporting.report import Column, Kind, Report, Sheet, Told
from dealer_crm.reporting.workbooks import day_of, local

# More rows than anybody reads on a screen; the workbook holds all.
SHOWN_ROWS = 500


@dataclass(frozen=True)
class ShownSheet:
    """`rows` and `total` are lists of (class, text)."""

    title: str
    note: str
    empty: str
    head: list[tuple[str, str]]
    rows: list[list[tuple[str, str]]]
    total: list[tuple[str, str]] | None
    row_count: int

    @property
    def is_cut(self) -> bool:
        return self.row_count > len(self.rows)


def shown_sheets(report: Report) -> list[ShownSheet]:
    """The tables of a report whose rows are held."""
    return [_shown(report, sheet) for sheet in report.sheets]


def _shown(report: Report, sheet: Sheet) -> ShownSheet:
    classes = [
        "num" if column.kind.is_number else "nowrap" if column.kind != Kind.TEXT else "" for column in sheet.columns
    ]
    total = None
    if sheet.has_total and sheet.rows:
        texts = [cell_text(column, value) for column, value in zip(sheet.columns, report.totals_of(sheet), strict=True)]
        texts[0] = texts[0] or sheet.total_label
        total = list(zip(classes, texts, strict=True))
    return ShownSheet(
        title=str(sheet.title),
        note=str(sheet.note),
        empty=str(sheet.empty),
        head=[(style, str(column.title)) for style, column in zip(classes, sheet.columns, strict=True)],
        rows=[
            [
                (style, cell_text(column, value))
                for style, column, value in zip(classes, sheet.columns, row, strict=True)
            ]
            for row in sheet.rows[:SHOWN_ROWS]
        ],
        total=total,
        row_count=len(sheet.rows),
    )


def cell_text(column: Column, value) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if column.kind == Kind.DATETIME and isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if column.kind == Kind.DATE and isinstance(value, date):
        return day_of(value).isoformat()
    if column.kind.is_number and isinstance(value, (int, float, Decimal)):
        return _number_text(value.kind if isinstance(value, Told) else column.kind, value)
    return str(value)


def _number_text(kind: Kind, value) -> str:
    if kind == Kind.PERCENT:
        return f"{value * 100:.1f} %"
    if kind == Kind.INT:
        return f"{value:,.0f}"
    if kind in (Kind.MONEY, Kind.HOURS):
        return f"{value:,.2f}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
