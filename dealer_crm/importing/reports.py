"""The list of problems of an import, its refused rows, and the blank workbook."""

import io
from datetime import datetime

from dealer_crm.importing.cells import PlainSheet, fold_header, is_blank, shown, shown_whole
from dealer_crm.importing.layout import Layout, applied
from dealer_crm.importing.queries import people_by_name, sheet_forms
from dealer_crm.reporting import Column, Kind, Report, Sheet
from dealer_crm.reporting.workbooks import to_xlsx


def problem_list(run, problems: list[dict]) -> Report:
    columns = [
        Column("工作表", width=14), Column("行", Kind.INT), Column("列", width=16), Column("内容", width=30),
        Column("原因", width=80),
    ]  # fmt: skip
    rows = (
        (problem["sheet"], problem["row"] or None, problem["column"], problem["value"], problem["reason"])
        for problem in problems
    )
    return Report("导入问题", f"import-{run.pk}-problems", [Sheet("问题", columns, rows)], [("文件", run.file_name)])


def refused_rows(run, sheets) -> io.BytesIO:
    """The refused rows as they stand in the file, with the row they stood in and everything that is wrong with them.

    What is mended here can be brought as it is: the two further columns are ignored.
    """
    ours = sheets
    if run.source is not None:
        ours, _passed = applied(Layout.of(run.source.layout), sheets, people=people_by_name(run.store))
    reasons: dict[tuple[str, int], list[str]] = {}
    for problem in run.problems:
        if problem["row"]:
            told = f"{problem['column']}：{problem['reason']}" if problem["column"] else problem["reason"]
            reasons.setdefault((fold_header(problem["sheet"]), problem["row"]), []).append(told)
    concerned = {name for name, _row in reasons}
    stream = io.BytesIO()
    to_xlsx(
        Report(
            "被拒绝的行", f"import-{run.pk}-refused",
            [_refused_sheet(sheet, reasons) for sheet in ours if fold_header(sheet.name) in concerned],
            [("文件", run.file_name), ("说明", "改正后可直接再次导入；“原行号”“原因”两列会被忽略。")],
        ),
        stream,
    )  # fmt: skip
    stream.seek(0)
    return stream


def _refused_sheet(sheet: PlainSheet, reasons) -> Sheet:
    (_number, headers), *rows = [row for row in sheet.rows if not all(map(is_blank, row[1]))]
    columns = [Column(shown(header), width=16) for header in headers]
    refused = [
        [*(_told(cell) for cell in (*cells, *[None] * len(headers))[: len(headers)]), number, "；".join(told)]
        for number, cells in rows
        if (told := reasons.get((fold_header(sheet.name), number)))
    ]
    return Sheet(sheet.name, [*columns, Column("原行号", Kind.INT), Column("原因", width=80)], refused)


def _told(cell):
    """A cell as text that reads the same again: codes and phones keep their digits, days their form."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}" if (cell.hour, cell.minute, cell.second) != (0, 0, 0) else f"{cell:%Y-%m-%d}"
    return None if is_blank(cell) else shown_whole(cell)


def blank_workbook() -> io.BytesIO:
    """Every sheet with its headers, and nothing else in them."""
    sheets = [Sheet(form["name"], [Column(header.strip("★?")) for header in form["columns"]]) for form in sheet_forms()]
    stream = io.BytesIO()
    to_xlsx(
        Report("导入工作簿", "import", sheets, [("说明", "带 ★ 的列是关键字，未注明可空的列必填；多余的列会被忽略。")]),
        stream,
    )
    stream.seek(0)
    return stream
