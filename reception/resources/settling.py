"""Settlements of orders that came settled in a workbook.

They are recognised by having no `settled_by`: nobody pressed the button.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from reception.formulas import LineFact, settlement_totals
from reception.models import OrderLine, RepairOrder, Settlement, SettlementAmount
from reception.queries.settlements import frozen_line


def settle_imported(order_ids: Iterable[int], *, relined: Iterable[int]) -> None:
    """Give every order that came settled a live settlement, and work out anew those whose lines changed.

    `order_ids`: orders whose 结算时间 is new or changed. `relined`: orders with new or changed lines.
    """
    orders = RepairOrder.objects.in_bulk(list(order_ids))
    live = {row.order_id: row for row in Settlement.objects.live().filter(order__in=list(orders))}
    moved = [row for row in live.values() if row.settled_at != orders[row.order_id].settled_at]
    for settlement in moved:
        settlement.settled_at = orders[settlement.order_id].settled_at
    Settlement.objects.bulk_update(moved, ["settled_at"], batch_size=1000)

    again = list(Settlement.objects.live().filter(order__in=list(relined), settled_by=None))
    missing = [order for order in orders.values() if order.pk not in live]
    lines = _lines_of([order.pk for order in missing] + [settlement.order_id for settlement in again])
    for settlement in again:
        settlement.lines = [frozen_line(line) for line in lines[settlement.order_id]]
    Settlement.objects.bulk_update(again, ["lines"], batch_size=500)
    made = Settlement.objects.bulk_create(
        [
            Settlement(
                number=f"JS-{order.number}"[:40],
                order=order,
                settled_at=order.settled_at,
                lines=[frozen_line(line) for line in lines[order.pk]],
            )
            for order in missing
        ],
        batch_size=2000,
    )
    SettlementAmount.objects.filter(settlement__in=again).delete()
    SettlementAmount.objects.bulk_create(
        [
            SettlementAmount(
                settlement=settlement, payer=total.payer, amount=total.amount, accessory_amount=total.accessory_amount
            )
            for settlement in (*made, *again)
            for total in settlement_totals(map(_line_fact, lines[settlement.order_id]))
        ],
        batch_size=2000,
    )


def settlements_touched(order_ids: Iterable[int]) -> Iterable[QuerySet]:
    """What `settle_imported` may make or change for these orders."""
    order_ids = list(order_ids)
    yield Settlement.objects.filter(order__in=order_ids)
    yield SettlementAmount.objects.filter(settlement__order__in=order_ids)


def _lines_of(order_ids: list[int]) -> dict[int, list[OrderLine]]:
    """The lines of many orders with everybody named in them: two queries."""
    lines: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    found = OrderLine.objects.filter(order__in=order_ids).order_by("order", "number")
    for line in found.select_related("team", "seller", "installation_team").prefetch_related("shares__technician"):
        lines[line.order_id].append(line)
    return lines


def _line_fact(line: OrderLine) -> LineFact:
    return LineFact(
        number=str(line.number),
        kind=line.kind,
        payer=line.payer,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_rate=line.discount_rate,
        payable=line.payable_amount,
    )
