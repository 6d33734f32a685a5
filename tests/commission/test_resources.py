"""What a locked month does to a workbook: what it counted stays, what comes late is told of."""

from datetime import date

import pytest

from commission.models import LateChange
from reception.models import Receipt
from tests.commission.test_corrections import worker
from tests.commission.test_runs import locked, people, run, store
from tests.importing.workbooks import cell, month_tables, take_in, told, written

__all__ = ["locked", "people", "run", "store", "worker"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locked")]


def test_the_same_workbook_again_is_still_welcome():
    book = take_in(written(month_tables()))
    assert (book.problems, book.notices, book.changes_anything) == ([], [], False)


@pytest.mark.parametrize(
    ("sheet", "row", "header", "value"),
    [
        ("收款", 4, "金额", 1),
        ("收款", 3, "收款日期", date(2026, 9, 30)),  # from October into the locked month
        ("工单项目", 10, "单价", 1),
        ("工单", 4, "服务顾问工号", "A03"),
        ("月度目标", 2, "目标值", 1),
        ("考核成绩", 2, "成绩", 100),
        ("辅料领用", 2, "金额", 1),
        ("工时扣除", 2, "工时", 9),
    ],
)
def test_what_a_locked_month_counted_is_not_changed(sheet, row, header, value):
    book = take_in(written(cell(month_tables(), sheet, row, header, value)))
    assert told(book) == [(sheet, row, header)]


def test_a_row_of_a_locked_month_that_comes_late_is_kept_told_of_and_noted_at_once(
    store, worker, django_capture_on_commit_callbacks
):
    tables = month_tables()
    number = tables["收款"][3][1]
    tables["收款"] += [
        ["R90001", number, "客户", date(2026, 9, 30), 10, 0],
        ["R90002", number, "客户", date(2026, 10, 2), 10, 0],  # counts in October, which is open
    ]
    tables["辅料领用"] += [["FL901", store.code, "机电一组", date(2026, 9, 29), "砂纸", 20]]
    with django_capture_on_commit_callbacks(execute=True):
        book = take_in(written(tables))
    assert book.problems == []
    assert [str(notice) for notice in book.notices] == [
        f"收款 · 第 {len(tables['收款']) - 1} 行 · 收款编号: 2026-09 的提成已锁定："
        "此行带来的变动将在下一个未锁定月份以更正发放。",
        f"辅料领用 · 第 {len(tables['辅料领用'])} 行 · 领用单号: 2026-09 的提成已锁定："
        "此行带来的变动将在下一个未锁定月份以更正发放。",
    ]
    assert Receipt.objects.filter(number__in=["R90001", "R90002"]).count() == 2
    assert list(LateChange.objects.waiting().values_list("period", "cause")) == [("2026-09", "import")]
