"""Whole months as people bring them: workbook → command → workbook, held against the independent script."""

import os
from decimal import Decimal
from io import StringIO

import openpyxl
import pytest
from django.core.management import call_command

from tests.commission import month_workbook, reference
from tests.importing.workbooks import MONTHS

pytestmark = pytest.mark.django_db

# Two in every run; `MONTHS=20-50 pytest …` takes others, with one and with two stores.
SEEDS = os.environ.get("MONTHS", "")
FIRST, LAST = map(int, SEEDS.split("-")) if SEEDS else (0, 0)
ONE, TWO = ("GD81",), ("GD81", "SH02")
CASES = [(seed, stores) for seed in range(FIRST, LAST + 1) for stores in (ONE, TWO)]


def paid_by_workbook(path) -> dict:
    """What the commission workbook says, in the form of the reference."""
    sheets = reference.read_sheets(path)
    people = {
        row["工号"]: {
            "gross": money(row["提成项目合计"]),
            "complaints": money(row["投诉扣罚"]),
            "appraisal": money(row["考核扣罚"]),
            "net": money(row["实发提成"]),
        }
        for row in sheets["汇总"]
        if row["工号"] != "合计"
    }
    teams = {row["班组"]: row for row in sheets["班组"] if row["班组"] != "合计"}
    return {
        "pool": {row["项目"]: Decimal(str(row["数值"])) for row in sheets["业务接待"]},
        "teams": {name: money(row["班组提成"]) for name, row in teams.items()},
        "hours": {name: Decimal(str(row["标准工时"])) for name, row in teams.items() if row["标准工时"] is not None},
        "people": {number: amounts for number, amounts in people.items() if any(amounts.values())},
        "items": {
            number: sum((money(row["金额"]) for row in sheets["项目"] if row["工号"] == number), Decimal(0))
            for number in people
        },
    }


def money(cell) -> Decimal:
    return Decimal(str(cell)).quantize(Decimal("0.01"))


def expected(tables, store, period) -> dict:
    found = reference.compute(tables, store, period)
    keys = ("gross", "complaints", "appraisal", "net")
    people = {number: {key: money(amounts.get(key, 0)) for key in keys} for number, amounts in found["people"].items()}
    return {
        "pool": {name: Decimal(str(value)) for name, value in found["pool"].items()},
        "teams": {name: money(value) for name, value in found["teams"].items()}
        | {"加装组": money(found["installers"]), "配件组": money(found["parts_dept"])},
        "hours": {name: Decimal(value) for name, value in found["hours"].items()},
        "people": {number: amounts for number, amounts in people.items() if any(amounts.values())},
    }


@pytest.mark.parametrize(("seed", "stores"), CASES)
def test_three_months_in_a_row_are_paid_as_the_independent_script_pays_them(seed, stores, tmp_path):
    workbook = month_workbook.write(month_workbook.sheets(seed, stores=stores), tmp_path / "month.xlsx")
    call_command("import_workbook", str(workbook), stdout=StringIO())
    read = reference.read_sheets(workbook)
    for period in month_workbook.PERIODS:
        for store in stores:
            out = tmp_path / f"{store}-{period}.xlsx"
            call_command("run_commission", store=store, period=period, out=out, stdout=StringIO())
            found, wanted = paid_by_workbook(out), expected(read, store, period)
            items = found.pop("items")
            assert {name: found["pool"][name] for name in wanted["pool"]} == wanted["pool"]
            assert {key: found[key] for key in ("teams", "hours", "people")} == {
                key: wanted[key] for key in ("teams", "hours", "people")
            }
            assert {number: items[number] for number in found["people"]} == {
                number: amounts["gross"] for number, amounts in found["people"].items()
            }


def test_a_workbook_again_and_the_month_again_change_nothing(tmp_path):
    workbook = month_workbook.write(month_workbook.sheets(7), tmp_path / "month.xlsx")
    found = []
    for turn in range(2):
        call_command("import_workbook", str(workbook), stdout=StringIO())
        out = tmp_path / f"{turn}.xlsx"
        call_command("run_commission", store="gd81", period="2026-09", out=out, stdout=StringIO())
        sheets = openpyxl.load_workbook(out, read_only=True)
        found.append({name: list(sheets[name].values) for name in sheets.sheetnames if name != "说明"})
    assert found[0] == found[1]


def test_every_row_behind_the_pay_names_its_source_in_chinese(tmp_path):
    workbook = MONTHS / "2026-09" / "month.xlsx"
    call_command("import_workbook", str(workbook), stdout=StringIO())
    out = tmp_path / "commission.xlsx"
    call_command("run_commission", store="GD81", period="2026-09", out=out, stdout=StringIO())
    sheets = reference.read_sheets(out)
    sources = {row["来源"] for name in ("明细", "结转") for row in sheets[name]} - {None}
    assert {source for source in sources if source.isascii()} == set()
    assert {"收款", "工时", "结算", "精品销售"} <= sources
