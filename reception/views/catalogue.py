"""What the line editors ask while somebody types: operations of the catalogue, and the delivery time they come to."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from dealer_crm.organization.queries import figure
from reception import queries
from reception.choices import ARTICLES
from reception.forms.catalogue import typed_lines
from reception.formulas.catalogue import finished_at
from reception.formulas.identity import folded_code
from reception.models import RepairOrder
from reception.settings import STAY_BESIDES_WORK_HOURS, USUAL_STAY_HOURS


def operations_offered(request):
    """The operations a half-typed code or name may mean, with the hours of this car's series; the articles in a line
    of such a `kind`."""
    order, store = _order(request), request.user.store
    typed, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    if kind in ARTICLES:
        parts = store and queries.parts_offered(order.store if order else store, typed, kind)
        return render(request, "reception/operations_offered.html", {"parts": parts, "typed": typed})
    family = order.vehicle.series if order else _family_at_gate(request)
    offers = store and queries.operations_offered(
        order.store if order else store, typed, family=family, on=timezone.localdate()
    )
    return render(request, "reception/operations_offered.html", {"offers": offers, "typed": typed})


def promise_proposed(request):
    """The delivery time that fits the works typed so far: from now on at the gate, behind the promise for an add-on."""
    order, now = _order(request), timezone.localtime().replace(second=0, microsecond=0)
    store = order.store if order else request.user.store
    hours = queries.duration_of(typed_lines(request.GET), store) if store else 0
    on, promised = now.date(), None
    if order and hours:
        begins = max(timezone.localtime(order.promised_at), now) if order.promised_at else now
        promised = finished_at(begins, hours, store.opens_at, store.closes_at)
    elif store and not order:
        stay = hours + figure(STAY_BESIDES_WORK_HOURS, store=store, on=on) if hours else None
        stay = stay or figure(USUAL_STAY_HOURS, store=store, on=on)
        promised = finished_at(now, stay, store.opens_at, store.closes_at)
    return render(request, "reception/promise_proposed.html", {"promised": promised, "is_add_on": order is not None})


def _order(request) -> RepairOrder | None:
    if not request.GET.get("order", "").isdecimal():
        return None
    orders = RepairOrder.objects.visible_to(request.user).select_related("vehicle", "store")
    return get_object_or_404(orders, pk=request.GET["order"])


def _family_at_gate(request) -> str:
    """The series of the car at the gate: as it is known, else as it is being typed."""
    vehicle = queries.vehicle_at_gate(folded_code(request.GET.get("plate", "")))
    return vehicle.series if vehicle else request.GET.get("series", "")
