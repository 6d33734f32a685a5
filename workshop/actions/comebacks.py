"""External comebacks (外返): whether they count and who answers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Team
from dealer_crm.values import Refusal, Stale
from reception.choices import OrderKind, OrderState
from reception.models import OrderLine, RepairOrder
from workshop import events
from workshop.actions.locking import locked_order
from workshop.choices import LINE_ANSWERS, Responsibility
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
    original_line: OrderLine | None = None,
    seen_at: datetime | None = None,
) -> ComebackDecision:
    """Decide by a written standard whether a comeback counts and who answers.

    A second decision replaces the first until the month of the comeback is paid; both stand in the journal.
    `original_line`: the work or part of the original order that failed. `seen_at`: the moment of the decision the
    person had before them; another one by now raises Stale. Source: workshop.md (external comeback).
    """
    order = locked_order(order=order)
    _refuse_undecidable(order, is_accepted, responsibility, standard)
    _refuse_changed(order, seen_at)
    _refuse_wrong_line(order, is_accepted, responsibility, original_line)
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
            "original_line": original_line,
            "decided_by": by,
            "decided_at": at,
        },
    )
    fields = ("is_accepted", "responsibility", "team", "technician", "standard", "original_line")
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


def _refuse_changed(order: RepairOrder, seen_at: datetime | None) -> None:
    known = ComebackDecision.objects.filter(order=order).select_related("decided_by").first()
    if known is None:
        return
    if seen_at is not None and known.decided_at != seen_at:
        raise Stale(
            _("%(name)s has decided this comeback in the meantime. Load it again; nothing was overwritten.")
            % {"name": known.decided_by}
        )


def _refuse_wrong_line(order: RepairOrder, is_accepted: bool, responsibility: str, line: OrderLine | None) -> None:
    if line is not None and line.order_id != order.original_id:
        raise Refusal(_("%(line)s is no line of the original order.") % {"line": line.name}, field="original_line")
    if line is None and is_accepted and responsibility in LINE_ANSWERS and order.original.lines.exists():
        raise Refusal(
            _("Name the work or part of the original order that failed."), field="original_line", code="line_missing"
        )


def _refuse_nameless(order: RepairOrder, responsibility: str, team: Team | None, technician: Staff | None) -> None:
    if responsibility == Responsibility.TEAM and team is None:
        raise Refusal(_("Name the team that answers."), field="team")
    if responsibility == Responsibility.TECHNICIAN and technician is None:
        raise Refusal(_("Name the technician who answers."), field="technician")
    if (team and team.store_id != order.store_id) or (technician and technician.store_id != order.store_id):
        raise Refusal(_("Who answers belongs to another store."), field="responsibility")
