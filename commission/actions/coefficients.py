"""Temporary coefficients (临时系数): the workshop asks, the station manager decides. Source: `commission.md`, C."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.choices import ChangeState, RunState
from commission.models import CoefficientChange, Run
from commission.queries import positions_during, teams_to_ask_for
from commission.settings import COEFFICIENT_LEAST, COEFFICIENT_MOST
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.journal import actions as journal
from dealer_crm.notices.actions import notify
from dealer_crm.organization.choices import WORKSHOP_TEAMS
from dealer_crm.organization.models import Position, Staff, Store, Team
from dealer_crm.organization.queries import figure, staff_with_role
from dealer_crm.values import Period, Refusal


@transaction.atomic
def ask_for_change(
    *, staff: Staff, starts_on: date, ends_on: date, coefficient: Decimal, reason: str, by: Staff, at: datetime
) -> CoefficientChange:
    """Ask for another coefficient on some days of a month; it is paid by only after the station manager's approval."""
    staff = _locked(staff)
    if by.pk == staff.pk:
        raise Refusal(_("Nobody asks for a coefficient of their own."), field="staff", code="own_change")
    if not reason.strip():
        raise Refusal(_("Say why: the person concerned will read it."), field="reason")
    team = _team_of_the_days(staff, starts_on, ends_on)
    if team not in teams_to_ask_for(by, at.astimezone(team.store.tz).date()):
        raise Refusal(_("You may ask for people of your own teams only."), field="staff", code="not_own_team")
    _refuse_bounds(coefficient, team.store, starts_on)
    if all(held.coefficient == coefficient for held in positions_during(staff, starts_on, ends_on)):
        raise Refusal(
            _("%(name)s has the coefficient %(coefficient)s on these days anyway.")
            % {"name": staff.name, "coefficient": _plain(coefficient)},
            field="coefficient",
        )
    _refuse_paid(team.store, starts_on)
    _refuse_overlap(staff, starts_on, ends_on)
    if CoefficientChange.objects.asked().filter(staff=staff, starts_on=starts_on, ends_on=ends_on).exists():
        raise Refusal(
            _("For %(name)s a request with these days waits already; withdraw it first.") % {"name": staff.name},
            code="asked_already",
        )
    change = CoefficientChange.objects.create(
        store=team.store, staff=staff, team=team, starts_on=starts_on, ends_on=ends_on, coefficient=coefficient,
        reason=reason.strip(), asked_by=by, asked_at=at,
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb="coefficient.asked", subject=change, changes={"coefficient": [None, coefficient]},
        note=change.reason,
    )  # fmt: skip
    deciders = [role for role, allowed in PERMISSIONS.items() if Permission.COEFFICIENT_APPROVE in allowed]
    notify(
        recipients=[person for person in staff_with_role(change.store, *deciders) if person not in (by, staff)],
        key=f"coefficient:{change.pk}:asked",
        text=_("Coefficient %(coefficient)s for %(name)s on %(days)s waits for your approval: %(reason)s")
        % _facts(change),
        at=at,
        url=reverse("commission:coefficient", args=[change.pk]),
    )
    return change


@transaction.atomic
def approve_change(*, change: CoefficientChange, by: Staff, at: datetime) -> CoefficientChange:
    """Let it be paid by. Neither who asked for it nor whom it concerns may approve it; both are told.

    Two approvals for one person wait for each other, so that no day gets two coefficients.
    """
    change = _undecided(change, by)
    staff = _locked(change.staff)
    _refuse_paid(change.store, change.starts_on, reviewed_too=True)
    if _team_of_the_days(staff, change.starts_on, change.ends_on) != change.team:
        raise Refusal(
            _("%(name)s is no longer in %(team)s on all these days; decline it and have it asked for anew.")
            % {"name": staff.name, "team": change.team},
            code="team_changed",
        )
    _refuse_overlap(staff, change.starts_on, change.ends_on)
    _decide(change, ChangeState.APPROVED, by=by, at=at)
    _tell(
        change,
        {staff, change.asked_by} - {by},
        _("For %(name)s coefficient %(coefficient)s holds on %(days)s: %(reason)s"),
        at,
    )
    return change


@transaction.atomic
def decline_change(*, change: CoefficientChange, reason: str, by: Staff, at: datetime) -> CoefficientChange:
    """Turn it down, with the reason; who asked is told. The person concerned never had it, and isn't."""
    change = _undecided(change, by)
    if not reason.strip():
        raise Refusal(_("Say why it is declined."), field="reason")
    _decide(change, ChangeState.DECLINED, by=by, at=at, reason=reason.strip())
    _tell(change, {change.asked_by}, _("Coefficient %(coefficient)s for %(name)s was declined: %(why)s"), at)
    return change


@transaction.atomic
def withdraw_change(*, change: CoefficientChange, by: Staff, at: datetime) -> CoefficientChange:
    """Take back a request nobody has decided on yet. Whoever asked may."""
    change = _waiting(change)
    if change.asked_by_id != by.pk:
        raise Refusal(_("Only %(name)s, who asked for it, can withdraw it.") % {"name": change.asked_by.name})
    change.state = ChangeState.WITHDRAWN
    change.save(update_fields=["state"])
    journal.record(by=by, at=at, verb="coefficient.withdrawn", subject=change)
    return change


@transaction.atomic
def revoke_change(*, change: CoefficientChange, reason: str, by: Staff, at: datetime) -> CoefficientChange:
    """Take back an approved one as long as its month may still be computed; everybody concerned is told why."""
    change = _fresh(change)
    if change.state != ChangeState.APPROVED:
        raise Refusal(_("Only an approved coefficient can be taken back."), code="decided")
    if by.pk == change.staff_id:
        raise Refusal(_("Nobody decides on a coefficient of their own."), code="four_eyes")
    if not reason.strip():
        raise Refusal(_("Say why it is taken back: the person concerned will read it."), field="reason")
    _refuse_paid(change.store, change.starts_on, reviewed_too=True)
    change.state, change.decision_reason = ChangeState.REVOKED, reason.strip()
    change.revoked_by, change.revoked_at = by, at
    change.save(update_fields=["state", "decision_reason", "revoked_by", "revoked_at"])
    journal.record(by=by, at=at, verb="coefficient.revoked", subject=change, note=change.decision_reason)
    _tell(
        change,
        {change.staff, change.asked_by} - {by},
        _("Coefficient %(coefficient)s for %(name)s on %(days)s is taken back: %(why)s"),
        at,
    )
    return change


def _decide(change: CoefficientChange, state: ChangeState, *, by: Staff, at: datetime, reason: str = "") -> None:
    change.state, change.decided_by, change.decided_at, change.decision_reason = state, by, at, reason
    change.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    journal.record(by=by, at=at, verb=f"coefficient.{state}", subject=change, note=reason)


def _locked(staff: Staff) -> Staff:
    """The person, held until the change is written: two for the same person wait for each other."""
    return Staff.objects.select_for_update(no_key=True, of=("self",)).get(pk=staff.pk)


def _fresh(change: CoefficientChange) -> CoefficientChange:
    rows = CoefficientChange.objects.select_for_update(of=("self",))
    return rows.select_related("store", "staff", "team", "asked_by").get(pk=change.pk)


def _waiting(change: CoefficientChange) -> CoefficientChange:
    change = _fresh(change)
    if change.state != ChangeState.ASKED:
        raise Refusal(_("This is decided already: %(state)s.") % {"state": change.get_state_display()}, code="decided")
    return change


def _undecided(change: CoefficientChange, by: Staff) -> CoefficientChange:
    change = _waiting(change)
    if by.pk in (change.asked_by_id, change.staff_id):
        raise Refusal(
            _("Somebody else than the person who asked for it, or whom it concerns, must decide."), code="four_eyes"
        )
    return change


def _team_of_the_days(staff: Staff, starts_on: date, ends_on: date) -> Team:
    """The one team of the workshop the person is in on all the days. Raises Refusal when there is none."""
    if ends_on < starts_on:
        raise Refusal(_("The last day is before the first."), field="ends_on")
    if Period.of(starts_on) != Period.of(ends_on):
        raise Refusal(_("It holds within one month; ask for each month separately."), field="ends_on")
    if staff.hired_on and starts_on < staff.hired_on:
        raise Refusal(
            _("%(name)s was hired on %(day)s.") % {"name": staff.name, "day": f"{staff.hired_on:%Y-%m-%d}"},
            field="starts_on",
        )
    if staff.left_on and ends_on > staff.left_on:
        raise Refusal(
            _("The last day of %(name)s in the house is %(day)s.")
            % {"name": staff.name, "day": f"{staff.left_on:%Y-%m-%d}"},
            field="ends_on",
        )
    held = positions_during(staff, starts_on, ends_on)
    teams = {position.team_id for position in held}
    if not held or held[0].starts_on > starts_on or len(teams) != 1 or not _pays_by_coefficient(held[0]):
        raise Refusal(
            _("%(name)s is not in one team of the workshop on all these days; ask for each team's days separately.")
            % {"name": staff.name},
            field="starts_on",
            code="no_team",
        )
    return held[0].team


def _pays_by_coefficient(position: Position) -> bool:
    return position.team is not None and position.team.kind in WORKSHOP_TEAMS


def _refuse_bounds(coefficient: Decimal, store: Store, day: date) -> None:
    least, most = figure(COEFFICIENT_LEAST, store=store, on=day), figure(COEFFICIENT_MOST, store=store, on=day)
    if not least <= coefficient <= most:
        raise Refusal(
            _("A temporary coefficient lies between %(least)s and %(most)s.")
            % {"least": _plain(least), "most": _plain(most)},
            field="coefficient",
        )


def _refuse_paid(store: Store, day: date, *, reviewed_too: bool = False) -> None:
    """A locked month never changes, and one people have checked their slips of is sent back before it does."""
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)  # a month being computed is waited for
    run = Run.objects.select_for_update(of=("self",)).filter(store=store, period=str(Period.of(day))).first()
    if run and run.state == RunState.LOCKED:
        raise Refusal(
            _("The pay of %(month)s is locked: choose a day of a month that is open.") % {"month": run.period},
            field="starts_on",
            code="locked",
        )
    if reviewed_too and run and run.state != RunState.DRAFT:
        raise Refusal(
            _("The run of %(month)s is “%(state)s”: have it sent back to draft first.")
            % {"month": run.period, "state": run.get_state_display()},
            code="run_reviewed",
        )


def _refuse_overlap(staff: Staff, starts_on: date, ends_on: date) -> None:
    other = CoefficientChange.objects.approved().filter(staff=staff).touching(starts_on, ends_on).first()
    if other:
        raise Refusal(
            _("For %(name)s coefficient %(coefficient)s is approved on %(days)s already.") % _facts(other),
            field="starts_on",
            code="overlap",
        )


def _tell(change: CoefficientChange, people: set[Staff], text: str, at: datetime) -> None:
    notify(
        recipients=people,
        key=f"coefficient:{change.pk}:{change.state}",
        text=text % _facts(change),
        at=at,
        url=reverse("commission:coefficient", args=[change.pk]),
    )


def _facts(change: CoefficientChange) -> dict[str, str]:
    return {
        "name": change.staff.name, "coefficient": _plain(change.coefficient), "reason": change.reason,
        "why": change.decision_reason, "days": f"{change.starts_on:%Y-%m-%d} – {change.ends_on:%Y-%m-%d}",
    }  # fmt: skip


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
