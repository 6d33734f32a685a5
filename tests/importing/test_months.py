"""The example month comes in, clean or as people really type it, and every bad one is refused."""

import random
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from dealer_crm.importing.cells import BrokenCell
from dealer_crm.importing.opening import Unreadable
from dealer_crm.journal.models import Entry
from dealer_crm.organization.models import Store
from reception.choices import OrderState, Payer
from reception.models import Customer, OrderLine, Receipt, RepairOrder, Settlement, SettlementAmount
from tests.importing.content import content
from tests.importing.workbooks import MONTHS, cell, judged, month_tables, take_in, told, written

pytestmark = pytest.mark.django_db

MONTH = MONTHS / "2026-09" / "month.xlsx"
MESSY = MONTHS / "2026-09" / "month-messy.xlsx"


class _Undo(Exception):
    pass


def content_after(workbook: bytes) -> dict:
    """What the database holds after an import that is then undone."""
    found = {}
    try:
        with transaction.atomic():
            book = take_in(workbook)
            assert book.problems == []
            found = content()
            raise _Undo
    except _Undo:
        return found


def test_a_month_comes_in_with_every_row():
    book = take_in(MONTH.read_bytes())
    assert book.problems == []
    assert book.notices == []
    rows = {title: len(rows) - 1 for title, rows in month_tables().items()}
    assert {sheet: counts["new"] for sheet, counts in book.counts().items()} == {
        sheet: rows[sheet] for sheet in book.counts()
    }
    assert len(book.counts()) == len(rows)


def test_the_state_of_an_order_follows_from_its_moments():
    take_in(MONTH.read_bytes())
    states = dict.fromkeys((OrderState.DELIVERED, OrderState.READY, OrderState.OPEN), 0)
    for state in RepairOrder.objects.values_list("state", flat=True):
        states[state] += 1
    assert states == {OrderState.DELIVERED: 127, OrderState.READY: 7, OrderState.OPEN: 6}


def test_an_order_that_came_settled_has_one_live_settlement_with_amounts_by_payer():
    take_in(MONTH.read_bytes())
    assert Settlement.objects.live().count() == 127
    amounts = SettlementAmount.objects.filter(settlement__order__number="GD81-00001").values_list(
        "payer", "amount", "accessory_amount"
    )
    assert list(amounts) == [(Payer.CUSTOMER, Decimal("6829.95"), Decimal("4799.15"))]
    frozen = Settlement.objects.get(order__number="GD81-00001").lines
    assert [line["number"] for line in frozen] == [1, 2, 3, 4, 5, 6]


def test_the_month_as_people_type_it_gives_the_same_content():
    assert content_after(MESSY.read_bytes()) == content_after(MONTH.read_bytes())


def test_the_same_workbook_again_changes_nothing():
    take_in(MONTH.read_bytes())
    before, entries = content(), Entry.objects.count()
    for workbook in (MONTH, MESSY):
        book = take_in(workbook.read_bytes())
        assert not book.changes_anything
    assert content() == before
    assert Entry.objects.count() == entries


def test_a_dry_run_shows_the_same_difference_and_writes_nothing():
    dry = take_in(MONTH.read_bytes(), dry_run=True)
    assert Store.objects.count() == 0
    assert dry.counts() == take_in(MONTH.read_bytes()).counts()


BAD = {
    "bad-date.xlsx": ("工单", 7, "进厂时间"),
    "delivered-before-arrival.xlsx": ("工单", 7, "交车时间"),
    "discount-over-one.xlsx": ("工单项目", 4, "折扣率"),
    "duplicate-order.xlsx": ("工单", 142, "工单号"),
    "missing-column.xlsx": ("工单", 1, "服务顾问工号"),
    "negative-quantity.xlsx": ("工单项目", 7, "数量"),
    "no-known-sheet.xlsx": ("", 0, ""),
    "text-amount.xlsx": ("收款", 4, "金额"),
    "unknown-order.xlsx": ("收款", 5, "工单号"),
    "unknown-staff.xlsx": ("工单", 7, "服务顾问工号"),
    "unknown-type.xlsx": ("工单", 4, "维修类型"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_wrong_thing_is_named_with_sheet_row_and_column_and_nothing_is_written(name):
    book = take_in((MONTHS / "bad" / name).read_bytes())
    assert told(book) == [BAD[name]]
    assert Store.objects.count() == 0


def test_what_is_no_workbook_is_refused():
    with pytest.raises(Unreadable):
        take_in((MONTHS / "bad" / "not-a-workbook.xlsx").read_bytes())


def shuffled(tables: dict, seed: int) -> dict:
    """The same facts with sheets, columns and rows in another order, and numbers, codes and days typed otherwise."""
    luck = random.Random(seed)
    sheets = list(tables.items())
    luck.shuffle(sheets)
    messy = {}
    for title, (header, *rows) in sheets:
        order = list(range(len(header)))
        luck.shuffle(order)
        luck.shuffle(rows)
        lines = [[f" {header[place]}" if luck.random() < 0.2 else header[place] for place in order] + ["备注"]]
        for row in rows:
            if luck.random() < 0.05:
                lines.append([None] * (len(order) + 1))
            lines.append([typed(row[place], header[place], luck) for place in order] + [None])
        messy[title] = lines
    return messy


def typed(value, header: str, luck: random.Random):
    if isinstance(value, datetime):
        if not value.time() or luck.random() < 0.3:
            moment = value.date() if not value.time() and luck.random() < 0.5 else value
            return luck.choice([value, moment, f"{value:%Y-%m-%d %H:%M}", f"{value:%Y/%m/%d %H:%M:%S}"])
        return luck.choice([value, f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"])
    if isinstance(value, (int, float)) and header != "行号":
        return luck.choice([value, str(value), f" {value} ", f"{value:,}", f"\u200b{value}"])
    if isinstance(value, str) and header.endswith(("号", "代码")):
        wide = value.translate({code: code + 0xFEE0 for code in range(ord("0"), ord("z") + 1)})
        return luck.choice([value, value.lower(), f"{value} ", f"\u00a0{value}", wide, f"'{value}"])
    return value


@pytest.mark.parametrize("seed", range(3))
def test_order_and_way_of_typing_do_not_matter(seed):
    assert content_after(written(shuffled(month_tables(), seed))) == content_after(MONTH.read_bytes())


def test_every_mistake_is_told_at_once():
    tables = month_tables()
    cell(tables, "员工", 2, "岗位", "店小二")
    cell(tables, "员工", 3, "入职日期", "2026年2月31日")
    cell(tables, "车辆", 4, "客户编号", "C999")
    cell(tables, "工单", 5, "车牌号", "沪B99999")
    cell(tables, "工单项目", 6, "班组", "夜班")
    cell(tables, "收款", 7, "付费方", "免费")
    cell(tables, "月度目标", 2, "月份", "2026-13")
    cell(tables, "工时扣除", 2, "工时", 0)
    assert told(take_in(written(tables))) == [
        ("员工", 2, "岗位"),
        ("员工", 3, "入职日期"),
        ("车辆", 4, "客户编号"),
        ("工单", 5, "车牌号"),
        ("工单项目", 6, "班组"),
        ("收款", 7, "付费方"),
        ("月度目标", 2, "月份"),
        ("工时扣除", 2, "工时"),
    ]


ONE_CELL = [
    ("工单", 3, "进厂时间", "14:30"),
    ("工单", 3, "进厂时间", "1026-09-05 09:00"),
    ("工单", 3, "进厂时间", "3026-09-05 09:00"),
    ("工单", 3, "进厂时间", 46270),
    ("工单", 3, "进厂时间", None),
    ("工单", 3, "门店代码", "GD82"),
    ("工单", 3, "行驶里程", -5),
    ("工单", 3, "行驶里程", "三万"),
    ("工单", 3, "承诺交车时间", "2026-09-01 09:00"),
    ("工单", 3, "竣工时间", "2026-09-01 09:00"),
    ("工单", 3, "结算时间", "2026-09-05 12:00"),
    ("工单", 28, "原工单号", None),
    ("工单", 28, "原工单号", "GD81-99999"),
    ("工单", 28, "原工单号", "GD81-00027"),
    ("工单项目", 4, "折扣率", -0.1),
    ("工单项目", 4, "折扣率", "八折"),
    ("工单项目", 4, "单价", -1),
    ("工单项目", 4, "单价", "12.345"),
    ("工单项目", 4, "单价", "1,23"),
    ("工单项目", 4, "数量", 0),
    ("工单项目", 4, "付费方", "老板"),
    ("工单项目", 4, "销售工号", "ZZ9"),
    ("工单项目", 4, "行号", 1.5),
    ("工单项目", 4, "类别", None),
    ("工单项目", 7, "加装班组", "不存在"),
    ("工单项目", 6, "加装班组", "加装组"),
    ("收款", 4, "金额", 0),
    ("收款", 4, "金额", BrokenCell("#REF!")),
    ("收款", 4, "金额", BrokenCell("")),
    ("收款", 4, "其中精品金额", 99999),
    ("收款", 4, "收款日期", "2026-09"),
    ("收款", 4, "金额", -1_000_000),
    ("事故定损", 2, "定审金额", -1),
    ("事故定损", 2, "工单号", "GD81-00001"),
    ("客户", 2, "手机", "1.38E+10"),
    ("客户", 2, "手机", "无"),
    ("客户", 2, "手机", None),
    ("客户", 2, "客户类型", "公家"),
    ("月度目标", 2, "指标", "利润"),
    ("月度目标", 2, "目标值", "很多"),
    ("月度目标", 2, "已签认", "也许"),
    ("考核成绩", 2, "成绩", -1),
    ("考核成绩", 2, "工号", "ZZ9"),
    ("投诉", 2, "级别", "天大"),
    ("投诉", 2, "责任人工号", "ZZ9"),
    ("投诉", 2, "是否属实", "不好说"),
    ("辅料领用", 2, "班组", "加装二组"),
    ("辅料领用", 2, "金额", -3),
    ("工时扣除", 2, "原因", None),
    ("员工", 2, "提成系数", "-0.4"),
    ("员工", 2, "转正日期", "2020-01-01"),
    ("员工", 2, "班组", "没有的班组"),
    ("班组", 2, "班组类型", "洗车"),
]


@pytest.mark.parametrize(("sheet", "row", "header", "value"), ONE_CELL)
def test_one_wrong_cell_is_one_problem_at_that_cell(sheet, row, header, value):
    book = judged(cell(month_tables(), sheet, row, header, value))
    assert told(book) == [(sheet, row, header)]
    assert book.problems[0].reason != ""


def test_a_refund_of_what_was_paid_comes_in():
    tables = month_tables()
    tables["收款"].append(["R90001", "GD81-00003", "客户", "2026-09-20", "-100.00", "0"])
    assert take_in(written(tables)).problems == []
    assert Receipt.objects.get(number="R90001").amount == Decimal("-100.00")


def test_percent_and_thousands_and_a_phone_in_scientific_form_are_read_exactly():
    tables = month_tables()
    cell(tables, "工单项目", 4, "折扣率", "5%")
    cell(tables, "工单项目", 4, "单价", "￥1,451.00元")
    cell(tables, "客户", 2, "手机", "1.3800000001E+10")
    assert take_in(written(tables)).problems == []
    line = OrderLine.objects.get(order__number="GD81-00001", number=3)
    assert (line.discount_rate, line.unit_price) == (Decimal("0.05"), Decimal("1451.00"))
    assert Customer.objects.get(code="C001").phones.get().number == "+8613800000001"


def test_headers_twice_and_sheets_twice_are_problems():
    tables = month_tables()
    for row in tables["工单"]:
        row.append(row[2])
    tables["工单 "] = tables["工单"]
    assert told(take_in(written(tables))) == [("工单", 0, ""), ("工单", 1, "车牌号")]


def test_a_title_above_the_headers_is_one_problem_and_not_one_for_every_column():
    tables = month_tables()
    tables["工单"].insert(0, ["2026年9月工单明细"])
    assert told(judged(tables)) == [("工单", 1, "")]


def test_any_subset_of_sheets_comes_in_piece_by_piece():
    tables = month_tables()
    whole = content_after(written(tables))
    for sheets in (["门店", "班组", "员工"], ["客户", "车辆"], ["工单"], ["工单项目"], ["收款", "事故定损"]):
        assert take_in(written({sheet: tables[sheet] for sheet in sheets})).problems == []
    rest = {
        sheet: rows
        for sheet, rows in tables.items()
        if sheet in ("月度目标", "考核成绩", "投诉", "辅料领用", "工时扣除")
    }
    assert take_in(written(rest)).problems == []
    assert content() == whole


def test_changed_rows_change_and_are_told_in_the_journal():
    take_in(written(month_tables()))
    tables = month_tables()
    cell(tables, "客户", 2, "客户名称", "王改名")
    cell(tables, "工单项目", 4, "单价", 500)
    cell(tables, "收款", 2, "收款日期", date(2026, 8, 23))
    entries = Entry.objects.count()
    book = take_in(written(tables))
    changed = {sheet: counts["changed"] for sheet, counts in book.counts().items() if counts["changed"]}
    assert changed == {"客户": 1, "工单项目": 1, "收款": 1}
    assert [entry.changes for entry in Entry.objects.order_by("pk")[entries:]] == [
        {"name": ["客户1", "王改名"]},
        {"unit_price": ["451.00", "500.00"]},
        {"received_on": ["2026-08-22", "2026-08-23"]},
    ]
    amount = SettlementAmount.objects.get(settlement__order__number="GD81-00001", payer=Payer.CUSTOMER)
    assert amount.amount == Decimal("6829.95") + Decimal(49) * 2 * Decimal("0.95")


def test_what_was_settled_in_the_program_is_left_alone():
    take_in(written(month_tables()))
    person = RepairOrder.objects.get(number="GD81-00001").advisor
    Settlement.objects.filter(order__number="GD81-00001").update(settled_by=person)
    tables = cell(month_tables(), "工单项目", 4, "单价", 500)
    cell(tables, "工单", 2, "结算时间", "2026-08-23 10:00")
    cell(tables, "工单", 2, "交车时间", "2026-08-23 11:00")
    assert told(take_in(written(tables))) == [("工单", 2, "结算时间"), ("工单项目", 4, "单价")]


def test_a_blank_cell_wipes_nothing_out():
    take_in(written(month_tables()))
    tables = month_tables()
    for header in ("竣工时间", "结算时间", "交车时间", "行驶里程"):
        cell(tables, "工单", 2, header, None)
    assert not take_in(written(tables)).changes_anything


def test_a_circle_of_originals_is_refused():
    tables = month_tables()
    cell(tables, "工单", 2, "原工单号", "GD81-00002")
    cell(tables, "工单", 3, "原工单号", "GD81-00001")
    assert told(take_in(written(tables))) == [("工单", 2, "原工单号"), ("工单", 3, "原工单号")]
