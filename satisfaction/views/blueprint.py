"""The service blueprint (服务蓝图): a month's visits touchpoint by touchpoint, and the orders behind a cell."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figure, stores_visible_to
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period
from satisfaction import queries
from satisfaction.forms import StoreMonthForm


def blueprint(request):
    """The lanes with what is measured in them, coloured by their standards."""
    store, period, form = _asked(request)
    context = {"filter_form": form, "store": store, "period": period}
    if store is not None:
        context["blueprint"] = queries.blueprint(store, period)
    template = "satisfaction/blueprint.html#lanes" if request.htmx else "satisfaction/blueprint.html"
    return render(request, template, context)


def blueprint_print(request):
    """The same on a sheet of A4 across."""
    store, period, _unused = _asked(request)
    if store is None:
        raise Http404
    context = {"store": store, "period": period, "blueprint": queries.blueprint(store, period)}
    return render(request, "satisfaction/blueprint_print.html", context)


def blueprint_orders(request, code):
    """The orders behind a cell, the longest first; only those beyond the standard with `beyond=1`."""
    touchpoint = queries.touchpoint_named(code)
    store, period, _unused = _asked(request)
    if touchpoint is None or store is None:
        raise Http404
    standard = touchpoint.minutes(figure(touchpoint.standard, store=store, on=period.last_day))
    is_beyond = request.GET.get("beyond") == "1"
    rows = queries.passed_by(touchpoint, store, period, beyond=standard if is_beyond else None)
    context = {
        "touchpoint": touchpoint,
        "store": store,
        "period": period,
        "standard": standard,
        "page": keyset_page(rows, request.GET, order=("-took", "-pk")),
        "tabs": _tabs(request, is_beyond),
    }
    template = "satisfaction/blueprint_orders.html#rows" if request.htmx else "satisfaction/blueprint_orders.html"
    return render(request, template, context)


def _tabs(request, is_beyond: bool) -> list[dict]:
    kept = request.GET.copy()
    for name in ("beyond", "after", "before"):
        kept.pop(name, None)
    return [
        {"url": f"?{kept.urlencode()}", "label": _("All visits"), "active": not is_beyond},
        {"url": f"?{kept.urlencode()}&beyond=1", "label": _("Beyond the standard"), "active": is_beyond},
    ]


def _asked(request) -> tuple[Store | None, Period | None, StoreMonthForm]:
    """The month asked for, or this one; the person's own store unless another they may see is chosen."""
    stores = stores_visible_to(request.user).order_by("code")
    chosen = {"period": str(Period.of(timezone.now())), **request.GET.dict()}
    own = stores.filter(code=chosen.get("store", "")).first() or request.user.store or stores.first()
    form = StoreMonthForm({**chosen, "store": own.code if own else ""}, stores=stores)
    if own is None or not form.is_valid():
        return None, None, form
    return own, form.cleaned_data["period"], form
