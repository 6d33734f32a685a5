"""Which teams an order's work is credited to. Source: spec `commission.md`, B, C and D."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from reception.formulas import LABOUR, LineFact, OrderFact

TeamOf = Callable[[str], str | None]
"""The team of a person by work number."""


def line_credits(line: LineFact, team_of: TeamOf) -> Iterator[tuple[str, Decimal]]:
    """The teams a labour line is credited to with their shares: the team named, else the technicians' own teams."""
    if line.kind != LABOUR:
        return
    if line.team:
        yield line.team, Decimal(1)
        return
    for number, share in line.technicians:
        if team := team_of(number):
            yield team, share


def labour_shares(order: OrderFact, team_of: TeamOf) -> dict[str, Decimal]:
    """Each team's part of the standard hours of an order, together one; of an order without credited hours, nobody's.

    Hours say what was done whatever it was sold for: a discount or a free job makes no team's part smaller.
    """
    hours: dict[str, Decimal] = defaultdict(Decimal)
    for line in order.lines:
        for team, share in line_credits(line, team_of):
            hours[team] += line.quantity * share
    whole = sum(hours.values(), Decimal(0))
    return {team: part / whole for team, part in hours.items() if part} if whole else {}


def fitters(line: LineFact, installation_teams: Sequence[str]) -> str | None:
    """Who installed a line: the team named; where none is, the store's only installation team."""
    if not line.is_installed:
        return None
    if line.installation_team:
        return line.installation_team
    return installation_teams[0] if len(installation_teams) == 1 else None
