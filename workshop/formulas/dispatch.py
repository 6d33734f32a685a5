"""Whose turn it is, and who is proposed for a work. Source: spec `workshop.md` (Dispatch)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TechnicianFact:
    """A technician and the standard hours already given to them.

    `skills` None: nobody has said what they may do, so they may do what their team does. `has_time`: on shift, or
    coming later on the day.
    """

    id: int
    work_number: str
    open_hours: Decimal = Decimal(0)
    skills: frozenset[str] | None = None
    has_time: bool = True

    def may_do(self, skills: Iterable[str]) -> bool:
        return self.skills is None or self.skills.issuperset(skills)


@dataclass(frozen=True, slots=True)
class TeamFact:
    id: int
    kind: str
    technicians: tuple[TechnicianFact, ...] = ()
    unassigned_hours: Decimal = Decimal(0)

    @property
    def load(self) -> Decimal:
        """Open standard hours per pair of hands that is there."""
        hours = self.unassigned_hours + sum((one.open_hours for one in self.technicians), Decimal(0))
        return hours / max(sum(one.has_time for one in self.technicians), 1)

    def able(self, skills: Iterable[str]) -> list[TechnicianFact]:
        """Who is there and may do all of it; "" asks for nothing."""
        asked = [skill for skill in skills if skill]
        return [one for one in self.technicians if one.has_time and one.may_do(asked)]


@dataclass(frozen=True, slots=True)
class BayFact:
    id: int
    kind: str


@dataclass(frozen=True, slots=True)
class WorkFact:
    """One work of a car: kind of team, kind of bay and skill it asks for; `team`: who is named for it already."""

    kind: str
    hours: Decimal
    skill: str = ""
    team: int | None = None
    bay: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should do a work; `technician` None: the team sorts it out. None at all: nobody fits."""

    team: int
    technician: int | None = None
    bay: int | None = None


def urgency(
    promised_at: datetime | None, *, has_priority: bool, is_appointed: bool, ahead: timedelta, appointed: timedelta
) -> tuple[bool, datetime | None, bool]:
    """The place of a car in the queue: by its promise, as if it were so much earlier for customers who are served first
    (`ahead`) and for cars that came by appointment (`appointed`). Cars without a promise come last."""
    if promised_at is None:
        return True, None, not (has_priority or is_appointed)
    start = max(ahead if has_priority else timedelta(), appointed if is_appointed else timedelta())
    return False, promised_at - start, not has_priority


def propose(
    works: Sequence[WorkFact], teams: Sequence[TeamFact], bays: Sequence[BayFact] = ()
) -> list[Proposal | None]:
    """One proposal for each work of a car.

    Works of one kind stay with one pair of hands, if somebody may do all of them: in the team that is named, else the
    least loaded of the fitting kind, else of any kind, the technician with the fewest open hours among those who are
    there and have the skills. Where nobody may do all, each skill finds its own hands; where nobody at all may, the
    team sorts it out. Ties go to the lower number. Every kind of bay is taken once by a car.
    """
    by_id = {team.id: team for team in teams}
    hands: dict[tuple[str, int | None, str], tuple[int, int | None] | None] = {}
    for kind, named in dict.fromkeys((work.kind, work.team) for work in works):
        skills = list(dict.fromkeys(work.skill for work in works if (work.kind, work.team) == (kind, named)))
        for skill, found in _hands(kind, by_id.get(named), skills, teams).items():
            hands[kind, named, skill] = found
    places = {}
    for bay in bays:
        places.setdefault(bay.kind, bay.id)
    proposals = []
    for work in works:
        found = hands[work.kind, work.team, work.skill]
        proposals.append(found and Proposal(*found, bay=places.get(work.bay)))
    return proposals


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


def _hands(
    kind: str, named: TeamFact | None, skills: list[str], teams: Sequence[TeamFact]
) -> dict[str, tuple[int, int | None] | None]:
    """Skill → (team, technician) for the works of one kind."""
    manned = [team for team in teams if team.technicians] or list(teams)
    fitting = [named] if named else [team for team in manned if team.kind == kind] or manned
    if not fitting:
        return dict.fromkeys(skills)
    if any(team.able(skills) for team in fitting):
        return dict.fromkeys(skills, _freest(fitting, skills))
    return {skill: _freest(fitting, [skill]) for skill in skills}


def _freest(teams: Sequence[TeamFact], skills: Sequence[str]) -> tuple[int, int | None]:
    able = [team for team in teams if team.able(skills)]
    team = min(able or teams, key=lambda one: (one.load, one.id))
    technician = min(team.able(skills), key=lambda one: (one.open_hours, one.work_number), default=None)
    return team.id, technician.id if technician else None
