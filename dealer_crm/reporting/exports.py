"""Lists as workbooks: what a list page shows, with its filter, as an .xlsx.

    register_export(
        code="customers",
        title=_("Customers"),
        permission=Permission.CUSTOMER_VIEW,
        rows=rows_asked_for,        # (staff, asked: QueryDict, at) -> queryset, ordered
        columns=[Column("客户编号"), Column("手机"), …],
        cells=cells_of,             # (row, phone) -> sequence; `phone` writes a number as this file may show it
        has_phones=True,
    )

Apps register theirs in `reports.py`. Phones are masked for everybody; in full only for whoever holds `PHONE_EXPORT` and
asks for it. Every file carries who took it and when, on the sheet itself, and is in the journal.
Source: spec `people-and-roles.md` (Privacy).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone, translation

from dealer_crm.access.permissions import Permission
from dealer_crm.reporting.report import Column, Report, Sheet
from dealer_crm.values.phone import masked_phone, national_phone

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"
_CHUNK = 2_000


@dataclass(frozen=True)
class RegisteredExport:
    """A list that can be taken out. `title` names it in the reader's language, `sheet` on the workbook."""

    code: str
    title: str
    sheet: str
    permission: Permission
    rows: Callable
    columns: Sequence[Column]
    cells: Callable
    has_phones: bool = False

    def is_small(self, staff, asked: str, at, most: int) -> bool:
        """Whether the list has at most so many rows, asked without counting them all."""
        return not self.rows(staff, QueryDict(asked), at).order_by().values_list("pk")[most : most + 1]

    def report(self, *, by, asked: str, with_phones: bool, at) -> Report:
        """The workbook; its rows come one after the other as they are written."""
        told = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
        return Report(
            title=self.sheet,
            file_stem=f"{self.code}-{timezone.localtime(at):%Y%m%d-%H%M}",
            notes=[
                ("导出人", str(by)),
                ("导出时间", at),
                ("门店", f"{by.store.code} {by.store.name}" if by.store else "全部门店"),
                *([("电话", "完整号码，仅限本次用途" if with_phones else "已隐去中间四位")] if self.has_phones else []),
                ("筛选条件", asked_in_words(asked) or "无"),
            ],
            sheets=[
                Sheet(
                    self.sheet,
                    self.columns,
                    self._written(by, QueryDict(asked), with_phones, at),
                    stamp=f"导出人 {by} {told}",
                )
            ],
        )

    def _written(self, by, asked: QueryDict, with_phones: bool, at):
        phone = national_phone if with_phones else masked_phone
        for row in self.rows(by, asked, at).iterator(chunk_size=_CHUNK):
            with translation.override(_LANGUAGE):
                cells = self.cells(row, lambda number: phone(number) if number else "")
            yield cells


def asked_in_words(asked: str) -> str:
    """The filter as it stood in the address, without what only turns pages."""
    turning = {"after", "before", "page", "cursor"}
    return "；".join(f"{name}={value}" for name, value in QueryDict(asked).items() if value and name not in turning)


_exports: dict[str, RegisteredExport] = {}


def register_export(**fields) -> RegisteredExport:
    """Add a list; the same code again replaces the former."""
    export = RegisteredExport(**fields)
    _exports[export.code] = export
    return export


def exports() -> list[RegisteredExport]:
    return sorted(_exports.values(), key=lambda export: export.code)


def export_named(code: str) -> RegisteredExport | None:
    return _exports.get(code)
