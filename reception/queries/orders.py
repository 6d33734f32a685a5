"""Orders as lists and pages ask for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS
from dealer_crm.organization.models import Staff
from dealer_crm.values import fen
from reception.choices import STEPS, OrderState
from reception.models import LineShare, OrderLine, Promise, RepairOrder, Settlement, Vehicle

WAITING = (OrderState.OPEN, OrderState.WAITING)
WORKING = (OrderState.DISPATCHED, OrderState.IN_PROGRESS, OrderState.INSPECTION)
DONE = (OrderState.READY, OrderState.SETTLED)

_SETTLEMENTS = Prefetch("settlements", Settlement.objects.prefetch_related("amounts").order_by("id"))

# So many cars stand on the board at most; a store with more sees that there are more.
BOARD_LIMIT = 200


@dataclass(frozen=True)
class Board:
    """The orders of the day by where they stand; an overdue one (late for its customer, finished or not) stands in its
    column and in `overdue`."""

    arriving: Sequence[RepairOrder]
    waiting: Sequence[RepairOrder]
    working: Sequence[RepairOrder]
    ready: Sequence[RepairOrder]
    overdue: Sequence[RepairOrder]
    is_cut: bool

    def only_overdue(self) -> "Board":
        """The same board with the overdue cars alone: the rows behind their number."""
        late = {order.pk for order in self.overdue}
        waiting, working, ready = (
            [order for order in orders if order.pk in late] for orders in (self.waiting, self.working, self.ready)
        )
        return replace(self, arriving=[], waiting=waiting, working=working, ready=ready)


def board(staff: Staff, at: datetime, *, own: bool) -> Board:
    """The cars in the shop and those prepared to come, in two queries that touch nothing else."""
    orders = RepairOrder.objects.visible_to(staff)
    if own:
        orders = orders.filter(advisor=staff)
    in_shop = list(
        orders.not_handed_over()
        .select_related("vehicle", "customer", "advisor", "agreement")
        .order_by("promised_at", "pk")[: BOARD_LIMIT + 1]
    )
    drafts = orders.filter(state=OrderState.DRAFT).select_related("vehicle", "customer", "advisor", "agreement")
    shown = in_shop[:BOARD_LIMIT]
    return Board(
        arriving=list(drafts.order_by("arrived_at", "pk")[:BOARD_LIMIT]),
        waiting=_in(shown, WAITING),
        working=_in(shown, WORKING),
        ready=_in(shown, DONE),
        overdue=[order for order in shown if order.is_overdue(at)],
        is_cut=len(in_shop) > BOARD_LIMIT,
    )


def own_overdue_or_done(staff: Staff, at: datetime):
    """An advisor's own cars in the shop that are late, the latest first, and those that are done."""
    own = RepairOrder.objects.visible_to(staff).filter(advisor=staff).not_handed_over()
    found = own.filter(Q(promised_at__lt=at) | Q(state__in=DONE)).select_related("vehicle", "customer")
    return found.order_by(F("promised_at").asc(nulls_last=True), "pk")


def _in(orders: Iterable[RepairOrder], states) -> list[RepairOrder]:
    return [order for order in orders if order.state in states]


def orders_visible_to(staff: Staff):
    """Orders for a list, with the names a row shows and nothing else."""
    return (
        RepairOrder.objects.visible_to(staff)
        .select_related("vehicle", "customer", "advisor")
        .only(
            "number", "kind", "state", "arrived_at", "promised_at", "delivered_at", "store_id",
            "vehicle__plate", "vehicle__brand", "vehicle__series", "customer__name", "advisor__name",
        )
    )  # fmt: skip


def orders_with_lines(staff: Staff):
    """Orders with their lines and whose work they are: what forms and papers of an order ask for. Three queries."""
    lines = OrderLine.objects.select_related("team", "seller", "installation_team", "discount_approved_by", "add_on")
    shares = LineShare.objects.select_related("technician")
    return (
        RepairOrder.objects.visible_to(staff)
        .select_related("vehicle", "customer", "advisor", "store", "original", "assessment", "appointment")
        .prefetch_related(Prefetch("lines", lines.prefetch_related(Prefetch("shares", shares)).order_by("number")))
    )


def whole_orders(staff: Staff):
    """The same with promises, phones and money: everything the order page tells at once."""
    return orders_with_lines(staff).prefetch_related(
        Prefetch("promises", Promise.objects.select_related("made_by")),
        "customer__phones",
        _SETTLEMENTS,
        "receipts",
        "receivables",
    )


def orders_with_papers(staff: Staff):
    """With what stands on the papers a customer signs: lines without whose work they are, and settlements."""
    lines = Prefetch("lines", OrderLine.objects.order_by("number"))
    return orders_with_car(staff).prefetch_related(lines, _SETTLEMENTS)


def orders_with_car(staff: Staff):
    """With the names a part of the order page needs and nothing else. One query."""
    return RepairOrder.objects.visible_to(staff).select_related("vehicle", "customer", "store")


def orders_to_tell(staff: Staff):
    """With everything of the reception that the story of an order speaks of."""
    return RepairOrder.objects.visible_to(staff).prefetch_related("settlements", "receipts", "add_ons", "suggestions")


def may_change(order: RepairOrder, staff: Staff) -> bool:
    """Advisors write their own orders; who may change any writes all of the store. Source: people-and-roles.md."""
    if staff.can(Permission.ORDER_CHANGE_ANY) or not staff.can(Permission.ORDER_CHANGE):
        return True
    return order.advisor_id in (None, staff.pk)


def advisors_of(store) -> list[Staff]:
    """The people of a store who may have orders of their own, by name."""
    roles = [role for role, allowed in PERMISSIONS.items() if Permission.ORDER_CREATE in allowed]
    return list(Staff.objects.with_role(*roles).filter(store=store).order_by("name_pinyin", "work_number"))


def visits_of(vehicle: Vehicle, staff: Staff):
    """A car's orders as far as the person may know of them, newest first."""
    return (
        RepairOrder.objects.visible_to(staff)
        .filter(vehicle=vehicle)
        .select_related("advisor", "store")
        .order_by("-arrived_at", "-pk")
    )


def comebacks_may_name(vehicle: Vehicle, staff: Staff):
    """Delivered orders of a car that a comeback can name."""
    return visits_of(vehicle, staff).filter(delivered_at__isnull=False)


def last_visit(order: RepairOrder, staff: Staff) -> RepairOrder | None:
    """The car's latest finished visit before this one that has lines to copy."""
    lines = OrderLine.objects.select_related("team", "seller", "installation_team").order_by("number")
    return (
        visits_of(order.vehicle, staff)
        .filter(delivered_at__isnull=False, arrived_at__lt=order.arrived_at)
        .filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"))))
        .prefetch_related(Prefetch("lines", lines))
        .first()
    )


def delays_to_check(staff: Staff):
    """Delays called the customer's cause that nobody has looked into."""
    return _delays(RepairOrder.objects.visible_to(staff).to_spot_check())


def delays_checked(staff: Staff):
    """Those looked into, with what was found."""
    return _delays(RepairOrder.objects.visible_to(staff).filter(delay_checked_at__isnull=False))


def _delays(orders):
    return orders.select_related("vehicle", "customer", "advisor", "delay_checked_by")


@dataclass(frozen=True)
class LineSums:
    """What lines come to: at list price, what was let off, what is to be paid. CNY."""

    list_amount: Decimal
    discount_amount: Decimal
    payable_amount: Decimal


def sums_of(lines: Iterable) -> LineSums:
    """The sums of the lines of an order or an add-on."""
    lines = list(lines)
    listed = sum((fen(line.quantity * line.unit_price) for line in lines), Decimal("0.00"))
    payable = sum((line.payable_amount for line in lines), Decimal("0.00"))
    return LineSums(listed, listed - payable, payable)


@dataclass(frozen=True)
class Step:
    """One state of the row of steps: `state` is done, current, problem or todo; `detail` when it was reached."""

    label: str
    state: str
    detail: str = ""


def steps_of(order: RepairOrder) -> list[Step]:
    """The way of an order with where it stands; waiting shows as a problem within the work."""
    current = OrderState(order.state)
    if current in (OrderState.DRAFT, OrderState.CANCELLED):
        return [Step(str(current.label), "problem" if current == OrderState.CANCELLED else "current")]
    place = STEPS.index(OrderState.IN_PROGRESS if current == OrderState.WAITING else current)
    steps = []
    for index, state in enumerate(STEPS):
        if index == place and current == OrderState.WAITING:
            steps.append(Step(str(current.label), "problem", order.get_wait_reason_display()))
        elif index == place and current != OrderState.DELIVERED:
            steps.append(Step(str(state.label), "current"))
        else:
            steps.append(Step(str(state.label), "done" if index <= place else "todo"))
    return steps
