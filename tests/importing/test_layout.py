"""The factory's file: its columns assigned once, recognised the next time, its rows going the way of every workbook."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dealer_crm.importing import actions
from dealer_crm.importing.cells import PlainSheet
from dealer_crm.importing.choices import DateOrder, RunState
from dealer_crm.importing.layout import (
    Layout,
    Origin,
    Table,
    applied,
    guessed_columns,
    guessed_header,
    guessed_targets,
    is_ours,
    labels_of,
    ordered_day,
)
from dealer_crm.importing.models import ImportRun, ImportSource
from dealer_crm.importing.sheets import REGISTERED
from dealer_crm.values import Refusal
from reception.models import Customer, RepairOrder, Vehicle
from tests.factories import cast
from tests.factories.reception import MORNING
from tests.importing.workbooks import written

HEADERS = ["序号", "委托书号", "车牌", "车架号", "客户代码", "车主", "联系电话", "业务类型", "服务顾问", "开单日期",
           "预计交车时间", "进厂里程", "结算金额"]  # fmt: skip


def factory_list(advisor: str = "林前台", *rows: list, sheet: str = "维修工单查询") -> dict:
    """An export as the factory's system writes it: title and period above, a sum below, one row for each order."""
    body = rows or (
        [1, "RO2610001", "粤A·12345", "LSVAU2180N2183294", "00123", "陈大文", 13812345678, "保养", advisor,
         "2026-10-12 09:10", "2026-10-12 12:00", 32100, "580.00"],
        [2, "RO2610002", "粤A·12345", "LSVAU2180N2183294", "00123", "陈大文", 13812345678, "机电维修", advisor,
         "2026-10-13 09:10", "2026-10-13 17:00", 32150, "1,280.00"],
        [3, "RO2610003", "粤AD67890", None, "00777", "李小明", "013900001111", "保养", advisor,
         "2026-10-13 10:00", "2026-10-13 12:00", 8000, "300.00"],
    )  # fmt: skip
    return {sheet: [["维修工单明细表"], ["查询日期：2026-10-01 至 2026-10-31"], [], HEADERS, *body, ["合计", None, 3]]}


def plain(tables: dict) -> list[PlainSheet]:
    return [PlainSheet(title, list(enumerate(rows, start=1))) for title, rows in tables.items()]


# ── recognising and guessing ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_header_row_is_found_below_titles():
    (sheet,) = plain(factory_list())
    assert sheet.rows[guessed_header(sheet)] == (4, HEADERS)


def test_a_flat_list_feeds_customers_cars_and_orders():
    assert guessed_targets(labels_of(HEADERS), "维修工单查询") == ["客户", "车辆", "工单"]


def test_columns_are_guessed_by_their_names_and_the_store_is_the_importing_one():
    guess = guessed_columns(REGISTERED["工单"], labels_of(HEADERS), store="GD81")
    assert {name: origin.header or f"={origin.constant}" for name, origin in guess.items()} == {
        "number": "委托书号", "vehicle": "车牌", "kind": "业务类型", "advisor": "服务顾问", "arrived_at": "开单日期",
        "promised_at": "预计交车时间", "mileage": "进厂里程", "store": "=GD81",
    }  # fmt: skip


def test_two_columns_of_one_name_are_told_apart():
    assert labels_of(["金额", "数量", "金额 ", None, "★金额"]) == ["金额", "数量", "金额#2", "", "金额#3"]


@pytest.mark.parametrize(
    ("tables", "ours"),
    [
        (factory_list(), False),
        ({"工单": [["工单号"], ["1"]]}, True),
        ({"工单": [["委托书号"], ["1"]]}, False),
        ({"Sheet1": [["工单号"], ["1"]]}, False),
    ],
)
def test_our_own_workbook_needs_no_columns(tables, ours):
    assert is_ours(plain(tables)) is ours


@pytest.mark.parametrize(
    ("cell", "order", "read"),
    [
        ("05/10/2026 14:30", DateOrder.DAY_FIRST, datetime(2026, 10, 5, 14, 30)),
        ("10/05/2026", DateOrder.MONTH_FIRST, datetime(2026, 10, 5)),
        ("26-10-05 8:05:09", DateOrder.SHORT_YEAR, datetime(2026, 10, 5, 8, 5, 9)),
        (202610051430, DateOrder.DIGITS, datetime(2026, 10, 5, 14, 30)),
        ("20261005", DateOrder.DIGITS, datetime(2026, 10, 5)),
        (46300.5, DateOrder.SERIAL, datetime(2026, 10, 5, 12, 0)),
        ("31/31/2026", DateOrder.DAY_FIRST, "31/31/2026"),
        ("gestern", DateOrder.SERIAL, "gestern"),
        (datetime(2026, 10, 5), DateOrder.DAY_FIRST, datetime(2026, 10, 5)),
    ],
)
def test_days_are_read_in_the_order_of_the_source(cell, order, read):
    assert ordered_day(cell, order) == read


# ── applying ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def layout_of(tables: dict, **words) -> Layout:
    (sheet,) = plain(tables)
    place = guessed_header(sheet)
    labels = labels_of(sheet.rows[place][1])
    made = []
    for target in guessed_targets(labels, sheet.name):
        columns = guessed_columns(REGISTERED[target], labels, store="GD81")
        if target == "客户":
            columns["kind"] = Origin(constant="个人")
        if target == "工单":
            columns["kind"] = Origin("业务类型", words={"保养": "常规保养", "机电维修": "普通修理"})
        made.append(Table(sheet.name, tuple(labels), target, columns))
    return Layout(tuple(made))


def test_a_flat_list_becomes_sheets_of_ours_with_the_rows_of_the_file():
    ours, passed = applied(layout_of(factory_list()), plain(factory_list()), people={"林前台": "A001"})
    assert {sheet.name: [number for number, _cells in sheet.rows] for sheet in ours} == {
        "客户": [4, 5, 7], "车辆": [4, 5, 7], "工单": [4, 5, 6, 7],
    }  # fmt: skip
    orders = ours[2]
    of = dict(zip(orders.rows[0][1], orders.rows[1][1], strict=True))
    assert (of["工单号"], of["维修类型"], of["服务顾问工号"], of["门店代码"]) == (
        "RO2610001",
        "常规保养",
        "A001",
        "GD81",
    )
    assert [(each.row, each.value) for each in passed] == [(8, "合计")] * 3


def test_a_customer_of_several_rows_stands_once_and_what_differs_is_told():
    tables = factory_list()
    tables["维修工单查询"][5][6] = 13900002222
    ours, passed = applied(layout_of(tables), plain(tables))
    customers = [dict(zip(ours[0].rows[0][1], cells, strict=True)) for _row, cells in ours[0].rows[1:]]
    assert [one["手机"] for one in customers] == [13900002222, "013900001111"]
    assert [(each.sheet, each.row) for each in passed if not each.value] == [("客户", 6)]


def test_a_layout_survives_its_way_through_json():
    layout = layout_of(factory_list())
    assert Layout.of(layout.as_json()) == layout


def test_a_source_is_its_header_row_wherever_it_stands_and_whatever_the_sheet_is_called():
    layout = layout_of(factory_list())
    moved = {"导出20261101": [["某某汽车"], *factory_list()["维修工单查询"]]}
    assert layout.found_in(plain(moved)) == 3
    other = factory_list()
    other["维修工单查询"][3] = [*HEADERS, "新的一列"]
    assert layout.found_in(plain(other)) == 0


# ── in the browser ───────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def people(db):
    return cast.of_store("GD81", "金标测试店")


@pytest.fixture
def desk(client, people):
    client.force_login(people.manager, "django.contrib.auth.backends.ModelBackend")
    return client


def bring(desk, content: bytes, name: str = "维修工单查询.xlsx") -> ImportRun:
    desk.post(reverse("importing:bring"), {"file": SimpleUploadedFile(name, content)})
    return ImportRun.objects.latest("pk")


def filled_in(desk, run: ImportRun) -> dict:
    """The form of the columns as the browser would send it."""
    form = desk.get(reverse("importing:columns", args=[run.pk])).context["form"]
    sent = {"name": "厂家DMS 工单导出", "do": "save"}
    for part in form.parts:
        sent |= {f"{part.prefix}-row": part.header_row, f"{part.prefix}-seen": part.header_row}
        sent[f"{part.prefix}-to"] = part.targets
        for table in part.forms:
            sent[f"{table.prefix}-seen"] = 1
            sent |= {field.html_name: field.value() or "" for field in table}
    return sent


def fields_of(form, target: str):
    return next(table for part in form.parts for table in part.forms if table.title == target)


def test_the_factorys_list_is_assigned_once_and_recognised_the_next_time(desk, people):
    content = written(factory_list(people.advisor.name))
    run = bring(desk, content)
    assert run.state == RunState.UNMAPPED
    address = reverse("importing:columns", args=[run.pk])
    form = desk.get(address).context["form"]
    words = [field.label for column in fields_of(form, "工单").columns() for field in column.words]
    assert words == ["保养", "机电维修"]

    sent = filled_in(desk, run)
    orders, customers = fields_of(form, "工单").prefix, fields_of(form, "客户").prefix
    sent[f"{customers}-constant_kind"] = "个人"
    for key in [key for key in sent if key.startswith(f"{orders}-word_kind_")]:
        label = fields_of(form, "工单").fields[key.removeprefix(f"{orders}-")].label
        sent[key] = {"保养": "常规保养", "机电维修": "普通修理"}[label]
    assert desk.post(address, sent).url == reverse("importing:run", args=[run.pk])
    run.refresh_from_db()
    assert (run.problems, run.state) == ([], RunState.PREVIEWED)
    desk.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    assert sorted(RepairOrder.objects.values_list("number", "kind", "vehicle__plate")) == [
        ("RO2610001", "maintenance", "粤A12345"),
        ("RO2610002", "repair", "粤A12345"),
        ("RO2610003", "maintenance", "粤AD67890"),
    ]
    assert sorted(Customer.objects.values_list("code", "phones__number")) == [
        ("00123", "+8613812345678"), ("00777", "+8613900001111"),
    ]  # fmt: skip
    assert Vehicle.objects.get(plate="粤A12345").vin == "LSVAU2180N2183294"

    again = bring(desk, written(factory_list(people.advisor.name, sheet="导出20261101")), "导出20261101.xlsx")
    assert again.source.name == "厂家DMS 工单导出"
    assert (again.problems, again.counts["工单"]["unchanged"]) == ([], 3)


def test_a_list_in_gb18030_goes_the_same_way(desk, people):
    lines = [",".join("" if cell is None else f'"{cell}"' for cell in row) for row in factory_list(people.advisor.name)["维修工单查询"]]  # fmt: skip # noqa: E501
    run = bring(desk, "\r\n".join(lines).encode("gb18030"), "维修工单查询.csv")
    assert run.state == RunState.UNMAPPED
    form = desk.get(reverse("importing:columns", args=[run.pk])).context["form"]
    assert [part.targets for part in form.parts] == [["客户", "车辆", "工单"]]
    sample = {column.header: column.sample for column in fields_of(form, "客户").columns()}
    assert sample["客户编号"] == [("00123", ""), ("00777", "")]


def test_what_has_no_column_is_named_all_at_once_and_nothing_is_kept(desk, people):
    run = bring(desk, written(factory_list()))
    sent = filled_in(desk, run)
    for key in [key for key in sent if key.endswith(("from_plate", "from_promised_at"))]:
        sent[key] = ""
    page = desk.post(reverse("importing:columns", args=[run.pk]), sent)
    assert page.status_code == 422
    told = str(page.context["form"].refusal)
    assert all(header in told for header in ("客户类型", "车牌号", "承诺交车时间"))
    assert not ImportSource.objects.exists()


def test_another_header_row_or_another_sheet_of_ours_is_shown_before_it_is_saved(desk, people):
    run = bring(desk, written(factory_list()))
    sent = filled_in(desk, run)
    sent["s0-to"] = [*sent["s0-to"], "收款"]
    page = desk.post(reverse("importing:columns", args=[run.pk]), sent)
    assert [table.title for part in page.context["form"].parts for table in part.forms][-1] == "收款"
    assert not ImportSource.objects.exists()
    sent["s0-row"] = 5
    page = desk.post(reverse("importing:columns", args=[run.pk]), {**sent, "do": "show"})
    assert page.context["form"].parts[0].labels[1] == "RO2610001"


def test_a_source_of_another_store_does_not_exist(desk, people, client):
    run = bring(desk, written(factory_list()))
    layout = layout_of(factory_list())
    source = actions.assign_columns(run=run, name="厂家DMS", layout=layout, by=people.manager, at=MORNING)
    others = cast.of_second_store()
    client.force_login(others.manager, "django.contrib.auth.backends.ModelBackend")
    for name in ("source", "source_remove"):
        assert client.post(reverse(f"importing:{name}", args=[source.pk])).status_code == 404
    assert bring(client, written(factory_list())).source is None


def test_a_source_is_renamed_and_forgotten_and_what_came_by_it_stays(desk, people):
    run = bring(desk, written(factory_list()))
    source = actions.assign_columns(run=run, name="甲", layout=layout_of(factory_list()), by=people.manager, at=MORNING)
    desk.post(reverse("importing:source", args=[source.pk]), {"name": "乙"})
    source.refresh_from_db()
    assert source.name == "乙"
    assert "委托书号" in desk.get(reverse("importing:source", args=[source.pk])).content.decode()
    desk.post(reverse("importing:source_remove", args=[source.pk]))
    run.refresh_from_db()
    assert run.source is None


def test_one_sheet_of_ours_is_fed_once(people):
    run = ImportRun(store=people.store, state=RunState.UNMAPPED, brought_by=people.manager, brought_at=MORNING)
    run.content = b""
    run.save()
    (one, *_rest) = layout_of(factory_list()).tables
    with pytest.raises(Refusal) as refused:
        actions.assign_columns(run=run, name="甲", layout=Layout((one, one)), by=people.manager, at=MORNING)
    assert "客户" in str(refused.value)


def test_refused_rows_come_back_as_a_workbook_and_are_taken_in_once_mended(desk, people):
    rows = [["门店代码", "班组名称", "班组类型"], ["GD81", "机电九组", "机电"], ["GD81", "机电十组", "不知道"]]
    run = bring(desk, written({"班组": rows}), "班组.xlsx")
    assert run.state == RunState.REFUSED
    content = b"".join(desk.get(reverse("importing:refused", args=[run.pk])).streaming_content)
    (sheet, *_notes) = __import__("dealer_crm.importing.opening", fromlist=["open_workbook"]).open_workbook(content)
    assert [cells[:4] for _row, cells in sheet.rows] == [
        ["门店代码", "班组名称", "班组类型", "原行号"], ["GD81", "机电十组", "不知道", 3],
    ]  # fmt: skip
    assert "机电" in sheet.rows[1][1][4]


def test_the_preview_shows_one_outcome_at_a_time(desk, people):
    rows = [["门店代码", "班组名称", "班组类型"], ["GD81", "机电九组", "机电"], ["GD81", "机电一组", "钣喷"]]
    run = bring(desk, written({"班组": rows}), "班组.xlsx")
    address = reverse("importing:run", args=[run.pk])
    for kind, shown in (("", ["changed", "new"]), ("new", ["new"]), ("changed", ["changed"]), ("refused", [])):
        page = desk.get(address, {"show": kind} if kind else {})
        assert [row["kind"] for sheet in page.context["differences"] for row in sheet["rows"]] == shown
