"""Who may become a star: people whose work can be compared, with the figures that speak for them.

The figures are those scorecards are made of (`sources`), asked for the month or quarter, the workshop's own measures,
and each group's own measure of output. Source: spec `commission.md` (Stars: on-time, rework, CSI, output).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callback.queries import figures_by_agent
from dealer_crm.appraisal.choices import Trade
from dealer_crm.appraisal.formulas.stars import Yardstick, ranked
from dealer_crm.appraisal.models import Star
from dealer_crm.appraisal.queries.facts import Asked
from dealer_crm.appraisal.queries.sources import SOURCES, facts_of
from dealer_crm.appraisal.settings import STARS_PROPOSED
from dealer_crm.kpi.formulas import month_output
from dealer_crm.kpi.queries import order_facts, touched_orders
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure
from dealer_crm.values import Period, Quarter
from workshop.choices import Counted
from workshop.queries import WORKSHOP_MEASURES
from workshop.queries.counted import Whose

POSTS = {
    Trade.ADVISOR: (Post.ADVISOR, Post.ADVISOR_ASSISTANT),
    Trade.TECHNICIAN: (Post.TECHNICIAN, Post.TEAM_LEADER),
    Trade.AGENT: (Post.CALLBACK_AGENT,),
}
SHARE, POINTS, MONEY, HOURS, COUNT = "share", "points", "money", "hours", "count"


@dataclass(frozen=True)
class StarFigure:
    """A figure people of a group are compared by. `ask` gives the value of each person who has one; without it the
    scorecards' source says it."""

    code: str
    label: str
    unit: str
    lower_is_better: bool = False
    ask: Callable[[Asked, Sequence[Staff]], Mapping[int, Decimal]] | None = None


def _output(asked: Asked, people: Sequence[Staff]) -> dict[int, Decimal]:
    """Output (产值) of each advisor's orders, month by month as pay counts it."""
    numbers = {person.work_number: person.pk for person in people}
    found: dict[int, Decimal] = defaultdict(Decimal)
    months = months_of(asked.period)
    facts = order_facts(touched_orders(asked.store, *months), asked.store)
    advisor_of = {order.number: numbers.get(order.advisor) for order in facts}
    for month in months:
        output = month_output(facts, month)
        for row in (*output.customer, *output.warranty, *output.accident):
            if person := advisor_of.get(row.order):
                found[person] += row.counted
    return dict(found)


def _hours_sold(asked: Asked, people: Sequence[Staff]) -> dict[int, Decimal]:
    """Standard hours each technician sold on completed orders."""
    sold = {one.pk: asked.counted.of(Whose(technician=one.pk)).get(Counted.SOLD) for one in people}
    return {person: hours for person, hours in sold.items() if hours}


def _of_workshop(code: str):
    """A measure of the workshop, of each technician."""

    def ask(asked: Asked, people: Sequence[Staff]) -> dict[int, Decimal]:
        measure = WORKSHOP_MEASURES[code]
        shares = {one.pk: measure.of(asked.counted.of(Whose(technician=one.pk))).value for one in people}
        return {person: share for person, share in shares.items() if share is not None}

    return ask


def _calls_completed(asked: Asked, _people: Sequence[Staff]) -> dict[int, Decimal]:
    rows = figures_by_agent(asked.store, asked.period.first_day, asked.period.last_day)
    return {row["pk"]: Decimal(row["figures"].completed) for row in rows if row["pk"] in asked.people}


FIGURES: dict[Trade, tuple[StarFigure, ...]] = {
    Trade.ADVISOR: (
        StarFigure("own_satisfaction", _("Service index (CSI)"), POINTS),
        StarFigure("advisor_on_time", _("Delivered on time"), SHARE),
        StarFigure("own_complaints", _("Verified complaints"), COUNT, lower_is_better=True),
        StarFigure("output", _("Output"), MONEY, ask=_output),
    ),
    Trade.TECHNICIAN: (
        StarFigure("rework", _("Internal rework"), SHARE, lower_is_better=True, ask=_of_workshop("internal_rework")),
        StarFigure(
            "comebacks", _("External comebacks"), SHARE, lower_is_better=True, ask=_of_workshop("external_comeback")
        ),
        StarFigure("technician_on_time", _("Delivered on time"), SHARE),
        StarFigure("hours_sold", _("Standard hours sold"), HOURS, ask=_hours_sold),
    ),
    Trade.AGENT: (
        StarFigure("call_quality", _("Call quality"), POINTS),
        StarFigure("feedback_in_time", _("Feedback in time"), SHARE),
        StarFigure("calls_completed", _("Calls completed"), COUNT, ask=_calls_completed),
    ),
}
"""The figure named first decides between equals."""


@dataclass(frozen=True)
class Cell:
    """A figure of a person and the place it gives; both None where it says nothing."""

    figure: StarFigure
    value: Decimal | None
    place: int | None

    @property
    def is_share(self) -> bool:
        return self.figure.unit == SHARE

    @property
    def is_money(self) -> bool:
        return self.figure.unit == MONEY

    @property
    def is_whole(self) -> bool:
        return self.figure.unit == COUNT

    @property
    def written(self) -> str:
        """The value as it is kept with a star, in plain digits."""
        if self.value is None:
            return ""
        if self.is_share:
            return f"{self.value * 100:.1f} %"
        return f"{self.value:,.2f}" if self.is_money else f"{self.value:.0f}" if self.is_whole else f"{self.value:.1f}"


@dataclass(frozen=True)
class Candidate:
    """A person of a group; `star`: chosen already."""

    person: Staff
    cells: tuple[Cell, ...]
    sum: int | None
    place: int | None
    is_proposed: bool
    star: Star | None

    def told(self) -> list[dict]:
        """The figures as they are kept with a choice."""
        return [
            {"code": cell.figure.code, "value": cell.written, "place": cell.place}
            for cell in self.cells
            if cell.value is not None
        ]


@dataclass(frozen=True)
class Group:
    trade: Trade
    figures: tuple[StarFigure, ...]
    rows: list[Candidate]


def months_of(span: Period | Quarter) -> list[Period]:
    """The months of a span."""
    return [span] if isinstance(span, Period) else span.months


def candidates(store: Store, span: Period | Quarter, *, at: datetime) -> list[Group]:
    """Every group with its people in the order of the figures; the first of them proposed."""
    people = Staff.objects.filter(store=store).employed_on(span.last_day).with_position(span.last_day)
    people = list(people.filter(post__in=chain(*POSTS.values())).order_by("work_number"))
    by_trade = {trade: [one for one in people if one.post in posts] for trade, posts in POSTS.items()}
    chosen = {star.staff_id: star for star in Star.objects.filter(store=store, period=str(span))}
    most = figure(STARS_PROPOSED, store=store, on=span.last_day)
    return [
        Group(trade, FIGURES[trade], _rows(trade, found, store, span, at, chosen, most))
        for trade, found in by_trade.items()
        if found
    ]


def _rows(trade, people, store, span, at, chosen, most) -> list[Candidate]:
    asked = Asked(store, span, tuple(person.pk for person in people), at)
    figures = FIGURES[trade]
    values = {one.code: values_of(one, asked, people) for one in figures}
    yardsticks = [Yardstick(one.code, one.lower_is_better) for one in figures]
    known = {person.pk: person for person in people}
    places = ranked(list(known), yardsticks, values)
    return [
        Candidate(
            person=known[one.person],
            cells=tuple(Cell(each, values[each.code].get(one.person), one.places.get(each.code)) for each in figures),
            sum=one.sum,
            place=one.place,
            is_proposed=one.place is not None and number < most,
            star=chosen.get(one.person),
        )
        for number, one in enumerate(places)
    ]


def values_of(one: StarFigure, asked: Asked, people: Sequence[Staff]) -> Mapping[int, Decimal]:
    """Person → figure, by the owner's own query."""
    if one.ask:
        return one.ask(asked, people)
    facts = facts_of([one.code], asked)[one.code]
    found = {person: fact.value for person, fact in facts.items() if person is not None and fact.value is not None}
    if SOURCES[one.code].unit == COUNT and not SOURCES[one.code].has_goal:
        return {person: found.get(person, Decimal(0)) for person in asked.people}  # who is not named did nothing wrong
    return found


def stars_of(staff: Staff) -> QuerySet[Star]:
    """The roll of honour, the latest first."""
    return Star.objects.visible_to(staff).select_related("store", "staff", "chosen_by")


def figure_labels(star: Star) -> Iterable[dict]:
    """The kept figures of a star with their labels."""
    labels = {one.code: one.label for one in FIGURES[Trade(star.trade)]}
    return [{**one, "label": labels.get(one["code"], one["code"])} for one in star.figures]


__all__ = ["FIGURES", "Candidate", "Cell", "Group", "candidates", "figure_labels", "months_of", "stars_of", "values_of"]
