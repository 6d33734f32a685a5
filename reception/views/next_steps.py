"""The buttons of the order page: what this person may do with an order in this state."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from reception import queries
from reception.choices import MOVES, Move, OrderKind, OrderState
from reception.models import RepairOrder


@dataclass(frozen=True)
class Button:
    """`way`: a link, a form in the dialog, or a post at once (asking `confirm` first)."""

    label: str
    url: str
    icon: str
    way: str = "dialog"
    tone: str = ""
    key: str = ""
    confirm: str = ""


def next_steps(order: RepairOrder, staff: Staff) -> list[Button]:
    """What usually comes next, the first being the main one."""
    own, state = queries.may_change(order, staff), OrderState(order.state)
    buttons = []
    if state == OrderState.DRAFT and own and staff.can(Permission.ORDER_CREATE):
        buttons.append(
            Button(_("Car has arrived"), _to("order_check_in", order), icon="login", tone="primary", key="a")
        )
    if order.is_editable and own and staff.can(Permission.ORDER_CHANGE):
        buttons.append(Button(_("Lines"), _to("order_lines", order), icon="list-details", way="link", key="l"))
    if state == OrderState.WAITING and own and staff.can(Permission.ORDER_CHANGE):
        buttons.append(
            Button(_("Resume work"), _to("order_resume", order), icon="player-play", way="post", tone="primary")
        )
    if state == OrderState.READY and staff.can(Permission.SETTLEMENT_CREATE):
        ask = _("Settle order %(number)s? Its lines are frozen then.") % {"number": order.number}
        buttons.insert(
            0,
            Button(
                _("Settle"),
                _to("order_settle", order),
                icon="receipt",
                way="post",
                tone="primary",
                key="s",
                confirm=ask,
            ),
        )
    if order.is_settled and staff.can(Permission.RECEIPT_CREATE) and _is_owed(order):
        buttons.append(Button(_("Receive money"), _to("receipt_new", order), icon="cash", tone="primary", key="r"))
    if state == OrderState.SETTLED and own and staff.can(Permission.ORDER_DELIVER):
        buttons.append(
            Button(_("Deliver"), _to("order_deliver", order), icon="key", way="link", tone="primary", key="d")
        )
    if order.is_in_shop and own and staff.can(Permission.ORDER_CHANGE):
        buttons.append(Button(_("New delivery time"), _to("order_promise", order), icon="clock-edit", key="t"))
    return buttons


def rare_steps(order: RepairOrder, staff: Staff) -> list[Button]:
    """What is behind the three dots."""
    own, state = queries.may_change(order, staff), OrderState(order.state)
    buttons = _papers(order)
    if order.is_editable and own and staff.can(Permission.ORDER_CHANGE):
        buttons.append(Button(_("Change the order"), _to("order_edit", order), icon="pencil"))
    if order.is_editable and order.is_in_shop and own and staff.can(Permission.ADD_ON_PROPOSE):
        buttons.append(Button(_("Propose an add-on"), _to("add_on_new", order), icon="tool", way="link"))
    if own and staff.can(Permission.SUGGESTION_CHANGE):
        buttons.append(Button(_("Suggest a repair"), _to("suggestion_new", order), icon="bulb"))
    if state == OrderState.IN_PROGRESS and own and staff.can(Permission.ORDER_CHANGE):
        buttons.append(Button(_("Put on hold"), _to("order_wait", order), icon="player-pause"))
    if order.is_editable and staff.can(Permission.ORDER_CHANGE_ANY):
        buttons.append(Button(_("Another advisor"), _to("order_reassign", order), icon="user-share"))
    if order.kind == OrderKind.ACCIDENT and own and staff.can(Permission.ASSESSMENT_CHANGE):
        buttons.append(Button(_("Accident assessment"), _to("order_assessment", order), icon="file-invoice"))
    if staff.can(Permission.COST_VIEW):
        buttons.append(Button(_("Purchase costs"), _to("order_costs", order), icon="coins", way="link"))
    if order.delivered_at and staff.can(Permission.SURVEY_INVITE):
        invite = reverse("satisfaction:invite", args=[order.pk])
        buttons.append(Button(_("Survey link"), invite, icon="qrcode", way="link"))
    if state in MOVES[Move.CANCEL][0] and own and staff.can(Permission.ORDER_CANCEL):
        buttons.append(Button(_("Cancel order"), _to("order_cancel", order), icon="x", tone="danger"))
    return buttons


def _papers(order: RepairOrder) -> list[Button]:
    """What is printed of an order as far as it has come."""
    papers = [(_("Print order"), "order_print"), (_("Print estimate"), "estimate_print")]
    if order.is_in_shop or order.delivered_at:
        papers.append((_("Print suggestions"), "suggestions_print"))
    if order.is_settled:
        papers.append((_("Print delivery sheet"), "delivery_print"))
    return [Button(label, _to(name, order), icon="printer", way="link") for label, name in papers]


def _is_owed(order: RepairOrder) -> bool:
    return any(one.open_amount > 0 for one in queries.due_by_payer(order).values())


def _to(name: str, order: RepairOrder) -> str:
    return reverse(f"reception:{name}", args=[order.pk])
