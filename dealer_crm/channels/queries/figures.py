from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from dealer_crm.channels.choices import Channel, MessageState, Purpose
from dealer_crm.channels.models import Message
from dealer_crm.organization.models import Staff

OUT = Q(sent_at__isnull=False)


@dataclass(frozen=True)
class SentFigures:
    """One line: `sent` left the house, of these `delivered` are on the phone; `parts` billed, `cost` in CNY."""

    channel: str
    purpose: str
    ordered: int
    sent: int
    delivered: int
    failed: int
    refused: int
    expired: int
    parts: int
    part_price: Decimal

    @property
    def label(self) -> str:
        return Purpose(self.purpose).label

    @property
    def channel_label(self) -> str:
        return Channel(self.channel).label

    @property
    def delivered_rate(self) -> Decimal | None:
        return Decimal(self.delivered) / self.sent if self.sent else None

    @property
    def cost(self) -> Decimal | None:
        """Only texts are billed by the part."""
        return self.parts * self.part_price if self.channel == Channel.SMS else None


@dataclass(frozen=True)
class SentTotal:
    ordered: int
    sent: int
    delivered: int
    failed: int
    refused: int
    expired: int
    parts: int
    cost: Decimal

    @property
    def delivered_rate(self) -> Decimal | None:
        return Decimal(self.delivered) / self.sent if self.sent else None


def total_of(rows: list[SentFigures]) -> SentTotal:
    """All lines together; parts and cost are those of texts."""
    counted = ("ordered", "sent", "delivered", "failed", "refused", "expired")
    texts = [row for row in rows if row.channel == Channel.SMS]
    return SentTotal(
        **{name: sum(getattr(row, name) for row in rows) for name in counted},
        parts=sum(row.parts for row in texts),
        cost=sum((row.cost for row in texts), Decimal(0)),
    )


def message_figures(staff: Staff, *, since: datetime, until: datetime, part_price: Decimal) -> list[SentFigures]:
    """What was ordered in a span and became of it, by channel and purpose, in one query."""
    state = MessageState
    rows = (
        Message.objects.visible_to(staff)
        .filter(made_at__gte=since, made_at__lt=until)
        .order_by("channel", "purpose")
        .values("channel", "purpose")
        .annotate(
            ordered=Count("pk"),
            sent=Count("pk", filter=OUT),
            delivered=Count("pk", filter=Q(state=state.DELIVERED)),
            failed=Count("pk", filter=Q(state=state.FAILED)),
            refused=Count("pk", filter=Q(state=state.REFUSED)),
            expired=Count("pk", filter=Q(state=state.EXPIRED)),
            billed=Sum("parts", filter=OUT),
        )
    )
    return [SentFigures(parts=row.pop("billed") or 0, part_price=part_price, **row) for row in rows]
