"""Whose a row of money or of cars is: the person's who brought it in, and the teams' who did the work."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dealer_crm.kpi.formulas import fitters, labour_shares
from dealer_crm.organization.choices import TeamKind
from dealer_crm.organization.models import Position, Staff, Store, Team
from reception.formulas import OrderFact

SALES = "accessory_sales"
_WHOLE = Decimal(1)
_THINGS = ("cars", "uncosted_lines")
"""What is counted and not divided: each team that worked on it has it whole."""


class Person(NamedTuple):
    pk: int
    name: str


class Credits:
    """The people and teams of a store: three queries, however many rows are asked about.

    A row is its advisor's, an accessory sale its seller's, and so the team's they are in on the day. Beside that the
    workshop's teams share an order by the standard hours they are credited with, a car counts for each of them, and
    who installs an accessory is credited with its sale.
    """

    def __init__(self, store: Store):
        people = Staff.objects.filter(store=store)
        self.people = {number: Person(pk, name) for number, pk, name in people.values_list("work_number", "pk", "name")}
        teams = list(Team.objects.filter(store=store))
        self.teams = {team.name: team.pk for team in teams}
        self._installers = [team.name for team in teams if team.kind == TeamKind.INSTALLATION]
        self._held: dict[str, tuple[list[date], list[str | None]]] = defaultdict(lambda: ([], []))
        here = Position.objects.filter(store=store).values("staff")
        held = Position.objects.filter(staff__in=here).order_by("starts_on")
        held = held.values_list("staff__work_number", "staff", "staff__name", "store", "team__name", "starts_on")
        for number, pk, name, of_store, team, since in held:  # also of who works elsewhere by now
            self.people[number] = Person(pk, name)
            days, names = self._held[number]
            days.append(since)
            names.append(team if of_store == store.pk else None)
        self._shared: dict[str, dict[str, Decimal]] = {}

    def person(self, part: str, order: OrderFact, row) -> Person | None:
        """Who brought it in."""
        return self.people.get(self._number(part, order, row) or "")

    def of_teams(self, part: str, order: OrderFact, row) -> dict[int, Decimal]:
        """Each team's part of a row; those of the front desk add up to it, and so do those of the workshop."""
        named = self._named(part, order, row)
        return {self.teams[name]: share for name, share in named.items() if name in self.teams}

    def _named(self, part: str, order: OrderFact, row) -> dict[str, Decimal]:
        found = {}
        if part != SALES:
            shares = self._by_hours(order)
            found = dict.fromkeys(shares, _WHOLE) if part in _THINGS else dict(shares)
        elif row.line is not None and (team := fitters(row.line, self._installers)):
            found[team] = _WHOLE
        number = self._number(part, order, row)
        if number and (team := self._team_of(row.day)(number)):
            found[team] = _WHOLE
        return found

    @staticmethod
    def _number(part: str, order: OrderFact, row) -> str | None:
        if part == SALES:
            return None if row.line is None else row.line.seller
        return order.advisor

    def _by_hours(self, order: OrderFact) -> dict[str, Decimal]:
        if order.number not in self._shared:
            day = order.completed_on or order.arrived_on or date.max
            self._shared[order.number] = labour_shares(order, self._team_of(day))
        return self._shared[order.number]

    def _team_of(self, day: date) -> Callable[[str], str | None]:
        """The team people were in on a day; before their first position, that of the first."""

        def team_of(number: str) -> str | None:
            days, names = self._held.get(number, ((), ()))
            return names[max(0, bisect_right(days, day) - 1)] if names else None

        return team_of
