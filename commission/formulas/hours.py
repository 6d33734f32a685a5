"""Standard hours of the teams. Source: spec `commission.md`, C and D."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commission.formulas.explanation import SourceRow
from commission.formulas.facts import MonthFacts, StaffFact
from commission.formulas.people import position_on
from commission.formulas.plan import HoursPrice
from dealer_crm.kpi.formulas import line_credits
from reception.formulas import COMEBACK, LineFact, OrderFact


@dataclass(frozen=True, slots=True)
class CreditedHours:
    """Hours of one labour line credited to a team on the day of final inspection."""

    team: str
    order: OrderFact
    line: LineFact
    hours: Decimal

    @property
    def day(self) -> date:
        return self.order.completed_on

    def row(self, block: HoursPrice, teams_at_fault: tuple[str, ...]) -> SourceRow:
        """As a source row: the hours, what counts of them under a rule, and why not when they don't."""
        note = self._why_not(block, teams_at_fault)
        counted = Decimal(0) if note else self.hours
        number = f"{self.order.number}/{self.line.number}"
        return SourceRow("hours", "labour", number, self.day, self.hours, counted, self.order.number, note)

    def _why_not(self, block: HoursPrice, teams_at_fault: tuple[str, ...]) -> str:
        if self.order.kind in block.excluded_kinds:
            return "row.order_kind"
        if self.line.payer not in block.payers:
            return "row.payer"
        if self.order.kind == COMEBACK and self.team in teams_at_fault:
            return "row.rework"
        return ""

    @property
    def sort_key(self) -> tuple:
        return (self.day, self.order.number, self.line.order_key, self.hours)


def credited_hours(facts: MonthFacts) -> tuple[CreditedHours, ...]:
    """Labour on orders that passed final inspection in the month, line by line and team by team.

    Discounted, unpaid or not yet received makes no difference.
    """
    people = {person.number: person for person in facts.staff}
    found = [
        CreditedHours(team, order, line, line.quantity * share)
        for order in facts.orders
        if order.completed_on is not None and order.completed_on in facts.period
        for team_of in [team_on(order.completed_on, people)]
        for line in order.lines
        for team, share in line_credits(line, team_of)
    ]
    return tuple(sorted(found, key=lambda hours: (hours.team, *hours.sort_key)))


def team_on(day: date, people: Mapping[str, StaffFact]) -> Callable[[str], str | None]:
    """The team of a person on a day, by work number."""

    def team_of(number: str) -> str | None:
        position = position_on(people[number], day) if number in people else None
        return None if position is None else position.team

    return team_of


def team_rows(
    found: tuple[CreditedHours, ...], facts: MonthFacts, block: HoursPrice, team: str
) -> tuple[SourceRow, ...]:
    """Hours and consumables of one team as source rows.

    Rework is unpaid only for the team *found* at fault: without the inspector's decision nobody has been found.
    """
    at_fault = {fact.order: fact.teams for fact in facts.comebacks if fact.is_accepted}
    hours = tuple(
        credited.row(block, at_fault.get(credited.order.number, ())) for credited in found if credited.team == team
    )
    consumables = tuple(
        SourceRow("consumables", "consumable", issue.number, issue.issued_on, issue.amount, issue.amount)
        for issue in sorted(facts.consumables, key=lambda issue: (issue.issued_on, issue.number))
        if issue.team == team and issue.issued_on in facts.period
    )
    return hours + consumables
