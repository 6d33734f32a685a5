"""External comebacks (外返): whether they count and who answers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Team
from dealer_crm.values import Refusal
from reception.choices import OrderKind, OrderState
from reception.models import RepairOrder
from workshop import events
from workshop.actions.locking import locked_order
from workshop.choices import Responsibility
from workshop.models import ComebackDecision


@transaction.atomic
def decide_comeback(
    *,
    order: RepairOrder,
    is_accepted: bool,
    responsibility: Responsibility,
    standard: str,
    by: Staff,
    at: datetime,
    team: Team | None = None,
    technician: Staff | None = None,
) -> ComebackDecision:
    """Decide by a written standard whether a comeback counts and who answers; a second decision replaces the first and
    both stand in the journal. Source: workshop.md (external comeback)."""
    order = locked_order(order=order)
    _refuse_undecidable(order, is_accepted, responsibility, standard)
    team = team if responsibility == Responsibility.TEAM else None
    technician = technician if responsibility == Responsibility.TECHNICIAN else None
    _refuse_nameless(order, responsibility, team, technician)
    before = ComebackDecision.objects.filter(order=order).first()
    decision, was_new = ComebackDecision.objects.update_or_create(
        order=order,
        defaults={
            "is_accepted": is_accepted,
            "responsibility": responsibility,
            "team": team,
            "technician": technician,
            "standard": standard.strip(),
            "decided_by": by,
            "decided_at": at,
        },
    )
    fields = ("is_accepted", "responsibility", "team", "technician", "standard")
    journal.record(
        by=by, at=at, verb="comeback.decided" if was_new else "comeback.decided_again", subject=order,
        changes={name: [getattr(before, name, None), getattr(decision, name)] for name in fields},
    )  # fmt: skip
    events.comeback_decided.send(sender=ComebackDecision, order_id=order.pk, at=at)
    return decision


def _refuse_undecidable(order: RepairOrder, is_accepted: bool, responsibility: str, standard: str) -> None:
    if order.kind != OrderKind.COMEBACK:
        raise Refusal(_("Order %(order)s is no comeback.") % {"order": order.number}, code="no_comeback")
    if order.state == OrderState.CANCELLED:
        raise Refusal(_("Order %(order)s was cancelled.") % {"order": order.number}, code="wrong_state")
    if not standard.strip():
        raise Refusal(_("Name the standard by which you decide."), field="standard")
    if not is_accepted and responsibility != Responsibility.NONE:
        raise Refusal(_("Where it does not count nobody answers."), field="responsibility")


def _refuse_nameless(order: RepairOrder, responsibility: str, team: Team | None, technician: Staff | None) -> None:
    if responsibility == Responsibility.TEAM and team is None:
        raise Refusal(_("Name the team that answers."), field="team")
    if responsibility == Responsibility.TECHNICIAN and technician is None:
        raise Refusal(_("Name the technician who answers."), field="technician")
    if (team and team.store_id != order.store_id) or (technician and technician.store_id != order.store_id):
        raise Refusal(_("Who answers belongs to another store."), field="responsibility")
