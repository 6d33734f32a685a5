"""Temporary coefficients: who may ask for whom, what waits, what a person may read. Source: spec `commission.md`, C."""

from datetime import date

from django.db.models import Q, QuerySet

from commission.models import Adjustment, CoefficientChange, Run
from commission.queries.facts import version_in_force
from commission.queries.pay import pay_decided_since
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.appraisal.queries import scores_changed_since
from dealer_crm.journal.models import Entry
from dealer_crm.kpi.models import Target
from dealer_crm.organization.choices import WORKSHOP_TEAMS, Post
from dealer_crm.organization.models import Position, Staff, Team
from dealer_crm.values import Period


def positions_during(staff: Staff, first: date, last: date) -> list[Position]:
    """The positions a person holds from one day to another, in time order; none before the first one starts."""
    rows = list(staff.positions.select_related("team").filter(starts_on__lte=last).order_by("starts_on"))
    held_before = [row for row in rows if row.starts_on <= first]
    return held_before[-1:] + [row for row in rows if row.starts_on > first]


def teams_to_ask_for(staff: Staff, day: date) -> QuerySet[Team]:
    """The teams whose coefficients a person may ask to change: the workshop's for its supervisor, one's own for its
    leader."""
    teams = Team.objects.filter(store=staff.store_id, kind__in=WORKSHOP_TEAMS)
    if not staff.can(Permission.COEFFICIENT_ASK):
        return teams.none()
    if staff.has_role(Role.WORKSHOP):
        return teams
    position = Position.objects.in_force_on(day).filter(staff=staff).first()
    led = position.team_id if position and position.post == Post.TEAM_LEADER else None
    return teams.filter(pk=led)


def people_to_ask_for(staff: Staff, day: date) -> QuerySet[Staff]:
    """The people of these teams, with the `coefficient` of the day: not oneself, nor who left before last month."""
    since = (day.replace(day=1) - date.resolution).replace(day=1)
    in_team = Position.objects.filter(team__in=teams_to_ask_for(staff, day)).values("staff")
    people = Staff.objects.filter(pk__in=in_team, store=staff.store_id).exclude(pk=staff.pk).with_position(day)
    return people.filter(Q(left_on=None) | Q(left_on__gte=since)).order_by("work_number")


def coefficient_changes_for(staff: Staff, day: date) -> QuerySet[CoefficientChange]:
    """What a person may read: all of the store for who asks or sees its pay, else their own and those of the team they
    lead."""
    rows = CoefficientChange.objects.visible_to(staff)
    if not (staff.can(Permission.RUN_VIEW) or staff.has_role(Role.WORKSHOP)):
        rows = rows.filter(Q(staff=staff) | Q(asked_by=staff) | Q(team__in=teams_to_ask_for(staff, day)))
    return rows.select_related("store", "staff", "team", "asked_by", "decided_by", "revoked_by")


def coefficients_matching(rows: QuerySet[CoefficientChange], form) -> QuerySet[CoefficientChange]:
    """The rows of a list narrowed by state, and by the name or work number of the person concerned."""
    asked = form.cleaned_data if form.is_valid() else {}
    if state := asked.get("state"):
        rows = rows.filter(state=state)
    if query := asked.get("query", "").strip():
        rows = rows.filter(Q(staff__name__icontains=query) | Q(staff__work_number__istartswith=query))
    return rows


def coefficients_to_decide(staff: Staff) -> QuerySet[CoefficientChange]:
    """What waits for this person's approval, the earliest days first; nobody decides on what concerns themselves."""
    rows = CoefficientChange.objects.visible_to(staff).asked().exclude(Q(staff=staff) | Q(asked_by=staff))
    return rows.select_related("staff", "team", "asked_by").order_by("starts_on", "pk")


def decided_since(run: Run) -> bool:
    """Whether a target, position, coefficient, adjustment, score, pay item or the plan of the month was decided after
    the run was computed."""
    month = Period.parse(run.period)
    changes = CoefficientChange.objects.filter(store=run.store_id).touching(month.first_day, month.last_day)
    decided = changes.approved().filter(decided_at__gt=run.computed_at)
    revoked = changes.filter(revoked_at__gt=run.computed_at)
    adjustments = Adjustment.objects.filter(store=run.store_id, period=run.period, approved_at__gt=run.computed_at)
    in_force = version_in_force(run.store, month)
    overtaken = in_force is not None and in_force.pk != run.plan_version_id
    paid = pay_decided_since(run)
    scored = scores_changed_since(run.store, month, run.computed_at)
    placed = _placed_since(run).exists()
    return (
        overtaken
        or paid
        or scored
        or placed
        or any(rows.exists() for rows in (decided, revoked, adjustments, _targets_set_since(run)))
    )


def _targets_set_since(run: Run) -> QuerySet[Target]:
    return Target.objects.filter(store=run.store_id, period=run.period, set_at__gt=run.computed_at)


def _placed_since(run: Run) -> QuerySet[Entry]:
    """What people are, and since when, as the journal knows it: positions themselves say only from which day."""
    since = Entry.objects.filter(store_code=run.store.code, at__gt=run.computed_at)
    days = Q(verb="staff.changed", changes__has_any_keys=["hired_on", "regularised_on"])
    return since.filter(days | Q(verb__in=["position.started", "position.changed", "staff.left", "staff.returned"]))
