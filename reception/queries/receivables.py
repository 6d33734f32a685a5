"""What is due from whom, and for how long. Source: spec reception.md, Receipts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from reception.choices import PAYING, Payer
from reception.models import Receipt, RepairOrder, SettlementAmount

# Ageing: up to and with so many days since the settlement.
AGES = (30, 60, 90)
_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Due:
    """What one payer owes on one order: `settled_amount` by the live settlement, `received_amount` net of refunds."""

    payer: Payer
    settled_amount: Decimal
    received_amount: Decimal

    @property
    def open_amount(self) -> Decimal:
        """Negative: the payer has money to come back (a settlement was reversed or lowered)."""
        return self.settled_amount - self.received_amount


def due_by_payer(order: RepairOrder) -> dict[Payer, Due]:
    """Every paying party of an order with what it owes; zero where nothing is settled on it.

    Reads the order's settlements with their amounts and its receipts, loaded before or now.
    """
    live = next((one for one in order.settlements.all() if one.reversed_at is None), None)
    settled = {one.payer: one.amount for one in live.amounts.all()} if live else {}
    received: dict[str, Decimal] = {}
    for receipt in order.receipts.all():
        received[receipt.payer] = received.get(receipt.payer, _NOTHING) + receipt.amount
    return {payer: Due(payer, settled.get(payer, _NOTHING), received.get(payer, _NOTHING)) for payer in PAYING}


def open_receivables(staff):
    """Amounts of live settlements that are not wholly paid, oldest first, with `received_amount` and `open_amount`."""
    received = (
        Receipt.objects.filter(order=OuterRef("settlement__order"), payer=OuterRef("payer"))
        .order_by()
        .values("order")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    money = DecimalField(max_digits=14, decimal_places=2)
    rows = SettlementAmount.objects.filter(payer__in=PAYING, settlement__reversed_at=None, amount__gt=0)
    if not staff.sees_all_stores:
        rows = rows.filter(settlement__order__store=staff.store_id)
    return (
        rows.annotate(received_amount=Coalesce(Subquery(received), Value(Decimal(0)), output_field=money))
        .filter(amount__gt=F("received_amount"))
        .annotate(open_amount=F("amount") - F("received_amount"))
        .select_related("settlement__order__vehicle", "settlement__order__customer", "settlement__order__advisor")
        .order_by("settlement__settled_at", "pk")
    )


@dataclass(frozen=True)
class Ageing:
    """Open money by how many days ago it was settled."""

    up_to_30: Decimal
    up_to_60: Decimal
    up_to_90: Decimal
    older: Decimal

    @property
    def open_amount(self) -> Decimal:
        return self.up_to_30 + self.up_to_60 + self.up_to_90 + self.older


def age_in_days(settled_at, today: date, tz) -> int:
    return (today - settled_at.astimezone(tz).date()).days


def ageing(rows: Iterable[SettlementAmount], today: date, tz) -> Ageing:
    """Sort open amounts (rows of `open_receivables`) into 0–30, 31–60, 61–90 and 90+ days."""
    sums = [Decimal(0)] * 4
    for row in rows:
        days = age_in_days(row.settlement.settled_at, today, tz)
        sums[sum(days > limit for limit in AGES)] += row.open_amount
    return Ageing(*sums)
