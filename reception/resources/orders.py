"""Sheets 工单 and 工单项目.

The state of an order follows from its moments: delivered, settled, completed, else in the shop. An order with 结算时间
gets a live settlement; one made by a workbook has no `settled_by` and is made anew when its lines change by workbook.
What was settled in the program is left alone: its lines change only by a reversal there.
"""

from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealer_crm.access.permissions import Permission
from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, register
from dealer_crm.importing.widgets import Choice, Code, Discount, Moment, Money, Number, Plate, Text, Whole, YesNo
from reception import events
from reception.actions.appointments import note_imported_arrivals
from reception.choices import ARTICLES, COSTED, DelayCause, LineKind, OrderKind, OrderState, Payer
from reception.formulas import line_payable
from reception.models import (
    Appointment,
    LineShare,
    MileageReading,
    OrderLine,
    Promise,
    RepairOrder,
    Settlement,
    Vehicle,
)
from reception.queries.appointments import came_between
from reception.queries.parts import costs_on
from reception.resources.customers import erased_at
from reception.resources.settling import settle_imported, settlements_touched

ORDER_KINDS = {
    "常规保养": OrderKind.MAINTENANCE,
    "首保": OrderKind.FIRST_SERVICE,
    "普通修理": OrderKind.REPAIR,
    "事故车": OrderKind.ACCIDENT,
    "索赔": OrderKind.WARRANTY,
    "PDI": OrderKind.PDI,
    "免费活动": OrderKind.CAMPAIGN,
    "精品加装": OrderKind.ACCESSORY,
    "返修": OrderKind.COMEBACK,
}
DELAY_CAUSES = {"客户原因": DelayCause.CUSTOMER, "本店原因": DelayCause.SHOP}
LINE_KINDS = {
    "工时": LineKind.LABOUR,
    "配件": LineKind.PART,
    "精品": LineKind.ACCESSORY,
    "外加工": LineKind.SUBLET,
    "其他": LineKind.OTHER,
}
PAYERS = {
    "客户": Payer.CUSTOMER,
    "索赔": Payer.WARRANTY,
    "保险": Payer.INSURANCE,
    "内部": Payer.INTERNAL,
    "免费": Payer.FREE,
}
PROMISE_REASON = "导入"
_NOT_BEFORE_ARRIVAL = {
    "promised_at": gettext_lazy("The promised time lies before the arrival."),
    "completed_at": gettext_lazy("The work can't be completed before the car arrived."),
    "settled_at": gettext_lazy("The order can't be settled before the car arrived."),
    "delivered_at": gettext_lazy("The car can't be delivered before it arrived."),
}


@register
class RepairOrderSheet(SheetResource):
    sheet, place, key = "工单", 60, ("number",)
    also = {"state": "state", "version": "version", "was_reversed": "was_reversed", "by_program": "settled_in_program"}

    number = Column(
        "工单号",
        Code(40),
        "number",
        required=True,
        known_as=("委托书号", "委托单号", "维修单号", "工单编号", "施工单号", "RO号", "维修委托书号"),
    )
    store = Column(
        "门店代码",
        Code(20),
        "store__code",
        required=True,
        refers="门店",
        fixed="工单属于接车的门店。",
    )
    vehicle = Column(
        "车牌号",
        Plate(),
        "vehicle__plate",
        required=True,
        refers="车辆",
        known_as=("车牌", "车牌号码", "牌照号", "车辆牌照", "牌照"),
    )
    kind = Column(
        "维修类型",
        Choice(ORDER_KINDS),
        "kind",
        required=True,
        known_as=("业务类型", "工单类型", "维修类别", "维修性质", "服务类型"),
    )
    advisor = Column(
        "服务顾问工号",
        Code(20),
        "advisor__work_number",
        required=True,
        refers="员工",
        known_as=("服务顾问", "业务接待", "接待人", "接待员", "SA", "服务顾问姓名", "开单人"),
    )
    arrived_at = Column(
        "进厂时间",
        Moment(),
        "arrived_at",
        required=True,
        known_as=("进厂日期", "来厂时间", "接车时间", "开单时间", "开单日期", "进站时间"),
    )
    promised_at = Column(
        "承诺交车时间",
        Moment(),
        "promised_at",
        required=True,
        known_as=("预计交车时间", "预交车时间", "预计完工时间", "约定交车时间", "承诺时间"),
    )
    mileage = Column("行驶里程", Whole(), "mileage", known_as=("里程", "进厂里程", "公里数", "行驶里程(KM)"))
    completed_at = Column(
        "竣工时间", Moment(), "completed_at", known_as=("竣工日期", "完工时间", "完工日期", "终检时间")
    )
    settled_at = Column("结算时间", Moment(), "settled_at", known_as=("结算日期", "结帐日期", "结账时间"))
    delivered_at = Column(
        "交车时间", Moment(), "delivered_at", known_as=("交车日期", "出厂时间", "出厂日期", "离厂时间")
    )
    original = Column("原工单号", Code(40), "original__number", refers="工单", known_as=("返修原单号", "原委托书号"))
    delay_cause = Column("延误原因", Choice(DELAY_CAUSES), "delay_cause")

    _FIELDS = ("vehicle", "customer", "kind", "advisor", "arrived_at", "promised_at", "mileage", "completed_at",
               "settled_at", "delivered_at", "original", "delay_cause", "state", "version")  # fmt: skip

    def known_rows(self, keys):
        settlements = Settlement.objects.filter(order=OuterRef("pk"))
        return RepairOrder.objects.filter(number__in=[number for (number,) in keys]).annotate(
            was_reversed=Exists(settlements.filter(reversed_at__isnull=False)),
            settled_in_program=Exists(settlements.live().filter(settled_by__isnull=False)),
        )

    def needs(self, known):
        return {"车辆": {(order.get("vehicle"),) for order in known}}

    def check(self, row, book):
        yield from self._check_moments(row, book)
        vehicle = book.row("车辆", row.get("vehicle"))
        forgotten_at = erased_at(vehicle.get("owner"), book) if vehicle and row.before is None else None
        if forgotten_at and row.given("arrived_at") and row.get("arrived_at") > forgotten_at:
            yield "vehicle", _("The owner of this car asked to be forgotten; enter whose car it is now.")
        kind, original = row.get("kind"), row.get("original")
        if kind == OrderKind.COMEBACK and original is None and not row.values.get("!original"):
            yield "original", _("A comeback must name the original order.")
        if original is not None and original == row.get("number"):
            yield "original", _("An order can't be its own original.")
        if row.before and row.before["state"] == OrderState.CANCELLED:
            yield "number", _("This order was cancelled in the program.")
        if row.before and row.given("settled_at") and row.before["settled_at"] is None and row.before["was_reversed"]:
            yield "settled_at", _("The settlement of this order was reversed in the program; settle it there.")

    @staticmethod
    def _check_moments(row, book):
        arrived_at = row.get("arrived_at")
        for column, text in _NOT_BEFORE_ARRIVAL.items():
            if arrived_at and row.given(column) and row.get(column) < arrived_at:
                yield column, text
        completed_at, settled_at, delivered_at = (
            row.get(name) for name in ("completed_at", "settled_at", "delivered_at")
        )
        if completed_at and delivered_at and arrived_at and arrived_at <= delivered_at < completed_at:
            yield "delivered_at", _("The car can't be delivered before the work is completed.")
        if completed_at and settled_at and arrived_at and arrived_at <= settled_at < completed_at:
            yield "settled_at", _("The order can't be settled before the work is completed.")
        if (
            row.before is None
            and (settled_at or delivered_at)
            and not completed_at
            and not row.values.get("!completed_at")
        ):
            book.notice(row, "completed_at", _("Settled or delivered without 竣工时间: its hours count for no team."))
        if row.before is None and delivered_at and not settled_at and not row.values.get("!settled_at"):
            book.notice(row, "settled_at", _("Delivered without 结算时间: the order has no settlement yet."))

    def check_all(self, rows, book):
        """Comebacks of comebacks are fine, circles are not."""
        by_number = {row.get("number"): row for row in rows}
        for row in rows:
            seen, number = {row.get("number")}, row.get("original")
            while number in by_number and number not in seen:
                seen.add(number)
                number = by_number[number].get("original")
            if number == row.get("number") and row.get("original") != row.get("number"):
                yield row, "original", _("These orders name each other as original.")

    def after_comparison(self, rows, book):
        for row in rows:
            if "vehicle" in row.changes and len({book.pk("车辆", plate) for plate in row.changes["vehicle"]}) == 1:
                del row.changes["vehicle"]  # the plate of a double that was merged into this car
            if "settled_at" in row.changes and row.before["by_program"]:
                book.refuse(
                    row,
                    "settled_at",
                    _("The order was settled in the program; a mistake is mended by a reversal there."),
                )

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        orders = [row.pk for row in rows if row.pk]
        yield Promise.objects.filter(order__in=orders)
        yield MileageReading.objects.filter(order__in=orders)
        yield Vehicle.objects.filter(pk__in={book.pk("车辆", row.get("vehicle")) for row in rows} - {None})
        yield from settlements_touched(orders)
        yield appointments_of_days(rows, book)

    def write(self, new, changed, book):
        rank = self._ranks(new)
        for layer in sorted(set(rank.values())):
            rows = [row for row in new if rank[row] == layer]
            orders = [
                RepairOrder(
                    number=row.get("number"),
                    store_id=book.pk("门店", row.get("store")),
                    opened_at=row.get("arrived_at"),
                    created_by=book.by,
                    created_at=book.at,
                    **self._facts(row, book),
                )
                for row in rows
            ]
            for row, order in zip(rows, RepairOrder.objects.bulk_create(orders, batch_size=2000), strict=True):
                row.pk = order.pk
        RepairOrder.objects.bulk_update(
            [RepairOrder(pk=row.pk, **self._facts(row, book)) for row in changed], self._FIELDS, batch_size=500
        )
        Promise.objects.bulk_create(
            [Promise(order_id=row.pk, promised_at=row.get("promised_at"), made_at=row.get("arrived_at")) for row in new]
            + [
                Promise(
                    order_id=row.pk,
                    promised_at=row.get("promised_at"),
                    made_at=book.at,
                    made_by=book.by,
                    reason=PROMISE_REASON,
                )
                for row in changed
                if "promised_at" in row.changes
            ],
            batch_size=2000,
        )
        self._note_visits([*new, *changed], book)
        MileageReading.objects.bulk_create(
            [
                MileageReading(
                    vehicle_id=book.pk("车辆", row.get("vehicle")), order_id=row.pk, km=row.get("mileage"),
                    read_at=row.get("arrived_at"), read_by=book.by,
                )
                for row in (*new, *changed)
                if row.given("mileage") and (row.before is None or "mileage" in row.changes)
            ],
            batch_size=2000,
        )  # fmt: skip

    @staticmethod
    def _ranks(rows) -> dict:
        """An original must stand in the database before its comeback: how many originals of the workbook lie before."""
        by_number = {row.get("number"): row for row in rows}
        ranks = {}
        for row in rows:
            path, at = [], row
            while at is not None and at not in ranks:
                path.append(at)
                at = by_number.get(at.get("original"))
            base = ranks[at] + 1 if at is not None else 0
            for steps, each in enumerate(reversed(path)):
                ranks[each] = base + steps
        return ranks

    @staticmethod
    def _facts(row, book) -> dict:
        vehicle = book.row("车辆", row.get("vehicle"))
        owner = vehicle.get("owner")
        return {
            "vehicle_id": vehicle.pk,
            "customer_id": book.pk("客户", owner),
            "kind": row.get("kind"),
            "advisor_id": book.pk("员工", row.get("advisor")),
            "arrived_at": row.get("arrived_at"),
            "promised_at": row.get("promised_at"),
            "mileage": row.get("mileage"),
            "completed_at": row.get("completed_at"),
            "settled_at": row.get("settled_at"),
            "delivered_at": row.get("delivered_at"),
            "original_id": book.pk("工单", row.get("original")),
            "delay_cause": row.get("delay_cause") or "",
            "state": state_of(row),
            "version": row.before["version"] + 1 if row.before else 1,
        }

    @staticmethod
    def _note_visits(rows, book) -> None:
        """Cars remember their last visit and their highest mileage."""
        latest: dict[int, tuple] = {}
        for row in rows:
            pk = book.pk("车辆", row.get("vehicle"))
            seen_at, mileage = latest.get(pk, (row.get("arrived_at"), 0))
            latest[pk] = (max(seen_at, row.get("arrived_at")), max(mileage, row.get("mileage") or 0))
        vehicles = list(Vehicle.objects.filter(pk__in=list(latest)).only("pk", "last_visit_at", "mileage"))
        for vehicle in vehicles:
            seen_at, mileage = latest[vehicle.pk]
            vehicle.last_visit_at = max(filter(None, [vehicle.last_visit_at, seen_at]))
            vehicle.mileage = max(vehicle.mileage or 0, mileage) or None
        Vehicle.objects.bulk_update(vehicles, ["last_visit_at", "mileage"], batch_size=1000)

    def finish(self, book):
        book.remember("orders finished", lambda: finish_orders(book))


def finish_orders(book) -> None:
    """Settlements of what came settled, and the announcement: once for both sheets."""
    touched = [row for row in book.sheets["工单"].rows if row.kind in ("new", "changed")]
    lines = [
        row for row in book.sheets["工单项目"].rows
        if row.kind in ("new", "changed") and set(row.changes) != {"unit_cost"}
    ]  # fmt: skip
    relined = {book.pk("工单", row.get("order")) for row in lines}
    settle_imported(
        [row.pk for row in touched if row.get("settled_at") and (row.before is None or "settled_at" in row.changes)],
        relined=relined,
    )
    note_imported_arrivals(
        orders=[row.pk for row in touched if row.kind == "new"], by=book.by, at=book.at, file_name=book.file_name
    )
    order_ids = sorted({row.pk for row in touched} | relined)
    if order_ids:
        events.repair_orders_imported.send(None, order_ids=order_ids, at=book.at)


def appointments_of_days(rows, book):
    """The appointments that new orders may end: of their cars, around the days they arrived."""
    new = [row for row in rows if row.kind == "new"]
    if not new:
        return Appointment.objects.none()
    begin, end = came_between(row.get("arrived_at") for row in new)
    cars = {book.pk("车辆", row.get("vehicle")) for row in new} - {None}
    return Appointment.objects.filter(
        Q(plate__in={row.get("vehicle") for row in new}) | Q(vehicle__in=cars), starts_at__gte=begin, starts_at__lt=end
    )


def state_of(row) -> str:
    """Where an order of the workbook stands; never before where the program already has it."""
    if row.get("delivered_at"):
        return OrderState.DELIVERED
    if row.get("settled_at"):
        return OrderState.SETTLED
    if row.get("completed_at"):
        return OrderState.READY
    return row.before["state"] if row.before else OrderState.OPEN


def team_of_order_store(row, book):
    """The key of a team named in a line: teams belong to the store of the order."""
    return _store_of_order(row, book), row.values.get("team")


def fitters_of_order_store(row, book):
    return _store_of_order(row, book), row.values.get("installation_team")


def _store_of_order(row, book) -> str | None:
    order = book.row("工单", row.get("order"))
    store = order.get("store") if order else None
    # A store nobody knows is wrong at the order; it is not wrong again at every line.
    return store if book.exists("门店", store) else None


def _unit_cost(row, costs) -> Decimal | None:
    """What the sheet says, else what the catalogue says of a new article, else what stands; nothing of labour."""
    if row.get("kind") not in COSTED:
        return None
    if row.given("unit_cost"):
        return row.get("unit_cost")
    if row in costs:
        return costs[row]
    stays = row.before is not None and "kind" not in row.changes and "code" not in row.changes
    return row.before["unit_cost"] if stays else None


@register
class OrderLineSheet(SheetResource):
    sheet, place, key = "工单项目", 70, ("order", "number")
    also = {"technicians": "technicians"}
    records_new = False

    order = Column(
        "工单号",
        Code(40),
        "order__number",
        required=True,
        refers="工单",
        known_as=("委托书号", "委托单号", "维修单号", "工单编号", "施工单号", "RO号", "维修委托书号"),
    )
    number = Column("行号", Whole(least=1), "number", required=True, known_as=("序号", "项次", "项目序号"))
    kind = Column("类别", Choice(LINE_KINDS), "kind", required=True, known_as=("项目类别", "费用类别", "项目类型"))
    code = Column(
        "编码", Code(40), "code", known_as=("项目代码", "维修项目代码", "零件编号", "配件编码", "配件代码", "工时代码")
    )
    name = Column(
        "名称",
        Text(120),
        "name",
        required=True,
        known_as=("项目名称", "维修项目", "维修项目名称", "零件名称", "配件名称"),
    )
    quantity = Column(
        "数量",
        Number(places=2, above=Decimal(0), most=Decimal("99999999.99")),
        "quantity",
        required=True,
        known_as=("标准工时", "工时数", "工时", "出库数量"),
    )
    unit_price = Column(
        "单价", Money(least=Decimal(0)), "unit_price", required=True, known_as=("工时单价", "销售单价", "含税单价")
    )
    discount_rate = Column("折扣率", Discount(), "discount_rate", known_as=("优惠率",))
    payer = Column(
        "付费方", Choice(PAYERS), "payer", required=True, known_as=("付费类型", "结算方", "收费区分", "付款方", "账类")
    )
    team = Column("班组", Text(40), "team__name", refers="班组", refers_by=team_of_order_store)
    technician = Column(
        "技师工号", Code(20), "technicians", refers="员工", known_as=("维修技师", "主修人", "主修技师", "维修工")
    )
    seller = Column("销售工号", Code(20), "seller__work_number", refers="员工")
    is_installed = Column("是否安装", YesNo(), "is_installed")
    installation_team = Column(
        "加装班组", Text(40), "installation_team__name", refers="班组", refers_by=fitters_of_order_store
    )
    unit_cost = Column(
        "成本单价",
        Money(least=Decimal(0)),
        "unit_cost",
        known_as=("进价", "成本价", "含税成本单价", "出库成本"),
        seen_by=Permission.COST_VIEW,
    )

    _FIELDS = ("kind", "code", "name", "quantity", "unit_price", "discount_rate", "payable_amount", "payer", "team",
               "seller", "is_installed", "installation_team", "unit_cost")  # fmt: skip

    def known_rows(self, keys):
        shares = LineShare.objects.filter(line=OuterRef("pk")).order_by("technician__work_number")
        return OrderLine.objects.filter(order__number__in=list({number for number, _line in keys})).annotate(
            technicians=ArraySubquery(shares.values("technician__work_number"))
        )

    def after_load(self, known):
        super().after_load(known)
        known["technician"] = known["technicians"][0] if len(known["technicians"]) == 1 else None

    def needs(self, known):
        return {"工单": {(line.get("order"),) for line in known}}

    def store_of(self, row, book):
        code = _store_of_order(row, book)
        return StoreCode(code) if code else None

    def check(self, row, book):
        if row.get("is_installed") is False and row.given("installation_team"):
            yield "installation_team", _("A team is named, but 是否安装 says 否.")
        if row.given("unit_cost") and row.get("kind") and row.get("kind") not in COSTED:
            yield "unit_cost", _("Labour and other charges have no purchase price.")

    def after_comparison(self, rows, book):
        settled = self._settled_in_program(rows, book)
        for row in rows:
            if row.before and "technician" in row.changes and len(row.before["technicians"]) > 1:
                # Several technicians share the line in the program; the sheet can only name one.
                del row.changes["technician"]
            if row.kind not in ("new", "changed") or set(row.changes) == {"unit_cost"}:
                continue  # what a line cost is no part of its settlement: bills come late
            if book.pk("工单", row.get("order")) in settled:
                column = next(iter(row.changes), "number")
                book.refuse(
                    row, column, _("The order was settled in the program; a mistake is mended by a reversal there.")
                )

    @staticmethod
    def _settled_in_program(rows, book) -> set[int]:
        orders = {book.pk("工单", row.get("order")) for row in rows if row.kind in ("new", "changed") and row.key} - {
            None
        }
        live = Settlement.objects.live().filter(order__in=list(orders), settled_by__isnull=False)
        return set(live.values_list("order", flat=True)) if orders else set()

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        yield LineShare.objects.filter(line__in=[row.pk for row in rows if row.pk])
        yield from settlements_touched({book.pk("工单", row.get("order")) for row in rows} - {None})

    def write(self, new, changed, book):
        costs = self._catalogue_costs([*new, *changed], book)
        lines = [
            OrderLine(
                order_id=book.pk("工单", row.get("order")), number=row.get("number"), **self._facts(row, book, costs)
            )
            for row in new
        ]
        for row, line in zip(new, OrderLine.objects.bulk_create(lines, batch_size=2000), strict=True):
            row.pk = line.pk
        OrderLine.objects.bulk_update(
            [OrderLine(pk=row.pk, **self._facts(row, book, costs)) for row in changed], self._FIELDS, batch_size=500
        )
        moved = [row for row in changed if "technician" in row.changes]
        LineShare.objects.filter(line__in=[row.pk for row in moved]).delete()
        LineShare.objects.bulk_create(
            [
                LineShare(line_id=row.pk, technician_id=book.pk("员工", row.get("technician")))
                for row in (*new, *moved)
                if row.get("technician")
            ],
            batch_size=2000,
        )

    @staticmethod
    def _catalogue_costs(rows, book) -> dict:
        """Row → what its article was bought for on the day the car came, of those that come new and say nothing."""
        asked = {}
        for row in rows:
            is_new = row.before is None or {"kind", "code"} & set(row.changes)
            if is_new and not row.given("unit_cost") and row.get("kind") in ARTICLES and row.get("code"):
                order = book.row("工单", row.get("order"))
                day = timezone.localdate(order.get("arrived_at"))
                asked[row] = book.pk("门店", order.get("store")), row.get("code"), day
        known = costs_on(asked.values())
        return {row: known.get(wanted) for row, wanted in asked.items()}

    @staticmethod
    def _facts(row, book, costs) -> dict:
        store = _store_of_order(row, book)
        team, fitters = row.get("team"), row.get("installation_team")
        price = {
            "quantity": row.get("quantity"),
            "unit_price": row.get("unit_price"),
            "discount_rate": row.get("discount_rate") or Decimal(0),
        }
        return {
            "kind": row.get("kind"),
            "code": row.get("code") or "",
            "name": row.get("name"),
            **price,
            "payable_amount": line_payable(**price),
            "payer": row.get("payer"),
            "team_id": book.pk("班组", (store, team)) if team else None,
            "seller_id": book.pk("员工", row.get("seller")),
            "is_installed": bool(row.get("is_installed")) or (row.get("is_installed") is None and bool(fitters)),
            "installation_team_id": book.pk("班组", (store, fitters)) if fitters else None,
            "unit_cost": _unit_cost(row, costs),
        }

    def finish(self, book):
        book.remember("orders finished", lambda: finish_orders(book))
