"""What the workshop's deeds make of the order: asked of the reception, who owns orders and lines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from dealer_crm.organization.models import Staff, Team
from reception import actions as reception
from reception.actions.lines import LineDraft
from reception.choices import OrderState
from reception.models import OrderLine, RepairOrder


def bring_to_work(*, order: RepairOrder, by, at: datetime) -> None:
    """Somebody begins or goes on: whatever the order was, it is in progress now."""
    state = _state(order)
    if state == OrderState.DISPATCHED:
        reception.mark_started(order=order, by=by, at=at)
    elif state == OrderState.WAITING:
        reception.resume(order=order, by=by, at=at)
    elif state == OrderState.INSPECTION:
        reception.return_to_work(order=order, reason=_("work was added"), by=by, at=at)


def bring_to_inspection(*, order: RepairOrder, by, at: datetime) -> None:
    """The last job is finished."""
    bring_to_work(order=order, by=by, at=at)
    reception.send_to_inspection(order=order, by=by, at=at)


def credit_teams(*, order: RepairOrder, teams: Mapping[int, Team], by, at: datetime) -> None:
    """Note on the labour lines (by number) which team did them; pay is counted by it."""
    lines = list(order.lines.select_related("team", "seller", "installation_team"))
    if all(line.team_id == teams[line.number].pk for line in lines if line.number in teams):
        return
    drafts = [replace(LineDraft.of(line), team=teams.get(line.number, line.team)) for line in lines]
    reception.save_lines(order=order, lines=drafts, by=by, at=at)


def share_line(*, line: OrderLine, shares: Mapping[Staff, Decimal], by, at: datetime) -> None:
    reception.share_line(line=line, shares=tuple(shares.items()), by=by, at=at)


def _state(order: RepairOrder) -> str:
    return RepairOrder.objects.values_list("state", flat=True).get(pk=order.pk)
