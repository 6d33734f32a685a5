"""What the checks go through: a store's own words, from a day on."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Refusal
from workshop import actions, queries
from workshop.choices import InspectionLevel
from workshop.forms import CheckListForm
from workshop.views.shared import day_of, said


def check_lists(request):
    """What holds today, and what is decided to hold later."""
    store = store_asked(request)
    lists = queries.check_lists(store, day_of(store, timezone.now()))
    return render(request, "workshop/check_lists.html", {"lists": lists, "store": store})


def check_list_change(request):
    """Write a list; `?level=&kind=` begins with the one that holds for them."""
    at, store = timezone.now(), store_asked(request)
    today, level, kind = day_of(store, at), request.GET.get("level", ""), request.GET.get("kind", "")
    level = level if level in InspectionLevel.values else InspectionLevel.FINAL
    points = queries.points_of(level, store=store, on=today)
    known = points.get(kind) or points[""]
    begun = {"level": level, "order_kind": kind, "starts_on": today, "points": "\n".join(known)}
    form = CheckListForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_check_list(store=store, by=request.user, at=at, **form.cleaned_data)
            messages.success(request, _("The check-list is written."))
            return redirect("workshop:check_lists")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/check_list.html", {"form": form})
