"""Monthly complaint statistics. Source: spec `complaints.md`, "Reports"."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.fields import DateTimeField, DurationField
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from complaints import formulas
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity
from complaints.formulas import Pareto
from complaints.models import Complaint, Goodwill, Responsibility
from complaints.queries.goodwill import costs_by_kind
from complaints.settings import (
    COUNTED_REPLY_HOURS,
    COUNTED_SOLVE_HOURS,
    IN_TIME_TARGET,
    REPEAT_DAYS,
    SATISFIED_TARGET,
)
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Position, Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Period


@dataclass(frozen=True)
class Rate:
    """part ÷ whole beside its target, all 0–1."""

    part: int
    whole: int
    target: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        return formulas.rate(self.part, self.whole)

    @property
    def is_on_target(self) -> bool | None:
        return None if self.value is None or self.target is None else self.value >= self.target


@dataclass(frozen=True)
class Person:
    """Verified complaints of the month by a person's fault: how many, and the sum of the shares."""

    work_number: str
    name: str
    count: int
    shares: Decimal


@dataclass(frozen=True)
class MonthStatistics:
    """`complaints` were received in the month; rates are of those of them that have come that far."""

    store: Store
    period: Period
    complaints: int
    previous: int
    closed: int
    verified: int
    judged: int
    goodwill_amount: Decimal
    replied: Rate
    solved: Rate
    satisfied: Rate
    repeated: Rate
    replied_soon: Rate
    solved_soon: Rate
    same_matter: Rate
    reply_hours: Decimal
    solve_hours: Decimal
    severities: list[tuple[str, int]] = field(default_factory=list)
    sources: list[tuple[str, int]] = field(default_factory=list)
    categories: list[Pareto] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    departments: list[tuple[str, int, Decimal]] = field(default_factory=list)
    costs: list[tuple[str, int, Decimal]] = field(default_factory=list)


@dataclass(frozen=True)
class MonthCounts:
    """How many complaints were received in a month and in the one before; `categories` of the month's."""

    complaints: int
    previous: int
    categories: list[Pareto]


def month_counts(store: Store, period: Period) -> MonthCounts:
    """The counts of a month alone, without what came of its complaints (`month_statistics`): one question."""
    before, (start, end) = period.previous().bounds(store.tz)[0], period.bounds(store.tz)
    rows = Complaint.objects.filter(store=store, received_at__gte=before, received_at__lt=end).order_by()
    times = rows.values_list("category").annotate(
        now=Count("pk", filter=Q(received_at__gte=start)), before=Count("pk", filter=Q(received_at__lt=start))
    )
    now, earlier = Counter(), Counter()
    for category, *counted in times:
        now[category], earlier[category] = counted
    return MonthCounts(now.total(), earlier.total(), formulas.pareto(_in_order(now, Category)))


def month_statistics(store: Store, period: Period, *, at: datetime) -> MonthStatistics:
    """The statistics of the complaints received in a month, by the store's clock, as they stand at `at`.

    *Soon*: replied to within two hours, solved within twenty-four, the same for every source and severity (figures).
    *Same matter*: the same car (or customer) complained of the same category in the days before.

    In time: replied to and solved within the clocks, stops for the customer taken off; a solution the customer did not
    accept is none. The whole of both rates is what was met or has run out: a complaint whose clock still runs says
    nothing yet, one that ran out unanswered does.
    """
    rules = figures("complaints.", store=store, on=period.last_day)
    rows = complaints_of_month(store, period)
    in_time = Q(first_reply_at__lte=F("reply_due_at"))
    took, marks = complaint_marks(rules, at)
    known = _is_of_a_known_matter(timedelta(days=rules[REPEAT_DAYS.code]))
    total = rows.annotate(took=took, is_of_a_known_matter=known).aggregate(
        complaints=Count("pk"),
        closed=Count("pk", filter=Q(state=ComplaintState.CLOSED)),
        verified=Count("pk", filter=Q(is_verified=True)),
        judged=Count("pk", filter=Q(is_verified__isnull=False)),
        goodwill=Sum("goodwill_amount"),
        replied=Count("pk", filter=Q(first_reply_at__isnull=False) | Q(reply_due_at__lt=at, paused_at=None)),
        replied_in_time=Count("pk", filter=in_time),
        solved=Count("pk", filter=Q(solved_at__isnull=False) | Q(solve_due_at__lt=at, paused_at=None) | Q(round__gt=1)),
        solved_in_time=Count("pk", filter=Q(solved_at__isnull=False, took__lte=F("solve_clock"))),
        **{name: Count("pk", filter=mark) for name, mark in marks.items()},
        again=Count("pk", filter=Q(round__gt=1)),
        same_matter=Count("pk", filter=Q(is_of_a_known_matter=True)),
    )
    counts = _counts(rows)
    in_time_target, satisfied_target = rules[IN_TIME_TARGET.code], rules[SATISFIED_TARGET.code]
    return MonthStatistics(
        store=store,
        period=period,
        complaints=total["complaints"],
        previous=complaints_of_month(store, period.previous()).count(),
        closed=total["closed"],
        verified=total["verified"],
        judged=total["judged"],
        goodwill_amount=total["goodwill"] or Decimal("0.00"),
        replied=Rate(total["replied_in_time"], total["replied"], in_time_target),
        solved=Rate(total["solved_in_time"], total["solved"], in_time_target),
        satisfied=Rate(total["satisfied"], total["asked"], satisfied_target),
        repeated=Rate(total["again"], total["complaints"]),
        replied_soon=Rate(total["replied_soon"], total["replied_ever"], in_time_target),
        solved_soon=Rate(total["solved_soon"], total["solved_ever"], in_time_target),
        reply_hours=rules[COUNTED_REPLY_HOURS.code],
        solve_hours=rules[COUNTED_SOLVE_HOURS.code],
        same_matter=Rate(total["same_matter"], total["complaints"]),
        severities=_in_order(counts["severity"], Severity),
        sources=_in_order(counts["source"], ComplaintSource),
        categories=formulas.pareto(_in_order(counts["category"], Category)),
        people=_people(store, period),
        departments=_departments(store, period),
        costs=costs_by_kind(Goodwill.objects.filter(complaint__in=rows)),
    )


def complaint_marks(rules, at: datetime) -> tuple[ExpressionWrapper, dict[str, Q]]:
    """How long a solution took (to be annotated as `took`), and what a complaint is counted as at `at`: replied to and
    solved soon, and those that were or whose time for it is over; asked again, and satisfied with the result."""
    reply, solve = (timedelta(hours=float(rules[hours.code])) for hours in (COUNTED_REPLY_HOURS, COUNTED_SOLVE_HOURS))
    took = ExpressionWrapper(F("solved_at") - F("received_at") - F("stopped_for"), output_field=DurationField())
    return took, {
        "replied_ever": Q(first_reply_at__isnull=False) | Q(received_at__lt=at - reply),
        "replied_soon": Q(first_reply_at__lte=F("received_at") + reply),
        "solved_ever": Q(solved_at__isnull=False) | Q(received_at__lt=at - solve),
        "solved_soon": Q(solved_at__isnull=False, took__lte=solve),
        "asked": Q(is_satisfied__isnull=False),
        "satisfied": Q(is_satisfied=True),
    }


def complaints_of_month(store: Store, period: Period):
    """The complaints a store received in a month."""
    start, end = period.bounds(store.tz)
    return Complaint.objects.filter(store=store, received_at__gte=start, received_at__lt=end)


def complaints_for_report(store: Store, period: Period):
    """The same with everything the workbook shows of each."""
    return (
        complaints_of_month(store, period)
        .with_people()
        .prefetch_related("responsibilities__staff", "steps")
        .order_by("received_at", "pk")
    )


def ageing(store: Store):
    """Complaints still open, the oldest first."""
    return Complaint.objects.filter(store=store).unclosed().with_people().order_by("received_at", "pk")


def _counts(rows) -> dict[str, Counter]:
    """How many by severity, source and category, in one question."""
    names = ("severity", "source", "category")
    counts = {name: Counter() for name in names}
    for *values, times in rows.values_list(*names).annotate(times=Count("pk")).order_by():
        for name, value in zip(names, values, strict=True):
            counts[name][value] += times
    return counts


def _in_order(counts: Counter, choices) -> list[tuple[str, int]]:
    """(label, number) in the order of the choices, those without a case left out."""
    return [(str(choice.label), counts[choice.value]) for choice in choices if counts.get(choice.value)]


def _is_of_a_known_matter(within: timedelta) -> Exists:
    earlier = Complaint.objects.filter(
        store=OuterRef("store"),
        category=OuterRef("category"),
        received_at__lt=OuterRef("received_at"),
        received_at__gte=OuterRef("received_at") - within,
    ).exclude(pk=OuterRef("pk"))
    return Exists(
        earlier.filter(
            Q(vehicle__isnull=False, vehicle=OuterRef("vehicle"))
            | Q(customer__isnull=False, customer=OuterRef("customer"))
        )
    )


def _departments(store: Store, period: Period) -> list[tuple[str, int, Decimal]]:
    """Verified complaints by the team the people who answer for them belonged to when they came in: (team, complaints,
    sum of shares), the heaviest first; who is in no team stands under their post."""
    start, end = period.bounds(store.tz)
    received = ExpressionWrapper(OuterRef("complaint__received_at"), output_field=DateTimeField())
    held = Position.objects.filter(
        staff=OuterRef("staff"), starts_on__lte=TruncDate(received, tzinfo=store.tz)
    ).order_by("-starts_on")
    rows = (
        Responsibility.objects.filter(
            complaint__store=store, complaint__received_at__gte=start, complaint__received_at__lt=end,
            complaint__is_verified=True,
        )
        .annotate(team=Subquery(held.values("team__name")[:1]), post=Subquery(held.values("post")[:1]))
        .values_list("team", "post")
        .annotate(times=Count("complaint", distinct=True), shares=Sum("share"))
    )  # fmt: skip
    names = dict(Post.choices)
    found: dict[str, tuple[int, Decimal]] = {}
    for team, post, times, shares in rows:
        name = team or str(names.get(post, "—"))
        before = found.get(name, (0, Decimal(0)))
        found[name] = (before[0] + times, before[1] + shares)
    return sorted(((name, *sums) for name, sums in found.items()), key=lambda row: (-row[2], row[0]))


def ages_of(store: Store, *, at: datetime) -> list[tuple[str, int]]:
    """Open complaints by how long they have been open, the youngest first: (age in words, number)."""
    counts = Counter(
        formulas.age_of(at - received_at)
        for received_at in Complaint.objects.filter(store=store).unclosed().values_list("received_at", flat=True)
    )
    found, lower = [], 0
    for upper in formulas.AGES:
        words = _("over %(days)d days") % {"days": lower}
        if upper is not None:
            words = _("%(from)d–%(to)d days") % {"from": lower, "to": upper}
        found.append((words, counts[upper]))
        lower = upper
    return found


def _people(store: Store, period: Period) -> list[Person]:
    start, end = period.bounds(store.tz)
    rows = (
        Responsibility.objects.filter(
            complaint__store=store,
            complaint__received_at__gte=start,
            complaint__received_at__lt=end,
            complaint__is_verified=True,
        )
        .values_list("staff__work_number", "staff__name")
        .annotate(times=Count("pk"), shares=Sum("share"))
        .order_by("-times", "staff__work_number")
    )
    return [Person(*row) for row in rows]
