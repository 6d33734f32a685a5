"""What a settlement freezes, what is due from whom, what is still open."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Sum
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff
from reception.choices import LineKind, OrderState, Payer, PriceBasis
from reception.formulas import LineFact, PayerTotal, settlement_totals
from reception.models import OrderLine, Receipt, RepairOrder, Settlement


def line_facts(order: RepairOrder) -> list[LineFact]:
    """The lines of an order, asked for now, as the formulas read them."""
    return [line_fact(line) for line in _whole_lines(order)]


def line_fact(line: OrderLine) -> LineFact:
    """One line as the formulas read it. People by work number, teams by name."""
    return LineFact(
        number=str(line.number),
        kind=line.kind,
        payer=line.payer,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_rate=line.discount_rate,
        payable=line.payable_amount,
        team=line.team.name if line.team else None,
        technicians=tuple((share.technician.work_number, share.share) for share in line.shares.all()),
        seller=line.seller.work_number if line.seller else None,
        is_installed=line.is_installed,
        installation_team=line.installation_team.name if line.installation_team else None,
        name=line.name,
    )


def amounts_by_payer(order: RepairOrder) -> tuple[PayerTotal, ...]:
    """What each payer would owe for the lines as they stand now: asks for them, for actions."""
    return settlement_totals(line_facts(order))


def amounts_of(lines: Iterable[OrderLine]) -> tuple[PayerTotal, ...]:
    """What each payer would owe for lines that are loaded already (`orders_with_lines`), for pages and papers."""
    return settlement_totals([line_fact(line) for line in lines])


def frozen_lines(order: RepairOrder) -> list[dict]:
    """The lines as a settlement keeps them (JSON): amounts as text, people and teams by id and by name."""
    return [frozen_line(line) for line in _whole_lines(order)]


def frozen_line(line: OrderLine) -> dict:
    """One line as a settlement keeps it."""
    return {
        "number": line.number,
        "kind": line.kind,
        "code": line.code,
        "name": line.name,
        "quantity": str(line.quantity),
        "unit_price": str(line.unit_price),
        "discount_rate": str(line.discount_rate),
        "payable_amount": str(line.payable_amount),
        "payer": line.payer,
        "price_basis": line.price_basis,
        "team_id": line.team_id,
        "team": line.team.name if line.team else "",
        "seller_id": line.seller_id,
        "seller": line.seller.name if line.seller else "",
        "seller_number": line.seller.work_number if line.seller else "",
        "is_installed": line.is_installed,
        "installation_team_id": line.installation_team_id,
        "installation_team": line.installation_team.name if line.installation_team else "",
        "shares": [
            {
                "technician_id": share.technician_id,
                "technician": share.technician.name,
                "technician_number": share.technician.work_number,
                "share": str(share.share),
            }
            for share in line.shares.all()
        ],
    }


def _whole_lines(order: RepairOrder):
    return (
        order.lines.select_related("team", "seller", "installation_team")
        .prefetch_related("shares__technician")
        .order_by("number")
    )


def settlements_visible_to(staff: Staff):
    """Settlements with everything their page and their print tell."""
    return (
        Settlement.objects.visible_to(staff)
        .select_related(
            "order__vehicle", "order__customer", "order__store", "order__advisor", "settled_by", "reversed_by",
            "reversal_approved_by", "reversal_requested_by",
        )
        .prefetch_related("amounts", Prefetch("order__receipts", Receipt.objects.order_by("id")), "order__receivables")
    )  # fmt: skip


def receipts_visible_to(staff: Staff):
    """Receipts with everything their slip tells."""
    return Receipt.objects.visible_to(staff).select_related(
        "order__vehicle", "order__customer", "order__store", "refunds", "entered_by"
    )


def orders_to_settle(staff: Staff):
    """Finished cars that wait for the cashier, the longest waiting first; `payable_amount` sums their lines."""
    return (
        RepairOrder.objects.visible_to(staff)
        .filter(state=OrderState.READY)
        .select_related("vehicle", "customer", "advisor")
        .annotate(payable_amount=Sum("lines__payable_amount"))
        .order_by("completed_at", "pk")
    )


def reversals_to_approve(staff: Staff):
    """Settlements whose reversal somebody asked for."""
    return (
        Settlement.objects.visible_to(staff)
        .live()
        .filter(reversal_requested_at__isnull=False)
        .select_related("order__vehicle", "order__customer", "reversal_requested_by")
        .order_by("reversal_requested_at")
    )


# The items of a settlement list by JT/T 1133-2017. Diagnosis and testing are told by their names: a line of labour or
# of other charges that ends with 诊断 or 检测 (with or without 费).
_DIAGNOSIS, _TESTING = re.compile(r"诊断费?$"), re.compile(r"检测费?$")
_BY_KIND = {
    LineKind.LABOUR: _("Labour charge"),
    LineKind.PART: _("Material charge"),
    LineKind.ACCESSORY: _("Material charge"),
    LineKind.SUBLET: _("Sublet charge"),
    LineKind.OTHER: _("Other charges"),
}
PRINTED_ITEMS = (
    _("Diagnosis charge"), _("Testing charge"), _("Labour charge"), _("Material charge"), _("Sublet charge"),
    _("Other charges"),
)  # fmt: skip


def printed_item_of(kind: str, name: str):
    """The item of the settlement list a line counts to."""
    if kind in (LineKind.LABOUR, LineKind.OTHER):
        if _DIAGNOSIS.search(name.strip()):
            return PRINTED_ITEMS[0]
        if _TESTING.search(name.strip()):
            return PRINTED_ITEMS[1]
    return _BY_KIND[LineKind(kind)]


@dataclass(frozen=True)
class PrintedItem:
    """One item of the settlement list: its frozen lines (as dictionaries) and their sum."""

    label: str
    lines: list[dict]
    amount: Decimal


def printed_items(settlement: Settlement) -> list[PrintedItem]:
    """What the settlement list shows, from what was frozen."""
    return _items(settlement.lines)


def printed_items_of_order(order: RepairOrder) -> list[PrintedItem]:
    """The same from the lines as they stand, for order and estimate. Reads what `whole_orders` loads."""
    return _items([frozen_line(line) for line in order.lines.all()])


def _items(lines: list[dict]) -> list[PrintedItem]:
    by_item: dict[str, list[dict]] = {str(label): [] for label in PRINTED_ITEMS}
    for line in lines:
        shown = {
            **line,
            "payer_label": Payer(line["payer"]).label,
            "basis_label": PriceBasis(line["price_basis"]).label if line.get("price_basis") else "",
            "is_discounted": Decimal(line["discount_rate"]) > 0,
        }
        by_item[str(printed_item_of(line["kind"], line["name"]))].append(shown)
    return [
        PrintedItem(label, own, sum((Decimal(line["payable_amount"]) for line in own), Decimal(0)))
        for label, own in by_item.items()
    ]
