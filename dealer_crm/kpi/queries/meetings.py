"""The goal meeting: its figures out of the catalogue, what is carried into it, what somebody took on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import GoalLine, GoalMeeting
from dealer_crm.kpi.queries.measures import Months
from dealer_crm.kpi.queries.targets import is_ceiling, store_goals
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period


@dataclass(frozen=True)
class GoalFigure:
    """A measure with the goal of the month, its own or the standing one, and what was reached; `unknown`: so many lines
    are left out of it."""

    measure: str
    goal: Decimal
    actual: Decimal | None
    is_ceiling: bool
    unknown: int = 0


def goal_figures(store: Store, period: Period, at: datetime) -> list[GoalFigure]:
    """Every measure of the catalogue that has a goal in the month, its own or the standing one, in their order."""
    months = Months(store, period, at=at)
    goals, found = months.goals(period) | store_goals(store, period), months.measured(period)
    return [
        GoalFigure(code, goals[code], None if one.value is None else round(one.value, 4), is_ceiling(code), one.unknown)
        for code, one in found.items()
        if code in goals and code in Measure.values
    ]


def meetings_for(staff: Staff) -> QuerySet[GoalMeeting]:
    """The meetings a person may look at, newest first, with how many matters were agreed and how many are open."""
    return (
        GoalMeeting.objects.visible_to(staff)
        .select_related("store", "held_by")
        .annotate(
            agreed=Count("lines", filter=Q(lines__owner__isnull=False)),
            unfinished=Count("lines", filter=Q(lines__owner__isnull=False, lines__done_at=None)),
        )
        .order_by("-period", "store", "pk")
    )


def carried_to(meeting: GoalMeeting) -> QuerySet[GoalLine]:
    """What earlier meetings agreed and was not done when the last of them was held: it is on the table again."""
    earlier = GoalMeeting.objects.filter(store=meeting.store_id, period__lt=meeting.period, held_at__isnull=False)
    last = earlier.order_by("-period").values_list("held_at", flat=True).first()
    lines = GoalLine.objects.agreed().filter(meeting__in=earlier).select_related("meeting", "owner", "done_by")
    open_then = Q(done_at=None) | Q(done_at__gte=last) if last else Q(done_at=None)
    return lines.filter(open_then).order_by("meeting__period", "pk")


def follow_ups_of(staff: Staff) -> QuerySet[GoalLine]:
    """What a person took on in goal meetings and has not ended yet, the most urgent first."""
    return GoalLine.objects.unfinished().filter(owner=staff).select_related("meeting").order_by("due_on", "pk")
