"""The first step of every action: take the row, see that nobody was faster, see that the move is allowed."""

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from dealer_crm.journal.queries import refuse_stale
from dealer_crm.values import Refusal
from reception.choices import MOVES, Move, OrderState
from reception.models import Customer, RepairOrder, Vehicle


def locked_order(order: RepairOrder, expected_version: int | None = None) -> RepairOrder:
    """The order as it is now, kept from others until the transaction ends. Raises Stale."""
    fresh = taken(order).select_related("store", "vehicle", "customer", "advisor").get()
    refuse_stale(fresh, expected_version)
    return fresh


def locked_customer(customer: Customer, expected_version: int | None = None) -> Customer:
    fresh = taken(customer).select_related("store", "merged_into").get()
    _refuse_merged(fresh)
    refuse_erased(fresh)
    refuse_stale(fresh, expected_version)
    return fresh


def held_customer(customer: Customer) -> Customer:
    """The customer as it is now, neither merged nor changed until the transaction ends; others may go on naming it.

    Taken after the car's lock, as merging does.
    """
    fresh = taken(customer, no_key=True).select_related("merged_into").get()
    _refuse_merged(fresh)
    return fresh


def locked_vehicle(vehicle: Vehicle, expected_version: int | None = None) -> Vehicle:
    fresh = taken(vehicle).select_related("store", "owner", "merged_into").get()
    _refuse_merged(fresh)
    refuse_stale(fresh, expected_version)
    return fresh


def taken(thing: Model, **lock) -> QuerySet:
    """The row, once it is ours; the caller joins what it needs. `lock`: what `select_for_update` takes.

    Read after the lock and not with it: what PostgreSQL joined before it had to wait does not fit the row any more (a
    car whose owner is merged meanwhile would come without owner).
    """
    hold(type(thing).objects.filter(pk=thing.pk), **lock)
    return type(thing).objects.filter(pk=thing.pk)


def hold(rows: QuerySet, **lock) -> None:
    """Keep rows of one table from others until the transaction ends, in the order of their ids."""
    list(rows.select_for_update(of=("self",), **lock).order_by("pk").values_list("pk"))


def _refuse_merged(thing: Customer | Vehicle) -> None:
    """What was merged away is only read; everything further is done with the one it went into."""
    if thing.merged_into_id:
        raise Refusal(
            _("%(thing)s was merged into %(kept)s. Go on there.") % {"thing": thing, "kept": thing.merged_into},
            code="merged",
        )


def refuse_erased(customer: Customer) -> None:
    if customer.erased_at:
        raise Refusal(
            _("This customer asked to be forgotten. Enter whoever brings the car now as a new customer and owner."),
            field="customer",
            code="erased",
        )


def moved(order: RepairOrder, move: Move, missing: str = "") -> OrderState:
    """Put a locked order into the state `move` leads to, return the former one; refuse what `MOVES` doesn't have."""
    allowed, to = MOVES[move]
    before = OrderState(order.state)
    if before not in allowed:
        wanted = _(" or ").join(str(state.label) for state in allowed)
        raise Refusal(
            _("Order %(number)s can't be %(move)s: it is “%(state)s” and must be “%(wanted)s” first.")
            % {"number": order.number, "move": move.label, "state": before.label, "wanted": wanted},
            code=f"not_{move.value}",
            details=[missing] if missing else (),
        )
    order.state = to
    return before


def refuse_closed(order: RepairOrder) -> None:
    """Lines, promises and the like can be written until the order is settled."""
    if order.is_editable:
        return
    if order.is_settled:
        raise Refusal(
            _("Order %(number)s is settled and frozen. Reverse the settlement first.") % {"number": order.number},
            code="order_settled",
        )
    raise Refusal(_("Order %(number)s is cancelled.") % {"number": order.number}, code="order_cancelled")


def refuse_unanswered(order: RepairOrder) -> None:
    """An order is neither inspected nor settled while an add-on waits for the customer's answer."""
    waiting = list(order.add_ons.proposed())
    if waiting:
        raise Refusal(
            _("Order %(number)s: the customer has not answered yet. Record the answer or withdraw the add-on.")
            % {"number": order.number},
            code="add_on_unanswered",
            details=[
                _("Add-on %(number)s: %(reason)s") % {"number": one.number, "reason": one.reason} for one in waiting
            ],
        )


def saved(order: RepairOrder, *fields: str) -> RepairOrder:
    """Keep the changed fields of a locked order and count up its version."""
    order.version += 1
    order.save(update_fields=["version", *fields])
    return order
