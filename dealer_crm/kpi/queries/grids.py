"""A year of targets as a grid: rows of a measure (the store, types of orders, teams, people), columns of months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.formulas import by_season, missing_to, shared, written
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries.breakdowns import of_people
from dealer_crm.kpi.queries.measures import MEASURES, Months
from dealer_crm.kpi.queries.pay import locked_months
from dealer_crm.kpi.queries.targets import Aim, is_ceiling, posts_of
from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.values import Period
from reception.choices import OrderKind

STORE, KIND, TEAM, PERSON = "store", "kind", "team", "person"
PARTS = {KIND: gettext_lazy("Types of orders"), TEAM: gettext_lazy("Teams"), PERSON: gettext_lazy("People")}


@dataclass(frozen=True)
class GridRow:
    """One row: whose target of which measure. `part`: store, kind (of orders), team or person."""

    part: str
    measure: Measure
    label: str
    team_id: int | None = None
    staff_id: int | None = None
    order_kind: str = ""

    @property
    def key(self) -> str:
        """Names the row in the fields of the page."""
        whose = {STORE: "", KIND: f".k{self.order_kind}", TEAM: f".t{self.team_id}", PERSON: f".p{self.staff_id}"}
        return f"{self.measure.value}{whose[self.part]}"

    @property
    def is_ceiling(self) -> bool:
        return is_ceiling(self.measure)

    def aim(self, period: Period) -> Aim:
        return Aim(self.measure.value, period, self.team_id, self.staff_id, self.order_kind)


@dataclass(frozen=True)
class Missing:
    """What the parts of one sort (types of orders, teams, people) miss to the store's goal in each month."""

    label: str
    months: Sequence[Decimal | None]
    unit: str

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Words and tone of each month: nothing missing is well, less and more are both to be looked at."""
        return [(_missing_written(self.unit, one), _missing_tone(one)) for one in self.months]

    @property
    def is_whole(self) -> bool:
        return not any(self.months)


@dataclass(frozen=True)
class Grid:
    """A year of one store: of one measure with its parts, or of all measures of the whole store (`measure` None)."""

    store: Store
    year: int
    measure: Measure | None
    rows: list[GridRow]
    targets: Mapping[Aim, Target]
    locked: set[Period]

    @cached_property
    def periods(self) -> list[Period]:
        return [Period(self.year, month) for month in range(1, 13)]

    @cached_property
    def missing(self) -> list[Missing]:
        """The parts against the whole, where there are both."""
        whole = next((row for row in self.rows if row.part == STORE), None)
        if self.measure is None or whole is None:
            return []
        found = []
        for part, label in PARTS.items():
            rows = [row for row in self.rows if row.part == part]
            months = [
                missing_to(self._goal(whole, period), [self._goal(row, period) for row in rows])
                for period in self.periods
            ]
            if any(month is not None for month in months):
                found.append(Missing(str(label), months, self.measure.unit))
        return found

    def _goal(self, row: GridRow, period: Period) -> Decimal | None:
        target = self.targets.get(row.aim(period))
        return target.goal if target else None


def year_grid(store: Store, year: int, measure: Measure | None) -> Grid:
    """The year's targets with every row they can stand in; a fixed number of statements."""
    rows = Target.objects.filter(store=store, period__startswith=f"{year}-").select_related("staff", "team")
    if measure is None:
        rows = rows.filter(staff=None, team=None, order_kind="")
    else:
        rows = rows.filter(measure=measure)
    targets = {
        Aim(row.measure, Period.parse(row.period), row.team_id, row.staff_id, row.order_kind): row for row in rows
    }
    periods = [Period(year, month) for month in range(1, 13)]
    parts = _rows(store, year, measure, list(targets.values()))
    return Grid(store, year, measure, parts, targets, locked_months(store, periods))


def _rows(store: Store, year: int, measure: Measure | None, standing: list[Target]) -> list[GridRow]:
    if measure is None:
        return [GridRow(STORE, one, str(one.label)) for one in Measure]
    rows = [GridRow(STORE, measure, _("the whole store"))]
    if measure.is_amount:
        rows += [GridRow(KIND, measure, str(kind.label), order_kind=kind.value) for kind in OrderKind]
        rows += [GridRow(TEAM, measure, team.name, team_id=team.pk) for team in Team.objects.filter(store=store)]
        named = {target.staff_id for target in standing if target.staff_id}
        rows += [
            GridRow(PERSON, measure, person.name, staff_id=person.pk)
            for person in people_of(store, year, measure, named)
        ]
    return rows


def people_of(store: Store, year: int, measure: Measure, named: set[int]) -> list[Staff]:
    """Who can have a target of a measure of their own in a year: who holds one of its posts then, or has one."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    in_post = Q(positions__post__in=posts_of(measure), positions__starts_on__lte=last)
    there = Q(left_on=None) | Q(left_on__gte=first)
    people = Staff.objects.filter(Q(store=store) & ((in_post & there) | Q(pk__in=named)))
    return list(people.distinct().order_by("work_number"))


# ── The proposal out of last year ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Proposal:
    """A year's total over its months, each month over people. `known`: months of last year there were figures of;
    `of_others`: the part (0–1) colleagues brought in who get no target of the measure, which stays with them."""

    goals: Mapping[Aim, Decimal]
    known: int
    is_spread: bool
    people_known: bool
    of_others: Decimal


def last_year(store: Store, year: int, measure: Measure, at) -> list[Decimal | None]:
    """The measure in each month of the year before; None while it is not counted or the month has not come."""
    periods = [Period(year - 1, month) for month in range(1, 13)]
    entry = MEASURES.get(measure)
    begun = [period for period in periods if period <= Period.of(at, store.tz)]
    if entry is None or not begun:
        return [None] * len(periods)
    months = Months(store, *begun, at=at, parts=entry.codes)
    found = {period: entry.of(months.numbers[period].whole).value for period in begun}
    return [found.get(period) or None for period in periods]


def proposal(store: Store, year: int, measure: Measure, total: Decimal, *, to_people: bool, at) -> Proposal:
    """Total × each month's share of last year, whole yuan or cars; each month to people by their share of last year.
    What those who have left brought in is for the others to take on; what colleagues of other posts did is not."""
    before = last_year(store, year, measure, at)
    season = by_season(total, before)
    periods = [Period(year, month) for month in range(1, 13)]
    goals = {Aim(measure.value, period): goal for period, goal in zip(periods, season.months, strict=True)}
    people = people_of(store, year, measure, set()) if to_people else []
    *weights, others = _of_people(store, year, measure, people, at) if people else [Decimal(0)]
    known = any(weights)
    for period, goal in zip(periods, season.months, strict=True) if people else ():
        for person, part in zip(people, shared(goal, [*weights, others] if known else weights), strict=False):
            goals[Aim(measure.value, period, staff_id=person.pk)] = part
    of_others = others / sum([*weights, others]) if known else Decimal(0)
    return Proposal(goals, len(before) - len(season.guessed), bool(people), known, of_others)


def _of_people(store: Store, year: int, measure: Measure, people: list[Staff], at) -> list[Decimal]:
    """What each of them brought in last year, and last what colleagues did who are still there; a month in which costs
    ate the margin weighs nothing."""
    now = Period.of(at, store.tz)
    periods = [one for one in (Period(year - 1, month) for month in range(1, 13)) if one <= now]
    brought = {
        pk: sum((max(one, Decimal(0)) for one in of_months), Decimal(0))
        for pk, of_months in (of_people(MEASURES[measure], store, periods) if periods else {}).items()
    }
    there = Q(left_on=None) | Q(left_on__gte=date(year, 1, 1))
    others = Staff.objects.filter(there, store=store, pk__in=set(brought) - {person.pk for person in people})
    return [
        *(brought.get(person.pk, Decimal(0)) for person in people),
        sum((brought[pk] for pk in others.values_list("pk", flat=True)), Decimal(0)),
    ]


def _missing_written(unit: str, missing: Decimal | None) -> str:
    if not missing:
        return "✓" if missing is not None else ""
    return _("%(figure)s short") % {"figure": written(unit, missing)} if missing > 0 else f"+{written(unit, -missing)}"


def _missing_tone(missing: Decimal | None) -> str:
    return "neutral" if missing is None else "warning" if missing else "success"
