"""What single sheets mean beyond their cells: people and their positions, calls, complaints, locked months."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from callback.models import Contact
from commission.choices import RunState
from commission.models import Plan, PlanVersion, Run
from complaints.choices import ComplaintState
from complaints.models import Complaint, Responsibility
from dealer_crm.importing.sheets import REGISTERED
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Staff, Store
from reception.models import RepairOrder, Settlement, Vehicle
from satisfaction.actions import install_questionnaires
from satisfaction.models import Answer, Flag, Response
from tests.factories.reception import MORNING
from tests.importing.workbooks import cell, month_tables, take_in, told, written

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def month(example_month):
    """The example month is in the database; its tables, to be changed and brought again."""
    return month_tables()


# ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_new_people_get_the_roles_of_their_post_and_can_not_sign_in_yet(month):
    leader = Staff.objects.get(work_number="T01")
    assert (leader.roles, leader.has_usable_password(), leader.username) == (["technician"], False, "t01")
    position = leader.positions.get()
    assert (position.post, position.team.name, position.coefficient) == (Post.TEAM_LEADER, "机电一组", Decimal("1.0"))
    assert position.starts_on == date(2023, 6, 1)


def test_a_changed_coefficient_holds_from_the_first_of_the_month_of_the_import(month):
    cell(month, "员工", 11, "提成系数", "0.9")
    for _again in range(2):
        take_in(written(month), at=datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI))
    history = Position.objects.filter(staff__work_number="T02").order_by("starts_on")
    assert list(history.values_list("starts_on", "coefficient")) == [
        (date(2023, 6, 1), Decimal("0.8")),
        (date(2026, 11, 1), Decimal("0.9")),
    ]


def test_who_has_left_can_not_sign_in(month):
    for row, value in zip(month["员工"], ["离职日期", "2026-09-30"] + [None] * 30, strict=False):
        row.append(value)
    take_in(written(month))
    assert list(Staff.objects.filter(is_active=False).values_list("work_number", "left_on")) == [
        ("A01", date(2026, 9, 30))
    ]


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cars_remember_their_last_visit_and_highest_mileage(month):
    orders = RepairOrder.objects.filter(vehicle__plate="沪A00017")
    vehicle = Vehicle.objects.get(plate="沪A00017")
    assert vehicle.last_visit_at == max(orders.values_list("arrived_at", flat=True))
    assert vehicle.mileage == max(orders.values_list("mileage", flat=True))


def test_a_settlement_that_was_reversed_in_the_program_is_not_brought_back(month):
    person = Staff.objects.get(work_number="A01")
    Settlement.objects.filter(order__number="GD81-00001").update(
        reversed_at=MORNING, reversal_reason="付费方错误", reversal_approved_by=person
    )
    RepairOrder.objects.filter(number="GD81-00001").update(settled_at=None)
    assert told(take_in(written(month))) == [("工单", 2, "结算时间")]


def test_a_promise_that_moves_is_kept_beside_the_first(month):
    cell(month, "工单", 2, "承诺交车时间", "2026-08-21 10:00")
    take_in(written(month))
    order = RepairOrder.objects.get(number="GD81-00001")
    assert [promise.promised_at for promise in order.promises.all()] == [
        datetime(2026, 8, 20, 17, 30, tzinfo=SHANGHAI),
        datetime(2026, 8, 21, 10, 0, tzinfo=SHANGHAI),
    ]
    assert order.promised_at == datetime(2026, 8, 21, 10, 0, tzinfo=SHANGHAI)


def test_an_order_can_not_change_its_store(month):
    month["门店"].append(["GD82", "另一家店", None])
    cell(month, "工单", 2, "门店代码", "GD82")
    assert ("工单", 2, "门店代码") in told(take_in(written(month)))


def test_wrong_vins_are_refused_and_doubtful_ones_noticed():
    tables = month_tables()
    for row, vin in zip(tables["车辆"], ["VIN", "LSVAA49J132047371", "LSVAA49J032047371", "KURZ"], strict=False):
        row.append(vin)
    book = take_in(written(tables), dry_run=True)
    assert told(book) == [("车辆", 4, "VIN")]
    assert [(notice.sheet, notice.row, notice.column) for notice in book.notices] == [("车辆", 3, "VIN")]


# ── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def calls(*rows) -> bytes:
    return written({"回访": [["工单号", "回访时间", "回访员工号", "结果", "准时交车", "F01", "F02"], *rows]})


def test_calls_come_with_their_answers_and_bad_ones_are_flagged(month):
    install_questionnaires(by=None, at=MORNING)
    content = calls(
        ["GD81-00001", "2026-08-24 10:00", "A04", "成功", "否", 9, "4"],
        ["GD81-00002", "2026-09-07 10:00", "A04", "无人接听", None, None, None],
    )
    for changes in (True, False):
        book = take_in(content)
        assert (book.problems, book.notices, book.changes_anything) == ([], [], changes)
    assert list(Contact.objects.order_by("at").values_list("order__number", "outcome", "was_on_time")) == [
        ("GD81-00001", "completed", False),
        ("GD81-00002", "no_answer", None),
    ]
    assert sorted(Answer.objects.values_list("question__code", "score")) == [("F01", 9), ("F02", 4)]
    assert (Response.objects.count(), Flag.objects.count()) == (1, 1)
    assert RepairOrder.objects.get(number="GD81-00001").late_by_customer is True
    assert take_in(calls(["GD81-00001", "2026-08-24 10:00", "A04", "成功", "否", 10, "4"])).changes_anything
    assert Answer.objects.get(question__code="F01").score == 10


def test_wrong_calls_are_refused(month):
    install_questionnaires(by=None, at=MORNING)
    content = calls(
        ["GD81-00001", "2026-08-24 10:00", "A04", "成功", "否", 11, None],
        ["GD81-00002", "2026-09-07 10:00", "A04", "占线", None, 9, None],
        ["GD81-00003", "2026-09-01 10:00", "A04", "成功", "是", 9, None],
        ["GD81-00004", "2026-09-24 10:00", "ZZ9", "聊天", "是", 9, None],
    )
    assert told(take_in(content)) == [
        ("回访", 2, "F01"), ("回访", 3, "结果"), ("回访", 4, "回访时间"),
        ("回访", 5, "结果"), ("回访", 5, "回访员工号"),
    ]  # fmt: skip


# ── Complaints ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_complaint_belongs_to_the_store_of_its_order_or_of_who_answers(month):
    complaint = Complaint.objects.get(number="P001")
    assert (complaint.store.code, complaint.state) == ("GD81", ComplaintState.CLOSED)
    assert (complaint.is_verified, complaint.is_satisfied, complaint.verified_at) == (True, True, MORNING)
    assert complaint.reply_due_at - complaint.received_at == timedelta(hours=2)
    assert Responsibility.objects.get(complaint=complaint).staff.work_number == "A01"


def test_a_complaint_that_is_overturned_changes(month):
    cell(month, "投诉", 2, "是否属实", "否")
    later = MORNING + timedelta(days=3)
    take_in(written(month), at=later)
    complaint = Complaint.objects.get(number="P001")
    assert (complaint.is_verified, complaint.verified_at) == (False, later)


# ── Locked months ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_locked_month_counted_is_refused_and_what_is_new_comes_in(month):
    store = Store.objects.get()
    plan = Plan.objects.create(store=store, name="方案")
    version = PlanVersion.objects.create(plan=plan, number=1, starts_period="2020-01", rules={}, created_at=MORNING)
    Run.objects.create(
        store=store,
        period="2026-09",
        plan_version=version,
        state=RunState.LOCKED,
        computed_at=MORNING,
        locked_at=MORNING,
    )
    cell(month, "收款", 4, "金额", 2000)
    cell(month, "工单项目", 9, "数量", 9)
    cell(month, "考核成绩", 2, "成绩", 100)
    cell(month, "月度目标", 2, "目标值", 1)
    cell(month, "辅料领用", 2, "金额", 1)
    cell(month, "工时扣除", 2, "工时", 1)
    cell(month, "工单", 4, "维修类型", "首保")
    month["收款"].append(["R90001", "GD81-00003", "客户", "2026-09-30", 10, 0])
    assert told(take_in(written(month))) == [
        ("工单", 4, "维修类型"),
        ("工单项目", 9, "数量"),
        ("收款", 4, "金额"),
        ("月度目标", 2, "目标值"),
        ("考核成绩", 2, "成绩"),
        ("辅料领用", 2, "金额"),
        ("工时扣除", 2, "工时"),
    ]


# ── Declarations ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sheet", ["门店", "班组", "客户", "车辆", "工单", "工单项目", "收款", "月度目标"])
def test_a_sheet_is_written_out_by_its_declaration_and_taken_in_again_unchanged(month, sheet):
    resource = REGISTERED[sheet]
    rows = month[sheet]
    keys = {row_key(resource, rows, row) for row in rows[1:]}
    exported = resource.export(resource.known_rows(keys))
    content = written({sheet: [exported.headers, *[[plain(value) for value in row] for row in exported]]})
    book = take_in(content)
    assert (book.problems, book.changes_anything) == ([], False)


def row_key(resource, rows, row) -> tuple:
    headers = [resource.fields[name].header for name in resource.key]
    return tuple(row[rows[0].index(header)] if header in rows[0] else None for header in headers)


def plain(value):
    return value if not hasattr(value, "tzinfo") else value.replace(tzinfo=None)
