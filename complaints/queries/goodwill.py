"""What goodwill cost, what waits for approval, what is left, and who may grant how much."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from complaints.choices import ComplaintState, GoodwillKind, GoodwillState
from complaints.formulas import goodwill_limit, may_grant
from complaints.models import Complaint, Goodwill, GoodwillBudget
from complaints.settings import GOODWILL_BUDGET, GOODWILL_LIMIT_AGENT, GOODWILL_LIMIT_CRC, GOODWILL_LIMIT_MANAGER
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure, figures, staff_with_role
from dealer_crm.values import Period

GRANTERS = [role for role, allowed in PERMISSIONS.items() if Permission.GOODWILL_APPROVE in allowed]


def limits_in_force(store: Store, *, on: date) -> dict[str, Decimal]:
    """Role code → what it may grant for a whole case."""
    rules = figures("complaints.goodwill", store=store, on=on)
    return {
        Role.AGENT.value: rules[GOODWILL_LIMIT_AGENT.code],
        Role.CRC.value: rules[GOODWILL_LIMIT_CRC.code],
        Role.MANAGER.value: rules[GOODWILL_LIMIT_MANAGER.code],
    }


def limit_of(staff: Staff, store: Store, *, on: date) -> Decimal | None:
    """What a person may grant for a whole case of a store; None = without limit."""
    return goodwill_limit(staff.roles, limits_in_force(store, on=on))


def granters(complaint: Complaint, amount: Decimal, *, on: date, but) -> list[Staff]:
    """Who of the store may approve so much more on this case; never who asks for it."""
    limits = limits_in_force(complaint.store, on=on)
    return [
        person
        for person in staff_with_role(complaint.store, *GRANTERS)
        if person != but
        and may_grant(amount, granted=complaint.goodwill_amount, limit=goodwill_limit(person.roles, limits))
    ]


def budget_in_force(store: Store, period: Period) -> Decimal:
    """The budget a month has as long as nobody set another for it."""
    return figure(GOODWILL_BUDGET, store=store, on=period.first_day)


@dataclass(frozen=True)
class MonthOfGoodwill:
    """A month's budget, what was spent of it, by kind, and what would be left if all that waits were approved."""

    store: Store
    period: Period
    budget: Decimal
    spent: Decimal
    waiting: Decimal
    kinds: list[tuple[str, int, Decimal]]

    @property
    def left(self) -> Decimal:
        return self.budget - self.spent

    @property
    def is_short(self) -> bool:
        """True when what waits is more than what is left."""
        return self.waiting > self.left


def month_of_goodwill(store: Store, period: Period) -> MonthOfGoodwill:
    kept = GoodwillBudget.objects.filter(store=store, period=str(period)).first()
    waiting = Goodwill.objects.filter(complaint__store=store, state=GoodwillState.REQUESTED).aggregate(
        all=Sum("amount")
    )
    return MonthOfGoodwill(
        store=store,
        period=period,
        budget=kept.amount if kept else budget_in_force(store, period),
        spent=kept.spent_amount if kept else Decimal("0.00"),
        waiting=waiting["all"] or Decimal("0.00"),
        kinds=costs_by_kind(Goodwill.objects.filter(budget=kept)) if kept else [],
    )


def costs_by_kind(goodwills) -> list[tuple[str, int, Decimal]]:
    """(kind, how many, amount) of what was granted, in the order of the kinds."""
    counted = goodwills.spent().order_by().values_list("kind").annotate(times=Count("pk"), total=Sum("amount"))
    rows = {kind: (times, total) for kind, times, total in counted}
    return [(str(kind.label), *rows[kind.value]) for kind in GoodwillKind if kind.value in rows]


def goodwill_of_month(store: Store, period: Period):
    """What was asked for in a month or booked on its budget."""
    start, end = period.bounds(store.tz)
    return (
        Goodwill.objects.filter(complaint__store=store)
        .filter(Q(requested_at__gte=start, requested_at__lt=end) | Q(budget__period=str(period), budget__store=store))
        .select_related(
            "complaint__customer", "complaint__store", "requested_by", "decided_by", "reversed_by", "budget"
        )
    )


def goodwill_of_others(staff: Staff):
    """The requests of the store this person could be the one to approve, the oldest first."""
    if not staff.can(Permission.GOODWILL_APPROVE) or staff.store is None:
        return Goodwill.objects.none()
    return (
        Goodwill.objects.filter(complaint__store=staff.store_id, state=GoodwillState.REQUESTED)
        .exclude(requested_by=staff)
        .select_related("complaint__customer", "complaint__store", "requested_by")
        .order_by("requested_at", "pk")
    )


def goodwill_waiting_for(staff: Staff, *, on: date, rows: list[Goodwill] | None = None) -> list[Goodwill]:
    """Those of them this person may grant now. `rows`: the requests, where they were asked already."""
    rows = list(goodwill_of_others(staff)) if rows is None else rows
    if not rows:
        return []
    limit = limit_of(staff, staff.store, on=on)
    return [one for one in rows if may_grant(one.amount, granted=one.complaint.goodwill_amount, limit=limit)]


def decision_so_far(complaint: Complaint) -> dict:
    """What a decision that may be taken again holds, to begin the next one with; empty before the first."""
    if complaint.state != ComplaintState.DECIDED:
        return {}
    granted = complaint.goodwills.spent().filter(is_of_decision=True).aggregate(total=Sum("amount"))["total"]
    return {"owner": complaint.owner_id, "deadline_at": complaint.deadline_at, "goodwill_amount": granted}


def goodwill_of_case(complaint: Complaint):
    return complaint.goodwills.select_related("requested_by", "decided_by", "reversed_by").order_by("pk")
