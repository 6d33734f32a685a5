"""The queue as people look at it: counts, lists, who is on which call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from callback.choices import BAD_NUMBER_OUTCOMES, CONNECTED_OUTCOMES, SUPERVISED, SURVEYS, Direction, TaskState
from callback.models import CallTask, Contact
from complaints.models import Complaint
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store
from reception.choices import Channel
from reception.models import Customer, CustomerPhone


@dataclass(frozen=True)
class QueueCounts:
    """Open calls of a store by what they wait for; `today`: due until the end of the day, the overdue not included."""

    overdue: int
    today: int
    later: int
    waiting: int
    held: int
    taken: int

    @property
    def due(self) -> int:
        return self.overdue + self.today


def with_hold(tasks: QuerySet[CallTask]) -> QuerySet[CallTask]:
    """Annotate `is_held`: the order is under an open complaint, so that nobody is to be surveyed about it; or the call
    is a survey, and its customer has any complaint open. `held_by`: the number of that complaint, of a held call."""
    open_ones = Complaint.objects.unclosed()
    of_order, of_person = open_ones.filter(order=OuterRef("order")), open_ones.filter(customer=OuterRef("customer"))
    is_survey = Q(rule__code__in=SURVEYS)
    first = [Subquery(found.order_by("received_at", "pk").values("number")[:1]) for found in (of_order, of_person)]
    return tasks.annotate(
        is_held=Q(complaint=None) & (Exists(of_order) | is_survey & Exists(of_person)), held_by=Coalesce(*first)
    )


def complaints_holding(task: CallTask, staff) -> QuerySet[Complaint]:
    """The open complaints a call waits for, as far as the person may read them: of its order, and of its customer where
    it asks what they think of us."""
    found = Q(order=task.order_id, order__isnull=False)
    if task.rule.code in SURVEYS:
        found |= Q(customer=task.customer_id)
    rows = Complaint.objects.unclosed().visible_to(staff).filter(found)
    return rows.select_related("owner").order_by("received_at", "pk")


def unfinished_calls(staff) -> QuerySet[CallTask]:
    """The calls a person may see that are still to be made."""
    return CallTask.objects.visible_to(staff).unfinished()


def queue_counts(staff, *, at: datetime, day_ends_at: datetime, store=None) -> QueueCounts:
    """The open calls a person may see (of one store), in two queries over the partial index of open rows."""
    begun = Q(opens_at__lte=at) & (Q(next_try_at=None) | Q(next_try_at__lte=at))
    counts = {
        "overdue": Count("pk", filter=begun & Q(due_at__lt=at)),
        "today": Count("pk", filter=begun & Q(due_at__gte=at, due_at__lte=day_ends_at)),
        "later": Count("pk", filter=begun & Q(due_at__gt=day_ends_at)),
        "waiting": Count("pk", filter=Q(opens_at__gt=at) | Q(next_try_at__gt=at)),
    }
    unfinished = unfinished_calls(staff).filter(**({"store": store} if store else {}))
    found = unfinished.aggregate(taken=Count("pk", filter=Q(claimed_by__isnull=False)), **counts)
    # The few held ones are found from the open complaints and taken off, instead of asking it of every call.
    complaints = Complaint.objects.unclosed()
    of_orders = Q(order__in=complaints.filter(order__isnull=False).values("order"))
    of_people = Q(customer__in=complaints.filter(customer__isnull=False).values("customer"), rule__code__in=SURVEYS)
    held = unfinished.filter(of_orders | of_people, complaint=None).aggregate(held=Count("pk"), **counts)
    return QueueCounts(**{name: found[name] - held[name] for name in counts}, held=held["held"], taken=found["taken"])


def tasks_in_list(staff) -> QuerySet[CallTask]:
    """Calls with what a row of the list shows."""
    return with_hold(CallTask.objects.visible_to(staff)).select_related(
        "rule", "customer", "vehicle", "order", "agent", "claimed_by", "store"
    )


def owed_to(staff, customer: Customer) -> QuerySet[CallTask]:
    """The calls still owed to one customer in the stores the person may see, the first due first."""
    return tasks_in_list(staff).unfinished().filter(customer=customer).order_by("due_at", "pk")


def current_call(staff: Staff) -> CallTask | None:
    """The call a person has taken and not finished."""
    return CallTask.objects.filter(claimed_by=staff).select_related("rule", "store").first()


def re_checks_waiting(staff: Staff, at: datetime) -> int:
    """How many talks wait for a supervisor to re-check them."""
    return CallTask.objects.visible_to(staff).callable_at(at).filter(rule__code__in=SUPERVISED).count()


def my_agreed_calls(staff: Staff, until: datetime) -> QuerySet[CallTask]:
    """Call-backs a person agreed with customers, up to a moment."""
    return (
        CallTask.objects.unfinished()
        .filter(agent=staff, next_try_at__lte=until)
        .select_related("customer", "vehicle", "rule")
        .order_by("next_try_at")
    )


@dataclass(frozen=True)
class AgentNow:
    """One agent of the live view: what they are on, since when, and what they did today."""

    agent: Staff
    task: CallTask | None
    has_lapsed: bool
    calls: int
    connected: int
    last_at: datetime | None


def agents_now(store: Store, *, at: datetime, day_begins_at: datetime, claim_lasts: timedelta) -> list[AgentNow]:
    """Everybody of a store who may take calls, those on a call first."""
    agents = Staff.objects.with_role(Role.AGENT, Role.CRC).filter(store=store).order_by("work_number")
    on_call = {
        task.claimed_by_id: task
        for task in CallTask.objects.of_store(store).taken().select_related("rule", "customer", "vehicle")
    }
    today = {
        row["agent"]: row
        for row in Contact.objects.filter(
            store=store, at__gte=day_begins_at, at__lte=at, direction=Direction.OUT, channel=Channel.PHONE
        )
        .values("agent")
        .annotate(calls=Count("pk"), connected=Count("pk", filter=Q(outcome__in=CONNECTED_OUTCOMES)), last_at=Max("at"))
        .order_by()
    }
    rows = []
    for agent in agents:
        task, done = on_call.get(agent.pk), today.get(agent.pk, {})
        rows.append(
            AgentNow(
                agent=agent,
                task=task,
                has_lapsed=task is not None and task.claimed_at <= at - claim_lasts,
                calls=done.get("calls", 0),
                connected=done.get("connected", 0),
                last_at=done.get("last_at"),
            )
        )
    return sorted(rows, key=lambda row: row.task is None)


def call_contacts(staff) -> QuerySet[Contact]:
    """Contacts with what a row of the list shows."""
    return Contact.objects.visible_to(staff).select_related(
        "customer", "vehicle", "order", "agent", "complaint", "task__rule", "store"
    )


def contacts_of_customer(staff, customer: Customer) -> QuerySet[Contact]:
    """One customer's contacts in the stores the person may see, newest first."""
    return call_contacts(staff).filter(customer=customer).order_by("-at", "-pk")


def wrong_numbers(staff) -> QuerySet[Contact]:
    """Calls that met a wrong or invalid number which is still the customer's first number.

    The list heals itself: a row goes when the customer has another first number.
    """
    still_first = CustomerPhone.objects.filter(customer=OuterRef("customer"), number=OuterRef("phone"), is_primary=True)
    return (
        call_contacts(staff)
        .filter(Exists(still_first), outcome__in=BAD_NUMBER_OUTCOMES)
        .annotate(wrong_phone=F("phone"))
        .order_by("-at", "-pk")
    )


COUNTED = {
    "owed": Q(),
    "called": Q(first_called_at__isnull=False),
    "uncalled": Q(first_called_at=None),
    "inside": Q(first_called_at__lte=F("due_at")),
    "too_late": Q(first_called_at__gt=F("due_at")),
}
"""What the figures count of the owed calls, whatever became of them."""


def in_view(tasks: QuerySet[CallTask], view: str, *, at: datetime, day_ends_at: datetime) -> QuerySet[CallTask]:
    """Narrow a list to one of the counts of `QueueCounts`, of the figures, or to a finished state."""
    begun = Q(is_held=False, opens_at__lte=at) & (Q(next_try_at=None) | Q(next_try_at__lte=at))
    conditions = {
        "overdue": begun & Q(due_at__lt=at),
        "today": begun & Q(due_at__gte=at, due_at__lte=day_ends_at),
        "later": begun & Q(due_at__gt=day_ends_at),
        "waiting": Q(is_held=False) & (Q(opens_at__gt=at) | Q(next_try_at__gt=at)),
        "held": Q(is_held=True),
        "taken": Q(claimed_by__isnull=False),
    }
    if view in conditions:
        return tasks.filter(conditions[view], state=TaskState.OPEN)
    if view in COUNTED:
        return tasks.filter(COUNTED[view]).exclude(state=TaskState.DROPPED)
    return tasks.filter(state=view) if view in TaskState.values else tasks
