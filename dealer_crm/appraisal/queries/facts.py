"""What happened in a month that scorecards judge: each source asks the app that owns the fact, once for everybody.

A source answers `{staff id: Fact}`, or of the whole store `{None: Fact}`; who is missing did nothing of the kind.
Source: spec `commission.md` (Scorecards), `callback.md`, `complaints.md`, `kpi.md`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from callback.choices import BAD_NUMBER_OUTCOMES, ReferralState, RuleCode, TaskState
from callback.models import CallScore, CallTask, Contact, Referral, WorkLog
from complaints.models import Complaint, Responsibility
from complaints.settings import COUNTED_REPLY_HOURS, COUNTED_SOLVE_HOURS
from dealer_crm.appraisal.formulas import EVENTS, FAILURES, FIGURE, Fact, Row
from dealer_crm.appraisal.settings import LOG_HOUR, RELATIONS_REPORT_DAY
from dealer_crm.kpi.queries import month_measures
from dealer_crm.kpi.settings import ON_TIME_GOAL
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures_on_days
from dealer_crm.reporting.models import KeptReport
from dealer_crm.values import Period
from reception.choices import PHONE_FLAWS, FlawEnd, FlawKind
from reception.models import CustomerPhone, Flaw, RepairOrder, Settlement
from reception.queries.punctuality import ON_TIME
from satisfaction.models import FactoryRank
from satisfaction.queries import Scope, Table, month_figures
from workshop.choices import Counted, JobState
from workshop.queries import everybodys_counts, spans_of
from workshop.queries.counted import COUNTED_ROWS
from workshop.settings import COMEBACK_GOAL

Facts = dict[int | None, Fact]

_FIGURES = (ON_TIME_GOAL, COMEBACK_GOAL, COUNTED_REPLY_HOURS, COUNTED_SOLVE_HOURS, LOG_HOUR, RELATIONS_REPORT_DAY)


@dataclass(frozen=True)
class Asked:
    """Whose month is asked for, and as of when; what several sources need is asked once."""

    store: Store
    period: Period
    people: tuple[int, ...]
    at: datetime

    @cached_property
    def bounds(self) -> tuple[datetime, datetime]:
        return self.period.bounds(self.store.tz)

    @cached_property
    def figures(self) -> dict[str, object]:
        last = self.period.last_day
        return figures_on_days(_FIGURES, store=self.store, days=[last])[last]

    @cached_property
    def satisfied(self):
        return month_figures(Scope(self.store, self.period), without=[Table.FACTORS, Table.PLANS, Table.STEPS])

    @cached_property
    def measures(self):
        return month_measures(self.store, self.period)

    @cached_property
    def span(self):
        """The days as the workshop counts them."""
        return spans_of(self.store, [(self.period.first_day, self.period.last_day)], self.at)[0]

    @cached_property
    def counted(self):
        """What the workshop counts, of everybody."""
        return everybodys_counts(self.span)

    def within(self, field: str) -> Q:
        start, end = self.bounds
        return Q(**{f"{field}__gte": start, f"{field}__lt": end})

    def day(self, moment: datetime) -> str:
        return moment.astimezone(self.store.tz).date().isoformat()


# ── Cars ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def advisor_on_time(asked: Asked, source: str) -> Facts:
    """Own orders handed over by the last promise; late ones are the rows."""
    return _on_time(asked, source, "advisor", Q(advisor__in=asked.people))


def technician_on_time(asked: Asked, source: str) -> Facts:
    """Cars one finished work on that were handed over by the last promise."""
    worked = Q(jobs__state=JobState.FINISHED, jobs__technician__in=asked.people)
    return _on_time(asked, source, "jobs__technician", worked)


def _on_time(asked: Asked, source: str, whose: str, condition: Q) -> Facts:
    orders = (
        RepairOrder.objects.filter(
            condition, asked.within("delivered_at"), store=asked.store, promised_at__isnull=False
        )
        .annotate(on_time=ON_TIME)
        .order_by("delivered_at", "pk")
        .values_list(whose, "pk", "number", "delivered_at", "vehicle__plate", "on_time")
        .distinct()
    )
    base, late = Counter(), defaultdict(list)
    for person, pk, number, moment, plate, on_time in orders:
        base[person] += 1
        if not on_time:
            late[person].append(Row("order", number, asked.day(moment), plate or "", pk))
    return _shares(source, FAILURES, base, late, 1 - asked.figures[ON_TIME_GOAL.code])


def comebacks(asked: Asked, source: str) -> Facts:
    """Accepted comebacks one answers for, of the cars one worked on that were settled."""
    return _of_workshop(asked, source, Counted.COMEBACKS, Counted.SETTLED, asked.figures[COMEBACK_GOAL.code])


def rework(asked: Asked, source: str) -> Facts:
    """Orders that failed an inspection by one's fault, of those one worked on that were inspected."""
    return _of_workshop(asked, source, Counted.FAILED, Counted.INSPECTED, None)


def _of_workshop(asked: Asked, source: str, above: Counted, below: Counted, goal: Decimal | None) -> Facts:
    whole = COUNTED_ROWS[below](asked.span).of("of_technician", "thing").filter(of_technician__in=asked.people)
    base = Counter(row["of_technician"] for row in whole.distinct())
    rows = COUNTED_ROWS[above](asked.span).of("of_technician", "order_pk", "order_number", "moment", "plate")
    found, seen = defaultdict(list), set()
    for row in rows.filter(of_technician__in=asked.people).order_by("moment"):
        person, pk = row["of_technician"], row["order_pk"]
        if (person, pk) not in seen:  # an order that failed twice is one order
            seen.add((person, pk))
            found[person].append(Row("order", row["order_number"], asked.day(row["moment"]), row["plate"] or "", pk))
    return _shares(source, EVENTS, base, found, goal)


# ── Complaints ───────────────────────────────────────────────────────────────────────────────────────────────────────
def own_complaints(asked: Asked, source: str) -> Facts:
    """Complaints received in the month that were verified and one answers for."""
    rows = (
        Responsibility.objects.filter(
            asked.within("complaint__received_at"), complaint__is_verified=True, staff__in=asked.people
        )
        .order_by("complaint__received_at", "pk")
        .values_list("staff", "complaint", "complaint__number", "complaint__received_at")
    )
    return _events(
        source, ((staff, Row("complaint", number, asked.day(moment), "", pk)) for staff, pk, number, moment in rows)
    )


def complaint_speed(asked: Asked, source: str) -> Facts:
    """Complaints of the store replied to and solved within the hours that statistics count by; the others are the rows.

    One whose time still runs says nothing yet.
    """
    reply, solve = (
        timedelta(hours=float(asked.figures[hours.code])) for hours in (COUNTED_REPLY_HOURS, COUNTED_SOLVE_HOURS)
    )
    base, slow = 0, []
    for pk, number, received, replied, solved, stopped in _complaints(asked).values_list(
        "pk", "number", "received_at", "first_reply_at", "solved_at", "stopped_for"
    ):
        late = (replied or asked.at) > received + reply or (solved or asked.at) > received + solve + stopped
        if late:
            slow.append(Row("complaint", number, asked.day(received), "", pk))
        base += late or (replied is not None and solved is not None)
    return {None: Fact(source, FAILURES, tuple(slow), Decimal(base))}


def complaint_satisfied(asked: Asked, source: str) -> Facts:
    """Customers satisfied with the result, of those asked again; the others are the rows."""
    rows = list(
        _complaints(asked).filter(is_satisfied__isnull=False).values_list("pk", "number", "received_at", "is_satisfied")
    )
    unhappy = tuple(
        Row("complaint", number, asked.day(received), "", pk) for pk, number, received, is_satisfied in rows
        if not is_satisfied
    )  # fmt: skip
    return {None: Fact(source, FAILURES, unhappy, Decimal(len(rows)))}


def _complaints(asked: Asked):
    return Complaint.objects.filter(asked.within("received_at"), store=asked.store).order_by("received_at", "pk")


# ── The archive ──────────────────────────────────────────────────────────────────────────────────────────────────────
def wrong_entries(asked: Asked, source: str) -> Facts:
    """Flaws of the archive found in the month that one entered, and settlements of one's own that were reversed."""
    undone = (
        Settlement.objects.filter(asked.within("reversed_at"), order__store=asked.store, settled_by__in=asked.people)
        .order_by("reversed_at", "pk")
        .values_list("settled_by", "order", "number", "reversed_at")
    )
    reversed_ones = (
        (person, Row("settlement", number, asked.day(moment), "", pk)) for person, pk, number, moment in undone
    )
    return _events(source, (*_flaws(asked), *reversed_ones))


def wrong_numbers(asked: Asked, source: str) -> Facts:
    """Telephone numbers found wrong in the month that one entered."""
    return _events(source, _flaws(asked, kind__in=PHONE_FLAWS))


def _flaws(asked: Asked, **condition) -> Iterable[tuple[int, Row]]:
    rows = Flaw.objects.filter(asked.within("found_at"), store=asked.store, entered_by__in=asked.people, **condition)
    for person, pk, kind, moment, customer, vehicle in (
        rows.exclude(end=FlawEnd.ACCEPTED)
        .order_by("found_at", "pk")
        .values_list("entered_by", "pk", "kind", "found_at", "customer", "vehicle")
    ):
        yield person, Row("customer" if customer else "vehicle", f"#{pk}", asked.day(moment), kind, customer or vehicle)


def unreported_numbers(asked: Asked, source: str) -> Facts:
    """Wrong numbers one dialled that were reported as wrong data; the others are the rows."""
    marked = CustomerPhone.objects.filter(
        customer=OuterRef("customer"), number=OuterRef("phone"), wrong_since__isnull=False
    )
    listed = Flaw.objects.filter(customer=OuterRef("customer"), value=OuterRef("phone"), kind=FlawKind.PHONE_WRONG)
    rows = (
        Contact.objects.filter(asked.within("at"), agent__in=asked.people, outcome__in=BAD_NUMBER_OUTCOMES)
        .annotate(is_reported=Exists(marked) | Exists(listed))
        .order_by("at", "pk")
        .values_list("agent", "customer", "at", "is_reported")
    )
    base, found = Counter(), defaultdict(list)
    for agent, customer, moment, is_reported in rows:
        base[agent] += 1
        if not is_reported:
            found[agent].append(Row("customer", "", asked.day(moment), "", customer))
    return _shares(source, FAILURES, base, found)


# ── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def calls_in_time(code: RuleCode):
    """Calls of a rule made by their last moment, of those owed by then; the queue is the whole desk's."""

    def ask(asked: Asked, source: str) -> Facts:
        tasks = (
            CallTask.objects.filter(asked.within("due_at"), store=asked.store, rule__code=code)
            .exclude(state=TaskState.DROPPED)
            .order_by("due_at", "pk")
            .values_list("customer", "customer__name", "due_at", "first_called_at")
        )
        base, late = 0, []
        for customer, name, due, called in tasks:
            if (called or asked.at) > due:
                late.append(Row("customer", name, asked.day(due), "", customer))
            base += called is not None or asked.at > due
        return {None: Fact(source, FAILURES, tuple(late), Decimal(base))}

    return ask


def feedback_in_time(asked: Asked, source: str) -> Facts:
    """Questions one handed on that came back answered in time, of those due; the others are the rows."""
    rows = (
        Referral.objects.filter(asked.within("answer_by"), store=asked.store, asked_by__in=asked.people)
        .filter(Q(answer_by__lte=asked.at) | Q(answered_at__isnull=False))
        .exclude(state=ReferralState.WITHDRAWN)
        .order_by("answer_by", "pk")
        .values_list("asked_by", "pk", "answer_by", "answered_at", "customer__name")
    )
    base, late = Counter(), defaultdict(list)
    for agent, pk, answer_by, answered_at, name in rows:
        base[agent] += 1
        if answered_at is None or answered_at > answer_by:
            late[agent].append(Row("referral", name, asked.day(answer_by), "", pk))
    return _shares(source, FAILURES, base, late)


def call_quality(asked: Asked, source: str) -> Facts:
    """Mean of the calls of the month that were judged, out of 100."""
    points, rows = defaultdict(list), defaultdict(list)
    for agent, contact, moment, given in (
        CallScore.objects.filter(asked.within("scored_at"), agent__in=asked.people)
        .order_by("scored_at", "pk")
        .values_list("agent", "contact", "scored_at", "points")
    ):
        points[agent].append(given)
        rows[agent].append(Row("call_score", "", asked.day(moment), str(given), contact))
    return {
        agent: Fact(source, FIGURE, tuple(rows[agent]), Decimal(len(given)), sum(given) / len(given))
        for agent, given in points.items()
    }


def daily_reports(asked: Asked, source: str) -> Facts:
    """Days worked of which the report (the work log) was there in time; the others are the rows."""
    hour = int(asked.figures[LOG_HOUR.code])
    return _days_worked(asked, source, lambda day, kept: kept is None or kept > _hour_of(day, hour, asked.store))


def work_logs(asked: Asked, source: str) -> Facts:
    """Days worked of which there is a work log; the others are the rows."""
    return _days_worked(asked, source, lambda _day, kept: kept is None)


def _days_worked(asked: Asked, source: str, is_missing) -> Facts:
    """Days on which somebody was on the telephone, those that `is_missing(day, when the log was written)` as rows."""
    kept = {
        (agent, day): at
        for agent, day, at in WorkLog.objects.filter(
            agent__in=asked.people, day__range=(asked.period.first_day, asked.period.last_day)
        ).values_list("agent", "day", "kept_at")
    }
    called = (
        Contact.objects.filter(asked.within("at"), agent__in=asked.people)
        .order_by()
        .values_list("agent", TruncDate("at", tzinfo=asked.store.tz))
        .distinct()
    )
    base, found = Counter(), defaultdict(list)
    for agent, day in sorted({*kept, *called}):
        base[agent] += 1
        if is_missing(day, kept.get((agent, day))):
            found[agent].append(Row("day", "", day.isoformat(), "", None))
    return _shares(source, FAILURES, base, found)


def _hour_of(day: date, hour: int, store: Store) -> datetime:
    return datetime.combine(day, time.min, store.tz) + timedelta(hours=hour)


# ── Reports, satisfaction, figures ───────────────────────────────────────────────────────────────────────────────────
def relations_report(asked: Asked, source: str) -> Facts:
    """Days by which the customer-relations report of the month before came too late; it is due early in this month."""
    about = asked.period.previous()
    due = asked.period.first_day + timedelta(days=int(asked.figures[RELATIONS_REPORT_DAY.code]) - 1)
    owed = KeptReport.objects.filter(store=asked.store, code="customer_relations", period=str(about))
    moments = list(owed.values_list("made_at", flat=True))
    if not moments:
        return {}  # nobody owed one: the store did not work with the program yet
    made = min((moment for moment in moments if moment), default=None)
    there = min((made or asked.at).astimezone(asked.store.tz).date(), asked.period.last_day)
    days = max((there - due).days, 0)
    return {
        None: Fact(
            source,
            EVENTS,
            tuple(
                Row("report", str(about), (due + timedelta(days=late)).isoformat()) for late in range(1, days + 1)
            ),
        )
    }  # fmt: skip


def factory_place(asked: Asked, source: str) -> Facts:
    """The store's place ÷ the stores of the region by the factory's list of the month; of several lists the worst."""
    places = FactoryRank.objects.filter(store=asked.store, period=str(asked.period)).order_by("pk")
    shares = [
        (Decimal(one.place) / one.of, Row("rank", f"{one.place} / {one.of}", "", f"{one.survey} {one.region}".strip()))
        for one in places
    ]
    if not shares:
        return {}
    share, row = max(shares, key=lambda pair: pair[0])
    return {None: Fact(source, FIGURE, (row,), None, share)}


def own_satisfaction(asked: Asked, source: str) -> Facts:
    """The service index of an advisor's own customers; too few answers say nothing."""
    rows = asked.satisfied.people
    return {
        row.person.pk: Fact(source, FIGURE, (), Decimal(row.n), row.index)
        for row in rows
        if not row.is_small and row.person.pk in asked.people
    }


def satisfaction_gain(asked: Asked, source: str) -> Facts:
    """Points of the service index gained against the month before; too few answers say nothing."""
    change = None if asked.satisfied.is_small else asked.satisfied.change
    return {None: Fact(source, FIGURE, (), None, change)}


def of_catalogue(code: str):
    """A measure of the catalogue of figures, of the whole store."""

    def ask(asked: Asked, source: str) -> Facts:
        found = asked.measures[code]
        return {None: Fact(source, FIGURE, (), found.denominator, found.value)}

    return ask


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _events(source: str, found: Iterable[tuple[int, Row]]) -> Facts:
    rows = defaultdict(list)
    for person, row in found:
        rows[person].append(row)
    return {person: Fact(source, EVENTS, tuple(its)) for person, its in rows.items()}


def _shares(source: str, form: str, base: Counter, rows: dict[int, list], goal: Decimal | None = None) -> Facts:
    return {
        person: Fact(source, form, tuple(rows.get(person, ())), Decimal(base[person]), goal=goal)
        for person in {*base, *rows}
    }
