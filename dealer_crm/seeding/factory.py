"""The factory's system beside ours: a list it wrote out, its columns assigned, waiting to be looked at and confirmed.
Through the same actions as the page."""

import csv
import io
from datetime import datetime, timedelta

from dealer_crm.importing import actions
from dealer_crm.importing.layout import Layout, Origin, Table, guessed_columns, labels_of
from dealer_crm.importing.sheets import REGISTERED
from dealer_crm.organization.models import Staff
from dealer_crm.seeding.people import House
from dealer_crm.values.phone import national_phone
from reception.choices import OrderKind
from reception.models import RepairOrder

SOURCE = "厂家DMS 维修工单导出"
_HEADERS = [
    "序号", "委托书号", "车牌", "客户代码", "车主", "联系电话", "业务类型", "服务顾问", "开单日期",
    "预计交车时间", "进厂里程",
]  # fmt: skip
_WORDS = {"保养": "常规保养", "机电维修": "普通修理"}
_OWNERS = ["孙海燕", "郭立新", "何秀兰"]


def bring_factory_list(house: House, manager: Staff, at: datetime) -> None:
    """A list brought a quarter of an hour ago: cars only the factory knows of, and two of ours it knows better."""
    brought_at = at - timedelta(minutes=15)
    run = actions.bring_workbook(
        content=_list(house, at), file_name=f"维修工单查询{at:%m%d}.csv", store=house.store, language="zh-hans",
        by=manager, at=brought_at,
    )  # fmt: skip
    actions.go_on(run_id=run.pk, at=brought_at)
    actions.assign_columns(run=run, name=SOURCE, layout=_layout(house), by=manager, at=brought_at)
    actions.go_on(run_id=run.pk, at=brought_at)


def _list(house: House, at: datetime) -> bytes:
    """A list as the factory's system writes it: titles above, a sum below, GB 18030."""
    local = at.astimezone(house.store.tz)
    rows = [*_ours(house), *_theirs(house, local)]
    body = [[number, *row] for number, row in enumerate(rows, start=1)]
    above = [["维修工单明细表"], [f"查询日期：{local:%Y-%m-%d}"], []]
    stream = io.StringIO()
    csv.writer(stream).writerows([*above, _HEADERS, *body, ["合计", len(body)]])
    return stream.getvalue().encode("gb18030")


def _theirs(house: House, local: datetime) -> list[list]:
    advisor, place = house.staff["A01"], house.store.pk % 100
    return [
        [f"RO{local:%y%m%d}{place:02d}{number}", f"京L{place:02d}{number}K7", f"DMS{place:02d}{number:04d}", name,
         f"1360000{place:02d}{number:02d}", list(_WORDS)[number % 2], advisor.name,
         f"{local - timedelta(hours=3 - number):%Y-%m-%d %H:%M}", f"{local + timedelta(hours=number):%Y-%m-%d %H:%M}",
         12_000 + 900 * number]
        for number, name in enumerate(_OWNERS, start=1)
    ]  # fmt: skip


def _ours(house: House) -> list[list]:
    """Two cars in the shop whose delivery the factory's system has an hour later."""
    orders = RepairOrder.objects.in_shop().filter(store=house.store, kind=OrderKind.MAINTENANCE)
    orders = orders.filter(settled_at=None, vehicle__owner__phones__is_primary=True).order_by("pk")
    return [
        [order.number, order.vehicle.plate, owner.code, owner.name, national_phone(phone.number), "保养",
         order.advisor.name, *(f"{moment.astimezone(house.store.tz):%Y-%m-%d %H:%M:%S}" for moment in
                               (order.arrived_at, order.promised_at + timedelta(hours=1))), order.mileage]
        for order in orders.select_related("vehicle__owner", "advisor")[:2]
        for owner in [order.vehicle.owner]
        for phone in [owner.phones.get(is_primary=True)]
    ]  # fmt: skip


def _layout(house: House) -> Layout:
    labels, tables = labels_of(_HEADERS), []
    for target in ("客户", "车辆", "工单"):
        columns = guessed_columns(REGISTERED[target], labels, store=house.store.code)
        if target == "客户":
            columns["kind"] = Origin(constant="个人")
        if target == "工单":
            columns["kind"] = Origin("业务类型", words=_WORDS)
        tables.append(Table("维修工单查询", tuple(labels), target, columns))
    return Layout(tuple(tables))
