"""What the workshop counts: who is proposed for a job, who did how much of it, which checks are still due.

Pure functions on frozen facts; no Django, clock or database. Source: spec `workshop.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal

SELF, TEAM, FINAL = "self", "team", "final"

ONE = Decimal(1)
_STEP = Decimal("0.0001")


# ── Dispatch ─────────────────────────────────────────────────────────────────────────────────────────────────────────
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


# ── Who did how much ─────────────────────────────────────────────────────────────────────────────────────────────────
def shares_by_clock(minutes: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Each technician's share of a job in proportion to the minutes clocked, to four places, adding up to 1 exactly.

    Places lost by rounding go to the largest remainder, ties to the first. Nobody clocked anything: equal shares.
    Source: workshop.md (time clock), commission.md (several technicians share a line).
    """
    weights = {who: Decimal(value) for who, value in minutes.items() if value > 0} or dict.fromkeys(minutes, ONE)
    total = sum(weights.values())
    exact = {who: weight / total for who, weight in weights.items()}
    shares = {who: share.quantize(_STEP, rounding="ROUND_DOWN") for who, share in exact.items()}
    missing = int((ONE - sum(shares.values())) / _STEP)
    for who in sorted(exact, key=lambda one: shares[one] - exact[one])[:missing]:
        shares[who] += _STEP
    return {who: share for who, share in shares.items() if share}


def shares_add_up(shares: Iterable[Decimal]) -> bool:
    """Whether the parts of a line make one whole, each of them something."""
    shares = list(shares)
    return bool(shares) and all(share > 0 for share in shares) and sum(shares) == ONE


# ── Clock ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def shift_end(started_at: datetime, closes_at: time, tz: tzinfo) -> datetime:
    """When the shift of a clock ended: at closing time of its day, or at midnight for one started later."""
    started = started_at.astimezone(tz)
    closing = datetime.combine(started.date(), closes_at, tz)
    if started < closing:
        return closing
    return datetime.combine(started.date() + timedelta(days=1), time.min, tz)


# ── Inspection ───────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class CheckFact:
    """An inspection that passed, and when."""

    level: str
    at: datetime


def demanded_levels(kind: str, team_check_kinds: Iterable[str]) -> tuple[str, ...]:
    """The checks an order of this type must pass after the self-checks of its jobs, in their order."""
    return (TEAM, FINAL) if kind in set(team_check_kinds) else (FINAL,)


def levels_due(
    demanded: Sequence[str], passed: Iterable[CheckFact], last_finished_at: datetime | None
) -> tuple[str, ...]:
    """Which checks are still to be passed. A check made before the last work was finished says nothing about it.

    Source: workshop.md (three-level inspection, internal rework).
    """
    valid = {check.level for check in passed if last_finished_at is None or check.at >= last_finished_at}
    return tuple(level for level in demanded if level not in valid)


def unconfirmed(checklist: Mapping[str, bool]) -> list[str]:
    """The points of a check-list nobody confirmed."""
    return [point for point, confirmed in checklist.items() if not confirmed]


# ── Board ────────────────────────────────────────────────────────────────────────────────────────────────────────────
WALL_TWELFTHS = 12


def spans(counts: Sequence[int]) -> list[int]:
    """Twelfths of the wall's width for columns with so many cars: at least one each, the rest to the fullest."""
    widths = [1] * len(counts)
    for _ in range(WALL_TWELFTHS - len(counts)):
        fullest = max(range(len(counts)), key=lambda index: (counts[index] / widths[index], -index))
        widths[fullest] += 1
    return widths


def minutes_left(promised_at: datetime | None, at: datetime) -> int | None:
    """Whole minutes until the promise, negative when it has passed, None without a promise."""
    if promised_at is None:
        return None
    return int((promised_at - at).total_seconds() // 60)


def promise_tone(left: int | None, warning: int = 30) -> str:
    """Green, amber when `warning` minutes or less remain, red when late. Source: workshop.md (progress board)."""
    if left is None:
        return "neutral"
    return "danger" if left < 0 else "warning" if left <= warning else "success"


def countdown(left: int | None) -> str:
    """Minutes to the promise as a screen shows them: 95 → "1:35", late −0:20, later than a day "−2d"."""
    if left is None:
        return "—"
    sign, left = ("−" if left < 0 else ""), abs(left)
    if left >= 24 * 60:
        return f"{sign}{left // (24 * 60)}d"
    return f"{sign}{left // 60}:{left % 60:02d}"
