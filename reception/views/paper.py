"""A day without network, keyed in afterwards."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from dealer_crm.organization.queries import store_of
from dealer_crm.reporting.paper import RowsRefused
from reception import actions, forms


def catch_up(request):
    """Every sheet a row; nothing is kept before all of them are right."""
    now, store = timezone.now(), store_of(request.user)
    form = forms.CatchUpForm(request.POST or None, staff=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            orders = actions.catch_up_orders(orders=form.orders(), store=store, by=request.user, at=now)
        except RowsRefused as refused:
            form.refuse(refused)
        else:
            told = ngettext("%(count)d order is open.", "%(count)d orders are open.", len(orders))
            messages.success(request, told % {"count": len(orders)})
            return redirect("reception:today")
    return render(request, "reception/catch_up.html", {"form": form}, status=422 if request.method == "POST" else 200)
