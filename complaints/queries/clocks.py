from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from complaints.choices import Alarm, Clock, ComplaintState
from complaints.models import Arrangement, Complaint
from dealer_crm.organization.models import Store

# A run this late still tells of complaints closed meanwhile; older ones nobody needs to be told of any more.
LOOKS_BACK = timedelta(days=7)
_MARKS = len(Alarm)


def with_marks_to_tell(*, store: Store, at: datetime, warning: timedelta):
    """Complaints of a store of which some clock has passed a mark that may not have been told: a narrow superset over
    the partial index of open ones, from which `formulas.marks_passed` picks the marks themselves."""

    def overdue(clock: Clock, due: str, met: str, told: str):
        first_mark = F(due) - warning
        return (
            Q(**{f"{due}__lt": at + warning})
            & (Q(**{met: None}) | Q(**{f"{met}__gt": first_mark}))
            & Q(**{f"{told}__lt": _MARKS})
        )

    return (
        Complaint.objects.filter(store=store)
        .filter(~Q(state=ComplaintState.CLOSED) | Q(closed_at__gte=at - LOOKS_BACK))
        .annotate(
            told_reply=Count("alarms", filter=Q(alarms__clock=Clock.REPLY)),
            told_solve=Count("alarms", filter=Q(alarms__clock=Clock.SOLVE, alarms__round=F("round"))),
        )
        .filter(
            overdue(Clock.REPLY, "reply_due_at", "first_reply_at", "told_reply")
            | overdue(Clock.SOLVE, "solve_due_at", "solved_at", "told_solve")
        )
        .select_related("store", "owner")
        .prefetch_related("alarms")
        .order_by("pk")
    )


def stores_to_watch(*, at: datetime):
    """Stores with a complaint whose clock may have passed a mark."""
    watched = Complaint.objects.filter(~Q(state=ComplaintState.CLOSED) | Q(closed_at__gte=at - LOOKS_BACK))
    return Store.objects.filter(Exists(watched.filter(store=OuterRef("pk"))))


def arrangements_to_remind(*, store: Store, at: datetime):
    """Promises to customers whose time has come with no result and of which nobody was reminded, locked; one that
    another run has in hand is left to it."""
    return (
        Arrangement.objects.filter(complaint__store=store, promised_at__lte=at, ended_at=None, reminded_at=None)
        .exclude(complaint__state=ComplaintState.CLOSED)
        .select_related("complaint__store", "complaint__owner", "made_by")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("promised_at", "pk")
    )
