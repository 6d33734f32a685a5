"""What the database counts for the measures of some months, all of it in one statement; the workshop counts its own.

A source is a kind of rows with the moment that says which month a row counts in. Source: spec `kpi.md` (definitions).
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DecimalField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)

from callback.choices import RuleCode, TaskState
from callback.models import CallTask
from complaints.models import Complaint
from dealer_crm.organization.models import Store
from dealer_crm.values import Period
from reception.models import RepairOrder, Settlement
from reception.queries.punctuality import ON_TIME


class WaitBelow(Aggregate):
    """The wait in seconds below which a share of the rows lies."""

    function = "PERCENTILE_CONT"
    template = "EXTRACT(EPOCH FROM %(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s))"
    output_field = DecimalField()

    def __init__(self, expression, *, share: str, **extra):
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True)
class Source:
    """`counts`: name of a number → how it is counted over the rows of a month."""

    rows: QuerySet
    moment: str
    counts: dict[str, Aggregate]


_CALLED = Q(state__in=[TaskState.DONE, TaskState.REFUSED, TaskState.UNREACHED])


def month_counts(store: Store, periods: list[Period]) -> dict[Period, dict[str, Decimal]]:
    """The numbers of each month; one that nothing happened for is missing."""
    sources = _sources(store)
    width = max(len(source.counts) for source in sources)
    first, *others = [_numbers(source, mark, store, periods, width) for mark, source in enumerate(sources)]
    found = {period: {} for period in periods}
    for month, mark, *numbers in first.union(*others, all=True):
        # Wider than a source is, a row ends in zeros.
        found[periods[month]].update(zip(sources[mark].counts, numbers, strict=False))
    return found


def _numbers(source: Source, mark: int, store: Store, periods: list[Period], width: int) -> QuerySet:
    """One row per month: which month, which source, its numbers, filled up to the width of the widest source."""
    inside = [_within(source.moment, period, store) for period in periods]
    month = Case(*(When(condition, then=Value(number)) for number, condition in enumerate(inside)))
    numbers = [*source.counts.values(), *[Value(0)] * (width - len(source.counts))]
    named = {f"number_{place}": number for place, number in enumerate(numbers)}
    rows = source.rows.filter(reduce(or_, inside)).annotate(month=month).order_by().values("month")
    return rows.annotate(source=Value(mark), **named).values_list("month", "source", *named)


def _sources(store: Store) -> list[Source]:
    orders = RepairOrder.objects.filter(store=store)
    waited = ExpressionWrapper(F("greeted_at") - F("arrived_at"), output_field=DurationField())
    return [
        Source(
            orders.alias(on_time=ON_TIME),
            "delivered_at",
            {
                "promised": Count("promised_at"),
                "on_time": Count("promised_at", filter=Q(on_time=True)),
            },
        ),
        Source(
            orders.filter(greeted_at__isnull=False),
            "arrived_at",
            {
                "greeted": Count("pk"),
                "greeting_median": WaitBelow(waited, share="0.5"),
                "greeting_p90": WaitBelow(waited, share="0.9"),
            },
        ),
        Source(Settlement.objects.live().filter(order__store=store), "settled_at", {"settled": Count("pk")}),
        Source(
            CallTask.objects.filter(store=store, rule__code=RuleCode.SERVICE_3D).exclude(state=TaskState.DROPPED),
            "order__delivered_at",
            {
                "owed_calls": Count("pk"),
                "called": Count("pk", filter=_CALLED),
                "called_in_window": Count("pk", filter=_CALLED & Q(done_at__lte=F("due_at"))),
            },
        ),
        Source(
            Complaint.objects.filter(store=store),
            "received_at",
            {
                "complaints": Count("pk"),
                "replied": Count("pk", filter=Q(first_reply_at__lte=F("reply_due_at"))),
                "solved": Count("pk", filter=Q(solved_at__lte=F("solve_due_at"))),
                "asked_again": Count("is_satisfied"),
                "content": Count("pk", filter=Q(is_satisfied=True)),
            },
        ),
    ]


def _within(field: str, period: Period, store: Store) -> Q:
    start, end = period.bounds(store.tz)
    return Q(**{f"{field}__gte": start, f"{field}__lt": end})
