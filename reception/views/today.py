"""The board of the day, the order list and the answers of the first page and the search box."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.ui.home import Card, Item, among
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.search import Hit
from reception import queries
from reception.forms import OrderFilter


def today(request):
    """Everything that is in the shop now; advisors see their own cars first, who only oversees them sees all."""
    own = _takes_in(request) and ("own" in request.GET or request.user.has_role(Role.ADVISOR))
    own = own and "all" not in request.GET
    now = timezone.now()
    board = queries.board(request.user, now, own=own)
    late_only = request.GET.get("show") == "overdue"
    template = "reception/today.html#board" if request.htmx else "reception/today.html"
    coming = queries.coming_today(request.user, now, own=own)
    page = {
        "board": board,
        "shown": board.only_overdue() if late_only else board,
        "coming": [] if late_only else coming,
        "arriving_count": len(coming) + len(board.arriving),
        "arriving_shown": 0 if late_only else len(coming) + len(board.arriving),
        "late_only": late_only,
        "overdue_url": _overdue_url(request, late_only),
        "now": now,
        "own": own,
        "may_take_in": _takes_in(request),
    }
    return render(request, template, page)


def order_list(request):
    found = OrderFilter(request.GET, queries.orders_visible_to(request.user), request=request)
    page = keyset_page(found.qs, request.GET, order=("-arrived_at", "-pk"))
    template = "reception/orders.html#rows" if request.htmx else "reception/orders.html"
    shown = {"filter_form": found.form, "page": page, "now": timezone.now(), "may_take_in": _takes_in(request)}
    return render(request, template, shown)


@among(lambda staff, at: queries.own_overdue_or_done(staff, at))
def my_cars_card(staff, at, cars) -> Card:
    """First page of an advisor: what of mine is overdue or ready."""
    items = [
        Item(f"{order.vehicle.plate} {order.customer.name}", _("overdue"), _order_url(order), "danger")
        if order.is_overdue(at)
        else Item(
            f"{order.vehicle.plate} {order.customer.name}", str(order.get_state_display()), _order_url(order), "success"
        )
        for order in cars.first(8)
    ]
    return Card(
        title=_("My cars"),
        items=items,
        url=reverse("reception:today"),
        count=cars.count,
        tone="danger" if items[0].tone == "danger" else "info",
    )


@among(lambda staff, at: queries.add_ons_to_ask(staff))
def add_ons_card(staff, at, waiting) -> Card | None:
    """First page of an advisor: customers to ask about add-ons."""
    items = [
        Item(
            f"{one.order.vehicle.plate} {one.order.customer.name}",
            one.reason,
            f"{_order_url(one.order)}#add-ons",
            "warning",
        )
        for one in waiting.first(8)
    ]
    return Card(_("Ask the customer: add-ons"), items, url=items[0].url, count=waiting.count, tone="warning")


@among(lambda staff, at: queries.delays_to_check(staff).order_by("-delivered_at"))
def delays_card(staff, at, delays) -> Card | None:
    """First page of the manager: delays called the customer's cause."""
    items = [
        Item(f"{one.vehicle.plate} {one.customer.name}", one.delay_note, _order_url(one)) for one in delays.first(8)
    ]
    return Card(_("Delays to check"), items, url=reverse("reception:delays"), count=delays.count)


@among(lambda staff, at: queries.orders_to_settle(staff))
def to_settle_card(staff, at, orders) -> Card:
    """First page of a cashier: finished cars."""
    items = [
        Item(f"{order.vehicle.plate} {order.customer.name}", f"¥{order.payable_amount or 0:,}", _order_url(order))
        for order in orders.first(8)
    ]
    return Card(_("To settle"), items, url=reverse("reception:cashier"), count=orders.count, tone="warning")


@among(lambda staff, at: queries.reversals_to_approve(staff))
def reversals_card(staff, at, asked) -> Card | None:
    """First page of those who approve reversals."""
    items = [
        Item(
            f"{one.number} {one.order.vehicle.plate}",
            one.reversal_reason,
            reverse("reception:settlement", args=[one.pk]),
        )
        for one in asked.first(8)
    ]
    return Card(_("Reversals to approve"), items, url=reverse("reception:cashier"), count=asked.count, tone="warning")


def find_vehicles(staff, query) -> list[Hit]:
    return [
        Hit(
            vehicle.plate,
            " ".join(filter(None, [vehicle.brand, vehicle.series, vehicle.owner.name if vehicle.owner else ""])),
            reverse("reception:vehicle", args=[vehicle.pk]),
        )
        for vehicle in queries.vehicles_found(staff, query)
    ]


def find_customers(staff, query) -> list[Hit]:
    return [
        Hit(
            customer.name,
            " ".join([*map(str, customer.phones.all()), *(vehicle.plate for vehicle in customer.vehicles.all())]),
            reverse("reception:customer", args=[customer.pk]),
        )
        for customer in queries.customers_found(staff, query)
    ]


def find_orders(staff, query) -> list[Hit]:
    return [
        Hit(order.number, f"{order.vehicle.plate} {order.customer.name} {order.get_state_display()}", _order_url(order))
        for order in queries.orders_found(staff, query)
    ]


def _takes_in(request) -> bool:
    return request.user.can(Permission.ORDER_CREATE)


def _overdue_url(request, late_only: bool) -> str:
    """To the cars behind the number, whosever cars are shown; pressed again, back to all."""
    asked = request.GET.copy()
    asked.pop("show", None)
    if not late_only:
        asked["show"] = "overdue"
    return f"{reverse('reception:today')}?{asked.urlencode()}"


def _order_url(order) -> str:
    return reverse("reception:order", args=[order.pk])
