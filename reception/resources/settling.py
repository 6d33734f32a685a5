"""Settlements of orders that came settled in a workbook."""

from collections.abc import Iterable

from reception.formulas import LineFact, settlement_totals
from reception.models import OrderLine, RepairOrder, Settlement, SettlementAmount
from reception.queries.settlements import frozen_line

# Settlements of a workbook are recognised by having no `settled_by`: nobody pressed the button.


def settle_imported(order_ids: Iterable[int], *, relined: Iterable[int]) -> None:
    """Give every order that came settled a live settlement, and work out anew those whose lines changed.

    `order_ids`: orders whose 结算时间 is new or changed. `relined`: orders with new or changed lines.
    """
    order_ids = list(order_ids)
    orders = {order.pk: order for order in RepairOrder.objects.filter(pk__in=order_ids)}
    live = {row.order_id: row for row in Settlement.objects.live().filter(order__in=order_ids)}
    missing = [order for order in orders.values() if order.pk not in live]
    moved = [row for row in live.values() if row.settled_at != orders[row.order_id].settled_at]
    for settlement in moved:
        settlement.settled_at = orders[settlement.order_id].settled_at
    Settlement.objects.bulk_update(moved, ["settled_at"], batch_size=1000)
    made = Settlement.objects.bulk_create(
        [Settlement(number=f"JS-{order.number}"[:40], order=order, settled_at=order.settled_at) for order in missing],
        batch_size=2000,
    )
    again = (
        Settlement.objects.live()
        .filter(order__in=list(relined), settled_by=None)
        .exclude(pk__in=[settlement.pk for settlement in made])
    )
    freeze_lines([*made, *again])


def freeze_lines(settlements: list[Settlement]) -> None:
    """Freeze the lines as they stand now, and the amounts by payer, under these settlements: three queries for all."""
    lines: dict[int, list[OrderLine]] = {settlement.order_id: [] for settlement in settlements}
    found = OrderLine.objects.filter(order__in=list(lines)).order_by("order", "number")
    for line in found.select_related("team", "seller", "installation_team").prefetch_related("shares__technician"):
        lines[line.order_id].append(line)
    for settlement in settlements:
        settlement.lines = [frozen_line(line) for line in lines[settlement.order_id]]
    Settlement.objects.bulk_update(settlements, ["lines"], batch_size=500)
    SettlementAmount.objects.filter(settlement__in=settlements).delete()
    SettlementAmount.objects.bulk_create(
        [
            SettlementAmount(
                settlement=settlement, payer=total.payer, amount=total.amount, accessory_amount=total.accessory_amount
            )
            for settlement in settlements
            for total in settlement_totals(map(_line_fact, lines[settlement.order_id]))
        ],
        batch_size=2000,
    )


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
