"""What the workshop's measures are counted from: every count is a list of rows, the same that opens behind its figure.

A row says what is counted once (`thing`) and how much (`amount`: one, or hours), who answers for it (`of_team`,
`of_technician`), and what a person reads: when, which order and car, what, who. Both work with the same rows, the sums
of `measures` and the lists behind them. Source: spec `workshop.md` (measures), `kpi.md` (definitions).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    BigIntegerField,
    CharField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Extract, Greatest, Least, TruncDate

from dealer_crm.organization.models import Position, Store, Team
from reception.choices import PAYING, LineKind
from reception.models import OrderLine, RepairOrder, Settlement
from workshop.choices import REPAIR_BAYS, WORKSHOP_TEAMS, Counted, InspectionResult, JobState
from workshop.models import Attendance, Bay, ClockEntry, ComebackDecision, Inspection, Job
from workshop.settings import FIRST_FIX_DAYS

_HOURS = DecimalField(max_digits=12, decimal_places=4)


@dataclass(frozen=True)
class Span:
    """Days of a store that are measured, the last one included; `at`: now, and nothing after it has happened yet.

    `figures`: code → value of the figures they are measured by and against.
    """

    store: Store
    first: date
    last: date
    at: datetime
    figures: Mapping[str, object]

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, self.store.tz)

    @property
    def end(self) -> datetime:
        """The end of the last day, or now when that is earlier."""
        return max(self.start, min(self.at, datetime.combine(self.last + timedelta(days=1), time.min, self.store.tz)))

    @property
    def last_begun(self) -> date:
        """The last of the days that has begun."""
        return min(self.last, self.at.astimezone(self.store.tz).date())

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})


@dataclass(frozen=True)
class Whose:
    """Whose rows: the whole store's, a team's, a technician's."""

    team: int | None = None
    technician: int | None = None


@dataclass(frozen=True)
class Rows:
    """What is counted, and where each column of a row is found; asked for only what somebody needs."""

    found: QuerySet
    columns: Mapping[str, object]

    def of(self, *names: str) -> QuerySet:
        return self.found.order_by().values(**{name: self.columns[name] for name in names or self.columns})


def rows_of(count: Counted, span: Span, whose: Whose = Whose()) -> QuerySet:
    """The rows behind a count, one for each thing that was counted; order them by `moment` and `thing`."""
    rows = COUNTED_ROWS[count](span).of()
    if whose.team:
        rows = rows.filter(of_team=whose.team)
    if whose.technician:
        rows = rows.filter(of_technician=whose.technician)
    return rows.values("thing", "order_pk", "order_number", "plate").annotate(
        at=Max("moment"),
        hours=Sum("amount"),
        works=StringAgg("what", "、", distinct=True),
        people=StringAgg("who", "、", distinct=True),
    )


# ── Work ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _jobs(span: Span) -> Rows:
    """Jobs finished, the unpaid ones of a rework too: they were work."""
    found = Job.objects.filter(span.within("finished_at"), order__store=span.store, state=JobState.FINISHED)
    return _rows(
        found, moment="finished_at", team="team", technician="technician", order="order", what="name",
        who="technician__name",
    )  # fmt: skip


def _completed(span: Span) -> Rows:
    """Orders that passed their final inspection (竣工) and have not gone back to work since."""
    return _order_rows(span, "completed_at", span.within("completed_at"))


def _bays(span: Span) -> Rows:
    """Bays in use in which cars are repaired; a wash or inspection bay turns over otherwise."""
    found = Bay.objects.filter(store=span.store, is_active=True, kind__in=REPAIR_BAYS)
    return _rows(found, moment=Value(span.start), what="name")


# ── Hours ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _sold(span: Span) -> Rows:
    """Standard hours of labour somebody pays for (customer, warranty, insurer), on orders completed in the span.

    Counted like pay counts them, by the day of completion and to the technicians who share the line.
    """
    found = OrderLine.objects.filter(
        span.within("order__completed_at"), order__store=span.store, kind=LineKind.LABOUR, payer__in=PAYING
    )
    return _rows(
        found, thing=Coalesce(F("shares__pk"), -F("pk"), output_field=BigIntegerField()),
        moment="order__completed_at", team="team", technician="shares__technician", order="order", what="name",
        who="shares__technician__name",
        amount=F("quantity") * Coalesce(F("shares__share"), Value(1), output_field=_HOURS),
    )  # fmt: skip


def _clocked(span: Span) -> Rows:
    """Hours clocked on jobs; a clock that runs counts up to now."""
    return _clock_rows(_entries(span), span, team="job__team")


def _attended(span: Span) -> Rows:
    """Hours the people of the workshop teams were there; who is still there counts up to now."""
    found = Attendance.objects.filter(day__range=(span.first, span.last_begun), staff__store=span.store).alias(
        team_then=_team_then("staff", "day")
    )
    return _rows(
        found.filter(team_then__in=_workshop_teams(span)), moment="came_at", team="team_then", technician="staff",
        who="staff__name", amount=_hours("came_at", "left_at", span),
    )  # fmt: skip


def _clocked_there(span: Span) -> Rows:
    """Hours clocked by people whose attendance of that day is on record: what utilisation can be told from."""
    day = TruncDate("started_at", tzinfo=span.store.tz)
    there = Attendance.objects.filter(staff=OuterRef("technician"), day=OuterRef("day_then"))
    found = _entries(span).alias(day_then=day).alias(team_then=_team_then("technician", "day_then"))
    return _clock_rows(found.filter(Exists(there), team_then__in=_workshop_teams(span)), span, team="team_then")


def _entries(span: Span) -> QuerySet[ClockEntry]:
    return ClockEntry.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=span.start), job__order__store=span.store, started_at__lt=span.end
    )


def _clock_rows(found: QuerySet, span: Span, *, team: str) -> Rows:
    return _rows(
        found, moment="started_at", team=team, technician="technician", order="job__order", what="job__name",
        who="technician__name", amount=_hours("started_at", "ended_at", span),
    )  # fmt: skip


# ── Quality ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _inspected(span: Span) -> Rows:
    """Orders with a check of any level; theirs who finished work on them."""
    checks = Inspection.objects.filter(span.within("inspected_at"), order=OuterRef("pk"))
    last = Subquery(checks.order_by("-inspected_at").values("inspected_at")[:1])
    return _order_rows(span, last, Exists(checks))


def _failed(span: Span) -> Rows:
    """Orders that failed a check at least once (内返); theirs who answer for it."""
    found = Inspection.objects.filter(
        span.within("inspected_at"), order__store=span.store, result=InspectionResult.FAILED
    )
    return _rows(
        found, thing="order", moment="inspected_at", team="reworks__team", technician="responsible", order="order",
        what="defects", who="responsible__name",
    )  # fmt: skip


def _delivered(span: Span) -> Rows:
    return _order_rows(span, "delivered_at", span.within("delivered_at"))


def _came_back(span: Span) -> Rows:
    """Orders delivered in the span whose car came back for the same fault soon after; theirs who answer for it."""
    soon = F("order__original__delivered_at") + timedelta(days=span.figures[FIRST_FIX_DAYS.code])
    found = ComebackDecision.objects.filter(
        span.within("order__original__delivered_at"), order__original__store=span.store, is_accepted=True,
        order__arrived_at__lte=soon,
    )  # fmt: skip
    return _decision_rows(found, "order__original", "order__original__delivered_at")


def _settled(span: Span) -> Rows:
    live = Settlement.objects.live().filter(span.within("settled_at"), order=OuterRef("pk"))
    return _order_rows(span, "settled_at", Exists(live))


def _comebacks(span: Span) -> Rows:
    """Accepted comebacks (外返) by the day the car came back; theirs who answer for them."""
    found = ComebackDecision.objects.filter(span.within("order__arrived_at"), order__store=span.store, is_accepted=True)
    return _decision_rows(found, "order", "order__arrived_at")


def _order_rows(span: Span, moment, *conditions) -> Rows:
    """Orders as their teams' and technicians' who finished work on them."""
    found = RepairOrder.objects.filter(*conditions, store=span.store).alias(
        hands=FilteredRelation("jobs", condition=Q(jobs__state=JobState.FINISHED))
    )
    return _rows(
        found, moment=moment, team="hands__team", technician="hands__technician", order="", what="symptoms",
        who="hands__technician__name",
    )  # fmt: skip


def _decision_rows(found: QuerySet[ComebackDecision], order: str, moment: str) -> Rows:
    return _rows(
        found, thing=order, moment=moment, team="team", technician="technician", order=order, what="standard",
        who="technician__name",
    )  # fmt: skip


COUNTED_ROWS: dict[Counted, Callable[[Span], Rows]] = {
    Counted.JOBS: _jobs,
    Counted.COMPLETED: _completed,
    Counted.BAYS: _bays,
    Counted.SOLD: _sold,
    Counted.CLOCKED: _clocked,
    Counted.ATTENDED: _attended,
    Counted.CLOCKED_THERE: _clocked_there,
    Counted.INSPECTED: _inspected,
    Counted.FAILED: _failed,
    Counted.DELIVERED: _delivered,
    Counted.CAME_BACK: _came_back,
    Counted.SETTLED: _settled,
    Counted.COMEBACKS: _comebacks,
}


# ── Parts of rows ────────────────────────────────────────────────────────────────────────────────────────────────────
def _rows(
    found: QuerySet, *, moment, thing="pk", team=None, technician=None, order: str | None = None, what=None, who=None,
    amount=Value(1),  # noqa: B008 - never changed
) -> Rows:  # fmt: skip
    """Rows in the one shape; names of fields or expressions, `order` the way to the order ("" for an order itself)."""
    of_order = {None: None, "": "{}"}.get(order, f"{order}__{{}}")

    def through(field: str) -> str | None:
        return of_order and of_order.format(field)

    columns = {
        "thing": (thing, BigIntegerField()),
        "of_team": (team, BigIntegerField()),
        "of_technician": (technician, BigIntegerField()),
        "moment": (moment, None),
        "order_pk": (through("pk"), BigIntegerField()),
        "order_number": (through("number"), CharField()),
        "plate": (through("vehicle__plate"), CharField()),
        "what": (what, CharField()),
        "who": (who, CharField()),
        "amount": (amount, _HOURS),
    }
    return Rows(found, {name: _column(said, kind) for name, (said, kind) in columns.items()})


def _column(said, kind):
    if said is None:
        return Cast(Value(None), kind)
    return F(said) if isinstance(said, str) else said


def _hours(began: str, ended: str, span: Span) -> Extract:
    """Hours between two fields, of which only those in the span count."""
    inside = Least(Coalesce(F(ended), Value(span.end)), Value(span.end)) - Greatest(F(began), Value(span.start))
    seconds = Extract(ExpressionWrapper(inside, DurationField()), "epoch", output_field=_HOURS)
    return ExpressionWrapper(seconds / Value(3600), _HOURS)


def _team_then(person: str, day: str) -> Subquery:
    """The team a person was in on a day; both are names of fields."""
    held = Position.objects.filter(staff=OuterRef(person), starts_on__lte=OuterRef(day)).order_by("-starts_on")
    return Subquery(held.values("team")[:1])


def _workshop_teams(span: Span) -> QuerySet:
    return Team.objects.filter(store=span.store, kind__in=WORKSHOP_TEAMS).values("pk")
