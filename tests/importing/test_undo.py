"""Taking the last import back: the whole database is as it was, or nothing happens and one reads why."""

import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from callback.actions import generate_callbacks
from callback.models import CallTask
from commission.actions import install_plan
from commission.models import Run
from dealer_crm.importing import actions
from dealer_crm.importing.choices import RunState
from dealer_crm.importing.models import ImportRun, RowImage
from dealer_crm.journal.models import Entry
from dealer_crm.kpi.actions import count_month
from dealer_crm.kpi.queries import kept_numbers
from dealer_crm.organization.models import Store, Team
from dealer_crm.values import Period, Refusal
from reception.actions import change_customer
from reception.models import Customer, RepairOrder
from tests.factories import cast
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory
from tests.importing.workbooks import cell, month_tables, written

pytestmark = pytest.mark.django_db

# What tells of the import itself, counters that never go back, and kept figures: a copy, with the marks that it is old.
NOT_COMPARED = {
    "importing_importrun", "importing_rowimage", "journal_entry", "reception_numberseries",
    "kpi_fact", "kpi_factmonth", "kpi_touchedmonth",
}  # fmt: skip
SEPTEMBER = Period(2026, 9)
COUNTED = MORNING + timedelta(minutes=30)


@pytest.fixture
def people():
    return cast.of_store("GD81", "金标测试店")


def database() -> dict[str, set]:
    """Table → every row of it, as PostgreSQL writes it out."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.managed and table not in NOT_COMPARED:
                cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
                found[table] = sorted(row for (row,) in cursor.fetchall())
    return found


def imported(people, tables, at=MORNING, by=None) -> ImportRun:
    by = by or people.manager
    run = actions.bring_workbook(
        content=written(tables),
        file_name="month.xlsx",
        store=people.store,
        language="zh-hans",
        by=by,
        at=at,
    )
    actions.go_on(run_id=run.pk, at=at)
    run.refresh_from_db()
    assert run.problems == []
    actions.confirm_run(run=run, fingerprint=run.fingerprint, by=by, at=at)
    actions.go_on(run_id=run.pk, at=at)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    return run


def undone(people, run, reason="导错了文件", at=MORNING + timedelta(hours=1)) -> ImportRun:
    return actions.undo_run(run=run, reason=reason, by=people.manager, at=at)


def differing(before: dict, after: dict) -> list[str]:
    return sorted(table for table in before if before[table] != after[table])


def test_a_whole_month_taken_back_leaves_the_database_as_it_was(people):
    before = database()
    run = imported(people, month_tables())
    assert len(differing(before, database())) > 15
    count_month(store=people.store, period=SEPTEMBER, at=COUNTED)
    assert kept_numbers(people.store, [SEPTEMBER])[SEPTEMBER].whole["output"] > 0
    undone(people, run)
    assert differing(before, database()) == []
    assert kept_numbers(people.store, [SEPTEMBER]) == {}  # they tell of orders that are gone
    run.refresh_from_db()
    assert (run.state, run.undo_reason, run.undone_by) == (RunState.UNDONE, "导错了文件", people.manager)
    assert not RowImage.objects.exists()


def test_figures_kept_since_people_were_imported_are_not_believed_when_they_are_gone(people):
    # No team of theirs is new and nobody has an order: only their positions tell which months they counted in.
    run = imported(people, {"员工": month_tables()["员工"][:12]})
    count_month(store=people.store, period=SEPTEMBER, at=COUNTED)
    undone(people, run)
    assert kept_numbers(people.store, [SEPTEMBER]) == {}


def test_a_new_store_whose_month_was_counted_since_goes_with_what_was_counted(people):
    run = imported(people, {"门店": [["门店代码", "门店名称"], ["GD82", "另一家店"]]}, by=people.group)
    count_month(store=Store.objects.get(code="GD82"), period=SEPTEMBER, at=COUNTED)
    undone(people, run)
    assert not Store.objects.filter(code="GD82").exists()


def test_what_an_import_changed_is_set_back_and_the_import_before_it_stands(people):
    imported(people, month_tables())
    before = database()
    tables = month_tables()
    cell(tables, "客户", 2, "手机", "13900001111")
    cell(tables, "客户", 3, "客户名称", "改了名的客户")
    cell(tables, "月度目标", 2, "目标值", "1234567")
    cell(tables, "工单项目", 2, "单价", "1")
    cell(tables, "工单", 2, "行驶里程", 999999)
    second = imported(people, tables, MORNING + timedelta(minutes=5))
    assert {"reception_customer", "reception_customerphone", "reception_orderline", "reception_vehicle"} <= set(
        differing(before, database())
    )
    undone(people, second)
    assert differing(before, database()) == []


def test_imports_are_taken_back_one_after_the_other_from_the_last(people):
    before = database()
    first = imported(people, month_tables())
    second = imported(people, cell(month_tables(), "客户", 3, "客户名称", "改名"), MORNING + timedelta(minutes=5))
    with pytest.raises(Refusal, match=r"month\.xlsx"):
        undone(people, first)
    undone(people, second)
    undone(people, first)
    assert differing(before, database()) == []


def test_every_line_of_the_journal_gets_its_counterpart(people):
    imported(people, month_tables())
    start = Entry.objects.latest("pk").pk
    second = imported(people, cell(month_tables(), "客户", 3, "客户名称", "改名"), MORNING + timedelta(minutes=5))
    undone(people, second)
    told = Entry.objects.filter(pk__gt=start, subject_type="reception.customer").order_by("pk")
    assert [(line.verb, line.note) for line in told] == [
        ("customer.changed_by_import", "month.xlsx"), ("customer.import_undone", "导错了文件"),
    ]  # fmt: skip
    (old, new) = told[0].changes["name"]
    assert told[1].changes["name"] == [new, old]
    assert Entry.objects.filter(verb="import.undone", note="导错了文件").count() == 1


def test_a_row_somebody_changed_since_keeps_the_whole_import(people):
    run = imported(people, month_tables())
    customer = Customer.objects.order_by("pk").first()
    later = MORNING + timedelta(minutes=30)
    change_customer(customer=customer, address="新地址", by=people.crc, at=later)
    before = database()
    with pytest.raises(Refusal) as refused:
        undone(people, run)
    assert refused.value.code == "touched"
    assert customer.name in str(refused.value)
    assert people.crc.name in str(refused.value)
    assert differing(before, database()) == []


def test_a_row_somebody_built_upon_keeps_the_whole_import(people):
    run = imported(people, month_tables())
    order = RepairOrder.objects.order_by("pk").first()
    RepairOrderFactory(vehicle=order.vehicle, customer=order.customer, store=people.store)
    with pytest.raises(Refusal) as refused:
        undone(people, run)
    assert refused.value.code in ("built_upon", "touched")
    assert RepairOrder.objects.filter(pk=order.pk).exists()


def test_calls_owed_of_themselves_go_with_their_orders_unless_an_agent_has_taken_one(people):
    generate_callbacks(at=MORNING)  # the rules are installed by the first run
    before = database()
    run = imported(people, month_tables())
    generate_callbacks(at=MORNING)
    task = CallTask.objects.unfinished().first()
    CallTask.objects.filter(pk=task.pk).update(agent=people.agent)
    with pytest.raises(Refusal) as refused:
        undone(people, run)
    assert refused.value.code == "built_upon"
    CallTask.objects.filter(pk=task.pk).update(agent=None)
    undone(people, run)
    assert differing(before, database()) == []


def test_a_month_of_pay_locked_since_keeps_the_whole_import(people):
    run = imported(people, month_tables())
    versions = install_plan(store=people.store, at=MORNING).versions
    Run.objects.create(
        store=people.store, period="2026-09", plan_version=versions.order_by("number").last(), state="locked",
        computed_at=MORNING, locked_at=MORNING + timedelta(minutes=30),
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        undone(people, run)
    assert refused.value.code == "undo_refused"
    assert "2026-09" in str(refused.value)


@pytest.mark.parametrize(
    ("reason", "days", "code"), [("", 0, "reason_missing"), ("  ", 0, "reason_missing"), ("晚了", 15, "too_old")]
)
def test_without_a_reason_or_too_late_nothing_is_taken_back(people, reason, days, code):
    run = imported(people, {"班组": [["门店代码", "班组名称", "班组类型"], ["GD81", "机电九组", "机电"]]})
    with pytest.raises(Refusal) as refused:
        undone(people, run, reason=reason, at=MORNING + timedelta(days=days, hours=1))
    assert refused.value.code == code


def test_images_are_forgotten_when_the_time_is_over(people):
    run = imported(people, {"班组": [["门店代码", "班组名称", "班组类型"], ["GD81", "机电九组", "机电"]]})
    assert actions.forget_old_images(at=MORNING + timedelta(days=1)) == 0
    assert actions.forget_old_images(at=MORNING + timedelta(days=15)) == 1
    assert not run.images.exists()


def test_pressing_twice_takes_back_once(people):
    run = imported(people, {"班组": [["门店代码", "班组名称", "班组类型"], ["GD81", "机电九组", "机电"]]})
    undone(people, run)
    with pytest.raises(Refusal) as refused:
        undone(people, run)
    assert refused.value.code == "undone"


def test_in_the_browser_one_click_with_a_reason(client, people):
    tables = {"班组": [["门店代码", "班组名称", "班组类型"], ["GD81", "机电九组", "机电"]]}
    run = imported(people, tables, timezone.now())
    client.force_login(people.manager, "django.contrib.auth.backends.ModelBackend")
    address = reverse("importing:undo", args=[run.pk])
    assert address in client.get(reverse("importing:run", args=[run.pk])).content.decode()
    client.post(address, {"reason": "试一下"})
    assert not Team.objects.filter(name="机电九组").exists()
    page = client.get(reverse("importing:run", args=[run.pk])).content.decode()
    assert address not in page
    assert "试一下" in page


@pytest.mark.django_db(transaction=True)
def test_whoever_is_at_work_on_a_row_is_met_and_not_overrun():
    people = cast.of_store("GD81", "金标测试店")
    customer = CustomerFactory(code="C001", name="原名", store=people.store, phone="+8613800000001")
    tables = {"客户": [["客户编号", "客户名称", "客户类型", "手机"], ["C001", "改名", "个人", "13800000001"]]}
    run = imported(people, tables)
    holds, go = threading.Event(), threading.Event()

    def somebody():
        try:
            with transaction.atomic():
                Customer.objects.select_for_update().get(pk=customer.pk)
                holds.set()
                go.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=somebody)
    thread.start()
    assert holds.wait(10)
    with pytest.raises(Refusal) as refused:
        undone(people, run)
    assert refused.value.code == "at_work"
    go.set()
    thread.join()
    customer.refresh_from_db()
    assert customer.name == "改名"
    undone(people, run)
    customer.refresh_from_db()
    assert customer.name == "原名"
