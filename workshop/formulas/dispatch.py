"""Who is proposed for a work. Source: spec `workshop.md` (Dispatch)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TechnicianFact:
    """A technician and the standard hours already given to them."""

    id: int
    work_number: str
    open_hours: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class TeamFact:
    id: int
    kind: str
    technicians: tuple[TechnicianFact, ...] = ()
    unassigned_hours: Decimal = Decimal(0)

    @property
    def load(self) -> Decimal:
        """Open standard hours per pair of hands."""
        hours = self.unassigned_hours + sum((one.open_hours for one in self.technicians), Decimal(0))
        return hours / max(len(self.technicians), 1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should do a job; `technician` None: the team sorts it out. None at all: nobody fits."""

    team: int
    technician: int | None = None
    bay: int | None = None


def propose(
    works: Sequence[tuple[str, Decimal, int | None]], teams: Sequence[TeamFact], bays: Sequence[int] = ()
) -> list[Proposal | None]:
    """One proposal for each work of a car, given as (team kind, standard hours, team already named or None).

    The named team, else the least loaded of the fitting kind, else of any kind; in it the technician with the fewest
    open hours. A car's works of one kind stay with one pair of hands, and in one bay. Ties go to the lower number.
    Source: workshop.md (dispatch).
    """
    bay = bays[0] if bays else None
    by_id = {team.id: team for team in teams}
    chosen: dict[tuple[str, int | None], Proposal | None] = {}
    for kind, _hours, named in works:
        if (kind, named) not in chosen:
            chosen[kind, named] = _proposal(kind, by_id.get(named), teams, bay)
    return [chosen[kind, named] for kind, _hours, named in works]


def loaded(teams: Sequence[TeamFact], given: Iterable[tuple[Proposal | None, Decimal]]) -> list[TeamFact]:
    """The teams with further (proposed) hours on top, so that the next car in the queue goes to somebody else."""
    people: dict[int, Decimal] = {}
    anybody: dict[int, Decimal] = {}
    for proposal, hours in given:
        if proposal is not None and proposal.technician is not None:
            people[proposal.technician] = people.get(proposal.technician, Decimal(0)) + hours
        elif proposal is not None:
            anybody[proposal.team] = anybody.get(proposal.team, Decimal(0)) + hours
    return [
        replace(
            team,
            technicians=tuple(
                replace(one, open_hours=one.open_hours + people.get(one.id, Decimal(0))) for one in team.technicians
            ),
            unassigned_hours=team.unassigned_hours + anybody.get(team.id, Decimal(0)),
        )
        for team in teams
    ]


def _proposal(kind: str, named: TeamFact | None, teams: Sequence[TeamFact], bay: int | None) -> Proposal | None:
    manned = [team for team in teams if team.technicians] or list(teams)
    fitting = [named] if named else [team for team in manned if team.kind == kind] or manned
    if not fitting:
        return None
    team = min(fitting, key=lambda one: (one.load, one.id))
    technician = min(team.technicians, key=lambda one: (one.open_hours, one.work_number), default=None)
    return Proposal(team=team.id, technician=technician.id if technician else None, bay=bay)
