"""What comes in by workbook is met by the rest of the reception as if it had been typed."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from dealer_crm.celery import app
from dealer_crm.importing import actions
from dealer_crm.importing.choices import RunState
from dealer_crm.importing.models import ImportRun
from dealer_crm.journal.models import Entry
from reception.actions import erase_customer
from reception.choices import AppointmentState, FlawKind
from reception.models import Customer, CustomerPhone, Flaw
from tests.factories.appointments import TEN_OCLOCK, AppointmentFactory
from tests.factories.reception import CustomerFactory, VehicleFactory
from tests.importing.workbooks import take_in, written


@contextmanager
def eager():
    """Tasks run where they are woken."""
    app.conf.task_always_eager = True
    try:
        yield
    finally:
        app.conf.task_always_eager = False


DAY = f"{TEN_OCLOCK:%F}"


@pytest.fixture
def car(people):
    return VehicleFactory(store=people.store, plate="京A12345")


def orders(people, *rows) -> bytes:
    header = ["工单号", "门店代码", "车牌号", "维修类型", "服务顾问工号", "进厂时间", "承诺交车时间"]
    return written({"工单": [header, *(
        [number, people.store.code, plate, "普通修理", people.advisor.work_number, f"{day} 09:00", f"{day} 17:00"]
        for number, plate, day in rows
    )]})  # fmt: skip


def brought(people, workbook: bytes) -> ImportRun:
    """Brought, looked at and confirmed in the browser, so that it can be taken back."""
    run = actions.bring_workbook(
        content=workbook, file_name="DMS.xlsx", store=people.store, language="zh-hans", by=people.manager, at=TEN_OCLOCK
    )
    actions.go_on(run_id=run.pk, at=TEN_OCLOCK)
    run.refresh_from_db()
    actions.confirm_run(run=run, fingerprint=run.fingerprint, by=people.manager, at=TEN_OCLOCK)
    actions.go_on(run_id=run.pk, at=TEN_OCLOCK)
    run.refresh_from_db()
    assert (run.problems, run.state) == ([], RunState.DONE)
    return run


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("booked", DAY, AppointmentState.ARRIVED),
        ("confirmed", DAY, AppointmentState.ARRIVED),
        ("missed", DAY, AppointmentState.ARRIVED),
        ("booked", f"{TEN_OCLOCK - timedelta(days=1):%F}", AppointmentState.BOOKED),
        ("cancelled", DAY, AppointmentState.CANCELLED),
    ],
)
def test_an_order_that_came_in_ends_the_appointment_its_car_had_that_day(people, car, state, day, expected):
    appointment = AppointmentFactory(store=people.store, vehicle=car, state=state)

    take_in(orders(people, ("DMS-1", car.plate, day)), by=people.manager)

    appointment.refresh_from_db()
    assert appointment.state == expected
    assert getattr(appointment.order, "number", None) == ("DMS-1" if expected == AppointmentState.ARRIVED else None)


@pytest.mark.django_db
def test_a_car_nobody_knew_when_it_booked_is_met_by_its_plate_and_only_one_order_ends_the_appointment(people, car):
    appointment = AppointmentFactory(store=people.store, vehicle=None, plate=car.plate)
    other = AppointmentFactory(store=people.store)

    take_in(orders(people, ("DMS-1", car.plate, DAY), ("DMS-2", car.plate, DAY)), by=people.manager)

    appointment.refresh_from_db()
    other.refresh_from_db()
    assert (appointment.order.number, appointment.vehicle) == ("DMS-1", car)
    assert other.state == AppointmentState.BOOKED


@pytest.mark.django_db
def test_taking_the_import_back_expects_the_car_again_and_the_journal_says_so(people, car):
    appointment = AppointmentFactory(store=people.store, vehicle=car)
    run = brought(people, orders(people, ("DMS-1", car.plate, DAY)))

    actions.undo_run(run=run, reason="导错了文件", by=people.manager, at=TEN_OCLOCK + timedelta(minutes=5))

    before = appointment.version
    appointment.refresh_from_db()
    assert (appointment.state, appointment.order, appointment.version) == (AppointmentState.BOOKED, None, before)
    told = Entry.objects.filter(subject_type="reception.appointment").order_by("pk").values_list("verb", flat=True)
    assert list(told) == ["appointment.changed_by_import", "appointment.import_undone"]


@pytest.mark.django_db
def test_a_number_from_a_workbook_is_the_entry_of_whoever_imported_it(people):
    known = CustomerFactory(store=people.store, phone="+8613812345678")
    CustomerPhone.objects.filter(customer=known).update(entered_by=people.advisor)
    header = ["客户编号", "客户名称", "客户类型", "手机"]
    sheet = [header, [known.code, known.name, "个人", "13912345678"], ["NEW-1", "李四", "个人", "13712345678"]]

    take_in(written({"客户": sheet}), by=people.manager)

    assert {phone.number[3:]: phone.entered_by for phone in CustomerPhone.objects.all()} == {
        "13812345678": people.advisor, "13912345678": people.manager, "13712345678": people.manager,
    }  # fmt: skip


@pytest.mark.django_db
def test_what_a_workbook_brings_is_compared_with_the_data_quality_list_at_once(
    people, django_capture_on_commit_callbacks
):
    number, header = "13512345678", ["客户编号", "客户名称", "客户类型", "手机"]
    CustomerFactory(store=people.store, phone=f"+86{number}")

    with eager(), django_capture_on_commit_callbacks(execute=True):
        take_in(written({"客户": [header, ["NEW-1", "李四", "个人", number]]}), by=people.manager)

    found = Flaw.objects.get(customer=Customer.objects.get(code="NEW-1"), kind=FlawKind.PHONE_DOUBLE)
    assert found.entered_by == people.manager


@pytest.mark.django_db
def test_who_asked_to_be_forgotten_is_named_and_not_brought_back_by_a_list(people, car):
    """Other systems go on sending the customer and the car: that is said and changes nothing. Whatever would give the
    person something new is refused."""
    gone = erase_customer(customer=car.owner, reason="本人书面申请", by=people.crc, at=TEN_OCLOCK + timedelta(days=1))
    before = Customer.objects.values().get(pk=gone.pk)
    header = ["客户编号", "客户名称", "客户类型", "手机", "地址"]
    customer = header, [gone.code, "欧阳倩倩", "个人", "13987651234", "平安大街"]
    cars = ["车牌号", "客户编号"], [car.plate, gone.code]
    early, late = orders(people, ("DMS-1", car.plate, DAY)), orders(people, ("DMS-2", car.plate, "2026-11-20"))

    known = take_in(written({"客户": customer, "车辆": cars}), by=people.manager)
    assert [(one.sheet, one.row) for one in known.notices] == [("客户", 2)]
    assert "要求删除个人信息" in known.notices[0].reason
    assert Customer.objects.values().get(pk=gone.pk) == before
    assert not CustomerPhone.objects.filter(customer=gone).exists()
    take_in(early, by=people.manager)  # it came before

    new_car = written({"车辆": [cars[0], ["京B54321", gone.code]]})
    refused = [take_in(book, by=people.manager, dry_run=True).problems for book in (new_car, late)]
    assert [[(one.column, one.row) for one in each] for each in refused] == [[("客户编号", 2)], [("车牌号", 2)]]
