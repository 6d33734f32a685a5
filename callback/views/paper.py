"""Calls made from the printed list, keyed in afterwards."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from callback import actions
from callback.forms import CatchUpForm
from dealer_crm.organization.queries import store_of
from dealer_crm.reporting.paper import RowsRefused


def catch_up(request):
    """Every call a row; nothing is kept before all of them are right."""
    now = timezone.now()
    store_of(request.user)
    form = CatchUpForm(request.POST or None, staff=request.user, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            contacts = actions.catch_up_calls(calls=form.calls(), by=request.user, at=now)
        except RowsRefused as refused:
            form.refuse(refused)
        else:
            told = ngettext("%(count)d call is written down.", "%(count)d calls are written down.", len(contacts))
            messages.success(request, told % {"count": len(contacts)})
            return redirect("callback:queue")
    return render(request, "callback/catch_up.html", {"form": form}, status=422 if request.method == "POST" else 200)
