"""The lists of customers, vehicles, orders and receipts as workbooks, with the filter of their pages.

Columns are headed and choices worded as in the import workbook, so that a sheet taken out is understood when it is read
in again. Source: spec `people-and-roles.md` (Privacy), `reception.md` (text both ways).
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.exports import register_export
from dealer_crm.reporting.report import Column, Kind
from reception import forms, queries
from reception.models import RepairOrder
from reception.resources.customers import GENDERS, KINDS
from reception.resources.money import PAYING_WORDS
from reception.resources.orders import DELAY_CAUSES, ORDER_KINDS


@dataclass(frozen=True)
class Asking:
    """Who asks for a list when no page is open: all that a filter wants to know of a request."""

    user: Staff


def _word(words: dict, value) -> str:
    """The import workbook's word for a value."""
    return next((word for word, known in words.items() if known == value), str(value or ""))


def _yes(value) -> str:
    return "是" if value else "否"


# ── customers ────────────────────────────────────────────────────────────────────────────────────────────────────────
def customers_asked(staff: Staff, asked: QueryDict, at):
    return forms.CustomerFilter(asked, queries.customers_visible_to(staff), request=Asking(staff)).qs.order_by("-pk")


def customer_cells(customer, phone) -> tuple:
    numbers = [phone(one.number) for one in customer.phones.all()]
    return (
        customer.code, customer.name, _word(KINDS, customer.kind), numbers[0] if numbers else "",
        "、".join(numbers[1:]), _word(GENDERS, customer.gender), customer.get_level_display(), customer.value_class,
        customer.area, customer.address, _yes(customer.refuses_calls),
        "、".join(car.plate for car in customer.vehicles.all()),
    )  # fmt: skip


register_export(
    code="customers",
    title=_("Customers"),
    sheet="客户",
    permission=Permission.CUSTOMER_VIEW,
    rows=customers_asked,
    cells=customer_cells,
    has_phones=True,
    columns=[
        Column("客户编号", width=20),
        Column("客户名称", width=24),
        Column("客户类型", width=10),
        Column("手机", width=16),
        Column("其他电话", width=20),
        Column("性别", width=8),
        Column("客户级别", width=10),
        Column("价值等级", width=10),
        Column("地区", width=18),
        Column("地址", width=36),
        Column("拒绝回访", width=10),
        Column("车辆", width=24),
    ],
)


# ── vehicles ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def vehicles_asked(staff: Staff, asked: QueryDict, at):
    """As the list has it: dormant cars under their own tab, and found by searching."""
    found = forms.VehicleFilter(asked, queries.vehicles_visible_to(staff), request=Asking(staff)).qs
    before = queries.dormant_before(staff.store, at)
    if "dormant" in asked:
        found = found.dormant(before)
    elif not (asked.get("q") or asked.get("owner")):
        found = found.active(before)
    return found.prefetch_related("owner__phones").order_by("-pk")


def vehicle_cells(vehicle, phone) -> tuple:
    owner = vehicle.owner
    first = next(iter(owner.phones.all()), None) if owner else None
    return (
        vehicle.plate, vehicle.vin, vehicle.brand, vehicle.series, vehicle.model, owner.code if owner else "",
        owner.name if owner else "", phone(first.number) if first else "", vehicle.purchased_on, vehicle.mileage,
        vehicle.last_visit_at, vehicle.next_service_on, vehicle.next_service_km, vehicle.warranty_ends_on,
        vehicle.insurance_ends_on,
    )  # fmt: skip


register_export(
    code="vehicles",
    title=_("Vehicles"),
    sheet="车辆",
    permission=Permission.VEHICLE_VIEW,
    rows=vehicles_asked,
    cells=vehicle_cells,
    has_phones=True,
    columns=[
        Column("车牌号", width=14),
        Column("VIN", width=22),
        Column("品牌", width=12),
        Column("车系", width=14),
        Column("车型", width=22),
        Column("客户编号", width=20),
        Column("客户名称", width=24),
        Column("手机", width=16),
        Column("购车日期", Kind.DATE),
        Column("行驶里程", Kind.INT),
        Column("最近进厂", Kind.DATETIME),
        Column("下次保养日期", Kind.DATE),
        Column("下次保养里程", Kind.INT),
        Column("保修到期", Kind.DATE),
        Column("保险到期", Kind.DATE),
    ],
)


# ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def orders_asked(staff: Staff, asked: QueryDict, at):
    rows = RepairOrder.objects.visible_to(staff).select_related("store", "vehicle", "customer", "advisor")
    found = forms.OrderFilter(asked, rows, request=Asking(staff)).qs
    return found.prefetch_related("customer__phones").order_by("-arrived_at", "-pk")


def order_cells(order, phone) -> tuple:
    first = next(iter(order.customer.phones.all()), None)
    return (
        order.number, order.store.code, order.vehicle.plate, order.customer.code, order.customer.name,
        phone(first.number) if first else "", _word(ORDER_KINDS, order.kind), order.get_state_display(),
        order.advisor.work_number if order.advisor else "", order.advisor.name if order.advisor else "",
        order.arrived_at, order.promised_at, order.mileage, order.completed_at, order.settled_at, order.delivered_at,
        _word(DELAY_CAUSES, order.delay_cause), order.symptoms,
    )  # fmt: skip


register_export(
    code="orders",
    title=_("Repair orders"),
    sheet="工单",
    permission=Permission.ORDER_VIEW,
    rows=orders_asked,
    cells=order_cells,
    has_phones=True,
    columns=[
        Column("工单号", width=22),
        Column("门店代码", width=10),
        Column("车牌号", width=14),
        Column("客户编号", width=20),
        Column("客户名称", width=24),
        Column("手机", width=16),
        Column("维修类型", width=10),
        Column("状态", width=10),
        Column("服务顾问工号", width=14),
        Column("服务顾问", width=12),
        Column("进厂时间", Kind.DATETIME),
        Column("承诺交车时间", Kind.DATETIME),
        Column("行驶里程", Kind.INT),
        Column("竣工时间", Kind.DATETIME),
        Column("结算时间", Kind.DATETIME),
        Column("交车时间", Kind.DATETIME),
        Column("延误原因", width=10),
        Column("故障描述", width=40),
    ],
)


# ── receipts ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def receipts_asked(staff: Staff, asked: QueryDict, at):
    rows = queries.receipts_visible_to(staff).select_related(
        "order__vehicle", "order__customer", "entered_by", "refunds"
    )
    return forms.ReceiptFilter(asked, rows, request=Asking(staff)).qs.order_by("-pk")


def receipt_cells(receipt, phone) -> tuple:
    return (
        receipt.number, receipt.order.number, receipt.order.vehicle.plate, receipt.order.customer.name,
        _word(PAYING_WORDS, receipt.payer), receipt.received_on, receipt.amount, receipt.accessory_amount,
        receipt.get_method_display(), receipt.refunds.number if receipt.refunds else "", receipt.note,
        receipt.entered_by.name if receipt.entered_by else "",
    )  # fmt: skip


register_export(
    code="receipts",
    title=_("Receipts"),
    sheet="收款",
    permission=Permission.RECEIPT_VIEW,
    rows=receipts_asked,
    cells=receipt_cells,
    columns=[
        Column("收款编号", width=24),
        Column("工单号", width=22),
        Column("车牌号", width=14),
        Column("客户名称", width=24),
        Column("付费方", width=10),
        Column("收款日期", Kind.DATE),
        Column("金额", Kind.MONEY, total=True),
        Column("其中精品金额", Kind.MONEY, total=True),
        Column("收款方式", width=12),
        Column("退款原单", width=24),
        Column("备注", width=30),
        Column("收款人", width=12),
    ],
)
