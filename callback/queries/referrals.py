"""Referrals as people look at them: the call sheet (一览表), what waits for whom, how fast departments answer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from callback.choices import Department, ReferralState
from callback.formulas import rate
from callback.models import Referral, ReferralTime
from dealer_crm.organization.models import Staff, Store


def call_sheet(staff: Staff) -> QuerySet[Referral]:
    """Referrals with what a line of the call sheet shows."""
    return (
        Referral.objects.visible_to(staff)
        .select_related("store", "customer", "vehicle", "order", "person", "asked_by", "answered_by", "ended_by")
        .prefetch_related("times")
    )


def sheet_matching(
    staff: Staff, *, at: datetime, view="", department="", person=None, begin=None, until=None
) -> QuerySet[Referral]:
    """The call sheet narrowed; `view`: a state, "open", "late" (answer overdue, or promised time over), or "due" (those
    the figures count: `begin` and `until` are then about the answer and not about the call)."""
    rows, about = call_sheet(staff), "answer_by" if view == "due" else "asked_at"
    if view == "due":
        rows = rows.filter(_counted(at)).exclude(state=ReferralState.WITHDRAWN)
    elif view == "open":
        rows = rows.open()
    elif view == "late":
        rows = rows.open().filter(_late(at))
    elif view:
        rows = rows.filter(state=view)
    wanted = {"department": department, "person": person, f"{about}__gte": begin, f"{about}__lt": until}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def questions_for(staff: Staff) -> QuerySet[Referral]:
    """What a person is asked and has not answered, the most urgent first."""
    return call_sheet(staff).waiting().filter(person=staff).order_by("answer_by", "pk")


def referrals_to_tell(staff: Staff) -> QuerySet[Referral]:
    """Answers an agent has to take to the customer, those promised first."""
    return call_sheet(staff).filter(asked_by=staff, state=ReferralState.ANSWERED).order_by("answered_at", "pk")


def _counted(at: datetime) -> Q:
    return Q(answer_by__lte=at) | Q(answered_at__isnull=False)


def _late(at: datetime) -> Q:
    come = ReferralTime.objects.filter(referral=OuterRef("pk"), ended_at=None, promised_at__lt=at)
    return Q(state=ReferralState.ASKED, answer_by__lt=at) | Exists(come)


@dataclass(frozen=True)
class Answering:
    """How a department (or a person) answered what was due in a span; `late` counts what is open and overdue too."""

    label: str
    due: int
    answered: int
    in_time: int
    late: int
    key: str = ""

    @property
    def in_time_rate(self) -> Decimal | None:
        """Answered in time ÷ due."""
        return rate(self.in_time, self.due)


def referral_figures(store: Store, begin: datetime, until: datetime, *, at: datetime) -> list[Answering]:
    """Referrals whose answer was due in [begin, until) and not after `at`, by department; the first row is the store.

    In time: handed back not after the answer-by time. Withdrawn ones count for nobody.
    """
    due = (
        Referral.objects.of_store(store)
        .filter(answer_by__gte=begin, answer_by__lt=until)
        .filter(_counted(at))
        .exclude(state=ReferralState.WITHDRAWN)
    )
    rows = (
        due.values("department")
        .annotate(
            due=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_time=Count("pk", filter=Q(answered_at__lte=F("answer_by"))),
        )
        .order_by("department")
    )
    parts = [
        Answering(
            key=row["department"], label=str(Department(row["department"]).label), due=row["due"],
            answered=row["answered"], in_time=row["in_time"], late=row["due"] - row["in_time"],
        )
        for row in rows
    ]  # fmt: skip
    sums = {name: sum(getattr(part, name) for part in parts) for name in ("due", "answered", "in_time", "late")}
    return [Answering(label="", **sums), *parts]


# ── what the watch asks, locked ──────────────────────────────────────────────────────────────────────────────────────
def answers_overdue(*, store: Store, at: datetime) -> QuerySet[Referral]:
    """Answers that are late and of which nobody was told; what another run has in hand is left to it."""
    return (
        Referral.objects.of_store(store)
        .waiting()
        .filter(answer_by__lte=at, reminded_at=None)
        .select_related("customer", "person", "asked_by")
        .select_for_update(of=["self"], skip_locked=True)
        .order_by("answer_by", "pk")
    )


def times_to_remind(*, store: Store, at: datetime) -> QuerySet[ReferralTime]:
    """Times agreed with customers that have come with no result and of which nobody was told."""
    return (
        ReferralTime.objects.filter(referral__store=store, promised_at__lte=at, ended_at=None, reminded_at=None)
        .select_related("referral__customer", "referral__asked_by", "made_by")
        .select_for_update(of=["self"], skip_locked=True)
        .order_by("promised_at", "pk")
    )
