"""The agent's day as the program knows it. Source: spec `callback.md`, work log."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Avg, Count, Max, Min, Q

from callback.choices import BAD_NUMBER_OUTCOMES, CONNECTED_OUTCOMES, Direction, Outcome
from callback.models import Contact, Referral, WorkLog
from complaints.models import Complaint
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role
from reception.choices import Channel


@dataclass(frozen=True)
class DayDone:
    """What an agent did on a day, counted from the records."""

    calls: int
    connected: int
    completed: int
    agreed: int
    wrong_numbers: int
    texts: int
    came_in: int
    complaints: int
    asked: int
    confirmed: int
    points: float | None  # the mean of the records that asked for facts
    first_at: datetime | None
    last_at: datetime | None


def day_done(agent: Staff, store: Store, day: date) -> DayDone:
    """The counts of one agent and day on the store's clock, in three queries."""
    begin = datetime.combine(day, time.min, store.tz)
    span = (begin, begin + timedelta(days=1))
    called = Q(direction=Direction.OUT, channel=Channel.PHONE)
    contacts = Contact.objects.filter(agent=agent, at__gte=span[0], at__lt=span[1]).aggregate(
        calls=Count("pk", filter=called),
        connected=Count("pk", filter=called & Q(outcome__in=CONNECTED_OUTCOMES)),
        completed=Count("pk", filter=called & Q(outcome=Outcome.COMPLETED)),
        agreed=Count("pk", filter=called & Q(outcome=Outcome.CALL_LATER)),
        wrong_numbers=Count("pk", filter=called & Q(outcome__in=BAD_NUMBER_OUTCOMES)),
        texts=Count("pk", filter=Q(direction=Direction.OUT, channel=Channel.SMS)),
        came_in=Count("pk", filter=Q(direction=Direction.IN)),
        points=Avg("record_points"),
        first_at=Min("at"),
        last_at=Max("at"),
    )
    referrals = Referral.objects.of_store(store).aggregate(
        asked=Count("pk", filter=Q(asked_by=agent, asked_at__gte=span[0], asked_at__lt=span[1])),
        confirmed=Count("pk", filter=Q(ended_by=agent, ended_at__gte=span[0], ended_at__lt=span[1])),
    )
    complaints = Complaint.objects.filter(created_by=agent, received_at__gte=span[0], received_at__lt=span[1]).count()
    return DayDone(**contacts, **referrals, complaints=complaints)


def work_log(agent: Staff, day: date) -> WorkLog | None:
    return WorkLog.objects.filter(agent=agent, day=day).select_related("seen_by").first()


def agents_with_logs(store: Store, day: date) -> list[tuple[Staff, WorkLog | None]]:
    """Everybody of a store who makes calls, with what they wrote about the day."""
    logs = {log.agent_id: log for log in WorkLog.objects.of_store(store).filter(day=day)}
    return [(agent, logs.get(agent.pk)) for agent in staff_with_role(store, Role.AGENT, Role.CRC)]
