"""Phones, plates, VINs and codes are text both ways: no lost zeros, no 1.38E+10. With real files."""

import io

import openpyxl
import pytest

from reception.models import Customer, CustomerPhone, Vehicle
from tests.factories import cast
from tests.importing.workbooks import take_in

pytestmark = pytest.mark.django_db

CUSTOMERS = ["客户编号", "客户名称", "客户类型", "手机"]
CARS = ["车牌号", "VIN", "客户编号"]


@pytest.fixture(autouse=True)
def store():
    return cast.of_store("GD81", "金标测试店").store


def workbook(*customers: list, cars: tuple = (), formats: dict | None = None) -> bytes:
    """As Excel writes it: numbers as numbers, with whatever format the column has."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    for row in (CUSTOMERS, *customers):
        sheet.append(row)
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    more = book.create_sheet("车辆")
    for row in (CARS, *cars):
        more.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("cell", "number_format", "kept"),
    [
        (13812345678, "General", "+8613812345678"),
        (13812345678, "0.00E+00", "+8613812345678"),  # shown as 1.38E+10, but the cell still knows all digits
        (13812345678.0, "#,##0.00", "+8613812345678"),
        ("13812345678", "@", "+8613812345678"),
        ("138 1234 5678", "@", "+8613812345678"),
        ("１３８１２３４５６７８", "@", "+8613812345678"),
        ("'13812345678", "@", "+8613812345678"),
        ("1.3812345678E+10", "@", "+8613812345678"),
        ("0755-82345678", "@", "+8675582345678"),
        (75582345678, "General", "+8675582345678"),  # the zero of the area that Excel took away
    ],
)
def test_a_phone_is_read_with_all_its_digits(cell, number_format, kept):
    book = take_in(workbook(["KH1", "陈大文", "个人", cell], formats={"D2": number_format}))
    assert book.problems == []
    assert CustomerPhone.objects.get().number == kept


@pytest.mark.parametrize(("cell", "hint"), [("1.38E+10", "文本"), ("138****5678", "")])
def test_a_phone_that_has_lost_digits_is_refused_with_what_to_do(cell, hint):
    book = take_in(workbook(["KH1", "陈大文", "个人", cell]))
    (problem,) = book.problems
    assert (problem.column, problem.row) == ("手机", 2)
    assert hint in problem.reason
    assert not Customer.objects.exists()


def test_codes_keep_their_zeros_and_long_ones_that_excel_has_cut_are_refused():
    kept = take_in(workbook(["000123", "陈大文", "个人", "13812345678"], ["０００１２４", "李", "个人", "13812345679"]))
    assert kept.problems == []
    assert sorted(Customer.objects.values_list("code", flat=True)) == ["000123", "000124"]
    cut = take_in(workbook([12345678901234567890, "王", "个人", "13812345670"]))
    assert [(problem.column, "文本" in problem.reason) for problem in cut.problems] == [("客户编号", True)]


def test_plates_and_vins_are_text_whatever_they_look_like():
    book = take_in(
        workbook(
            ["KH1", "陈大文", "个人", "13812345678"],
            cars=(["京A·00123", "lsvau2180n2183294", "KH1"], ["粤ＢＤ12E10", " LFV3A28W8J3612345", "KH1"]),
        )
    )
    assert book.problems == []
    assert sorted(Vehicle.objects.values_list("plate", "vin")) == [
        ("京A00123", "LSVAU2180N2183294"), ("粤BD12E10", "LFV3A28W8J3612345"),
    ]  # fmt: skip


def test_a_vin_of_digits_that_excel_took_for_a_number_is_refused_instead_of_guessed():
    book = take_in(workbook(["KH1", "陈大文", "个人", "13812345678"], cars=(["京A00123", 12345678901234567, "KH1"],)))
    assert [problem.column for problem in book.problems] == ["VIN"]
