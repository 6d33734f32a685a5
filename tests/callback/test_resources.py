"""Sheet 新车交付: sales calls come from a file; every mistake is named by sheet, row and column."""

import io
from datetime import timedelta

import pytest

from callback.actions import generate_callbacks, hand_over_new_car, withdraw_handover
from callback.choices import RuleCode, TaskState
from callback.models import CallTask, Handover
from dealer_crm.importing import actions
from dealer_crm.importing.models import ImportRun
from dealer_crm.reporting.exports import export_named
from dealer_crm.reporting.workbooks import to_xlsx
from tests.factories.callback import TEN
from tests.factories.reception import CustomerFactory, VehicleFactory
from tests.importing.workbooks import take_in, written

pytestmark = pytest.mark.django_db
HEADERS = ["车牌号", "VIN", "客户编号", "交付时间", "销售顾问"]
VIN = "LSVAU2180N2183294"


def book(*rows, **sheets) -> bytes:
    return written({**sheets, "新车交付": [HEADERS, *rows]})


@pytest.fixture
def car(people):
    owner = CustomerFactory(store=people.store, code="KH0001")
    return VehicleFactory(store=people.store, owner=owner, plate="沪A00001", vin=VIN)


def sales_calls(people, at=TEN):
    generate_callbacks(at=at, store=people.store, codes=[RuleCode.SALES_3D])
    return CallTask.objects.filter(rule__code=RuleCode.SALES_3D)


def test_handovers_by_plate_or_vin_bring_their_calls_once(people, car):
    buyer = CustomerFactory(store=people.store, code="KH0002")
    content = book(
        [None, VIN, None, "2026-10-14 16:30", "沈佳"],
        ["沪A00002", None, "KH0002", "2026-10-15 9:00", None],
        车辆=[["车牌号", "VIN", "客户编号"], ["沪A00002", "LSVAU2180N2183295", "KH0002"]],
    )
    for counted in ({"new": 2}, {"unchanged": 2}):
        taken = take_in(content, by=people.manager, at=TEN)
        assert taken.counts()["新车交付"] == {"new": 0, "changed": 0, "unchanged": 0, "refused": 0, **counted}
        assert list(Handover.objects.order_by("pk").values_list("vehicle__plate", "customer", "salesperson")) == [
            ("沪A00001", car.owner_id, "沈佳"), ("沪A00002", buyer.pk, "")
        ]  # fmt: skip
        assert sales_calls(people).count() == 2


def test_every_mistake_is_named_and_nothing_is_taken_in(people, others, car):
    erased = CustomerFactory(store=people.store, code="KH0009", erased_at=TEN)
    hand_over_new_car(store=people.store, vehicle=car, handed_over_at=TEN, by=people.agent, at=TEN)
    new = VehicleFactory(store=people.store, owner=erased)
    spare = VehicleFactory(store=people.store, owner=erased, vin="LSVAU2180N2183290")
    taken = take_in(
        book(
            ["沪A00001", None, None, "2026-10-01", None],  # stands at another moment
            [None, None, None, "2026-10-14", None],
            [None, "LSVAU2180N2183299", None, "2026-10-14", None],
            [new.plate, None, None, "2026-10-14", None],  # its owner asked to be forgotten
            ["沪A99999", None, None, "2026-10-14", None],
            [spare.plate, VIN, "KH0001", "2026-11-30", None],
            [None, spare.vin, "KH0001", "2020-01-05", None],
        ),
        by=people.manager,
        at=TEN,
    )
    assert {(each.row, each.column) for each in taken.problems} >= {
        (2, "交付时间"), (3, "车牌号"), (4, "VIN"), (5, "客户编号"), (6, "车牌号"), (7, "VIN"), (7, "交付时间"),
        (8, "交付时间"),
    }  # fmt: skip
    assert all(each.reason for each in taken.problems)
    assert Handover.objects.count() == 1


def test_an_import_taken_back_takes_its_calls_along(people, car):
    run = actions.bring_workbook(
        content=book([None, VIN, None, "2026-10-14 16:30", "沈佳"]), file_name="sales.xlsx", store=people.store,
        language="zh-hans", by=people.manager, at=TEN,
    )  # fmt: skip
    actions.go_on(run_id=run.pk, at=TEN)
    run.refresh_from_db()
    actions.confirm_run(run=run, fingerprint=run.fingerprint, by=people.manager, at=TEN)
    actions.go_on(run_id=run.pk, at=TEN)
    assert sales_calls(people).get().state == TaskState.OPEN
    run = ImportRun.objects.get()
    actions.undo_run(run=run, reason="导错", by=people.manager, at=TEN + timedelta(hours=1))
    assert not Handover.objects.exists()
    assert sales_calls(people, TEN + timedelta(hours=1)).get().state == TaskState.DROPPED


def test_what_is_taken_out_comes_in_again_unchanged(people, car):
    made = hand_over_new_car(store=people.store, vehicle=car, handed_over_at=TEN, by=people.agent, at=TEN)
    report = export_named("handovers").report(by=people.crc, asked="", with_phones=False, at=TEN)
    stream = io.BytesIO()
    to_xlsx(report, stream)
    taken = take_in(stream.getvalue(), by=people.manager, at=TEN + timedelta(minutes=1))
    assert (taken.problems, taken.counts()["新车交付"]["unchanged"]) == ([], 1)
    withdraw_handover(handover=made, reason="录错", by=people.crc, at=TEN)
    assert not Handover.objects.exists()
