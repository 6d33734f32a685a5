"""One report, three faces: workbook, CSV, page."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl

from dealer_crm.reporting import Column, Kind, Report, Sheet
from dealer_crm.reporting.pages import shown_sheets
from dealer_crm.reporting.text_files import to_csv
from dealer_crm.reporting.workbooks import to_xlsx

COLUMNS = [
    Column("工号"), Column("姓名"), Column("台次", Kind.INT, total=True), Column("金额", Kind.MONEY, total=True),
    Column("工时", Kind.HOURS), Column("比例", Kind.PERCENT), Column("系数", Kind.NUMBER), Column("日期", Kind.DATE),
    Column("时间", Kind.DATETIME),
]  # fmt: skip
ROWS = [
    ["007", "=1+1", 3, Decimal("1234.50"), Decimal("2.50"), Decimal("0.125"), Decimal("0.4000"), date(2026, 10, 5),
     datetime(2026, 10, 5, 1, 30, tzinfo=UTC)],
    ["A01", "@张三", 4, Decimal("-0.05"), None, None, Decimal("1.2"), None, None],
]  # fmt: skip


def report(rows=ROWS) -> Report:
    notes = [("门店", "北京远航店"), ("期间", "2026-10"), ("制表", datetime(2026, 11, 1, 2, 0, tzinfo=UTC))]
    return Report("提成", "commission-BJ01-2026-10", [Sheet("汇总", COLUMNS, rows), Sheet("汇总", COLUMNS[:2])], notes)


def workbook(made: Report) -> openpyxl.Workbook:
    stream = io.BytesIO()
    to_xlsx(made, stream)
    stream.seek(0)
    return openpyxl.load_workbook(stream)


def test_figures_are_numbers_dates_are_dates_and_text_is_text():
    page = workbook(report())["汇总"]
    assert [cell.value for cell in page[1]] == [column.title for column in COLUMNS]
    assert [cell.value for cell in page[2]] == [
        "007", "=1+1", 3, 1234.5, 2.5, 0.125, 0.4, datetime(2026, 10, 5), datetime(2026, 10, 5, 9, 30),
    ]  # fmt: skip
    assert [cell.data_type for cell in page[2]] == ["s", "s", "n", "n", "n", "n", "n", "d", "d"]
    assert [page.cell(2, place).number_format for place in (3, 4, 8)] == ["#,##0", "#,##0.00", "yyyy-mm-dd"]


def test_only_the_total_row_holds_formulas_and_they_carry_their_results():
    made = workbook(report())["汇总"]
    formulas = [(cell.coordinate, cell.value) for row in made.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == [("C4", "=SUM(C2:C3)"), ("D4", "=SUM(D2:D3)")]
    stream = io.BytesIO()
    to_xlsx(report(), stream)
    results = openpyxl.load_workbook(stream, data_only=True)["汇总"]
    assert [results["A4"].value, results["C4"].value, results["D4"].value] == ["合计", 7, 1234.45]


def test_it_prints_on_paper_with_its_header_on_every_page():
    page = workbook(report())["汇总"]
    assert page.freeze_panes == "A2"
    assert page.print_title_rows == "$1:$1"
    assert page.page_setup.orientation == "landscape"
    # One page wide (the default, so it is not written), as many high as it takes.
    assert page.sheet_properties.pageSetUpPr.fitToPage is True
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight, page.page_setup.paperSize) == (None, 0, 9)
    assert page.oddFooter.right.text == "&P / &N"


def test_the_last_sheet_says_what_the_report_is():
    book = workbook(report())
    assert book.sheetnames == ["汇总", "汇总 2", "说明"]
    assert [[cell.value for cell in row] for row in book["说明"].iter_rows()] == [
        ["报表", "提成"],
        ["门店", "北京远航店"],
        ["期间", "2026-10"],
        ["制表", datetime(2026, 11, 1, 10, 0)],
    ]


def test_an_empty_sheet_still_has_header_and_total():
    page = workbook(report([]))["汇总"]
    assert [cell.value for cell in page[2]][:4] == ["合计", None, "=0", "=0"]


def test_rows_may_come_from_a_generator_and_are_counted():
    counted = []
    rows = (["A01", "甲", 1, Decimal(1), None, None, None, None, None] for _number in range(2500))
    to_xlsx(report(rows), io.BytesIO(), progress=counted.append)
    assert counted == [1000, 2000, 2500]


def test_csv_defuses_formulas_and_keeps_zeros():
    assert "".join(to_csv(report().sheets[0])).splitlines() == [
        "\ufeff工号,姓名,台次,金额,工时,比例,系数,日期,时间",
        "007,'=1+1,3,1234.50,2.50,0.125,0.4000,2026-10-05,2026-10-05 09:30",
        "A01,'@张三,4,-0.05,,,1.2,,",
    ]


def test_the_page_shows_every_cell_as_text():
    sheet, empty = shown_sheets(report().held())
    assert [text for _style, text in sheet.rows[0]] == [
        "007", "=1+1", "3", "1,234.50", "2.50", "12.5 %", "0.4", "2026-10-05", "2026-10-05 09:30",
    ]  # fmt: skip
    assert [text for _style, text in sheet.total] == ["合计", "", "7", "1,234.45", "", "", "", "", ""]
    assert (empty.rows, empty.total, empty.is_cut) == ([], None, False)
