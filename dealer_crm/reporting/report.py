"""The shape of a report. Pure Python: whoever builds one need not know what it becomes.

    Report(
        title="提成", file_stem="commission-BJ01-2026-10",
        notes=[("门店", "北京远航店"), ("期间", "2026-10")],
        sheets=[Sheet("汇总", [Column("工号"), Column("姓名"), Column("实发提成", Kind.MONEY, total=True)], rows)],
    )

A row is a sequence of plain values in the order of the columns; None is an empty cell. Every figure is a value; only
the total row holds formulas, with their results. Source: spec `interfaces.md`, report workbooks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds: how it is written, aligned and shown."""

    TEXT = "text"  # always text, also "=1+1" and "007"
    INT = "int"
    MONEY = "money"  # CNY, two places
    HOURS = "hours"  # two places
    NUMBER = "number"  # as many places as it has (rates, coefficients)
    PERCENT = "percent"  # 0–1, shown as 12.3 %
    DATE = "date"
    DATETIME = "datetime"

    @property
    def is_number(self) -> bool:
        return self in (Kind.INT, Kind.MONEY, Kind.HOURS, Kind.NUMBER, Kind.PERCENT)


class Told(Decimal):
    """A figure in a column of figures of several kinds, written as its own `kind`: 97.0 % beside 321,647.20."""

    kind: Kind

    def __new__(cls, value: Decimal, kind: Kind) -> "Told":
        told = super().__new__(cls, value)
        told.kind = kind
        return told


_WIDTHS = {Kind.TEXT: 16, Kind.INT: 9, Kind.MONEY: 14, Kind.HOURS: 10, Kind.NUMBER: 12, Kind.PERCENT: 10,
           Kind.DATE: 12, Kind.DATETIME: 17}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column. `width`: characters (None: by its kind and title). `total`: added up in the total row."""

    title: str
    kind: Kind = Kind.TEXT
    width: int | None = None
    total: bool = False

    @property
    def characters(self) -> int:
        return self.width or max(_WIDTHS[self.kind], 2 * len(str(self.title)) + 2)


class Drawing(StrEnum):
    COLUMNS = "column"
    LINE = "line"
    RADAR = "radar"


@dataclass(frozen=True)
class Chart:
    """A chart below the table of a sheet. `series`: name → a value for each category, None where there is none.

    What it draws is written below the notes of the workbook, so that no sheet gets columns it was not laid down with.
    """

    title: str
    drawing: Drawing
    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence]]
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One table. `rows` may be a generator: it is read once, in order. `total_label`: text at the left of the total
    row, which stands when any column is totalled. `note`: one sentence above the table on the page and in 说明.
    `stamp`: who took the sheet and when, right of the headers and at the foot of every printed page. `charts`: drawn
    below the table, one under the other."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence] = ()
    total_label: str = "合计"
    note: str = ""
    empty: str = ""
    stamp: str = ""
    charts: Sequence[Chart] = ()

    @property
    def has_total(self) -> bool:
        return any(column.total for column in self.columns)


@dataclass(frozen=True)
class Report:
    """A report. `notes`: pairs for the sheet 说明 and the page's head (period, store, plan version, made by, at …)."""

    title: str
    file_stem: str
    sheets: Sequence[Sheet]
    notes: Sequence[tuple[str, object]] = field(default_factory=tuple)

    def held(self) -> "Report":
        """The same with all rows read into lists, so that it can be shown and written."""
        return replace(self, sheets=[replace(sheet, rows=list(sheet.rows)) for sheet in self.sheets])

    def totals_of(self, sheet: Sheet) -> list:
        """The total row of a sheet whose rows are held: sums where the column is totalled, else None."""
        return [
            sum((row[place] or 0 for row in sheet.rows), Decimal(0)) if column.total else None
            for place, column in enumerate(sheet.columns)
        ]


def noted(value) -> str:
    """A note's value as text."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
