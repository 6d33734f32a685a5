"""What technicians may do on a day."""

from dataclasses import dataclass
from datetime import date

from dealer_crm.organization.models import Staff, Store, Team
from reception.choices import Skill
from workshop.choices import WORKSHOP_TEAMS
from workshop.models import TechnicianSkills
from workshop.queries.technicians import technicians_of


@dataclass(frozen=True)
class SkilledPerson:
    """A technician with the skills in force and those that hold later; `row` None: nobody has said anything yet."""

    person: Staff
    row: TechnicianSkills | None
    coming: TechnicianSkills | None

    @property
    def skills(self) -> list[Skill]:
        return [Skill(skill) for skill in self.row.skills] if self.row else []


@dataclass(frozen=True)
class SkilledTeam:
    team: Team
    people: list[SkilledPerson]


def skills_of_teams(store: Store, day: date) -> list[SkilledTeam]:
    """Every workshop team with what its people may do. Three queries."""
    people = list(technicians_of(store, day))
    rows = TechnicianSkills.objects.filter(technician__in=people).order_by("technician", "starts_on")
    in_force, coming = {}, {}
    for row in rows:
        (in_force if row.starts_on <= day else coming)[row.technician_id] = row
    return [
        SkilledTeam(
            team,
            [
                SkilledPerson(one, in_force.get(one.pk), coming.get(one.pk))
                for one in people
                if one.team_id_now == team.pk
            ],
        )
        for team in Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS).order_by("kind", "name")
    ]


def skills_in_force(store: Store, day: date) -> dict[int, frozenset[str]]:
    """Technician → skills on a day; who has none on record is left out. One query."""
    rows = (
        TechnicianSkills.objects.filter(technician__store=store, starts_on__lte=day)
        .order_by("technician", "-starts_on")
        .distinct("technician")
    )
    return {technician: frozenset(skills) for technician, skills in rows.values_list("technician", "skills")}
