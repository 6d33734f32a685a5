"""Bays (工位)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Refusal
from workshop import actions, queries
from workshop.forms import BayForm
from workshop.models import Bay
from workshop.views.shared import said


def bays(request):
    """The bays of the store with the car that stands in each; the form beside them enters a new one."""
    at, store = timezone.now(), store_asked(request)
    form = BayForm(request.POST or None, initial={"is_active": True})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.open_bay(store=store, name=given["name"], kind=given["kind"], by=request.user, at=at)
            return redirect("workshop:bays")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/bays.html", {"form": form, "bays": queries.bays_with_cars(store)})


def bay(request, pk):
    found = get_object_or_404(Bay.objects.visible_to(request.user), pk=pk)
    form = BayForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_bay(bay=found, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("%(bay)s is changed.") % {"bay": form.cleaned_data["name"]})
            return redirect("workshop:bays")
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/bay.html", {"form": form, "bay": found})
