"""manage.py import_workbook, as a person calls it."""

import pytest

from tests.importing.workbooks import MONTHS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


def test_a_month_comes_in_and_comes_in_again(run_manage):
    done = run_manage("import_workbook", str(MONTHS / "2026-09" / "month.xlsx"))
    assert (done.returncode, done.stderr) == (0, "")
    assert " 893 " in done.stdout.splitlines()[-1]
    again = run_manage("import_workbook", str(MONTHS / "2026-09" / "month-messy.xlsx"))
    assert again.returncode == 0


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("unknown-order.xlsx", ("收款", "5", "工单号", "没有这张单")),
        ("missing-column.xlsx", ("工单", "1", "服务顾问工号", "服务顾问工号")),
        ("no-known-sheet.xlsx", ("门店", "工单", "收款", "回访")),
        ("not-a-workbook.xlsx", ("not-a-workbook.xlsx", ".xlsx", "Excel", "Excel")),
    ],
)
def test_a_bad_workbook_ends_in_exit_code_one_with_place_and_reason(run_manage, name, parts):
    done = run_manage("import_workbook", str(MONTHS / "bad" / name))
    assert done.returncode == 1
    line = done.stdout.splitlines()[-1]
    assert [part for part in parts if part not in line] == []


def test_a_file_that_is_not_there_is_said_to_be_not_there(run_manage):
    done = run_manage("import_workbook", "/nowhere/month.xlsx")
    assert (done.returncode, done.stdout) == (1, "")
    assert "/nowhere/month.xlsx" in done.stderr
