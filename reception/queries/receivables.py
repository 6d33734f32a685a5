"""What is due from whom, for how long, how much of it comes in, and what must be paid back.

All from `Receivable`, which the database keeps (migration 0003). Source: spec reception.md (Receipts).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Least, TruncMonth

from dealer_crm.values import Period
from reception.choices import PAYING, Payer
from reception.models import Receipt, Receivable, RepairOrder

# Ageing: up to and with so many days since the settlement.
AGES = (30, 60, 90)
BUCKETS = ("up_to_30", "up_to_60", "up_to_90", "older")
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
    """Every paying party of an order with what it owes; zero where nothing is settled on it."""
    known = {row.payer: row for row in order.receivables.all()}
    return {
        payer: Due(payer, known[payer].settled_amount, known[payer].received_amount)
        if payer in known
        else Due(payer, _NOTHING, _NOTHING)
        for payer in PAYING
    }


def left_of_receipt(receipt: Receipt) -> Decimal:
    """What of a receipt has not been paid back."""
    return receipt.amount + (receipt.refunded_by.aggregate(sum=Sum("amount"))["sum"] or 0)


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def receivables_visible_to(staff):
    """Receivables with the names a row shows and nothing else."""
    return (
        Receivable.objects.visible_to(staff)
        .select_related("order__vehicle", "order__customer", "store")
        .only(
            "payer", "settled_amount", "received_amount", "open_amount", "due_since", "store__code",
            "order__number", "order__kind", "order__vehicle__plate", "order__customer__name",
        )
    )  # fmt: skip


def open_receivables(staff):
    """What is not wholly paid, the longest due first."""
    return receivables_visible_to(staff).unpaid().order_by("due_since", "pk")


def overpayments(staff):
    """Payers who have money to come back, the latest first."""
    return receivables_visible_to(staff).overpaid().order_by("-pk")


# ── Ageing ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def age_in_days(due_since: datetime, today: date, tz: tzinfo) -> int:
    return (today - due_since.astimezone(tz).date()).days


def due_between(bucket: str, today: date, tz: tzinfo) -> dict:
    """A bucket of `BUCKETS` as bounds of `due_since`: days are those of the calendar, so it ages at midnight."""
    place = BUCKETS.index(bucket)
    bounds = {}
    if place < len(AGES):
        bounds["due_since__gte"] = _midnight(today - timedelta(days=AGES[place]), tz)
    if place > 0:
        bounds["due_since__lt"] = _midnight(today - timedelta(days=AGES[place - 1]), tz)
    return bounds


def _midnight(day: date, tz: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tz)


@dataclass(frozen=True)
class Ageing:
    """Open money by how many days ago it was settled; `count` receivables. `payer` None: of all."""

    payer: Payer | None = None
    up_to_30: Decimal = _NOTHING
    up_to_60: Decimal = _NOTHING
    up_to_90: Decimal = _NOTHING
    older: Decimal = _NOTHING
    count: int = 0

    @property
    def open_amount(self) -> Decimal:
        return self.up_to_30 + self.up_to_60 + self.up_to_90 + self.older


def ageing(rows, today: date, tz: tzinfo) -> list[Ageing]:
    """Open receivables by payer into 0–30, 31–60, 61–90 and 90+ days, in one statement over the index of unpaid rows.

    Every paying party in its order, then the sum of all.
    """
    sums = {
        bucket: Sum("open_amount", filter=Q(**due_between(bucket, today, tz)), default=_NOTHING) for bucket in BUCKETS
    }
    found = rows.unpaid().order_by().values("payer").annotate(count=Count("pk"), **sums)
    known = {one["payer"]: one for one in found}
    by_payer = [Ageing(**{**known.get(payer, {}), "payer": payer}) for payer in PAYING]
    return [*by_payer, _all_of(by_payer)]


def _all_of(parts: list[Ageing]) -> Ageing:
    return Ageing(
        None,
        *(sum((getattr(one, bucket) for one in parts), _NOTHING) for bucket in BUCKETS),
        count=sum(one.count for one in parts),
    )


# ── Recovery ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Recovery:
    """回款率: of what was settled on a payer in a month and stands, how much has come in until now."""

    period: Period
    payer: Payer | None
    settled_amount: Decimal
    received_amount: Decimal

    @property
    def open_amount(self) -> Decimal:
        return self.settled_amount - self.received_amount

    @property
    def rate(self) -> Decimal | None:
        """0–1; None where nothing was settled."""
        return self.received_amount / self.settled_amount if self.settled_amount else None


def settled_in(rows, period: Period, tz: tzinfo):
    """The receivables of what was settled in a month."""
    start, end = period.bounds(tz)
    return rows.filter(due_since__gte=start, due_since__lt=end, settled_amount__gt=0)


def recovery(rows, since: Period, until: Period, tz: tzinfo) -> list[Recovery]:
    """For each month from `since` to `until`, the latest first: every payer that was settled on, then all together.

    Money above what is due counts nowhere: a payer can't make up for another.
    """
    start, end = since.bounds(tz)[0], until.bounds(tz)[1]
    found = (
        rows.filter(due_since__gte=start, due_since__lt=end, settled_amount__gt=0)
        .order_by()
        .annotate(month=TruncMonth("due_since", tzinfo=tz))
        .values("month", "payer")
        .annotate(settled=Sum("settled_amount"), received=Sum(Least(F("received_amount"), F("settled_amount"))))
    )
    known = {(Period.of(one["month"], tz), one["payer"]): one for one in found}
    listed, period = [], until
    while period >= since:
        of_month = [
            Recovery(period, payer, known[period, payer]["settled"], known[period, payer]["received"])
            for payer in PAYING
            if (period, payer) in known
        ]
        listed += [*of_month, *([_together(period, of_month)] if of_month else [])]
        period = period.previous()
    return listed


def _together(period: Period, parts: Iterable[Recovery]) -> Recovery:
    parts = list(parts)
    return Recovery(
        period,
        None,
        sum((one.settled_amount for one in parts), _NOTHING),
        sum((one.received_amount for one in parts), _NOTHING),
    )
