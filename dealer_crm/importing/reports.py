"""The list of problems of an import, and the blank workbook."""

import io

from dealer_crm.importing.queries import sheet_forms
from dealer_crm.reporting import Column, Kind, Report, Sheet
from dealer_crm.reporting.workbooks import to_xlsx


def problem_list(run) -> Report:
    columns = [
        Column("工作表", width=14), Column("行", Kind.INT), Column("列", width=16), Column("内容", width=30),
        Column("原因", width=80),
    ]  # fmt: skip
    rows = (
        (problem["sheet"], problem["row"] or None, problem["column"], problem["value"], problem["reason"])
        for problem in run.problems
    )
    return Report("导入问题", f"import-{run.pk}-problems", [Sheet("问题", columns, rows)], [("文件", run.file_name)])


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
