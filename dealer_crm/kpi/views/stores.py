"""The stores of the group side by side."""

from django.shortcuts import render
from django.utils import timezone

from dealer_crm.kpi import queries
from dealer_crm.kpi.forms import StoresForm
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.values import Period


def stores(request):
    """Every store one may see by the figures that are chosen, ranked by one of them."""
    usual = {"period": str(Period.of(timezone.now()).previous()), "months": 1}
    form = StoresForm({**usual, **request.GET.dict(), "m": request.GET.getlist("m")})
    if not form.is_valid():
        form = StoresForm(usual)
        form.is_valid()
    asked = form.cleaned_data
    found = queries.compared_stores(
        stores_visible_to(request.user).order_by("code"), asked["period"], asked["m"], months=asked["months"],
        sorted_by=asked["sort"],
    )  # fmt: skip
    context = {"form": form, "asked": asked, "found": found, "entries": [queries.MEASURES[code] for code in asked["m"]]}
    return render(request, "kpi/stores.html", context)
