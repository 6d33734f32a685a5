"""The measures of the workshop (车间指标), each defined once, here: their page and the catalogue of figures ask here.

Numerator and denominator are counts of `counted`, and open into their rows.
Source: spec `workshop.md` (measures), `kpi.md` (definitions).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext_lazy as _

from dealer_crm.journal.models import Entry
from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.organization.queries import figures_on_days
from dealer_crm.values import Figure
from dealer_crm.workdays.queries import working_days_counted
from reception.models import RepairOrder
from workshop import formulas
from workshop.choices import (
    DISPATCHED_VERB,
    HOURS,
    STAY_BEGINS,
    WORKSHOP_TEAMS,
    Counted,
    JobState,
    MeasureUnit,
    Stay,
)
from workshop.models import Job
from workshop.queries.counted import COUNTED_ROWS, Span, Whose
from workshop.settings import COMEBACK_GOAL, EFFICIENCY_GOAL, FIRST_FIX_DAYS, UTILISATION_GOAL


@dataclass(frozen=True)
class WorkshopMeasure:
    """One count ÷ the product of others; with `is_complement` 1 − that. `goal`: at least, with `is_ceiling` at most."""

    code: str
    label: str
    unit: MeasureUnit
    definition: str
    above: Counted
    below: tuple[Counted, ...]
    goal: Figure | None = None
    is_ceiling: bool = False
    is_complement: bool = False
    is_of_people: bool = True

    def of(self, counts: Mapping[str, Decimal]) -> formulas.Ratio:
        return formulas.ratio(counts, self.above, self.below, is_complement=self.is_complement)


WORKSHOP_MEASURES: dict[str, WorkshopMeasure] = {
    one.code: one
    for one in (
        WorkshopMeasure(
            "jobs_per_day", _("Jobs a day"), MeasureUnit.PER_DAY, _("Jobs finished ÷ working days."),
            Counted.JOBS, (Counted.DAYS,),
        ),
        WorkshopMeasure(
            "bay_turnover", _("Bay turnover"), MeasureUnit.PER_DAY,
            _("Orders that passed their final inspection ÷ repair bays in use ÷ working days."),
            Counted.COMPLETED, (Counted.BAYS, Counted.DAYS), is_of_people=False,
        ),
        WorkshopMeasure(
            "labour_utilisation", _("Labour utilisation"), MeasureUnit.SHARE,
            _("Hours clocked ÷ hours attended, on the days whose attendance is on record."),
            Counted.CLOCKED_THERE, (Counted.ATTENDED,), UTILISATION_GOAL,
        ),
        WorkshopMeasure(
            "work_efficiency", _("Work efficiency"), MeasureUnit.SHARE,
            _("Standard hours sold (paid by customer, warranty or insurer, on orders completed) ÷ hours clocked."),
            Counted.SOLD, (Counted.CLOCKED,), EFFICIENCY_GOAL,
        ),
        WorkshopMeasure(
            "first_time_fix", _("Fixed the first time"), MeasureUnit.SHARE,
            _("1 − orders with an accepted comeback within the time set (30 days as shipped) ÷ orders delivered."),
            Counted.CAME_BACK, (Counted.DELIVERED,), is_complement=True,
        ),
        WorkshopMeasure(
            "internal_rework", _("Internal rework"), MeasureUnit.SHARE,
            _("Orders that failed an inspection at least once ÷ orders inspected."),
            Counted.FAILED, (Counted.INSPECTED,), is_ceiling=True,
        ),
        WorkshopMeasure(
            "external_comeback", _("External comebacks"), MeasureUnit.SHARE,
            _("Accepted comebacks registered ÷ orders settled."),
            Counted.COMEBACKS, (Counted.SETTLED,), COMEBACK_GOAL, is_ceiling=True,
        ),
    )
}  # fmt: skip

_FIGURES = [FIRST_FIX_DAYS, *(one.goal for one in WORKSHOP_MEASURES.values() if one.goal)]


# ── Counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class Counts:
    """What was counted in a span: of the store, of each team and of each technician."""

    numbers: dict[Whose, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, whose: Whose) -> dict[str, Decimal]:
        """What is nobody's own (working days) is everybody's."""
        return {Counted.DAYS: self.numbers[Whose()][Counted.DAYS], **self.numbers.get(whose, {})}


def spans_of(store: Store, days: Iterable[tuple[date, date]], at: datetime) -> list[Span]:
    """Spans of days with the figures they are measured by and against, in one query."""
    days = list(days)
    held = figures_on_days(_FIGURES, store=store, days=[last for _first, last in days])
    return [Span(store, first, last, at, held[last]) for first, last in days]


def store_measures(spans: Sequence[Span]) -> list[dict[str, formulas.Ratio]]:
    """Every measure of the store in each span: one query, however many spans."""
    together = _counted(spans)
    return [{code: one.of(counts.of(Whose())) for code, one in WORKSHOP_MEASURES.items()} for counts in together]


def everybodys_counts(span: Span) -> Counts:
    """The counts of the store, each of its teams and each of its technicians: one query."""
    return _counted([span], of_each=True)[0]


def _counted(spans: Sequence[Span], *, of_each: bool = False) -> list[Counts]:
    """Every count of every span in one statement: of the store, and with `of_each` of its teams and people too.

    Only the columns that are summed and those that say whose a row is are asked for, so that names, plates and orders
    are not fetched to be thrown away.
    """
    sets = "(), (of_team), (of_technician)" if of_each else "()"
    columns = "GROUPING(of_team, of_technician), of_team, of_technician" if of_each else "3, NULL::bigint, NULL::bigint"
    whose = ("of_team", "of_technician") if of_each else ()
    arms, values = [], []
    for place, span in enumerate(spans):
        for count, rows in COUNTED_ROWS.items():
            told = "amount" if count in HOURS else "thing"
            sql, arguments = rows(span).of(told, *whose).query.sql_with_params()
            summed = "COALESCE(ROUND(SUM(amount), 4), 0)" if count in HOURS else "COUNT(DISTINCT thing)"
            # Every part is this module's own or made by the query itself; what was typed by a person is an argument.
            arms.append(
                f"SELECT %s, %s, {columns}, {summed} FROM ({sql}) counted GROUP BY GROUPING SETS ({sets})"  # noqa: S608
            )
            values += [place, str(count), *arguments]
        days, arguments = working_days_counted(span.store, span.first, span.last_begun)
        arms.append(f"SELECT %s, %s, 3, NULL::bigint, NULL::bigint, {days}")
        values += [place, str(Counted.DAYS), *arguments]
    found = [Counts() for _span in spans]
    with connection.cursor() as cursor:
        cursor.execute("\nUNION ALL ".join(arms), values)
        for place, count, summed_over, team, technician, number in cursor.fetchall():
            if whose := _whose(summed_over, team, technician):
                found[place].numbers[whose][count] = Decimal(number)
    return found


def _whose(summed_over: int, team: int | None, technician: int | None) -> Whose | None:
    """PostgreSQL's GROUPING() has a bit for each column that was summed over; None: a part that is nobody's."""
    match summed_over:
        case 3:
            return Whose()
        case 1:
            return Whose(team=team) if team else None
        case _:
            return Whose(technician=technician) if technician else None


# ── The way through the house ────────────────────────────────────────────────────────────────────────────────────────
_STAYS = """
WITH visits AS ({visits}), marks AS (
    SELECT visits.id, entry.at, 0 AS rank, entry.id AS entry, verbs.stay
    FROM visits
    JOIN journal_entry entry ON entry.subject_type = %s AND entry.subject_id = visits.id::text
    JOIN unnest(%s::text[], %s::text[]) AS verbs (verb, stay) ON verbs.verb = entry.verb
    UNION ALL SELECT id, settled_at, 1, 0, %s FROM visits WHERE settled_at IS NOT NULL
    UNION ALL SELECT id, delivered_at, 2, 0, '' FROM visits
), stays AS (
    SELECT id, stay, LEAD(at) OVER (PARTITION BY id ORDER BY at, rank, entry) - at AS stayed FROM marks
)
SELECT stay, COUNT(DISTINCT id), ROUND(SUM(EXTRACT(EPOCH FROM stayed)) / 60, 2) FROM stays
WHERE stay <> '' AND stayed IS NOT NULL GROUP BY stay
UNION ALL SELECT '', COUNT(*), ROUND(EXTRACT(EPOCH FROM SUM(delivered_at - opened_at)) / 60, 2) FROM visits
"""


def stage_times(span: Span, whose: Whose) -> tuple[list[formulas.StageTime], formulas.StageTime]:
    """How long the cars delivered in the span stood at each stage, and altogether, nights included.

    From the journal, which knows when a car went on; cars whose way is not in it (brought in by workbook) don't count.
    """
    order = RepairOrder._meta.label_lower
    dispatched = Entry.objects.filter(
        subject_type=order, subject_id=Cast(OuterRef("pk"), CharField()), verb=DISPATCHED_VERB
    )
    visits = RepairOrder.objects.filter(
        Exists(dispatched), span.within("delivered_at"), store=span.store, opened_at__isnull=False
    )
    if whose != Whose():
        visits = visits.filter(Exists(_jobs_of(whose).filter(order=OuterRef("pk"))))
    sql, arguments = visits.order_by().values("id", "opened_at", "settled_at", "delivered_at").query.sql_with_params()
    with connection.cursor() as cursor:
        values = [*arguments, order, list(STAY_BEGINS), [str(stay) for stay in STAY_BEGINS.values()], str(Stay.SETTLED)]
        cursor.execute(_STAYS.format(visits=sql), values)
        found = {stay: formulas.StageTime(stay, cars, minutes or Decimal(0)) for stay, cars, minutes in cursor}
    return [found.get(str(stay)) or formulas.StageTime(str(stay), 0, Decimal(0)) for stay in Stay], found[""]


def finished_by_day(span: Span, whose: Whose) -> dict[date, int]:
    """Jobs finished on each day of the span, days without any too."""
    jobs = _jobs_of(whose).filter(span.within("finished_at"), order__store=span.store)
    days = jobs.order_by().values_list(TruncDate("finished_at", tzinfo=span.store.tz)).annotate(count=Count("pk"))
    found = dict(days)
    count = (span.last_begun - span.first).days + 1
    return {day: found.get(day, 0) for day in (span.first + timedelta(days=offset) for offset in range(count))}


def _jobs_of(whose: Whose) -> QuerySet[Job]:
    jobs = Job.objects.filter(state=JobState.FINISHED)
    if whose.team:
        jobs = jobs.filter(team=whose.team)
    return jobs.filter(technician=whose.technician) if whose.technician else jobs


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Part:
    """A number above or below the line."""

    count: Counted
    number: Decimal

    @property
    def is_hours(self) -> bool:
        return self.count in HOURS

    @property
    def has_rows(self) -> bool:
        return self.count in COUNTED_ROWS


@dataclass(frozen=True)
class Shown:
    """A measure with its figure, what it comes from and what it is held against."""

    measure: WorkshopMeasure
    counts: Mapping[str, Decimal]
    goal: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        return self.measure.of(self.counts).value

    @property
    def above(self) -> Part:
        return self._part(self.measure.above)

    @property
    def below(self) -> list[Part]:
        return [self._part(count) for count in self.measure.below]

    @property
    def tone(self) -> str:
        return formulas.tone_of(formulas.is_met(self.value, self.goal, is_ceiling=self.measure.is_ceiling))

    @property
    def is_share(self) -> bool:
        return self.measure.unit == MeasureUnit.SHARE

    def _part(self, count: Counted) -> Part:
        return Part(count, self.counts.get(count, Decimal(0)))


@dataclass(frozen=True)
class Line:
    """The measures of a team or a technician."""

    name: str
    whose: Whose
    shown: list[Shown]


def shown_measures(span: Span, counts: Counts, whose: Whose) -> list[Shown]:
    """The measures of the store, a team or a technician, in the order of the catalogue."""
    return [
        Shown(one, counts.of(whose), span.figures[one.goal.code] if one.goal else None)
        for one in WORKSHOP_MEASURES.values()
        if one.is_of_people or whose == Whose()
    ]


def team_lines(span: Span, counts: Counts) -> list[Line]:
    """Every team that repairs cars."""
    teams = Team.objects.filter(store=span.store, kind__in=WORKSHOP_TEAMS).order_by("kind", "name")
    of_teams = [(team.name, Whose(team=team.pk)) for team in teams]
    return [Line(name, whose, shown_measures(span, counts, whose)) for name, whose in of_teams]


def technician_lines(span: Span, counts: Counts, team: int | None = None) -> list[Line]:
    """Everybody who is in a team that repairs cars (only `team` when given), or did something there in the span."""
    teams = Team.objects.filter(store=span.store, kind__in=WORKSHOP_TEAMS).values("pk")
    counted = [whose.technician for whose in counts.numbers if whose.technician]
    people = Staff.objects.filter(store=span.store).with_position(span.last_begun)
    people = people.filter(Q(pk__in=counted) | Q(is_active=True, team_id_now__in=teams)).order_by("work_number")
    if team:
        people = people.filter(team_id_now=team)
    of_people = [(person.name, Whose(technician=person.pk)) for person in people]
    return [Line(name, whose, shown_measures(span, counts, whose)) for name, whose in of_people]
