"""Lists of complaints: what waits for whom, what matches a filter, what a search finds."""

from datetime import datetime

from django.db.models import Case, DateTimeField, F, Q, When

from complaints.choices import ComplaintState
from complaints.models import Complaint
from complaints.queries.search import complaints_found
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff

STATE = ComplaintState


def with_due(rows):
    """Annotate `due_at`: what runs out next, the first reply while it is owed, else the solution."""
    return rows.annotate(
        due_at=Case(
            When(first_reply_at=None, then=F("reply_due_at")), default=F("solve_due_at"), output_field=DateTimeField()
        )
    )


def waiting_for(staff: Staff, *, at: datetime):
    """Complaints whose next step is this person's, what runs out first on top.

    The supervisor advises and asks the customer, the manager decides, checks and judges, the owner puts right. The
    station manager stands in where the manager put it right, and for what is late.
    """
    return (
        with_due(Complaint.objects.visible_to(staff).filter(_next_is(staff, at)))
        .with_people()
        .annotate(rest=_REST)
        .order_by("rest", "due_at", "pk")
    )


# What a clock is running for comes first, then what stands, then what only has to be judged.
_REST = Case(When(state=STATE.CLOSED, then=2), When(paused_at__isnull=False, then=1), default=0)


def _next_is(staff: Staff, at: datetime) -> Q:
    steps = Q(state=STATE.DECIDED, owner=staff)
    if staff.can(Permission.COMPLAINT_ADVISE):
        steps |= Q(state=STATE.RECORDED)
    if staff.can(Permission.COMPLAINT_ASK):
        steps |= Q(state=STATE.CHECKED) | (Q(first_reply_at=None) & ~Q(state=STATE.CLOSED))
    if staff.can(Permission.COMPLAINT_DECIDE):
        owed = Q(state=STATE.ADVISED) | Q(state=STATE.REMEDIED) | Q(state=STATE.CLOSED, is_verified=None)
        if not staff.has_role(Role.MANAGER):
            # Closed cases are the manager's to judge; the rest when it is late or the manager's own remedy.
            owed &= ~Q(state=STATE.CLOSED) & (Q(solve_due_at__lt=at) | Q(owner__roles__contains=[Role.MANAGER.value]))
        steps |= owed & ~Q(state=STATE.REMEDIED, owner=staff)
    return steps


def complaints_matching(
    staff: Staff,
    *,
    at: datetime,
    text: str = "",
    state: str = "",
    severity: str = "",
    category: str = "",
    source: str = "",
    is_late: bool = False,
):
    """The complaints a person may see, narrowed; `text`: number, plate, name, end of a phone or words; `state` "open"
    means every state but closed."""
    rows = complaints_found(staff, text)
    if state == "open":
        rows = rows.unclosed()
    elif state:
        rows = rows.filter(state=state)
    exact = {"severity": severity, "category": category, "source": source}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if is_late:
        rows = rows.filter(late(at))
    return with_due(rows).with_people()


def late(at: datetime) -> Q:
    """A clock of the complaint has run out, or ran out before it was met."""
    return (
        Q(first_reply_at=None, reply_due_at__lt=at)
        | Q(first_reply_at__gt=F("reply_due_at"))
        | Q(solved_at=None, solve_due_at__lt=at)
        | Q(solved_at__gt=F("solve_due_at"))
    )


def complaints_like(staff: Staff, query: str, *, most: int):
    """Complaints that what was typed finds, the latest first, for the search box."""
    return complaints_found(staff, query).select_related("customer").order_by("-received_at", "-pk")[:most]


def complaints_of_order(order):
    """The complaints about one order, newest first."""
    return Complaint.objects.filter(order=order).order_by("-received_at")


def open_complaint_orders(order_ids):
    """Of these orders, those under an open complaint: they are held back from survey calls."""
    return set(Complaint.objects.unclosed().filter(order__in=order_ids).values_list("order", flat=True).distinct())
