"""A store's month brought as a workbook by an administrator, and paid by the store's own payroll, to the fen."""

import json
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.hashers import make_password

from commission.models import Run
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store
from reception.models import RepairOrder
from tests.factories.organization import StaffFactory
from tests.importing.workbooks import cell, month_tables, written
from tests.journeys.desks import PASSWORD

MONTHS = Path(__file__).parent.parent / "months"
MONTH = MONTHS / "2026-09" / "month.xlsx"
EXPECTED = json.loads((MONTHS / "2026-09" / "expected.json").read_text())


def an_administrator() -> Staff:
    return StaffFactory(role=Role.ADMIN, store=None, name="沈平", password=make_password(PASSWORD))


def bring(desk, workbook) -> None:
    desk.go("数据导入")
    desk.page.set_input_files("input[type=file]", str(workbook))
    desk.key("Control+Enter")


def test_a_new_store_s_month_comes_in_and_is_paid(transactional_db, clock, desk_of):
    admin = desk_of(an_administrator())
    bring(admin, MONTH)
    admin.sees("以下是将要变更的内容").photograph("import-difference")
    assert Store.objects.count() == 0
    admin.key("Control+Enter").sees("已导入。").photograph("import-done")
    bring(admin, MONTH)
    admin.sees("无需写入")
    assert RepairOrder.objects.count() == 140

    admin.go("员工").follow("新增员工")
    admin.fill(
        {"工号": "F01", "姓名": "冯丽", "门店": Store.objects.get().name, "岗位": "财务", "入职日期": "2024-03-01"}
    )
    admin.photograph("person-new").press("保存").photograph("person")
    admin.sees("试用期", "财务")
    admin.main.get_by_role("button", name="更多").click()
    admin.press("重置密码", sure=True).sees("登录名").photograph("password")
    password = admin.fact("密码")

    finance = desk_of(Staff.objects.get(work_number="F01"), username=admin.fact("登录名"), password=password)
    # Everything else opens once the administrator's password is replaced by one's own.
    finance.fill({"旧密码": password, "新密码": PASSWORD, "新密码确认": PASSWORD}).press("保存")
    finance.go("提成核算").fill({"月份": "2026-09"}).press("核算")
    finance.sees("194,538.03").photograph("month-run")
    people = finance.main.locator("section.card", has=finance.page.get_by_role("heading", name="人员", exact=True))
    shown = {row[0]: Decimal(row[-1].replace(",", "")) for row in cells(people)}
    assert shown == {number: Decimal(person["net"]) for number, person in EXPECTED["people"].items()}
    assert Run.objects.get().net_total_amount == sum(shown.values())


def cells(card) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in card.locator("tbody tr").all()]


def test_a_bad_workbook_tells_all_its_problems_and_writes_nothing(transactional_db, clock, desk_of, tmp_path):
    tables = month_tables()
    cell(tables, "工单", 3, "进厂时间", "上周三")
    cell(tables, "工单", 5, "服务顾问工号", "A99")
    cell(tables, "工单项目", 7, "折扣率", 1.5)
    cell(tables, "收款", 4, "金额", "壹仟")
    bad = tmp_path / "九月.xlsx"
    bad.write_bytes(written(tables))
    desk = desk_of(an_administrator())
    bring(desk, bad)
    desk.sees("未写入任何数据。", "共 4 处错误").photograph("import-bad")
    problems = desk.main.locator("section.card", has=desk.page.get_by_role("heading", name="问题", exact=True))
    assert [row[:4] for row in cells(problems)] == [
        ["工单", "3", "进厂时间", "上周三"],
        ["工单", "5", "服务顾问工号", "A99"],
        ["工单项目", "7", "折扣率", "1.5"],
        ["收款", "4", "金额", "壹仟"],
    ]
    assert (Store.objects.count(), RepairOrder.objects.count()) == (0, 0)
