"""A stranger's file is opened in a process of its own; whatever it is, the answer is rows or a sentence."""

import io
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from dealer_crm.importing.cells import BrokenCell
from dealer_crm.importing.opening import Bounds, Unreadable, open_workbook
from tests.importing.workbooks import MONTHS, written

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEETS}.worksheet+xml"/></Types>'
)
ROOT_RELS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="工单" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def built(sheet_xml: str | bytes, **more) -> bytes:
    """An .xlsx put together by hand around one sheet's XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", more.get("types", TYPES))
        archive.writestr("_rels/.rels", ROOT_RELS)
        archive.writestr("xl/workbook.xml", more.get("book", BOOK))
        archive.writestr("xl/_rels/workbook.xml.rels", BOOK_RELS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
    return stream.getvalue()


def sheet(cells: str) -> str:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    )


def test_rows_keep_their_numbers_in_excel_and_cells_their_kinds():
    book = openpyxl.Workbook()
    book.active.title = "工单"
    book.active["B3"] = "头"
    book.active["C3"] = 12.5
    book.active["B6"] = datetime(2026, 9, 1, 9, 15)
    book.active["C6"] = date(2026, 9, 1)
    book.active["D6"] = True
    stream = io.BytesIO()
    book.save(stream)
    (plain,) = open_workbook(stream.getvalue())
    assert [(number, cells) for number, cells in plain.rows if any(cell is not None for cell in cells)] == [
        (3, [None, "头", 12.5, None]),
        (6, [None, datetime(2026, 9, 1, 9, 15), date(2026, 9, 1), True]),
    ]


def test_cells_of_errors_and_formulas_without_result_are_not_taken_for_empty():
    content = written({"工单": [["金额"], ["=1+1"], ["#REF!"]]})
    (plain,) = open_workbook(content)
    assert plain.rows == [(1, ["金额"]), (2, [BrokenCell("")]), (3, [BrokenCell("#REF!")])]


def test_a_formula_with_its_result_is_the_result():
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"x"</f><v>x</v></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c></row>'
    )
    (plain,) = open_workbook(built(sheet(cells)))
    assert plain.rows == [(1, [2.0, "x", None])]


NO_WORKBOOKS = {
    "empty": b"",
    "text": "随便写点什么".encode(),
    "a zip's beginning": b"PK\x03\x04 this is not a workbook",
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "with password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    "macro workbook": built(sheet(""), types=TYPES.replace("sheet.main+xml", "sheet.macroEnabled.main+xml")),
    "word document": built(
        sheet(""), types=TYPES.replace("spreadsheetml.sheet.main", "wordprocessingml.document.main")
    ),
    "broken book": built(sheet(""), book="<workbook><sheets><sheet"),
    "entities": built(sheet(""), book='<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;&b;</workbook>'),
    "no XML": built(b"\x00\x01\x02" * 100),
}


@pytest.mark.parametrize("kind", NO_WORKBOOKS)
def test_what_is_no_workbook_is_refused_with_a_sentence(kind):
    with pytest.raises(Unreadable) as refused:
        for plain in open_workbook(NO_WORKBOOKS[kind]):
            # A sheet of nonsense may open; it then holds nothing.
            assert plain.rows != []
        raise Unreadable("empty")
    assert str(refused.value) != ""


def test_a_damaged_workbook_is_refused():
    content = bytearray((MONTHS / "2026-09" / "month.xlsx").read_bytes())
    for place in range(2000, len(content) - 4000, 997):
        content[place] ^= 0xFF
    with pytest.raises(Unreadable):
        open_workbook(bytes(content))


def test_a_cut_off_workbook_is_refused():
    content = (MONTHS / "2026-09" / "month.xlsx").read_bytes()
    with pytest.raises(Unreadable):
        open_workbook(content[: len(content) // 2])


def test_a_bomb_is_refused_before_it_is_unfolded():
    bomb = built(sheet("") + " " * (300 << 20))
    assert len(bomb) < 1 << 20
    with pytest.raises(Unreadable):
        open_workbook(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = built(sheet("<!-- -->" + " " * (60 << 20)))
    honest = 60 << 20
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        honest = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = content.replace(struct.pack("<I", honest), struct.pack("<I", 1000))
    assert lying != content
    with pytest.raises(Unreadable):
        open_workbook(lying)


def test_a_sheet_that_claims_a_cell_at_the_far_end_ends_in_a_refusal_not_in_a_crash():
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = built(sheet(far))
    assert len(content) < 2000
    with pytest.raises(Unreadable):
        open_workbook(content, bounds=Bounds(memory_megabytes=1024, seconds=20))


def test_too_many_entries_are_refused():
    stream = io.BytesIO(built(sheet("")))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(3000):
            archive.writestr(f"x/{number}", b"")
    with pytest.raises(Unreadable):
        open_workbook(stream.getvalue())


def test_a_large_honest_workbook_opens():
    rows = [[f"列{number}" for number in range(10)]] + [[number, "文本", 1.5] * 3 + [None] for number in range(5000)]
    (plain,) = open_workbook(written({"工单": rows}))
    assert len(plain.rows) == 5001
