"""Comebacks (外返): what was done before, who did it, and what the decision means for the teams' hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from dealer_crm.organization.models import Position, Staff, Team
from reception.choices import LineKind, OrderKind, OrderState
from reception.models import LineShare, OrderLine, RepairOrder
from workshop import formulas
from workshop.choices import Responsibility
from workshop.models import ComebackDecision, Job
from workshop.queries.dispatch import technicians_of

LONGEST_CHAIN = 12
_DECIDED = ("team", "technician", "original_line", "decided_by")


def comebacks(staff: Staff, *, decided: bool) -> QuerySet[RepairOrder]:
    """Comebacks of the store, those still to be decided or those that are."""
    return (
        RepairOrder.objects.visible_to(staff)
        .filter(kind=OrderKind.COMEBACK, comeback_decision__isnull=not decided)
        .exclude(state=OrderState.CANCELLED)
        .select_related(
            "vehicle", "store", "original__advisor", "comeback_decision__team", "comeback_decision__technician"
        )
    )


@dataclass(frozen=True)
class Since:
    """How long a repair held: days, and kilometres when both visits know them."""

    days: int
    kilometres: int | None


def since_delivery(order: RepairOrder) -> Since | None:
    """From the delivery of the original to the return of the car."""
    first = order.original
    if first.delivered_at is None:
        return None
    tz = order.store.tz
    days = (order.arrived_at.astimezone(tz).date() - first.delivered_at.astimezone(tz).date()).days
    known = order.mileage is not None and first.mileage is not None
    return Since(days, order.mileage - first.mileage if known else None)


def visits_of_fault(order: RepairOrder) -> list[RepairOrder]:
    """The chain a comeback belongs to: from the visit it all began with to the last return, with lines, hands, jobs
    and decisions. A few queries more for each link, never for each line."""
    pks = [order.pk]
    first = order
    while first.original and first.original_id not in pks and len(pks) < LONGEST_CHAIN:
        first = first.original
        pks.append(first.pk)
    lines = OrderLine.objects.select_related("team").order_by("number")
    shares = LineShare.objects.select_related("technician").order_by("-share")
    jobs = Job.objects.live().select_related("technician", "team")
    return list(
        RepairOrder.objects.filter(Q(pk__in=pks) | Q(original__in=pks, kind=OrderKind.COMEBACK))
        .exclude(state=OrderState.CANCELLED)
        .select_related("vehicle", "store", "advisor", *(f"comeback_decision__{name}" for name in _DECIDED))
        .prefetch_related(
            Prefetch("lines", lines.prefetch_related(Prefetch("shares", shares), Prefetch("jobs", jobs))),
            Prefetch("jobs", jobs),
        )
        .order_by("arrived_at", "pk")
    )


def may_answer(order: RepairOrder, day: date) -> QuerySet[Staff]:
    """Who can be named as answering: the technicians of today, and whoever worked on the original, gone or not."""
    did_it = Q(line_shares__line__order=order.original_id) | Q(jobs__order=order.original_id)
    now = technicians_of(order.store, day).values("pk")
    return Staff.objects.filter(Q(pk__in=now) | did_it, store=order.store).distinct().order_by("work_number")


def teams_at_fault(decision: ComebackDecision) -> tuple[Team, ...]:
    """The teams whose hours on the comeback don't count, when it is accepted.

    A technician's fault is that of the team they were in when the car came back; without a team, of every team credited
    with labour on the comeback. Source: commission.md, rule C.
    """
    if decision.responsibility == Responsibility.TEAM:
        return (decision.team,)
    if decision.responsibility == Responsibility.TECHNICIAN:
        order = decision.order
        day = order.arrived_at.astimezone(order.store.tz).date()
        return (team,) if (team := _team_on(decision.technician_id, day)) else _credited_teams(order)
    return ()


def hours_of_comeback(order: RepairOrder, decision: ComebackDecision | None) -> list[formulas.CountedHours]:
    """The labour of a comeback order, team by team, with whether it counts under a decision (kept or not)."""
    labour = order.lines.filter(kind=LineKind.LABOUR).select_related("team").prefetch_related("shares")
    day = (order.completed_at or order.arrived_at).astimezone(order.store.tz).date()
    at_fault = teams_at_fault(decision) if decision and decision.is_accepted else ()
    facts = [
        formulas.LabourFact(line.name, line.quantity, line.payer, tuple(_credits(line, day)))
        for line in labour.order_by("number")
    ]
    return list(formulas.hours_counted(facts, {team.name for team in at_fault}))


def _credits(line: OrderLine, day: date) -> Iterable[tuple]:
    if line.team:
        yield line.team.name, 1
        return
    for share in line.shares.all():
        if team := _team_on(share.technician_id, day):
            yield team.name, share.share


def _team_on(technician_id: int, day: date) -> Team | None:
    positions = Position.objects.filter(staff=technician_id, starts_on__lte=day).select_related("team")
    position = positions.order_by("-starts_on").first()
    return position.team if position else None


def _credited_teams(order: RepairOrder) -> tuple[Team, ...]:
    return tuple(Team.objects.filter(pk__in=order.lines.values("team")).order_by("name"))
