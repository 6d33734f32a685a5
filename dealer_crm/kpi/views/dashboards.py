"""The month's figures."""

from django.shortcuts import render
from django.utils import timezone

from dealer_crm.kpi import queries
from dealer_crm.organization.queries import stores_to_choose
from dealer_crm.ui.fields import month_asked
from dealer_crm.values import Period


def dashboard(request):
    """The month's measures of one store, against target, last month and last year."""
    at = timezone.now()
    period, form = month_asked(request.GET, Period.of(at))
    stores = {store.code: store for store in stores_to_choose(request.user)}
    chosen = stores.get(request.GET.get("store", "")) or request.user.store or next(iter(stores.values()), None)
    return render(
        request,
        "kpi/dashboard.html",
        {
            "period": period,
            "form": form,
            "stores": stores.values(),
            "store": chosen,
            "tiles": queries.tiles(chosen, period, at) if chosen else [],
        },
    )
