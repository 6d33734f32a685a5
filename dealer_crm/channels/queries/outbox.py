from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Reverse

from dealer_crm.channels.carriers import Setup, setup_of
from dealer_crm.channels.choices import Channel, MessageState, Purpose
from dealer_crm.channels.models import Answer, Message
from dealer_crm.organization.models import Staff

LATE = timedelta(minutes=10)
"""A message due for longer than this is a sign that nobody sends."""


def messages_visible_to(staff: Staff) -> QuerySet[Message]:
    return Message.objects.visible_to(staff).select_related("store", "made_by")


def messages_matching(
    staff: Staff,
    *,
    state: str = "",
    purpose: str = "",
    channel: str = "",
    tail: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Message]:
    """The outbox narrowed; `tail`: the last digits of a number, or the end of an e-mail address."""
    rows = messages_visible_to(staff)
    wanted = {"state": state, "purpose": purpose, "channel": channel, "made_at__gte": since, "made_at__lt": until}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if tail := tail.strip().replace(" ", ""):
        rows = rows.alias(backwards=Reverse("to")).filter(backwards__startswith=tail[::-1])
    return rows


def message_for(key: str) -> Message | None:
    """The message of an occasion, when one was ordered."""
    return Message.objects.filter(key=key).first()


def messages_due(at: datetime) -> int:
    """How many messages should be out by now; counted over the partial index of waiting rows."""
    return Message.objects.waiting().filter(due_at__lte=at).count()


def messages_under(prefix: str) -> QuerySet[Message]:
    """The messages of occasions whose key begins so (`call:17:`), oldest first."""
    return Message.objects.filter(key__startswith=prefix).order_by("id")


def tests_of(staff: Staff) -> QuerySet[Message]:
    """The last messages a channel was tried with."""
    return messages_visible_to(staff).filter(purpose=Purpose.TEST).order_by("-id")[:10]


def answers_visible_to(staff: Staff) -> QuerySet[Answer]:
    """What came in; of a number no store has written to, people who see every store know alone."""
    return Answer.objects.visible_to(staff).select_related("store", "message")


@dataclass(frozen=True)
class ChannelState:
    """How a channel does: its setup, what waits, since when, and when one last got through."""

    setup: Setup
    waiting: int
    oldest: datetime | None
    last_sent_at: datetime | None
    failed: int
    is_stuck: bool


def channel_states(staff: Staff, *, at: datetime) -> list[ChannelState]:
    """Every channel; what is counted is of the stores the person may know of."""
    day = at - timedelta(days=1)
    rows = Message.objects.visible_to(staff).order_by()
    waiting = {
        row["channel"]: row
        for row in rows.waiting().values("channel").annotate(number=Count("pk"), oldest=Min("due_at"))
    }
    lately = {
        row["channel"]: row
        for row in rows.filter(made_at__gte=at - timedelta(days=31))
        .values("channel")
        .annotate(
            last=Max("sent_at"),
            failed=Count("pk", filter=Q(state=MessageState.FAILED, made_at__gte=day)),
        )
    }
    return [_state(channel, waiting.get(channel, {}), lately.get(channel, {}), at) for channel in Channel]


def _state(channel: Channel, waiting: dict, lately: dict, at: datetime) -> ChannelState:
    oldest = waiting.get("oldest")
    return ChannelState(
        setup=setup_of(channel),
        waiting=waiting.get("number", 0),
        oldest=oldest,
        last_sent_at=lately.get("last"),
        failed=lately.get("failed", 0),
        is_stuck=oldest is not None and oldest < at - LATE,
    )
