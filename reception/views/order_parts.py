"""The parts of the order page that come by themselves: what was found, agreed, seen and signed, and the story.

Each is asked for by the page (htmx) and is a page of its own for a browser without scripts. So the page itself costs
few questions however much has happened to an order.
"""

from django.shortcuts import get_object_or_404, render

from dealer_crm.access.permissions import Permission
from reception import queries
from reception.views.visits import evidence


def order_findings(request, pk):
    """Add-ons of the visit, what was suggested on it, and what earlier visits left undone."""
    order = queries.with_findings(get_object_or_404(queries.orders_with_car(request.user), pk=pk))
    staff, may_change = request.user, queries.may_change(order, request.user)
    page = {
        "add_ons": [(add_on, queries.sums_of(add_on.lines.all())) for add_on in order.add_ons.all()],
        "suggested": order.suggestions.all(),
        "left_open": [one for one in queries.open_suggestions(order.vehicle, staff) if one.order_id != order.pk],
        "may_change": _may_write(order, staff),
        "may_propose": may_change and staff.can(Permission.ADD_ON_PROPOSE) and order.is_in_shop and order.is_editable,
        "may_answer": may_change and staff.can(Permission.ADD_ON_ANSWER),
        "may_sign": may_change and staff.can(Permission.SIGNATURE_TAKE),
        "may_suggest": may_change and staff.can(Permission.SUGGESTION_CHANGE),
    }
    return _part(request, order, "findings", page)


def order_favour(request, pk):
    """Agreements, level and points that hold for the visit."""
    order = get_object_or_404(queries.orders_with_car(request.user), pk=pk)
    page = {"favour": queries.favour_of_order(order), "may_change": _may_write(order, request.user)}
    return _part(request, order, "favour", page)


def order_evidence(request, pk):
    """Walk-round, photos, signatures and the handing over."""
    order = get_object_or_404(queries.orders_with_papers(request.user), pk=pk)
    return _part(request, order, "evidence", evidence(order, request.user))


def order_story(request, pk):
    """Who did what, from the journal."""
    order = get_object_or_404(queries.orders_to_tell(request.user), pk=pk)
    return _part(request, order, "story", {"story": queries.story_of_order(order)})


def _may_write(order, staff) -> bool:
    return queries.may_change(order, staff) and staff.can(Permission.ORDER_CHANGE) and order.is_editable


def _part(request, order, name: str, page: dict):
    template = "reception/order_part.html" + ("#part" if request.htmx else "")
    return render(request, template, {"order": order, "part": f"reception/order/{name}.html", **page})
