"""manage.py import_workbook, as a person calls it."""

import io

import pytest
from django.core.management import CommandError, call_command

from dealer_crm.organization.models import Store
from tests.importing.workbooks import MONTHS


def called(*arguments) -> tuple[str, list[str]]:
    """What the command ends with, and the lines it printed."""
    out = io.StringIO()
    try:
        call_command("import_workbook", *map(str, arguments), stdout=out, no_color=True)
    except CommandError as error:
        assert error.returncode == 1
        return f"exit 1: {error}", out.getvalue().splitlines()
    return "done", out.getvalue().splitlines()


@pytest.mark.django_db
def test_a_month_comes_in_and_is_counted():
    month = MONTHS / "2026-09" / "month.xlsx"
    end, dry = called(month, "--dry-run")
    assert (end, Store.objects.count()) == ("done", 0)
    end, lines = called(month)
    assert (end, Store.objects.count()) == ("done", 1)
    assert lines[0] == "门店: 新增 1 行，变更 0 行，未变 0 行"
    assert lines[-1] == "已导入: 新增 893 行，变更 0 行，未变 0 行"
    assert dry[-1] == "检查完毕，未写入: 新增 893 行，变更 0 行，未变 0 行"
    assert called(month)[1][-1] == "已导入: 新增 0 行，变更 0 行，未变 893 行"


BAD = {
    "unknown-order.xlsx": "收款 · 第 5 行 · 工单号: “没有这张单”在工作表“工单”和系统中都不存在。",
    "missing-column.xlsx": "工单 · 第 1 行 · 服务顾问工号: 缺少必填列“服务顾问工号”。",
    "delivered-before-arrival.xlsx": "工单 · 第 7 行 · 交车时间: 交车时间不能早于进厂时间。",
    "not-a-workbook.xlsx": "not-a-workbook.xlsx: 这不是 Excel 工作簿（.xlsx），或文件已损坏。",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_a_bad_workbook_is_refused_with_place_and_reason(name):
    end, lines = called(MONTHS / "bad" / name)
    assert end.startswith("exit 1: ")
    assert lines == [BAD[name]]
    assert Store.objects.count() == 0


def test_a_file_that_is_not_there_is_said_to_be_not_there():
    end, lines = called("/nowhere/month.xlsx")
    assert (end.startswith("exit 1: "), "/nowhere/month.xlsx" in end, lines) == (True, True, [])


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_the_exit_code_is_one_and_nothing_is_left_written(run_manage):
    done = run_manage("import_workbook", str(MONTHS / "bad" / "text-amount.xlsx"))
    assert (done.returncode, Store.objects.count()) == (1, 0)
    assert done.stdout.splitlines() == ["收款 · 第 4 行 · 金额: “三百元”不是数字。"]
