"""The supervisor's live view beside who is on which call: the queue by rule, call-backs promised by agents.

Source: spec `callback.md` (the daily queue; personal call-backs become everyone's).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from callback.choices import RuleCode
from callback.models import CallTask
from callback.queries.queue import with_hold
from dealer_crm.organization.models import Staff, Store


@dataclass(frozen=True)
class RuleQueue:
    """What one rule has to call: overdue, due by the end of the day, later, waiting for its time, and the first due."""

    rule_id: int
    label: str
    overdue: int
    today: int
    later: int
    waiting: int
    first_due_at: datetime | None


def queue_by_rule(store: Store, *, at: datetime, day_ends_at: datetime) -> list[RuleQueue]:
    """The open calls of a store by rule, the most overdue first; those held back by a complaint are counted too."""
    begun = Q(opens_at__lte=at) & (Q(next_try_at=None) | Q(next_try_at__lte=at))
    rows = (
        CallTask.objects.of_store(store)
        .unfinished()
        .values("rule_id", "rule__code")
        .annotate(
            overdue=Count("pk", filter=begun & Q(due_at__lt=at)),
            today=Count("pk", filter=begun & Q(due_at__gte=at, due_at__lte=day_ends_at)),
            later=Count("pk", filter=begun & Q(due_at__gt=day_ends_at)),
            waiting=Count("pk", filter=~begun),
            first_due_at=Min("due_at", filter=begun),
        )
        .order_by("-overdue", "-today", "rule__priority", "rule_id")
    )
    return [RuleQueue(label=str(RuleCode(code).label), **row) for row in rows for code in [row.pop("rule__code")]]


@dataclass(frozen=True)
class Promised:
    """A call-back an agent agreed with a customer; `is_everyones`: missed by so long that anybody gets it."""

    task: CallTask
    is_late: bool
    is_everyones: bool


def promised_calls(store: Store, *, at: datetime, until: datetime, personal_lasts: timedelta) -> list[Promised]:
    """Call-backs of today that are reserved for somebody, the earliest first."""
    tasks = (
        CallTask.objects.of_store(store)
        .unfinished()
        .filter(agent__isnull=False, claimed_by=None, next_try_at__lte=until)
        .select_related("customer", "vehicle", "rule", "agent")
        .order_by("next_try_at", "pk")
    )
    tasks = with_hold(tasks)[:100]
    return [Promised(one, one.next_try_at < at, one.next_try_at <= at - personal_lasts) for one in tasks]


def reserved_for(agent: Staff):
    """Open calls that wait for one agent."""
    return CallTask.objects.unfinished().filter(agent=agent, claimed_by=None)
